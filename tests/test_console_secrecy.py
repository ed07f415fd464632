"""The forms of what is kept secret, and of what many tell: seen by those who may send them, and sent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.sign import sign
from handlers.supervise import supervise
from handlers.whistle import Whistling, whistle
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.handled import contact_and_resolve
from tests.office import OTHER, Office, act, open_office
from tests.test_join import joined

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
def app(office: Office, valkey: Redis, tmp_path: Path) -> web.Application:
    return console_site(office, valkey, tmp_path).app


async def at_desk(app: web.Application, aiohttp_client: AioClient, login: str) -> Desk:
    desk = Desk(await aiohttp_client(app))
    await desk.log_in(login)
    return desk


async def test_words_are_passed_on_by_the_forms_of_both(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    unit = await at_desk(app, aiohttp_client, "tiancun")
    assert "请中心转达" not in await unit.page(f"/console/tickets/{ticket}")
    await office.value("update tickets set confidential = true returning 1")
    page = await unit.page(f"/console/tickets/{ticket}")
    assert "请中心转达" in page
    assert "+86138" not in page
    assert 'id="act-reply"' not in page
    assert 'id="act-contact"' not in page
    assert (await unit.act(ticket, "ask_relay", text="几点最吵？")).status == 303
    centre = await at_desk(app, aiohttp_client, "centre")
    assert "几点最吵？" in await centre.page("/console/tasks")
    assert (await centre.act(ticket, "relay", way="message", text="几点最吵？")).status == 303
    assert "中心转达给市民" in await unit.page(f"/console/tickets/{ticket}")


async def test_a_number_that_staff_have_typed_is_masked_for_other_units(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    called, said = (office.units[OTHER],), "请打13912345678找老张"
    await act(office, whistle, "tiancun", ticket, Whistling("urgent", "act", called, said, said))
    await act(office, supervise, "overseer", ticket, said, office.at + timedelta(days=1))
    desk = await at_desk(app, aiohttp_client, "overseer")
    assert "找老张" in await desk.page("/console/supervision")
    assert "13912345678" not in await desk.page("/console/supervision")
    for login in ("tiancun", "other", "overseer"):
        desk = await at_desk(app, aiohttp_client, login)
        page = await desk.page(f"/console/tickets/{ticket}")
        assert page.count("找老张") > 2
        assert "13912345678" not in page


async def test_a_mark_for_abuse_is_confirmed_by_the_form_of_another(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    path = f"/console/tickets/{ticket}"
    first = await at_desk(app, aiohttp_client, "centre")
    assert (await first.act(ticket, "mark_abuse", reason="空拨")).status == 303
    assert "确认恶意标记" not in await first.page(path)
    second = await at_desk(app, aiohttp_client, "editor")
    assert "确认恶意标记" in await second.page(path)
    mark = str(await office.value("select id from abuse_marks"))
    refused = await second.act(ticket, "confirm_abuse", subject=mark, days="90")
    assert refused.status == 422
    assert (await second.act(ticket, "confirm_abuse", subject=mark, days="3")).status == 303
    assert "editor确认" in await second.page(path)
    unit = await at_desk(app, aiohttp_client, "tiancun")
    assert "恶意" not in await unit.page(path)


async def test_a_group_is_marked_and_closed_together_by_forms(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    parent, _, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    unit = await at_desk(app, aiohttp_client, "tiancun")
    assert (await unit.act(parent, "mark_group", size="40", note="")).status == 303
    assert "群诉40人" in await unit.page("/console")
    centre = await at_desk(app, aiohttp_client, "centre")
    assert "另外2张一同办结" in await centre.page(f"/console/tickets/{parent}")
    answer = await centre.act(
        parent, "close_joined", result="solved", text="管道已换。", why="同一根管道"
    )
    assert answer.status == 303
    assert (await office.ticket(parent))["state"] == "resolved"


async def test_the_task_of_a_survey_by_phone_asks_the_questions(
    app: web.Application, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    await office.say("STOP")
    await act(office, sign, "tiancun", ticket)
    await act(office, contact_and_resolve, "tiancun", ticket, "已维修。")
    await office.ring(timedelta(seconds=2))
    desk = await at_desk(app, aiohttp_client, "centre")
    task = await office.value("select id from human_tasks where kind = 'survey_by_hand'")
    path = f"/console/tasks/{task}/survey"
    assert "问题解决了吗" in await desk.page("/console/tasks")
    refused = await desk.send("/console/tasks", path, remark="说下周再打")
    assert refused.status == 422
    assert 'value="说下周再打"' in await refused.text()
    assert (await desk.send("/console/tasks", path, solved="yes")).status == 303
    assert (await office.ticket(ticket))["state"] == "closed"
    assert "同一件事" not in await desk.page("/console/rates")
