"""No form is offered for what would be refused whatever were typed; what is refused all the same is said, with the text."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from handlers.contact import record_contact
from handlers.extend import extend, not_extended
from handlers.return_unit import Returning, return_unit
from handlers.rules import Rules
from handlers.sign import sign
from store.database import Pool
from store.rounds import Round
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, act, open_office
from tests.world import START

CLUTTER = "海淀区田村路街道阜石路第一社区5号楼楼道堆物"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
async def desk(office: Office, valkey: Redis, tmp_path: Path) -> AsyncIterator[Desk]:
    site = console_site(office, valkey, tmp_path)
    async with TestClient(TestServer(site.app)) as client:
        desk = Desk(client)
        await desk.log_in("tiancun")
        yield desk


async def handling(office: Office) -> int:
    ticket = await office.open(CLUTTER)
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    return ticket


async def offered(desk: Desk, ticket: int, name: str) -> bool:
    return f'id="act-{name}"' in await desk.page(f"/console/tickets/{ticket}")


async def test_what_has_been_asked_for_is_not_offered_again(office: Office, desk: Desk) -> None:
    ticket = await handling(office)
    assert await offered(desk, ticket, "return")
    await act(office, return_unit, "tiancun", ticket, Returning("area", "5号楼在东城"))
    assert not await offered(desk, ticket, "return")
    assert await offered(desk, ticket, "hold")


async def test_what_is_talked_over_is_not_brought_up_again(office: Office, desk: Desk) -> None:
    ticket = await handling(office)
    assert await offered(desk, ticket, "coordinate")
    form = {"route": "area", "units": "", "text": "两边都不认"}
    assert (await desk.act(ticket, "coordinate", **form)).status == 303
    assert not await offered(desk, ticket, "coordinate")
    assert await offered(desk, ticket, "deliberate")


async def test_a_return_is_offered_in_its_time_alone(office: Office, desk: Desk) -> None:
    ticket = await handling(office)
    office.at += timedelta(days=3)
    await desk.log_in("tiancun")
    assert await offered(desk, ticket, "contact")
    assert not await offered(desk, ticket, "return")
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "申请退单：退单要在派单后24小时内申请，现在已过。" in page


async def test_what_cannot_be_extended_says_why(office: Office, desk: Desk) -> None:
    ticket = await handling(office)
    assert await offered(desk, ticket, "extend")
    office.at = (await office.ticket(ticket))["due_at"]
    await desk.log_in("tiancun")
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "申请延期：时限已过，不能再申请延期。" in page
    assert not await offered(desk, ticket, "extend")


def test_a_statute_that_forbids_an_extension_is_named() -> None:
    present = Round(START, "《物业管理条例》", statutory=True, evidence=0, extended=False)
    later = START + timedelta(days=1)
    said = "这类问题的时限由《物业管理条例》规定，不能延期。"
    assert not_extended(Rules(), present, later, START) == said
    assert not_extended(Rules({"extension.statutory": 1}), present, later, START) == ""


async def test_tickets_are_closed_together_where_there_are_several(
    office: Office, desk: Desk
) -> None:
    ticket = await handling(office)
    await desk.log_in("centre")
    assert await offered(desk, ticket, "note")
    assert not await offered(desk, ticket, "close_joined")


async def test_what_is_refused_without_a_form_of_its_own_is_said_with_what_was_typed(
    office: Office, desk: Desk
) -> None:
    ticket = await handling(office)
    until = (await office.ticket(ticket))["due_at"] + timedelta(hours=2)
    await act(office, extend, "tiancun", ticket, until, "等材料")
    answer = await desk.act(ticket, "extend", until="2030-01-01T10:00", note="材料还没到")
    page = await answer.text()
    assert answer.status == 422
    assert 'role="alert"' in page
    assert "材料还没到" in page
