"""Surge mode and open-line days in the console: begun, looked at and ended by those whose role allows it."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from gateway import chat_page
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]
PAGE = "/console/surge"
EVENT = {"name": "供热抢修", "kind": "heating", "words": "暖气", "places": "海淀区"}


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


@pytest.fixture
async def client(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> Client:
    await give_passwords(office)
    app = console_site(office, valkey, tmp_path).app
    chat_page.routes(app)
    return await aiohttp_client(app)


async def declared(desk: Desk) -> str:
    """The page of an event that was just begun."""
    await desk.log_in("admin")
    begun = await desk.send(PAGE, PAGE, **EVENT, lead="海淀区城管委", grade="I")
    assert begun.status == 303
    return begun.headers["Location"].partition("?")[0]


async def test_an_event_is_declared_and_ended_on_its_page(office: Office, client: Client) -> None:
    desk = Desk(client)
    one = await declared(desk)
    assert [each.name for each in office.world.surges] == ["供热抢修"]
    ticket_id = await office.open()
    assert (await office.ticket(ticket_id))["surge_id"] == office.world.surges[0].surge.id
    assert "待签收" in await desk.page(one)
    assert "供热抢修" in await desk.page(PAGE)
    assert (await desk.send(one, f"{one}/end")).status == 303
    assert office.world.surges == ()
    assert "报告" in await desk.page(one)
    report = await client.get(f"{one}/report.csv")
    assert report.content_type == "text/csv"
    assert "合计,工单,1" in await report.text(encoding="utf-8-sig")


async def test_what_makes_no_event_is_said_and_what_was_typed_stays(client: Client) -> None:
    desk = Desk(client)
    await desk.log_in("admin")
    refused = await desk.send(PAGE, PAGE, **EVENT | {"words": ""})
    assert refused.status == 422
    shown = await refused.text()
    assert "至少选一条专线" in shown
    assert 'value="供热抢修"' in shown


async def test_helpers_log_in_with_the_password_that_is_shown_once(client: Client) -> None:
    desk = Desk(client)
    one = await declared(desk)
    proof = await desk.proof(one)
    form = {**proof, "names": "支援一\n支援二", "work": "desk", "days": "3"}
    given = await client.post(f"{one}/accounts", data=form)
    (password,) = re.findall(r'支援二</td>.*?初始密码">([^<]{12})<', await given.text())
    again = await client.post(f"{one}/accounts", data=form)
    assert "只在开的时候显示一次" in await again.text()
    assert password not in await again.text()
    (login,) = re.findall(r'"no">(s\d+-2)<', await again.text())
    await desk.send_login(login, password)
    assert "支援二" in await desk.page("/console")


async def test_lines_experts_and_accounts_are_changed_on_the_page(client: Client) -> None:
    desk = Desk(client)
    one = await declared(desk)
    assert (await desk.send(one, f"{one}/lines", name="心理援助", numbers="12")).status == 422
    assert (await desk.send(one, f"{one}/lines", name="心理援助", numbers="")).status == 303
    assert (await desk.send(one, f"{one}/experts", experts="nobody\0")).status == 422
    assert (await desk.send(one, f"{one}/experts", experts="tiancun")).status == 303
    shown = await desk.page(one)
    assert "/?line=line-" in shown
    assert 'value="tiancun"' in shown
    await desk.send(one, f"{one}/accounts", names="支援一", work="expert", days="3")
    (login,) = set(re.findall(r"s\d+-1", await desk.page(one)))
    assert (await desk.send(one, f"{one}/accounts/end", login=login)).status == 303
    assert "已结束" in await desk.page(one)


async def test_the_residents_page_greets_as_the_line_that_it_is_entered_by(
    office: Office, client: Client
) -> None:
    desk = Desk(client)
    await desk.log_in("admin")
    script = "供热抢修，请说地址"
    begun = await desk.send(PAGE, PAGE, **EVENT, script=script)
    one = begun.headers["Location"].partition("?")[0]
    await desk.send(one, f"{one}/lines", name="抢修专线")
    (entry,) = re.findall(r"/\?line=line-\d+", await desk.page(one))
    shown = await (await client.get(entry)).text()
    assert "抢修专线" in shown
    assert "data-own" in shown
    assert "data-own" not in await (await client.get("/")).text()


@pytest.mark.parametrize(("login", "status"), [("centre", 200), ("tiancun", 404)])
async def test_the_centre_looks_on_and_units_see_no_event(
    client: Client, login: str, status: int
) -> None:
    desk = Desk(client)
    await desk.log_in(login)
    shown = await desk.page("/console/surge", status)
    assert "启动</button>" not in shown


async def test_a_leader_types_in_on_the_day_and_sees_what_becomes_of_it(
    office: Office, client: Client
) -> None:
    admin, head = Desk(client), Desk(client)
    await admin.log_in("admin")
    begins = office.at + timedelta(hours=8)
    day = {
        "name": "区长接听",
        "leaders": "district",
        "begins": f"{begins:%Y-%m-%dT%H:%M}",
        "ends": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    pages = "/console/open-lines"
    assert (await admin.send(pages, pages, **day | {"leaders": "nobody"})).status == 422
    assert (await admin.send(pages, pages, **day)).status == 303

    await head.log_in("district")
    assert "对话" in await head.page(pages)
    await head.page("/console/calls")
    sent = await head.send(
        "/console/walk-in", "/console/walk-in", matter="路灯不亮", place="海淀区田村路街道"
    )
    assert sent.headers["Location"] == f"{pages}?done=opened"
    (one,) = re.findall(rf'href="({pages}/\d+)"', await head.page(pages))
    shown = await head.page(one)
    assert "工单1件，还有1件没结案" in shown
    report = await client.get(f"{one}/report.csv")
    assert "路灯不亮,待签收," in await report.text(encoding="utf-8-sig")

    await admin.log_in("admin")
    ticket_id = await office.open()
    number = re.findall(
        r"<h1[^>]*>.*?(\d{6}-\d{6}-\d)",
        await admin.page(f"/console/tickets/{ticket_id}"),
        re.DOTALL,
    )
    followed = await admin.send(one, f"{one}/follow", ticket=number[0])
    assert followed.status == 303
    assert "工单2件" in await admin.page(one)
    assert (await admin.send(one, f"{one}/end")).status == 303
    await admin.page("/console/open-lines/999", 404)


async def test_others_see_no_open_line_day(client: Client) -> None:
    desk = Desk(client)
    await desk.log_in("tiancun")
    await desk.page("/console/open-lines", 404)
