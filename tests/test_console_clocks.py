"""Clocks as staff see them: on the ticket's page, and in the list."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.sign import sign
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, act, open_office

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


async def test_the_page_shows_what_is_left_what_is_late_and_what_is_done(
    office: Office, client: Client
) -> None:
    ticket = await office.open()
    desk = Desk(client)
    await desk.log_in("tiancun")

    page = await desk.page(f"/console/tickets/{ticket}")
    assert "剩30分钟" in page
    await office.ring(timedelta(minutes=20))
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "时限提醒" not in page
    await office.ring(timedelta(minutes=20))
    await act(office, sign, "tiancun", ticket)
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "11-23 10:40" in page
    assert "晚了" in page
    assert "剩1小时20分" in page
    assert "超时报上级" in page


async def test_the_list_shows_what_is_signed_or_contacted_too_late(
    office: Office, client: Client
) -> None:
    ticket = await office.open()
    desk = Desk(client)
    await desk.log_in("tiancun")

    assert "已超时" not in await desk.page("/console")
    office.at += timedelta(minutes=40)
    assert "签收已超时" in await desk.page("/console")
    await act(office, sign, "tiancun", ticket)
    assert "已超时" not in await desk.page("/console")
    office.at += timedelta(hours=2)
    assert "首次联系已超时" in await desk.page("/console")
