"""The desk for chats in the console: who waits, taking, writing, handing on, and who may not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.words import Role
from gateway import live
from store.database import Pool
from store.staff import NewStaff, add_staff
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, open_office
from tests.patience import PATIENCE_SECONDS
from tests.world import PHONE

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
async def desk(office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient) -> Desk:
    """The centre, logged in."""
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("centre")
    return desk


async def taken(desk: Desk, office: Office) -> str:
    """A talk that one has; returns its page."""
    await office.say("海淀区田村路街道暖气不热", "人工")
    response = await desk.send("/console/talks", "/console/talks/next")
    assert response.status == 303
    return response.headers["Location"]


async def test_the_list_shows_who_waits_since_when_and_what_was_said_and_no_number(
    desk: Desk, office: Office
) -> None:
    assert "没有人在等" in await desk.page("/console/talks")
    await office.say("海淀区田村路街道暖气不热", "人工")
    page = await desk.page("/console/talks")
    assert "等了0分00秒" in page
    assert "暖气不热" in page
    assert "+86138****8000" in page
    assert PHONE not in page
    assert 'class="count"' in await desk.page("/console")  # stands on every page


async def test_a_talk_is_taken_written_to_and_given_back(desk: Desk, office: Office) -> None:
    page = await taken(desk, office)
    assert "您在接待" in await desk.page(page)
    response = await desk.send(page, f"{page}/answer", text="您好，哪一栋？")
    assert response.status == 303
    await office.say("5号楼")
    lines = await desk.page(f"{page}/lines")
    assert "您好，哪一栋？" in lines
    assert "5号楼" in lines
    assert "1条未回" in await desk.page("/console/talks")
    response = await desk.send(page, f"{page}/back")
    assert response.headers["Location"] == "/console/talks?done=back"
    assert "已交回自动服务" in await desk.page("/console/talks?done=back")


async def test_what_was_typed_is_not_lost_when_the_talk_is_somebody_else_s_by_now(
    desk: Desk, office: Office
) -> None:
    page = await taken(desk, office)
    proof = await desk.proof(page)
    await desk.send(page, f"{page}/on", text="要下班了")
    response = await desk.client.post(f"{page}/answer", data={**proof, "text": "马上来人"})
    body = await response.text()
    assert response.status == 409
    assert "不归您" in body
    assert await office.value("select count(*) from outbox where purpose = 'staff'") == 0


async def test_colleagues_who_could_take_over_are_named(
    desk: Desk, office: Office, pool: Pool
) -> None:
    async with pool.acquire() as connection:
        new = NewStaff("wang", "小王", "", (Role.INTAKE,), None)
        await add_staff(connection, [new], office.at)
    page = await taken(desk, office)
    assert "小王（未登录）" in await desk.page(page)


async def test_the_knowledge_base_is_at_hand(desk: Desk, office: Office) -> None:
    page = await taken(desk, office)
    assert "没有找到" in await desk.page(f"{page}?q=供暖什么时候开始")


async def test_whoever_logs_out_leaves_the_talk_to_the_next(desk: Desk, office: Office) -> None:
    await taken(desk, office)
    await desk.send("/console/talks", "/console/logout")
    await office.ring()
    assert await office.value("select state from human_talks") == "waiting"
    words = await office.value("select reply ->> 'text' from outbox order by seq desc limit 1")
    assert "换人接着为您服务" in words


async def test_an_open_page_hears_at_once_that_somebody_waits(
    desk: Desk, office: Office, valkey: Redis
) -> None:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        desk.client.get("/console/alerts/stream") as stream,
    ):
        await office.say("人工")
        await live.publish(valkey, [live.CONSOLE])
        told = ""
        while "data: 1" not in told:
            told += (await stream.content.readline()).decode()
    assert "event: queue" in told


async def test_units_have_no_part_in_it(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    unit = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await unit.log_in("tiancun")
    await office.say("人工")
    talk = await office.value("select id from human_talks")
    for path in ("/console/talks", f"/console/talks/{talk}", f"/console/talks/{talk}/lines"):
        await unit.page(path, status=404)
    assert (
        await unit.send("/console", f"/console/talks/{talk}/answer", text="x", key="k")
    ).status == 404
    assert (await unit.send("/console", "/console/talks/next", key="k2")).status == 404
    assert await office.value("select state from human_talks") == "waiting"


async def test_a_ticket_is_opened_from_the_talk_with_what_was_said_so_far(
    desk: Desk, office: Office
) -> None:
    page = await taken(desk, office)
    assert "暖气不热</textarea>" in await desk.page(page)
    response = await desk.send(page, f"{page}/ticket", matter="暖气不热", place="哪儿都行路")
    assert response.status == 303
    ticket = await office.value("select id from tickets")
    shown = await desk.page(f"{page}?done=ticket")
    assert "已立单" in shown
    assert f'<option value="{ticket}">' in shown
    ended = await desk.send(page, f"{page}/over", text="已立单", ticket=str(ticket))
    assert ended.headers["Location"] == "/console/talks?done=over"
    assert "人工对话" in await desk.page(f"/console/tickets/{ticket}")


async def test_a_refused_ticket_keeps_what_was_typed(desk: Desk, office: Office) -> None:
    page = await taken(desk, office)
    response = await desk.send(page, f"{page}/ticket", matter="路灯", topic="nothing")
    body = await response.text()
    assert response.status == 422
    assert "不在目录中" in body
    assert "路灯</textarea>" in body


async def test_a_call_back_of_a_chat_is_begun_from_the_tasks(desk: Desk, office: Office) -> None:
    await office.say("人工", phone="b" * 32, channel="webchat")
    await office.ring(timedelta(minutes=6))
    task = await office.value("select id from human_tasks")
    assert f"/console/tasks/{task}/talk" in await desk.page("/console/tasks")
    response = await desk.send("/console/tasks", f"/console/tasks/{task}/talk")
    assert response.headers["Location"].startswith("/console/talks/")
    assert "您在接待" in await desk.page(response.headers["Location"])
