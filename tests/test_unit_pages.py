"""Pages of one's own unit, and what a unit writes at the console: people, roster, templates, evidence, review."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData, web
from redis.asyncio import Redis

from dialogs.words import Role
from handlers.sign import sign
from store import unit_notices
from store.database import Pool
from store.unit_notices import UnitNoticeRow
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.handled import answer_for_assists
from tests.office import TIANCUN, Office, act, employ, open_office
from tests.photos import png

Clients = Callable[[web.Application], Awaitable[Client]]
LogIn = Callable[[str], Awaitable[Desk]]
FILES = "select count(*) from evidence"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await employ(office, "li", (Role.HANDLER,), TIANCUN)
    await employ(office, "head", (Role.HEAD,), TIANCUN)
    await give_passwords(office)
    return office


@pytest.fixture
def log_in(office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: Clients) -> LogIn:
    """Somebody at the console of one site."""

    async def entered(login: str) -> Desk:
        desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
        await desk.log_in(login)
        return desk

    return entered


async def done(desk: Desk, page: str, act: str, **fields: str) -> str:
    """Send a form of one of the unit's pages; returns what the page says then."""
    response = await desk.send(page, f"/console/unit/{act}", **fields)
    assert response.status == 303, await response.text()
    return await desk.page(response.headers["Location"])


async def refused(desk: Desk, page: str, act: str, **fields: str) -> str:
    response = await desk.send(page, f"/console/unit/{act}", **fields)
    assert response.status == 422
    return await response.text()


async def test_a_unit_sets_its_offices_its_people_and_who_is_away(
    office: Office, log_in: LogIn
) -> None:
    desk, page = await log_in("head"), "/console/unit"
    body = await done(desk, page, "add-office", name="综合科", kind="office", place_code="")
    assert "已添加" in body
    assert "综合科" in body
    office_id = str(await office.value("select id from offices"))
    li = str(office.staff_ids["li"])
    assert "已调整" in await done(desk, page, "seat", staff=li, office=office_id)
    until = "2026-11-25T09:00"
    deputy = str(office.staff_ids["tiancun"])
    body = await done(desk, page, "away", staff=li, until=until, deputy=deputy)
    assert "11-25 09:00回来，tiancun代理" in body
    assert "回来的时间要在现在以后" in await refused(
        desk, page, "away", staff=li, until="2026-01-01T09:00", deputy=deputy
    )
    assert "回来了" in await done(desk, page, "back", staff=li)
    await done(desk, page, "let-go", staff=li)
    assert "编码" in await refused(
        desk, page, "add-office", name="社区", kind="community", place_code="999"
    )
    assert (
        await desk.client.post("/console/unit/nothing", data=await desk.proof(page))
    ).status == 404


async def test_who_handles_sees_the_own_list_and_is_given_tickets_by_a_form(
    office: Office, log_in: LogIn
) -> None:
    ticket = await office.open()
    desk, li = await log_in("tiancun"), await log_in("li")
    assert "add-office" not in await li.page("/console/unit")
    to = f"staff:{office.staff_ids['li']}"
    response = await desk.act(ticket, "hand_on", to=to, note="")
    assert response.status == 303, await response.text()
    assert "暖气不热" in await li.page("/console?state=mine")
    assert "暖气不热" not in await desk.page("/console?state=mine")
    body = await desk.page(f"/console/tickets/{ticket}")
    assert "<dd>li</dd>" in body
    assert "现在在li手里" in body
    response = await desk.act(ticket, "take_back", subject="1", note="")
    assert response.status == 303, await response.text()
    body = await desk.page(f"/console/tickets/{ticket}")
    assert "还没有分办" in body
    assert "act-take_back" not in body
    assert "act-hand_over" not in body


async def test_the_roster_is_shown_and_urgent_notices_name_who_is_on_duty(
    office: Office, log_in: LogIn
) -> None:
    ticket = await office.open()
    desk, page = await log_in("head"), "/console/unit/roster"
    li = str(office.staff_ids["li"])
    turns = {"staff": li, "first": "2026-11-23", "days": "2", "begins": "18:00", "ends": "09:00"}
    body = await done(desk, page, "add-turns", **turns)
    assert "2026-11-23 18:00" in body
    assert "2026-11-25 09:00" in body
    assert "已经排上了" in await refused(desk, page, "add-turns", **turns)
    assert "日期和时间" in await refused(desk, page, "add-turns", **(turns | {"first": "明天"}))
    never = turns | {"first": "9999-12-31"}
    assert "一年以后" in await refused(desk, page, "add-turns", **never)
    office.at += timedelta(hours=10)
    assert "li（至" in await desk.page("/console/duty")
    assert "田村路街道 li（至11-24 09:00）" in await desk.page(f"/console/tickets/{ticket}")
    unit = office.units[TIANCUN]
    rows = [
        UnitNoticeRow(unit, audience, ticket, "dispatched", "紧急", office.at, urgent=urgent)
        for audience, urgent in (("desk", True), ("desk", False), ("head", True))
    ]
    async with office.pool.acquire() as connection:
        await unit_notices.insert(connection, rows)
    named = await office.rows("select staff_id from unit_notices where note = '紧急' order by id")
    assert [row["staff_id"] for row in named] == [office.staff_ids["li"], None, None]
    turn = str(await office.value("select min(id) from rosters"))
    assert "已删除" in await done(desk, page, "remove-turn", turn=turn)


