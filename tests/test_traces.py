"""Forwarding, printing and exporting leave a trace, and show nobody's contact."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.case import ActRefusedError, UnknownTicketError
from handlers.traces import Reader, forward, opened, take_out
from store import traces
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import CGW, DISTRICT, OTHER, TIANCUN, Office, act, open_office
from tests.test_urged import told_units

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


async def test_a_ticket_is_forwarded_as_a_notice_that_gives_no_share(office: Office) -> None:
    ticket = await office.open()
    await act(office, forward, "tiancun", ticket, office.units[OTHER], "同一热源，请了解")
    assert await told_units(office, "forwarded") == [(OTHER, "desk", False)]
    async with office.pool.acquire() as connection:
        (trace,) = await traces.of_ticket(connection, ticket)
    assert (trace.what, trace.who) == ("forward", "tiancun")
    with pytest.raises(UnknownTicketError):
        await act(office, forward, "other", ticket, office.units[CGW], "看看")


async def test_a_unit_forwards_nothing_confidential(office: Office) -> None:
    ticket = await office.open()
    await office.value("update tickets set confidential = true returning 1")
    with pytest.raises(ActRefusedError, match="保密工单"):
        await act(office, forward, "tiancun", ticket, office.units[OTHER], "看看")
    await act(office, forward, "centre", ticket, office.units[DISTRICT], "研究")


async def test_what_is_taken_out_opens_for_a_while_and_for_who_asked_for_it(
    office: Office,
) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="用途"):
        await act(office, take_out, "tiancun", ticket, "print", " ")
    await act(office, take_out, "tiancun", ticket, "print", "上门用")
    async with office.pool.acquire() as connection:
        (trace,) = await traces.of_ticket(connection, ticket)

        async def may(login: str, what: str, later: timedelta = timedelta(0)) -> bool:
            reader = Reader(office.world, office.staff_ids[login], office.at + later)
            return await opened(connection, reader, ticket, trace.id, what) is not None

        assert await may("tiancun", "print")
        assert not await may("tiancun", "export")
        assert not await may("cgw", "print")
        assert not await may("tiancun", "print", timedelta(minutes=11))


async def test_paper_and_file_carry_who_took_them_and_no_contact(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    await desk.page(f"/console/tickets/{ticket}/print/999999", status=404)
    await desk.act(ticket, "print", purpose="上门用")
    newest = "select max(id) from ticket_traces"
    path = f"/console/tickets/{ticket}"
    paper = await desk.page(f"{path}/print/{await office.value(newest)}")
    assert "上门用" in paper
    assert "<span>tiancun" in paper
    assert "+86138" not in paper
    await desk.act(ticket, "export", purpose="汇总")
    exported = f"{path}/export/{await office.value(newest)}"
    table = await desk.page(exported)
    assert "暖气不热" in table
    assert "+86138" not in table
    page = await desk.page(path)
    assert "谁转发、打印、导出过" in page
    assert exported in page


async def test_a_list_that_is_exported_leaves_a_trace_on_each_ticket_of_it(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    first = await office.open()
    second = await office.open("海淀区田村路街道阜石路第一社区路灯不亮")
    await office.value("update tickets set title = '=1+1' where id = $1 returning 1", first)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    refused = await desk.send("/console/export", "/console/export", state="open", purpose="")
    assert refused.status == 422
    answer = await desk.send("/console/export", "/console/export", state="open", purpose="周报")
    table = await answer.text()
    assert "'=1+1" in table
    assert len(table.splitlines()) == 3
    rows = await office.rows("select ticket_id from ticket_traces order by ticket_id")
    assert [row["ticket_id"] for row in rows] == sorted((first, second))
    assert TIANCUN not in table


async def test_a_district_exports_what_its_units_have_and_the_centre_the_city(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    await give_passwords(office)
    await office.open()
    await office.open("东城区东华门街道路灯不亮")
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    page = "/console/export"

    async def lines(login: str, **asked: str) -> int:
        await desk.log_in(login)
        answer = await desk.send(page, page, state="open", purpose="周报", **asked)
        return len((await answer.text()).splitlines()) - 1 if answer.status == 200 else 0

    assert await lines("district") == 0
    assert await lines("district", scope="below") == 1
    assert await lines("centre") == 2
    assert await lines("centre", q="路灯") == 1
    assert await lines("tiancun", scope="below") == 1
    assert await office.value("select count(*) from ticket_traces") == 5
