"""What is changed while an event lasts (平战转换): its named lines (专线), its experts, an account that is not needed any more."""

import re
from dataclasses import dataclass

from channels import phone
from handlers.case import ActRefusedError, By, worded
from handlers.effects import Effects
from handlers.hotlines import LONGEST_NAME
from handlers.surge import claim_surge, experts_of, give_back, refuse_taken, the_running
from handlers.world import World
from store import surge_seats, surges
from store.database import Connection

MOST_LINES = 12
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line as it was typed: numbers with commas between (none: by its entry of the residents' page alone)."""

    name: str
    numbers: str = ""
    topics: tuple[str, ...] = ()
    region: str = "CN"


async def add_line(
    connection: Connection, world: World, by: By, surge_id: int, typed: NamedLine
) -> None:
    """Give an event one more line. Raises `ActError`."""
    await claim_surge(connection, by)
    await the_running(connection, surge_id)
    name = worded(typed.name, "专线名称", longest=LONGEST_NAME)
    lines = (await surge_seats.lines(connection, [surge_id])).get(surge_id, [])
    if len(lines) >= MOST_LINES:
        raise ActRefusedError(f"专线最多{MOST_LINES}条。")
    if name in {one.name for one in lines}:
        raise ActRefusedError(f"已经有“{name}”这条专线。")
    if any(world.city.reader.topic(code) is None for code in typed.topics):
        raise ActRefusedError("问题分类不在目录中，请从列表里选择。")
    numbers = [_number(one, typed.region) for one in _split(typed.numbers)]
    await refuse_taken(connection, numbers)
    await surge_seats.add_lines(connection, surge_id, [(name, numbers, typed.topics)])


async def name_experts(
    connection: Connection, world: World, by: By, surge_id: int, logins: str
) -> None:
    """Let these people be an event's experts from now on. Raises `ActError`."""
    del world
    await claim_surge(connection, by)
    await the_running(connection, surge_id)
    await surge_seats.name_experts(connection, surge_id, await experts_of(connection, by, logins))


async def end_account(
    connection: Connection, world: World, by: By, surge_id: int, login: str
) -> None:
    """End one account for a time at once. Raises `ActError`."""
    del world
    await claim_surge(connection, by)
    effects = Effects()
    closed = await surges.close_account(connection, surge_id, login, by.at)
    if not closed.staff_ids:
        raise ActRefusedError("这个账号已经结束。")
    await give_back(connection, effects, closed, by.at)
    await effects.write(connection, by.at)


def _split(typed: str) -> list[str]:
    return list(dict.fromkeys(filter(None, _BETWEEN.split(typed.strip()))))


def _number(typed: str, region: str) -> str:
    number = phone.normalise(typed, region)
    if number is None:
        raise ActRefusedError(f"号码{typed}不对，请写完整，如01096069或+861096069。")
    return number
