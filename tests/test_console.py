"""The console over HTTP: who gets in, what they see, and that a form acts once or says why it did not."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.ticket_number import format_number
from handlers.contact import record_contact
from handlers.resolve import answer_as_assist
from store import media
from store.database import Pool
from store.media import Media
from tests.console_site import Client, Desk, Site, console_site, give_passwords
from tests.office import CGW, Office, act, open_office
from tests.photos import png
from tests.returned import agree
from tests.world import PHONE

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
def site(office: Office, valkey: Redis, tmp_path: Path) -> Site:
    return console_site(office, valkey, tmp_path)


@pytest.fixture
async def desk(site: Site, aiohttp_client: AioClient) -> Desk:
    """田村路街道, logged in."""
    desk = Desk(await aiohttp_client(site.app))
    await desk.log_in("tiancun")
    return desk


@pytest.fixture
async def centre(site: Site, aiohttp_client: AioClient, desk: Desk) -> Desk:
    """The centre, at a browser of its own."""
    centre = Desk(await aiohttp_client(site.app))
    await centre.log_in("centre")
    return centre


async def test_nobody_sees_anything_before_logging_in(
    site: Site, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    client = await aiohttp_client(site.app)
    for path in ("", f"/tickets/{ticket}", "/tasks", "/rates", "/walk-in", "/media/x"):
        response = await client.get(f"/console{path}", allow_redirects=False)
        assert response.status == 303
        assert response.headers["Location"].startswith("/console/login")
        assert await response.text() in ("", "303: See Other")
    response = await client.post(f"/console/tickets/{ticket}/sign", allow_redirects=False)
    assert response.status == 303
    assert (await office.ticket(ticket))["state"] == "dispatched"


async def test_login_leads_to_what_was_asked_for_and_never_elsewhere(
    site: Site, office: Office, aiohttp_client: AioClient
) -> None:
    desk = Desk(await aiohttp_client(site.app))
    for target, where in (
        ("/console/rates?month=2026-11", "/console/rates?month=2026-11"),
        ("https://evil.example/console", "/console"),
        ("//evil.example/console", "/console"),
        ("/console\\@evil.example", "/console"),
        ("/consolex", "/console"),
    ):
        response = await desk.send_login("tiancun", next=target)
        assert (response.status, response.headers["Location"]) == (303, where)


async def test_a_wrong_password_is_told_plainly_and_keeps_the_name(
    site: Site, office: Office, aiohttp_client: AioClient
) -> None:
    desk = Desk(await aiohttp_client(site.app))
    response = await desk.send_login("tiancun", "wrong-password")
    body = await response.text()
    assert response.status == 401
    assert "用户名或密码不对" in body
    assert 'value="tiancun"' in body
    assert "Set-Cookie" not in response.headers


async def test_the_cookie_is_out_of_reach_and_pages_are_kept_by_nobody(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    env = {"PUBLIC_URL": "https://12345.example.gov.cn"}
    site = console_site(office, valkey, tmp_path, env)
    response = await Desk(await aiohttp_client(site.app)).send_login("tiancun")
    cookie = response.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/console"):
        assert word in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    stored = await office.rows("select token_hash from staff_sessions")
    assert all(token.encode() not in row["token_hash"] for row in stored)
    client = await aiohttp_client(site.app)
    response = await client.get("/console", headers={"Cookie": f"jiesu_console={token}"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_logging_out_ends_the_session_itself(desk: Desk) -> None:
    url = desk.client.make_url("/console")
    cookie = desk.client.session.cookie_jar.filter_cookies(url)["jiesu_console"].value
    response = await desk.send("/console", "/console/logout")
    assert response.status == 303
    again = await desk.client.get(
        "/console", headers={"Cookie": f"jiesu_console={cookie}"}, allow_redirects=False
    )
    assert again.status == 303


async def test_the_list_holds_ones_own_tickets_alone(desk: Desk, office: Office) -> None:
    own = await office.open()
    other = await office.open("东城区东华门街道垃圾没人清理", phone="+8613900139000")
    body = await desk.page("/console")
    assert format_number(own) in body
    assert format_number(other) not in body
    assert "暖气不热" in body
    assert await desk.page(f"/console/tickets/{other}", status=404)
    assert await desk.page("/console/tickets/261123999999", status=404)
    assert await desk.page("/console/tickets/nonsense", status=404)
    response = await desk.act(own, "sign")
    assert response.status == 303
    form = await desk.proof(f"/console/tickets/{own}")
    foreign = await desk.client.post(f"/console/tickets/{other}/sign", data=form)
    assert foreign.status == 404
    assert (await office.ticket(other))["state"] == "dispatched"


async def test_the_most_pressing_comes_first_and_pages_follow_each_other(
    centre: Desk, office: Office
) -> None:
    ticket = await office.open()
    insert = """
        insert into tickets (id, state, kind, title, matter, grade, opened_at, due_at)
        select $1::bigint + n, case when n % 10 = 0 then 'triage' else 'handling' end, 'request', 'T' || n, '', 'III', $2::timestamptz,
               $2::timestamptz + (200 - n) * interval '1 hour'
        from generate_series(1, 150) n returning id
    """
    await office.value(insert, ticket, office.at)
    first = await centre.page("/console")
    assert first.index(">T150<") < first.index(">T10<") < first.index(">T149<")
    assert first.count('class="no"') == 100
    after = first.split('class="more"><a href="')[1].split('"')[0].replace("&amp;", "&")
    second = await centre.page("/console" + after)
    assert second.count('class="no"') == 51
    shown = [f">T{n}<" for n in range(1, 151)]
    assert all((one in first) != (one in second) for one in shown)


async def test_tickets_are_found_by_number_and_by_words(desk: Desk, office: Office) -> None:
    ticket = await office.open()
    response = await desk.client.get(
        "/console", params={"q": format_number(ticket)}, allow_redirects=False
    )
    assert response.headers["Location"] == f"/console/tickets/{ticket}"
    assert format_number(ticket) in await desk.page("/console?q=暖气")
    assert "没有找到" in await desk.page("/console?q=100%25")
    assert "没有找到" in await desk.page("/console?q=电梯")
    for query in ("?state=nonsense", "?after=1.2", "?after=9.9.9", "?q=%00", "?scope=below"):
        await desk.page("/console" + query)


async def test_the_district_reads_what_its_units_have(
    site: Site, office: Office, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    district = Desk(await aiohttp_client(site.app))
    await district.log_in("district")
    assert format_number(ticket) not in await district.page("/console")
    assert format_number(ticket) in await district.page("/console?scope=below")
    body = await district.page(f"/console/tickets/{ticket}")
    assert "只读" in body
    assert 'id="act-sign"' not in body
    assert 'id="act-reply"' not in body


async def test_the_page_shows_the_talk_the_events_and_what_can_be_done(
    desk: Desk, office: Office
) -> None:
    ticket = await office.open()
    body = await desk.page(f"/console/tickets/{ticket}")
    assert "海淀区田村路街道阜石路第一社区5号楼暖气不热" in body
    assert "已受理，编号" in body
    assert "待发送" in body
    assert 'id="act-sign" open' in body
    assert 'id="act-return"' in body
    assert 'id="act-resolve"' not in body
    assert "13800138000" not in body
    assert "138****8000" in body


async def test_a_form_acts_and_its_notice_goes_out_at_once(
    desk: Desk, office: Office, site: Site
) -> None:
    ticket = await office.open()
    response = await desk.act(ticket, "reply", text="今晚上门。")
    assert response.headers["Location"] == f"/console/tickets/{ticket}?done=reply"
    assert site.kicks == ["kick"]
    assert "答复已记录" in await desk.page(response.headers["Location"])
    assert await office.notices() == ["“暖气不热”，田村路街道答复：今晚上门。"]


async def test_a_form_sent_twice_acts_once(desk: Desk, office: Office) -> None:
    ticket = await office.open()
    form = await desk.proof(f"/console/tickets/{ticket}") | {"text": "今晚上门。"}
    for _ in range(2):
        response = await desk.client.post(
            f"/console/tickets/{ticket}/reply", data=form, allow_redirects=False
        )
        assert response.status == 303
    assert len(await office.notices()) == 1


async def test_a_form_without_its_sessions_token_changes_nothing(
    desk: Desk, office: Office
) -> None:
    ticket = await office.open()
    proof = await desk.proof(f"/console/tickets/{ticket}")
    for form in ({"key": proof["key"]}, proof | {"csrf": "x" * 43}):
        response = await desk.client.post(f"/console/tickets/{ticket}/sign", data=form)
        assert response.status == 403
    response = await desk.client.post(
        f"/console/tickets/{ticket}/sign", data=proof, headers={"Origin": "https://evil.example"}
    )
    assert response.status == 403
    response = await desk.client.post(
        f"/console/tickets/{ticket}/sign", data={"csrf": proof["csrf"]}
    )
    assert response.status == 400
    assert (await office.ticket(ticket))["state"] == "dispatched"


async def test_what_is_refused_comes_back_with_all_that_was_typed(
    desk: Desk, office: Office
) -> None:
    ticket = await office.open()
    long = "长" * 1001
    response = await desk.act(ticket, "reply", text=long)
    body = await response.text()
    assert response.status == 422
    assert "答复内容太长：1001字，最多1000字。" in body
    assert long in body
    response = await desk.act(ticket, "resolve", text="<b>已修好</b>")
    body = await response.text()
    assert response.status == 422
    assert "还没有签收，不能办结。请先签收。" in body
    assert "&lt;b&gt;已修好&lt;/b&gt;" in body
    assert "<b>已修好</b>" not in body


async def test_the_whole_way_from_signing_to_the_survey(desk: Desk, office: Office) -> None:
    ticket = await office.open()
    await act(office, answer_as_assist, "cgw", ticket, "管网已调压。")
    for name, fields in (
        ("sign", {}),
        ("contact", {"outcome": "reached", "note": "约今晚"}),
        ("reply", {"text": "今晚上门。"}),
        ("resolve", {"kind": "solved", "text": "已更换阀门。"}),
    ):
        response = await desk.act(ticket, name, **fields)
        assert response.status == 303, await response.text()
    await office.ring()
    await office.say("1", "3", "4", "4", "不用")
    body = await desk.page(f"/console/tickets/{ticket}")
    assert "第2轮" in body
    assert (await office.ticket(ticket))["state"] == "dispatched"


async def test_a_returned_ticket_is_gone_and_the_centre_passes_it_on(
    desk: Desk, centre: Desk, office: Office
) -> None:
    ticket = await office.open()
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    response = await desk.act(ticket, "return", reason="area", text="不在辖区")
    assert response.headers["Location"] == f"/console/tickets/{ticket}?done=return"
    assert "裁定前仍由本单位办理" in await desk.page(f"/console/tickets/{ticket}?done=return")
    await act(office, agree, "tiancun", ticket)
    await desk.page(f"/console/tickets/{ticket}", status=404)
    response = await centre.act(ticket, "dispatch", unit="没有这个单位", text="改派")
    assert response.status == 422
    assert "不在目录中" in await response.text()
    response = await centre.act(
        ticket,
        "dispatch",
        unit="海淀区城市管理委员会 110108-cgw",
        text="改派",
        place="东城区东华门街道",
    )
    assert response.status == 303, await response.text()
    row = await office.ticket(ticket)
    assert (row["lead_unit_id"], row["street_code"]) == (office.units[CGW], "110101001")


async def test_a_unit_sees_of_the_talk_what_led_to_its_ticket(
    desk: Desk, centre: Desk, office: Office
) -> None:
    ticket = await office.open()
    office.at += timedelta(seconds=1)
    await office.say("举报田村路街道办事处有人收钱不办事")
    await desk.act(ticket, "reply", text="今晚上门。")
    assert "收钱" not in await desk.page(f"/console/tickets/{ticket}")
    assert "今晚上门" in await desk.page(f"/console/tickets/{ticket}")
    assert "收钱" in await centre.page(f"/console/tickets/{ticket}")


async def test_a_contact_is_shown_once_and_the_look_is_logged(desk: Desk, office: Office) -> None:
    ticket = await office.open()
    response = await desk.act(ticket, "open-contact", purpose="约上门时间")
    assert PHONE in await response.text()
    assert PHONE not in await desk.page(f"/console/tickets/{ticket}")
    assert await office.value("select count(*) from contact_views") == 1
    await office.value("update tickets set confidential = true returning 1")
    response = await desk.act(ticket, "open-contact", purpose="约上门时间")
    assert response.status == 422
    body = await response.text()
    assert PHONE not in body
    assert "保密" in body
    assert await office.value("select count(*) from contact_views") == 1


async def test_a_photo_is_shown_to_those_who_may_see_its_ticket(
    desk: Desk, site: Site, office: Office, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    ticket = await office.open()
    sha256 = bytes(32)
    path = tmp_path / "media" / "00" / ("00" * 31)
    path.parent.mkdir(parents=True)
    path.write_bytes(png())
    async with office.pool.acquire() as connection:
        await media.add(connection, Media("a.png", sha256, "image/png", 1, None, office.at))
        await connection.execute("insert into ticket_media values ($1, 'a.png')", ticket)
    assert 'src="/console/media/a.png"' in await desk.page(f"/console/tickets/{ticket}")
    response = await desk.client.get("/console/media/a.png")
    assert (response.status, response.content_type) == (200, "image/png")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    other = Desk(await aiohttp_client(site.app))
    await other.log_in("other")
    await other.page("/console/media/a.png", status=404)


async def test_what_was_told_before_is_shown_in_the_form_and_chosen_there(
    centre: Desk, office: Office
) -> None:
    first = await office.open()
    page, place = "/console/walk-in", "海淀区田村路街道阜石路第一社区5号楼"
    typed = {"matter": "暖气不热", "place": place, "phone": "13800138000"}
    response = await centre.send(page, page, **typed)
    assert response.status == 422
    body = await response.text()
    assert 'id="told-before"' in body
    assert f"/console/tickets/{first}" in body
    assert "记为第2次反映" in body
    response = await centre.send(page, page, **typed, told_before="add")
    assert "已补充到这张工单" in await centre.page(response.headers["Location"])
    assert await office.value("select count(*) from tickets") == 1


async def test_a_walk_in_is_typed_in_once_and_leads_to_its_ticket(
    centre: Desk, office: Office
) -> None:
    typed = {"matter": "暖气不热", "place": "海淀区田村路街道", "phone": "13800138000"}
    form = await centre.proof("/console/walk-in") | typed
    places = []
    for _ in range(2):
        response = await centre.client.post("/console/walk-in", data=form, allow_redirects=False)
        places.append(response.headers["Location"])
    assert places[0] == places[1]
    assert await office.value("select count(*) from tickets") == 1
    assert "工单已录入" in await centre.page(places[0])
    response = await centre.send(
        "/console/walk-in", "/console/walk-in", matter="路灯", place="八里庄街道"
    )
    body = await response.text()
    assert response.status == 422
    assert "地点不明确" in body
    assert 'value="八里庄街道"' in body


async def test_units_see_no_tasks_of_the_centre_and_type_in_nothing(
    desk: Desk, office: Office
) -> None:
    await office.say("人工")
    await office.ring(timedelta(minutes=6))  # nobody comes
    assert "请回电" not in await desk.page("/console/tasks")
    task = await office.value("select id from human_tasks")
    response = await desk.send("/console", f"/console/tasks/{task}", note="看看", key="k1")
    assert response.status == 422
    assert await office.value("select done_at from human_tasks") is None
    await desk.page("/console/walk-in", status=404)
    response = await desk.send("/console", "/console/walk-in", matter="路灯坏了", key="k")
    assert response.status == 404


async def test_a_human_task_is_settled_from_its_list(centre: Desk, office: Office) -> None:
    await office.say("人工")
    await office.ring(timedelta(minutes=6))  # nobody comes
    assert "请回电" in await centre.page("/console/tasks")
    task = await office.value("select id from human_tasks")
    response = await centre.send("/console/tasks", f"/console/tasks/{task}/open-contact")
    assert PHONE in await response.text()
    assert await office.value("select human_task_id from contact_views") == task
    response = await centre.send("/console/tasks", f"/console/tasks/{task}", note="")
    assert response.status == 422
    response = await centre.send("/console/tasks", f"/console/tasks/{task}", note="已回电")
    assert response.status == 303
    assert "没有等待处理" in await centre.page("/console/tasks")


async def test_rates_are_shown_by_month(desk: Desk, office: Office) -> None:
    ticket = await office.open()
    await act(office, answer_as_assist, "cgw", ticket, "管网已调压。")
    await desk.act(ticket, "sign")
    await desk.act(ticket, "contact", outcome="reached")
    await desk.act(ticket, "resolve", text="已修好。")
    await office.ring()
    await office.say("1", "1", "1", "1", "不用")
    body = await desk.page("/console/rates")
    assert "田村路街道" in body
    assert "100.0%" in body
    assert "没有回访" in await desk.page("/console/rates?month=2026-10")
    await desk.page("/console/rates?month=9999-99")