async def test_a_template_is_written_and_put_into_the_form_it_is_for(
    office: Office, log_in: LogIn
) -> None:
    ticket = await office.open()
    topic = await office.value("select topic from tickets")
    page = "/console/unit/templates"
    desk, editor, other = await log_in("tiancun"), await log_in("editor"), await log_in("other")
    text = "已安排师傅上门，请保持电话畅通。"
    await done(desk, page, "save-template", title="上门", body=text, topic=topic, result="")
    await done(editor, page, "save-template", title="通用", body="谢谢理解。", topic="", result="")
    await done(other, page, "save-template", title="别家", body="不是您的。", topic="", result="")
    body = await desk.page(f"/console/tickets/{ticket}")
    assert "上门" in body
    assert "通用" in body
    assert "别家" not in body
    ids = {
        row["title"]: row["id"]
        for row in await office.rows("select id, title from reply_templates")
    }
    filled = await desk.page(f"/console/tickets/{ticket}?template={ids['上门']}")
    assert f"required>{text}</textarea>" in filled
    assert 'id="act-reply" open' in filled
    foreign = await desk.page(f"/console/tickets/{ticket}?template={ids['别家']}")
    assert "不是您的" not in foreign
    changed = {
        "template": str(ids["上门"]),
        "title": "上门",
        "body": "改了",
        "topic": "",
        "result": "",
    }
    assert "改了" in await done(desk, page, "save-template", **changed)
    assert "已经删除" in await refused(other, page, "remove-template", template=str(ids["上门"]))
    await done(desk, page, "remove-template", template=str(ids["上门"]))


async def test_evidence_is_uploaded_and_seen_by_those_who_see_the_ticket(
    office: Office, log_in: LogIn
) -> None:
    ticket = await office.open()
    desk, other = await log_in("tiancun"), await log_in("other")
    page = f"/console/tickets/{ticket}"
    for name, content in (("here.png", png()), ("table.xls", b"\xd0\xcf\x11\xe0")):
        form = FormData(await desk.proof(page))
        form.add_field("files", content, filename=name, content_type="application/octet-stream")
        form.add_field("taken_at", "2026-11-23T09:00")
        form.add_field("place", "5号楼下")
        response = await desk.client.post(f"{page}/evidence", data=form, allow_redirects=False)
        if name.endswith("png"):
            assert response.status == 303, await response.text()
        else:
            assert response.status == 422
            assert "“table.xls”不是照片、录音或PDF" in await response.text()
    assert await office.value(FILES) == 1
    body = await desk.page(page)
    assert "拍摄于2026-11-23 09:00 5号楼下，tiancun填写" in body
    media_id = await office.value("select media_id from evidence")
    assert (await desk.client.get(f"/console/media/{media_id}")).status == 200
    assert (await other.client.get(f"/console/media/{media_id}")).status == 404


async def test_a_result_goes_to_the_reviewers_list_and_counts_when_it_is_upheld(
    office: Office, log_in: LogIn
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, answer_for_assists, "tiancun", ticket)
    desk, head = await log_in("tiancun"), await log_in("head")
    page = f"/console/tickets/{ticket}"
    assert "还没有联系上；有效尝试0次，还差3次" in await desk.page(page)
    await desk.act(ticket, "contact", outcome="no_answer", dialled="caller")
    assert "有效尝试1次，还差2次，下一次11-23 12:00以后才算" in await desk.page(page)
    await desk.act(ticket, "contact", outcome="reached", dialled="other", other="13911112222")
    assert "139****22" in await desk.page(page)
    response = await desk.act(ticket, "resolve", kind="explained", text="已解释", why="政策如此")
    assert response.status == 303, await response.text()
    assert "待审核" not in await desk.page("/console")
    assert "暖气不热" in await head.page("/console?state=review")
    application = str(await office.value("select id from applications"))
    response = await head.act(ticket, "review", subject=application, decision="yes", note="")
    assert response.status == 303, await response.text()
    assert (await office.ticket(ticket))["state"] == "resolved"
    assert "<b>已解释说明</b>：政策如此" in await desk.page(page)
