"""Joined and repeated tickets on the pages of staff."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.ticket_number import format_number
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import MATTER, Office, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]

FIRST, SECOND, THIRD = "+8613800138001", "+8613800138002", "+8613800138003"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
def app(office: Office, valkey: Redis, tmp_path: Path) -> web.Application:
    return console_site(office, valkey, tmp_path).app


async def at_desk(app: web.Application, aiohttp_client: AioClient, login: str) -> Desk:
    """Somebody who is logged in."""
    desk = Desk(await aiohttp_client(app))
    await desk.log_in(login)
    return desk


async def joined(office: Office) -> tuple[int, int]:
    parent = await office.open(phone=FIRST)
    return parent, await office.open(phone=SECOND)


async def test_the_list_has_one_line_for_all_and_says_how_many_they_are(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    parent, child = await joined(office)
    await office.say("催办", phone=SECOND)
    for login in ("tiancun", "centre"):
        page = await (await at_desk(app, aiohttp_client, login)).page("/console")
        assert format_number(parent) in page
        assert format_number(child) not in page
        assert "2位市民" in page
        assert "催1" in page


async def test_the_page_names_the_others_and_each_leads_to_its_own(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    parent, child = await joined(office)
    desk = await at_desk(app, aiohttp_client, "tiancun")
    page = await desk.page(f"/console/tickets/{parent}")
    assert "并案：另外1位市民" in page
    assert "一起办的2位市民都会" in page
    assert f"/console/tickets/{child}" in page
    assert SECOND[-8:] not in page
    found = await desk.client.get(f"/console?q={format_number(child)}", allow_redirects=False)
    assert found.headers["Location"] == f"/console/tickets/{child}"
    own = await desk.page(f"/console/tickets/{child}")
    assert f"已并入 {format_number(parent)}" in own
    assert 'id="act-sign"' not in own
    assert 'id="act-split"' in own


async def test_two_are_joined_and_taken_out_by_a_form_each(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    parent = await office.open(phone=FIRST)
    await office.say(MATTER, "2", phone=SECOND)
    child = await office.value("select max(id) from tickets")
    desk = await at_desk(app, aiohttp_client, "tiancun")
    response = await desk.act(child, "join", other="12345")
    assert response.status == 422
    body = await response.text()
    assert "请写全13位" in body
    assert 'value="12345"' in body
    response = await desk.act(child, "join", other=format_number(parent))
    assert response.status == 303
    assert (await office.ticket(child))["joined_to"] == parent
    assert (await desk.act(child, "split")).status == 303
    assert (await office.ticket(child))["joined_to"] is None


async def test_what_was_told_three_times_says_so_and_waits_for_the_district(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    for choice in ((), ("3",), ("3",)):
        office.at += timedelta(hours=1)
        await office.say(MATTER, *choice, "1", phone=THIRD)
    ticket = await office.value("select max(id) from tickets")
    desk = await at_desk(app, aiohttp_client, "tiancun")
    assert "第3次反映" in await desk.page("/console")
    assert "第3次反映" in await desk.page(f"/console/tickets/{ticket}")
    assert "多次反映" not in await desk.page("/console/tasks")
    district = await at_desk(app, aiohttp_client, "district")
    page = await district.page("/console/tasks")
    assert "多次反映" in page
    assert format_number(ticket) in page
    task = await office.value("select id from human_tasks")
    response = await district.send(
        "/console/tasks", f"/console/tasks/{task}", note="已督促今晚解决"
    )
    assert response.status == 303
    assert "没有等待处理" in await district.page("/console/tasks")
    assert "已督促今晚解决" in await desk.page(f"/console/tickets/{ticket}")
