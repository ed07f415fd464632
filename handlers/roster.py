"""The night duty roster (值班表) of one's own unit, or of the centre: urgent notices of that time name who is on duty."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.case import ActRefusedError, By, claim
from handlers.duty import may_set
from handlers.world import World
from store import rosters, unit_people
from store.database import Connection

MOST_DAYS = 31
AHEAD_DAYS = 366
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turns:
    """Somebody is on duty on some days in a row; `ends` at or before `begins` is on the next day."""

    staff_id: int
    first: date
    days: int
    begins: time
    ends: time


async def add_turns(connection: Connection, world: World, by: By, turns: Turns) -> int:
    """Add them, but for those that stand there already; returns how many were added. Raises `ActError`."""
    await _begin(connection, by)
    if not 1 <= turns.days <= MOST_DAYS:
        raise ActRefusedError(f"一次排1到{MOST_DAYS}天。")
    if not -MOST_DAYS <= (turns.first - by.at.date()).days <= AHEAD_DAYS:
        raise ActRefusedError("这些班次已经过去，或者还在一年以后。")
    await unit_people.lock(connection, [turns.staff_id])
    people = await unit_people.people(connection, by.unit_id, by.at)
    if turns.staff_id not in {one.id for one in people}:
        raise ActRefusedError("请选择本单位的人员。")
    spans = [_span(world, turns, turns.first + number * _DAY) for number in range(turns.days)]
    coming = [one for one in spans if one[1] > by.at]
    added = await rosters.add(connection, by.unit_id, turns.staff_id, coming, by.staff_id, by.at)
    if not added:
        raise ActRefusedError("这些班次已经过去，或者已经排上了。")
    return added


def _span(world: World, turns: Turns, day: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, turns.begins, world.timezone)
    last = day if turns.ends > turns.begins else day + _DAY
    return begins, datetime.combine(last, turns.ends, world.timezone)


async def remove_turn(connection: Connection, world: World, by: By, turn_id: int) -> None:
    """Take one turn of one's own unit away."""
    del world
    await _begin(connection, by)
    if not await rosters.remove(connection, by.unit_id, turn_id):
        raise ActRefusedError("这个班次已经删除了。")


async def _begin(connection: Connection, by: By) -> None:
    await claim(connection, by)
    if not may_set(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能排班，请找本单位的收发员或负责人。")
