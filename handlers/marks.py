"""Marks (标记) for shirking (推诿) and false closing (虚假办结): two people, a way back, and a hand-over to the inspectors."""

from dataclasses import dataclass

from handlers.case import ActRefusedError, By, Case, UnknownTicketError, finish, take_up, worded
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import marks
from store.database import Connection
from store.marks import Mark, NewMark
from store.unit_notices import UnitNoticeRow

MARK_KINDS = {"shirking": "推诿", "false_closing": "虚假办结"}


@dataclass(frozen=True, slots=True)
class Marking:
    """What a unit is said to have done, and what shows it."""

    kind: str
    unit_id: int | None
    note: str


async def mark(
    connection: Connection, world: World, by: By, ticket_id: int, order: Marking
) -> None:
    """Propose a mark; it counts for nothing until somebody else at the centre confirms it."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.MARK)
    if order.kind not in MARK_KINDS:
        raise ActRefusedError("请选择推诿或虚假办结。")
    note = worded(order.note, "事实和依据")
    unit_id = _marked_unit(case, order.unit_id)
    await marks.add(connection, NewMark(ticket_id, unit_id, order.kind, note, by.staff_id, by.at))
    unit = world.city.units[unit_id].short_name
    case.record("mark_proposed", f"{unit}：{MARK_KINDS[order.kind]}。{note}")
    told = f"“{case.ticket.title}”：{unit}被提议标记{MARK_KINDS[order.kind]}，请另一位同事核定。"
    case.effects.unit_notices.append(
        UnitNoticeRow(None, "head", ticket_id, "mark_proposed", told, by.at)
    )
    await finish(connection, case)


def _marked_unit(case: Case, unit_id: int | None) -> int:
    """One that has or had the ticket; of a district's proposals, one below it."""
    had = {share.unit_id: share.superior_id for share in case.shares}
    if unit_id is None or unit_id not in had or unit_id not in case.world.city.units:
        raise ActRefusedError("请选择经办过这张工单的单位。")
    if case.by.unit_id is not None and had[unit_id] != case.by.unit_id:
        raise ActRefusedError("只能标记本区下属的单位。")
    return unit_id


async def confirm_mark(
    connection: Connection, world: World, by: By, ticket_id: int, mark_id: int, note: str
) -> None:
    """A second person agrees; the unit's head is told."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CONFIRM_MARK)
    found = await _standing(connection, case, mark_id)
    if found.confirmed_at is not None:
        raise ActRefusedError("这个标记已经确认过了。")
    if found.staff_id == by.staff_id:
        raise ActRefusedError("不能确认自己提议的标记，请另一位同事来办。")
    note = worded(note, "意见", needed=False)
    await marks.confirm(connection, mark_id, by.staff_id, by.at)
    _note(case, found, "mark_confirmed", note)
    await finish(connection, case)


async def take_back_mark(
    connection: Connection, world: World, by: By, ticket_id: int, mark_id: int, note: str
) -> None:
    """It was wrong: the mark stays to be seen as taken back, with the reason among the events."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.TAKE_BACK_MARK)
    note = worded(note, "撤销理由")
    found = await _standing(connection, case, mark_id)
    await marks.take_back(connection, mark_id, by.staff_id, by.at)
    _note(case, found, "mark_taken_back", note)
    await finish(connection, case)


async def hand_to_discipline(
    connection: Connection, world: World, by: By, ticket_id: int, mark_id: int, note: str
) -> None:
    """Give a confirmed mark with its ticket to the discipline inspectors, who may read it and do nothing."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.HAND_TO_DISCIPLINE)
    found = await _standing(connection, case, mark_id)
    if found.confirmed_at is None:
        raise ActRefusedError("标记还没有经第二人确认，不能移交。")
    if found.handed_over_at is not None:
        raise ActRefusedError("已经移交过了。")
    note = worded(note, "移交说明", needed=False)
    await marks.hand_over(connection, mark_id, by.staff_id, by.at)
    _note(case, found, "handed_to_discipline", note)
    await finish(connection, case)


async def _standing(connection: Connection, case: Case, mark_id: int) -> Mark:
    found = [one for one in await marks.of_ticket(connection, case.ticket_id) if one.id == mark_id]
    if not found:
        raise UnknownTicketError
    if found[0].taken_back_at is not None:
        raise ActRefusedError("这个标记已经撤销。")
    return found[0]


def _note(case: Case, found: Mark, event: str, note: str) -> None:
    """Keep the step, and tell the unit's head where the mark counts, or counts no more."""
    said = f"{found.unit}：{MARK_KINDS[found.kind]}{f'。{note}' if note else ''}"
    case.record(event, said)
    if found.confirmed_at is None and event == "mark_taken_back":
        return  # the unit never heard of it
    what = {
        "mark_confirmed": "已确认",
        "mark_taken_back": "已撤销",
        "handed_to_discipline": "已移交纪检监察",
    }
    told = f"“{case.ticket.title}”：{MARK_KINDS[found.kind]}标记{what[event]}{f'。{note}' if note else ''}"
    case.effects.unit_notices.append(
        UnitNoticeRow(found.unit_id, "head", case.ticket_id, event, told, case.by.at)
    )
