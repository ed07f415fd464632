"""All traces over the city on one page: who looked, forwarded, printed, exported; by ticket, person and day."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.ticket_number import format_number
from dialogs.words import Role
from gateway.console import traced as page_of_traces
from handlers.show_contact import show_contact
from handlers.traces import export_list, forward, take_out
from store import traced
from store.database import Connection, Pool
from store.traced import Cursor, Narrowed, TracedLine
from tests.console_site import Client, Desk, console_site
from tests.office import DISTRICT, OTHER, Office, act, employ, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]
PAGE = "/console/traces"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


@pytest.fixture
async def desk(office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient) -> Desk:
    return Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))


async def looked_and_taken(office: Office) -> int:
    """A street looks and prints, another's district is told of it by the centre the day after."""
    ticket = await office.open()
    await act(office, show_contact, "tiancun", ticket, "约13800138000上门")
    await act(office, take_out, "tiancun", ticket, "print", "上门用")
    office.at += timedelta(days=1)
    await act(office, forward, "centre", ticket, office.units[OTHER], "同一热源")
    return ticket


async def test_inspectors_read_who_looked_and_what_was_taken_out_and_nothing_of_the_resident(
    office: Office, desk: Desk
) -> None:
    ticket = await looked_and_taken(office)
    await desk.log_in("inspector")
    body = await desk.page(PAGE)
    order = [body.index(one) for one in ("转给东华门街道：同一热源", "上门用", "看联系方式")]
    assert order == sorted(order)
    assert "13800138000" not in body
    assert "暖气" not in body
    assert f"/console/tickets/{ticket}" not in body  # which they may not open
    await desk.log_in("admin")
    assert f"/console/tickets/{ticket}" in await desk.page(PAGE)


async def test_they_are_found_by_ticket_person_and_day(office: Office, desk: Desk) -> None:
    ticket = await looked_and_taken(office)
    await desk.log_in("admin")
    assert "上门用" in await desk.page(f"{PAGE}?ticket={format_number(ticket)}")
    assert "同一热源" not in await desk.page(f"{PAGE}?who=tiancun")
    second = await desk.page(f"{PAGE}?day={office.at.date()}")
    assert "同一热源" in second
    assert "上门用" not in second
    assert page_of_traces.NO_NUMBER in await desk.page(f"{PAGE}?ticket=12", 422)
    assert page_of_traces.NO_DAY in await desk.page(f"{PAGE}?day=x", 422)
    await desk.page(f"{PAGE}?day=0001-01-01&after=9.9.9.9")
    await desk.page(f"{PAGE}?day=9999-12-31&after=99999999999999.0.0.0")


async def test_a_district_reads_those_of_its_own_units_alone_and_a_unit_none(
    office: Office, desk: Desk
) -> None:
    await looked_and_taken(office)
    await employ(office, "of district", (Role.DISTRICT_ADMIN,), DISTRICT)
    await employ(office, "of other", (Role.DISTRICT_ADMIN,), "110101")
    await desk.log_in("of district")
    body = await desk.page(PAGE)
    assert "上门用" in body
    assert "同一热源" not in body
    await desk.log_in("of other")
    assert "没有。" in await desk.page(PAGE)
    for login in ("tiancun", "centre"):
        await desk.log_in(login)
        await desk.page(PAGE, 404)


async def one_by_one(connection: Connection, narrowed: Narrowed) -> list[TracedLine]:
    lines: list[TracedLine] = []
    after: Cursor | None = None
    while found := await traced.page(connection, narrowed, after, 1):
        lines += found
        after = found[-1].cursor
    return lines


async def test_pages_follow_each_other_and_a_list_that_was_taken_out_is_one_line(
    office: Office,
) -> None:
    ticket = await looked_and_taken(office)
    second = await office.open("海淀区田村路街道阜石路第一社区路灯不亮", "+8613800138001")
    async with office.pool.acquire() as connection, connection.transaction():
        by = office.by("admin")
        await export_list(connection, by, [ticket, second], "周报")
        narrowed = Narrowed(None, "", None, *page_of_traces.ALWAYS)
        together = await traced.page(connection, narrowed, None, 10)
        assert await one_by_one(connection, narrowed) == together
    assert [(one.what, one.tickets) for one in together] == [
        ("export", 2),
        ("forward", 1),
        ("print", 1),
        ("look", 1),
    ]
