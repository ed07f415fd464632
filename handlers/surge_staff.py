"""Accounts for a time (支援账号): for people who are sent to help in an event; they end with it, or by their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.surge import may_declare, the_running
from handlers.world import World
from store import casework, surge_seats, surges
from store.database import Connection

MOST_AT_ONCE = 30  # each password takes a fifth of a second to hash
LONGEST_NAME = 20

# What they may be given: (as staff read it, roles, at the leading unit instead of the centre)
WORK: dict[str, tuple[str, tuple[Role, ...], bool]] = {
    "intake": ("话务员（热线中心）", (Role.INTAKE,), False),
    "surveyor": ("回访员（热线中心）", (Role.SURVEYOR,), False),
    "dispatcher": ("派单员（热线中心）", (Role.DISPATCHER,), False),
    "desk": ("收发员（牵头单位）", (Role.DESK,), True),
    "handler": ("承办人（牵头单位）", (Role.HANDLER,), True),
    "expert": ("专家（专家席）", (Role.EXPERT,), False),
}


@dataclass(frozen=True, slots=True)
class Giving:
    """Accounts to be given: a name each, one kind of work, for whole days."""

    names: tuple[str, ...]
    work: str
    days: str


def names_of(typed: str) -> tuple[str, ...]:
    """The names as they were typed, one a line; raises `ActRefusedError`."""
    found = [
        worded(line, "姓名", longest=LONGEST_NAME) for line in typed.splitlines() if line.strip()
    ]
    if not found:
        raise ActRefusedError("请填写姓名，一行一个。")
    if len(found) > MOST_AT_ONCE:
        raise ActRefusedError(f"一次最多{MOST_AT_ONCE}个账号。")
    return tuple(found)


async def give_accounts(
    connection: Connection,
    world: World,
    by: By,
    surge_id: int,
    order: Giving,
    hashes: Sequence[str],
) -> list[str]:
    """Add the accounts, in the caller's transaction; returns their logins, in order. Raises `ActError`."""
    await claim(connection, by)
    if not may_declare(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心的管理员能开支援账号。")
    surge = await the_running(connection, surge_id)
    if order.work not in WORK:
        raise ActRefusedError("请选择岗位。")
    _, roles, at_unit = WORK[order.work]
    if at_unit and surge.lead_unit_id is None:
        raise ActRefusedError("这次平战转换没有牵头单位，只能开热线中心的账号。")
    ends_at = by.at + _days(world, order.days)
    given = len(await surges.accounts(connection, surge_id))
    logins = [f"s{surge_id}-{given + place}" for place in range(1, len(order.names) + 1)]
    people = list(zip(logins, order.names, hashes, strict=True))
    unit_id = surge.lead_unit_id if at_unit else None
    await surges.give_accounts(connection, surge_id, people, roles, unit_id, by.at, ends_at)
    if Role.EXPERT in roles:
        await surge_seats.add_experts(connection, surge_id, logins)
    await casework.set_result(connection, by.key, "given")
    return logins


def _days(world: World, typed: str) -> timedelta:
    most = world.rules.value("surge.account_days")
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most):
        raise ActRefusedError(f"有效期请填1到{most}天。")
    return timedelta(days=int(typed))
