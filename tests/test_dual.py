"""Dual dispatch: the lead's one answer waits for the assisting unit, but not longer than that one's own time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.case import ActRefusedError
from handlers.contact import record_contact
from handlers.reply import reply
from handlers.resolve import answer_as_assist, resolve
from handlers.sign import sign
from store import dual
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, act, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    """A street leads, the district's commission assists."""
    return await open_office(pool)


async def _in_hand(office: Office) -> int:
    ticket_id = await office.open()
    await office.ring()
    await act(office, sign, "tiancun", ticket_id)
    await act(office, record_contact, "tiancun", ticket_id, "reached", "")
    return ticket_id


async def _due(office: Office) -> timedelta:
    due_at = await office.value("select due_at from assignments where role = 'assist'")
    later: timedelta = due_at - office.at
    return later


async def test_the_lead_waits_for_who_assists_while_that_one_has_time(office: Office) -> None:
    ticket_id = await _in_hand(office)
    with pytest.raises(ActRefusedError, match="海淀区城管委还没有答复"):
        await act(office, resolve, "tiancun", ticket_id, "已修好")
    await act(office, answer_as_assist, "cgw", ticket_id, "热力管网已调压")
    await act(office, resolve, "tiancun", ticket_id, "已修好")
    assert (await office.ticket(ticket_id))["state"] == "resolved"
    assert "assist_late" not in await office.events(ticket_id)


async def test_the_assisting_unit_has_less_time_than_the_lead(office: Office) -> None:
    ticket_id = await _in_hand(office)
    limit = (await office.ticket(ticket_id))["due_at"] - office.at
    assert await _due(office) == limit * 60 / 100


async def test_after_its_time_the_lead_goes_without_and_it_is_named_to_the_unit_above(
    office: Office,
) -> None:
    ticket_id = await _in_hand(office)
    office.at += await _due(office)
    await act(office, resolve, "tiancun", ticket_id, "已修好")
    note = await office.value("select note from ticket_events where type = 'assist_late'")
    assert note == "协办单位逾期未答复，不再等：海淀区城管委"
    told = await office.rows("select unit_id from unit_notices where event = 'assist_late'")
    above = office.units["110108"]
    assert {row["unit_id"] for row in told} == {office.units["110108-cgw"], above}


async def test_a_city_may_let_the_lead_go_without(office: Office) -> None:
    ticket_id = await _in_hand(office)
    office.world.rules = type(office.world.rules)({"assist.waits": 0})
    await act(office, resolve, "tiancun", ticket_id, "已修好")
    assert (await office.ticket(ticket_id))["state"] == "resolved"


async def test_only_the_lead_writes_to_the_resident(office: Office) -> None:
    ticket_id = await _in_hand(office)
    told = await office.notices()
    with pytest.raises(ActRefusedError, match="由主办单位答复市民；办理情况请用“协办答复”"):
        await act(office, reply, "cgw", ticket_id, "热力管网已调压")
    await act(office, answer_as_assist, "cgw", ticket_id, "热力管网已调压")
    assert await office.notices() == told
    await act(office, reply, "tiancun", ticket_id, "管网调好了，今天上门看暖气。")
    assert len(await office.notices()) == len(told) + 1


async def test_what_assisting_units_say_stands_before_the_lead(office: Office) -> None:
    ticket_id = await _in_hand(office)
    await act(office, answer_as_assist, "cgw", ticket_id, "热力管网已调压")
    async with office.pool.acquire() as connection:
        (one,) = await dual.assists(connection, ticket_id)
    assert (one.unit, one.answer, one.waited_for) == ("海淀区城管委", "热力管网已调压", False)


async def test_the_form_for_the_result_holds_what_assisting_units_said(
    office: Office, valkey: Redis, aiohttp_client: AioClient, tmp_path: Path
) -> None:
    ticket_id = await _in_hand(office)
    await act(office, answer_as_assist, "cgw", ticket_id, "热力管网已调压")
    await give_passwords(office)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    body = await desk.page(f"/console/tickets/{ticket_id}")
    assert "请合并协办答复（海淀区城管委：热力管网已调压）" in body
