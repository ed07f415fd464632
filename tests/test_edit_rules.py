"""Rules and working days as operators change them: on the page, by the command line, within what makes sense."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.words import Role
from gateway.console.rules import GROUPS, OTHER, groups
from handlers.case import ActRefusedError
from handlers.edit_rules import (
    change_rule,
    may_change_rules,
    may_read_rules,
    read_rules,
    refused_together,
    remove_own_day,
    set_own_day,
)
from handlers.rules import RULES, Rules, refused_value
from store import rule_values
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, open_office
from tests.world import START

ADMIN = "admin"


AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


@pytest.fixture
async def client(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> Client:
    await give_passwords(office)
    return await aiohttp_client(console_site(office, valkey, tmp_path).app)


async def edit(
    office: Office, doing: Callable[..., Awaitable[None]], login: str, *args: object, **more: object
) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await doing(connection, office.by(login), *args, **more)


def test_a_slip_of_the_keyboard_becomes_no_limit_of_years() -> None:
    assert [key for key, rule in RULES.items() if refused_value(key, rule.default)] == []
    assert refused_value("return.hours", 99_999) == "“退单期限（派单后）”须在0到8784之间。"


async def in_force(office: Office) -> Rules:
    async with office.pool.acquire() as connection:
        return await read_rules(connection)


async def test_a_changed_rule_is_in_force_with_its_history(office: Office) -> None:
    await edit(office, change_rule, ADMIN, "return.hours", "48", "试行")
    await edit(office, change_rule, ADMIN, "return.hours", "36", "试行后缩短")

    assert (await in_force(office)).span("return.hours") == timedelta(hours=36)
    async with office.pool.acquire() as connection:
        history = await rule_values.history(connection, 10)
    assert [(one.key, one.value, one.note, one.staff) for one in history] == [
        ("return.hours", 36, "试行后缩短", ADMIN),
        ("return.hours", 48, "试行", ADMIN),
    ]


@pytest.mark.parametrize(
    ("key", "value", "note"),
    [
        ("return.hours", "-1", "试行"),
        ("return.hours", "一天", "试行"),
        ("return.hours", "48", " "),
        ("warn.first_percent", "90", "晚于第二次"),
        ("working.begins_hour", "18", "晚于下班"),
        ("review.needed", "2", "不是是或否"),
        ("no.such_rule", "1", "试行"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    office: Office, key: str, value: str, note: str
) -> None:
    with pytest.raises(ActRefusedError):
        await edit(office, change_rule, ADMIN, key, value, note)
    assert (await in_force(office)) == Rules()


async def test_only_administrators_of_the_centre_change_rules(office: Office) -> None:
    for login in ("centre", "district", "tiancun"):
        with pytest.raises(ActRefusedError):
            await edit(office, change_rule, login, "return.hours", "48", "试行")


def test_the_centre_and_heads_read_the_rules() -> None:
    assert may_read_rules(None, frozenset({Role.INTAKE}))
    assert may_read_rules(7, frozenset({Role.HEAD}))
    assert not may_read_rules(7, frozenset({Role.DESK}))
    assert not may_change_rules(7, frozenset({Role.ADMIN}))


async def test_an_own_day_is_in_the_calendar_until_it_is_taken_out(office: Office) -> None:
    async def is_working() -> bool:
        rules = await in_force(office)
        return rules.calendar(office.world.timezone).is_working(date(2026, 11, 24))

    assert await is_working()
    await edit(office, set_own_day, ADMIN, "2026-11-24", "全市活动", working=False)
    assert not await is_working()
    await edit(office, remove_own_day, ADMIN, "2026-11-24")
    assert await is_working()
    with pytest.raises(ActRefusedError):
        await edit(office, remove_own_day, ADMIN, "2026-11-24")


async def test_rules_that_the_code_no_longer_knows_are_left_out(office: Office) -> None:
    async with office.pool.acquire() as connection:
        await rule_values.change(connection, "old.rule", 1, "", None, START)
    assert await in_force(office) == Rules()


def test_every_default_fits_the_others_and_stands_on_the_page() -> None:
    for key, rule in RULES.items():
        assert rule.least <= rule.default <= rule.most
        assert refused_together(Rules(), key, rule.default) == ""
    shown = groups(Rules(), [])
    assert sum(len(lines) for lines in shown.values()) == len(RULES)
    assert set(shown) <= {*GROUPS, OTHER}


async def test_an_administrator_changes_rules_and_days_on_the_page(
    office: Office, client: Client
) -> None:
    desk = Desk(client)
    await desk.log_in(ADMIN)
    page = await desk.page("/console/rules")
    assert "退单期限（派单后）" in page
    refused = await desk.send("/console/rules", "/console/rules/return.hours", value="48", note="")
    assert refused.status == 422
    sent = await desk.send("/console/rules", "/console/rules/return.hours", value="48", note="试行")
    assert sent.status == 303
    assert office.world.rules.value("return.hours") == 48
    assert "改为48小时：试行" in await desk.page("/console/rules")
    day = {"day": "2026-11-28", "note": "补班"}
    assert (await desk.send("/console/rules", "/console/rules/days/working", **day)).status == 303
    assert "补班" in await desk.page("/console/rules")
    assert office.world.rules.days == {(date(2026, 11, 28), True)}


async def test_who_may_not_read_the_rules_finds_no_page(office: Office, client: Client) -> None:
    del office
    desk = Desk(client)
    await desk.log_in("tiancun")
    await desk.page("/console/rules", status=404)
    assert "/console/rules" not in await desk.page("/console")
    await desk.log_in("district")
    assert "改为" not in await desk.page("/console/rules")
