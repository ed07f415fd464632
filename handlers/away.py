"""People of a unit who are away or leave: who stands in, and to whom goes all that they have in hand."""

from datetime import datetime, timedelta

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim
from handlers.hand_on import hand_over_all
from handlers.people import takes_work
from handlers.permit_table import DESK_ROLES
from handlers.world import World
from store import unit_notices, unit_people
from store.database import Connection
from store.unit_notices import UnitNoticeRow
from store.unit_people import Person

LONGEST_AWAY = timedelta(days=366)
LETS_GO = frozenset({Role.HEAD, Role.DISTRICT_ADMIN})


async def set_away(
    connection: Connection,
    world: World,
    by: By,
    staff_id: int,
    until: datetime | None,
    deputy_id: int | None,
) -> None:
    """Somebody is away until then, and a deputy gets what would be put into their hands; None: they are back.

    Everybody says it for themselves, desk and head for all of their unit.
    """
    del world
    await claim(connection, by)
    unit_id = _own(by, staff_id, "只能设自己不在岗，别人的请找收发员或负责人。")
    people = {one.id: one for one in await unit_people.people(connection, unit_id, by.at)}
    if staff_id not in people:
        raise ActRefusedError("请选择本单位的人员。")
    if until is None:
        deputy_id = None
    else:
        _check(people.get(deputy_id or 0), staff_id, until, by.at)
    await unit_people.set_away(connection, unit_id, staff_id, until, deputy_id)


def _check(deputy: Person | None, staff_id: int, until: datetime, now: datetime) -> None:
    if not now < until <= now + LONGEST_AWAY:
        raise ActRefusedError("回来的时间要在现在以后，一年以内。")
    if deputy is None or deputy.id == staff_id or not takes_work(deputy):
        raise ActRefusedError("请选择本单位的另一位承办人代理。")


async def hand_over_everything(
    connection: Connection, world: World, by: By, from_id: int, to_id: int, why: str
) -> tuple[str, int]:
    """Pass on all open tickets that somebody has in hand; returns to whom they went and how many they were."""
    del world
    await claim(connection, by)
    unit_id = _own(by, from_id, "只能移交自己的工单，别人的请找收发员或负责人。")
    giver, to, count = await hand_over_all(connection, by, from_id, to_id, why)
    if count:
        note = f"{giver.name}手里的{count}件工单已移交给您：{why.strip()}"
        row = UnitNoticeRow(unit_id, "handler", None, "handed_over", note, by.at, staff_id=to.id)
        await unit_notices.insert(connection, [row])
    return to.name, count


async def let_go(connection: Connection, world: World, by: By, staff_id: int) -> None:
    """Somebody leaves: they log in no more. Refused until all that they have in hand is handed over."""
    del world
    await claim(connection, by)
    if by.unit_id is None or not by.roles & LETS_GO:
        raise ActRefusedError("您的角色不能停用账号，请找本单位的负责人。")
    if staff_id == by.staff_id:
        raise ActRefusedError("不能停用自己的账号。")
    await unit_people.lock(connection, [staff_id])
    people = {one.id: one for one in await unit_people.people(connection, by.unit_id, by.at)}
    person = people.get(staff_id)
    if person is None:
        raise ActRefusedError("请选择本单位的人员。")
    if person.in_hand:
        raise ActRefusedError(f"{person.name}手里还有{person.in_hand}件工单，请先移交。")
    await unit_people.end(connection, by.unit_id, staff_id)


def _own(by: By, staff_id: int, refused: str) -> int:
    if by.unit_id is None:
        raise ActRefusedError("热线中心的工单不分办到人。")
    if staff_id != by.staff_id and not by.roles & DESK_ROLES:
        raise ActRefusedError(refused)
    return by.unit_id
