"""Inside a unit (分办): its desk hands a ticket to an office, a community or a person, takes it back, hands it over."""

from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.people import who_takes
from handlers.permit_table import DESK_ROLES
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import inside, unit_people
from store.database import Connection
from store.inside import Move
from store.unit_notices import UnitNoticeRow
from store.unit_people import Person


async def hand_on(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    *,
    office_id: int | None = None,
    staff_id: int | None = None,
    note: str = "",
) -> None:
    """Put the unit's share into the hands of an office, or of a person; who is away is stood in for."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.HAND_ON)
    note = worded(note, "交代", needed=False)
    if staff_id is not None:
        await _give(connection, case, staff_id, "handed_on", note)
    else:
        await _give_to_office(connection, case, office_id, note)
    await finish(connection, case)


async def take_back(
    connection: Connection, world: World, by: By, ticket_id: int, note: str = ""
) -> None:
    """Bring a ticket back to the desk."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.TAKE_BACK)
    note = worded(note, "理由", needed=False)
    unit_id = _unit(by)
    holder = await inside.holder(connection, ticket_id, unit_id)
    if not (holder.office_id or holder.handler_id):
        raise ActRefusedError("这张工单没有分办，就在收发员手里。")
    await inside.put_into_hands(connection, ticket_id, unit_id, None, None)
    who = holder.handler or holder.office
    case.record("hand_taken_back", f"从{who}收回{_because(note)}")
    if holder.handler_id is not None:
        _tell(case, holder.handler_id, "hand_taken_back", f"已由收发员收回{_because(note)}")
    await finish(connection, case)


async def hand_over(
    connection: Connection, world: World, by: By, ticket_id: int, staff_id: int, why: str
) -> None:
    """Pass one ticket from whoever has it in hand to somebody else; a handler passes on the own ones alone."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.HAND_OVER)
    why = worded(why, "移交原因")
    holder = await inside.holder(connection, ticket_id, _unit(by))
    if holder.handler_id is None:
        raise ActRefusedError("这张工单还没有分办到人，请用“分办”。")
    if holder.handler_id != by.staff_id and not by.roles & DESK_ROLES:
        raise ActRefusedError("只能移交自己手里的工单，别人的请找收发员或负责人。")
    await _give(connection, case, staff_id, "handed_over", why)
    await finish(connection, case)


async def hand_over_all(
    connection: Connection, by: By, from_id: int, to_id: int, why: str
) -> tuple[Person, Person, int]:
    """Pass on all that somebody of one's own unit has in hand; returns from whom, to whom and how many.

    The form must be claimed by the caller, who has checked that `by` may.
    """
    unit_id, why = _unit(by), worded(why, "移交原因", longest=200)
    people, to = await _held(connection, unit_id, to_id, by)
    giver = next((one for one in people if one.id == from_id), None)
    if giver is None or to.id == from_id:
        raise ActRefusedError("请选择本单位的另一位同事。")
    note = f"{giver.name}的工单全部移交{to.name}：{why}"
    move = Move(from_id, to.id, unit_id, by.at, by.staff_id, note)
    return giver, to, await inside.move_all(connection, move)


async def _give(connection: Connection, case: Case, staff_id: int, event: str, note: str) -> None:
    unit_id, by = _unit(case.by), case.by
    people, to = await _held(connection, unit_id, staff_id, by)
    holder = await inside.holder(connection, case.ticket_id, unit_id)
    if holder.handler_id == to.id:
        raise ActRefusedError(f"这张工单已经在{to.name}手里。")
    await inside.put_into_hands(connection, case.ticket_id, unit_id, to.office_id, to.id)
    asked = next(one for one in people if one.id == staff_id)
    instead = f"（{asked.name}不在岗，由{to.name}代理）" if asked.id != to.id else ""
    from_whom = f"由{holder.handler}" if event == "handed_over" and holder.handler else ""
    case.record(event, f"{from_whom}交给{_placed(to)}{instead}{_because(note)}")
    _tell(case, to.id, event, f"交给您办理{instead}{_because(note)}")
    if event == "handed_over" and holder.handler_id not in (None, by.staff_id):
        _tell(case, holder.handler_id, event, f"已移交{to.name}{_because(note)}")


async def _held(
    connection: Connection, unit_id: int, staff_id: int, by: By
) -> tuple[list[Person], Person]:
    """The people of the unit, and who gets what is meant for one of them: nobody lets them go before the commit."""
    to = who_takes(await unit_people.people(connection, unit_id, by.at), staff_id, by.at)
    await unit_people.lock(connection, [to.id])
    people = await unit_people.people(connection, unit_id, by.at)
    if who_takes(people, staff_id, by.at).id != to.id:
        raise ActRefusedError("人员刚刚有变动，请刷新再办。")
    return people, next(one for one in people if one.id == to.id)


async def _give_to_office(
    connection: Connection, case: Case, office_id: int | None, note: str
) -> None:
    unit_id = _unit(case.by)
    await unit_people.keep_office(connection, unit_id, office_id)
    found = {one.id: one for one in await unit_people.offices(connection, unit_id)}
    office = found.get(office_id or 0)
    if office is None:
        raise ActRefusedError("请选择科室、社区或者承办人。")
    await inside.put_into_hands(connection, case.ticket_id, unit_id, office.id, None)
    case.record("handed_on", f"交给{office.name}{_because(note)}")
    people = await unit_people.people(connection, unit_id, case.by.at)
    for one in people:
        if one.office_id == office.id:
            _tell(case, one.id, "handed_on", f"交给{office.name}办理{_because(note)}")


def _tell(case: Case, staff_id: int | None, event: str, what: str) -> None:
    note = f"“{case.ticket.title}”{what}"
    row = UnitNoticeRow(
        case.by.unit_id, "handler", case.ticket_id, event, note, case.by.at, staff_id=staff_id
    )
    case.effects.unit_notices.append(row)


def _placed(person: Person) -> str:
    return f"{person.office} {person.name}" if person.office else person.name


def _because(note: str) -> str:
    return f"：{note}" if note else ""


def _unit(by: By) -> int:
    """Permits leave these acts to units alone."""
    if by.unit_id is None:
        raise ActRefusedError("分办由承办单位来做。")
    return by.unit_id
