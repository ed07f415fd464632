"""The phone desk of the console: who waits, taking the next, call-backs and messages, duty phones, figures of lines."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from channels.base import CallSign
from handlers.hotlines import lines, load_lines
from store.database import Pool
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.exchange import Exchange, does, open_exchange
from tests.world import PHONE

AioClient = Callable[[web.Application], Awaitable[Client]]
HEATING_LINE = "+861096069"
RECORDING = "https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE1"
S = CallSign


@pytest.fixture
async def exchange(pool: Pool) -> Exchange:
    exchange = await open_exchange(pool)
    async with pool.acquire() as connection:
        await load_lines(
            connection, "number,name,topic\n010-96069,供热热线,T001\n", "CN", exchange.office.at
        )
        exchange.office.world.lines = await lines(connection)
    await give_passwords(exchange.office)
    return exchange


@pytest.fixture
async def desk(
    exchange: Exchange, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> Desk:
    """The centre, logged in."""
    desk = Desk(await aiohttp_client(console_site(exchange.office, valkey, tmp_path).app))
    await desk.log_in("centre")
    return desk


async def test_the_desk_shows_who_waits_with_line_and_matter_and_no_number(
    exchange: Exchange, desk: Desk
) -> None:
    await exchange.waits(line=HEATING_LINE)
    exchange.later(seconds=75)
    page = await desk.page("/console/calls")
    assert "+86138****8000" in page
    assert PHONE not in page
    assert "供热热线" in page
    assert "暖气不热" in page
    assert "1分15秒" in page
    part = await desk.page("/console/calls/waiting")
    assert "1分15秒" in part
    assert "<html" not in part


async def test_the_urgent_stand_first(exchange: Exchange, desk: Desk) -> None:
    await exchange.waits()
    await exchange.waits("+8613800138001", about="井盖没了有人掉下去", urgent=True)
    page = await desk.page("/console/calls/waiting")
    assert page.index("井盖没了") < page.index("暖气不热")


async def test_the_next_caller_is_taken_by_a_form_and_noted_afterwards(
    exchange: Exchange, desk: Desk
) -> None:
    ticket = await exchange.office.open()
    caller = await exchange.waits()
    refused = await desk.send("/console/calls", "/console/calls/next")
    assert refused.status == 422
    assert "请填写您自己的电话号码" in await refused.text()
    taken = await desk.send("/console/calls", "/console/calls/next", phone="13900001111")
    assert (taken.status, taken.headers["Location"]) == (303, "/console/calls?done=ring")
    page = await desk.page("/console/calls")
    assert "正在拨打您的电话，接听后按1" in page
    assert "+86139****1111" in page
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    await exchange.heed(S.DIALED, caller, outcome="completed")
    talk = await exchange.office.value("select id from human_talks")
    note = f"/console/calls/talks/{talk}/note"
    noted = await desk.send("/console/calls", note, note="已约周三上门", ticket=str(ticket))
    assert noted.status == 303
    events = await exchange.office.rows(
        "select type, note from ticket_events where ticket_id = $1 order by id", ticket
    )
    assert (events[-1]["type"], events[-1]["note"]) == ("talked", "已约周三上门")
    assert "已约周三上门" in await desk.page("/console/calls")


async def test_a_note_goes_to_no_stranger_s_ticket_and_on_no_colleague_s_talk(
    exchange: Exchange, desk: Desk
) -> None:
    stranger = await exchange.office.open(phone="+8613800138001")
    caller = await exchange.waits()
    await desk.send("/console/calls", "/console/calls/next", phone="13900001111")
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    await exchange.heed(S.DIALED, caller, outcome="completed")
    talk = await exchange.office.value("select id from human_talks")
    note = f"/console/calls/talks/{talk}/note"
    refused = await desk.send("/console/calls", note, note="记错了", ticket=str(stranger))
    assert refused.status == 422
    assert "不是这位市民的" in await refused.text()


async def test_a_call_back_rings_staff_and_then_the_resident(
    exchange: Exchange, desk: Desk
) -> None:
    caller = await exchange.waits()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    task = await exchange.office.value("select id from human_tasks")
    called = await desk.send("/console/calls", f"/console/calls/{task}/call", phone="13900001111")
    assert called.status == 303
    order, staff, number = await exchange.rings()
    assert number == "+8613900001111"
    whisper = await exchange.heed(S.ANSWERED, staff, order=order)
    assert whisper is not None
    assert whisper.text.startswith("12345回电")
    met = await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    second, leg, number = await exchange.rings()
    assert number == PHONE
    hello = await exchange.heed(S.ANSWERED, leg, order=second, outcome="human")
    assert hello is not None
    assert "给您回电" in hello.text
    assert hello.call is not None
    assert met is not None
    assert met.call is not None
    assert hello.call.room == met.call.room
    settled = await desk.send(
        "/console/calls", f"/console/calls/{task}/settle", outcome="reached", note="已答复"
    )
    assert settled.headers["Location"] == "/console/calls?done=settled"
    assert "没有要回的电话" in await desk.page("/console/calls")


async def test_what_comes_too_late_about_a_call_back_says_so_and_keeps_the_words(
    exchange: Exchange, desk: Desk
) -> None:
    caller = await exchange.waits()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    task = await exchange.office.value("select id from human_tasks")
    path = f"/console/calls/{task}/settle"
    await desk.send("/console/calls", path, outcome="wrong_number", note="")
    late = await desk.send("/console/calls", path, outcome="reached", note="也打过了")
    page = await late.text()
    assert "已经有人处理了" in page
    assert "也打过了" in page


async def test_a_resident_who_does_not_answer_stays_on_the_list_and_staff_are_told(
    exchange: Exchange, desk: Desk
) -> None:
    caller = await exchange.waits()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    task = await exchange.office.value("select id from human_tasks")
    await desk.send("/console/calls", f"/console/calls/{task}/call", phone="13900001111")
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    second, leg, _ = await exchange.rings()
    await exchange.heed(S.ENDED, leg, order=second, outcome="no-answer")
    await exchange.drain()
    assert exchange.provider.fetched[-1] == (staff, f"order={order}")
    told = await exchange.heed(S.ANSWERED, staff, order=order)
    assert told is not None
    assert told.text.startswith("市民没有接听")
    later = await desk.send(
        "/console/calls", f"/console/calls/{task}/settle", outcome="no_answer", note=""
    )
    assert later.headers["Location"] == "/console/calls?done=later"
    assert "centre：没有接通，稍后再打" in await desk.page("/console/calls")


async def test_a_machine_that_answers_is_told_and_hung_up(exchange: Exchange, desk: Desk) -> None:
    caller = await exchange.waits()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    task = await exchange.office.value("select id from human_tasks")
    await desk.send("/console/calls", f"/console/calls/{task}/call", phone="13900001111")
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    second, leg, _ = await exchange.rings()
    told = await exchange.heed(S.ANSWERED, leg, order=second, outcome="machine")
    assert str(does(told)) == "hang_up"


async def test_a_message_that_was_left_is_listed_once_and_can_be_heard_when_it_is_here(
    exchange: Exchange, desk: Desk
) -> None:
    call = await exchange.calls_up()
    left = {"url": RECORDING, "seconds": 17, "purpose": "message"}
    for _ in range(2):
        await exchange.heed(S.RECORDED, call, **left)
    page = await desk.page("/console/calls")
    assert page.count("电话留言17秒") == 1
    assert page.count("还在取") == 1
    await exchange.office.value("update media set state = 'kept' returning 1")
    assert "<audio" in await desk.page("/console/calls")


async def test_the_number_is_shown_when_asked_for_and_every_look_is_logged(
    exchange: Exchange, desk: Desk
) -> None:
    caller = await exchange.waits()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    task = await exchange.office.value("select id from human_tasks")
    assert PHONE not in await desk.page("/console/calls")
    shown = await desk.send("/console/calls", f"/console/calls/{task}/open-contact")
    assert PHONE in await shown.text()
    views = await exchange.office.rows("select human_task_id from contact_views")
    assert [view["human_task_id"] for view in views] == [task]


async def test_a_form_sent_twice_rings_once(exchange: Exchange, desk: Desk) -> None:
    await exchange.waits()
    await exchange.waits("+8613800138001")
    proof = await desk.proof("/console/calls")
    for _ in range(2):
        form = {**proof, "phone": "13900001111"}
        await desk.client.post("/console/calls/next", data=form, allow_redirects=False)
    assert await exchange.orders() == [("staff", "due")]


async def test_units_see_no_callers_and_set_their_own_duty_phones(
    exchange: Exchange, desk: Desk, aiohttp_client: AioClient, valkey: Redis, tmp_path: Path
) -> None:
    unit = Desk(await aiohttp_client(console_site(exchange.office, valkey, tmp_path / "unit").app))
    await unit.log_in("tiancun")
    await unit.page("/console/calls", status=404)
    await unit.page("/console/calls/waiting", status=404)
    assert "还没有值班电话" in await unit.page("/console/duty")
    refused = await unit.send("/console/duty", "/console/duty", name="王主任", phone="12")
    assert refused.status == 422
    for name, number in (("王主任", "13900000001"), ("李科长", "13900000002")):
        await unit.send("/console/duty", "/console/duty", name=name, phone=number)
    page = await unit.page("/console/duty")
    assert "+86139****0001" in page
    assert "13900000001" not in page
    ids = [
        row["id"] for row in await exchange.office.rows("select id from duty_phones order by id")
    ]
    await unit.send("/console/duty", f"/console/duty/{ids[1]}/up")
    await unit.send("/console/duty", f"/console/duty/{ids[0]}/remove")
    page = await unit.page("/console/duty")
    assert page.index("李科长 ") > 0
    assert "删除王主任" in page
    assert "tiancun" in page
    assert "李科长" not in await desk.page("/console/duty")


async def test_a_number_s_calls_and_tickets_stand_in_its_own_line(
    exchange: Exchange, desk: Desk
) -> None:
    await exchange.calls_up(line=HEATING_LINE)
    await exchange.calls_up("+8613800138001")
    ticket = await exchange.office.open(phone="+8613800138002")
    await exchange.office.value(
        "update tickets set line = $2 where id = $1 returning 1", ticket, HEATING_LINE
    )
    page = await desk.page("/console/rates")
    row = page[page.index("供热热线") :]
    assert '<td data-label="来电">1</td><td data-label="工单">1</td>' in row[:400]
