"""An event's line is called: its script, the answer for everybody, the expert, the survey, and the rates that show it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.words import Role
from gateway import clock
from handlers.call_orders import OwnPhone, take_next
from handlers.edit_rules import change_rule, read_rules
from handlers.in_force import read_events
from handlers.sign import sign
from handlers.surge import Declaring, declare
from handlers.surge_changes import NamedLine, add_line
from handlers.surge_report import Report, make_report
from store.database import Pool
from store.rates import three_rates
from store.staff import add_session
from tests.handled import contact_and_resolve
from tests.office import CGW, act, employ
from tests.telephone import DEMO, MOBILE, Caller, Town, town

AT = "海淀区田村路街道阜石路第一社区5号楼"
HEAT = AT + "暖气不热"
NEWS = "热力集团今晚十点前修好，请不要自行放水。"
SCRIPT = "供热抢修专线，请说地址和情况，找专家按零。"
SCRIPT_EN = "Heating repair line: say where you are and what is wrong."
DESK = "+8613900001111"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        made.office.at = clock.now()
        await begin(made)
        yield made


async def begin(city: Town) -> None:
    """An event with one line, an answer for everybody and an expert who is there; residents are asked at once."""
    office = city.office
    article = await office.value(
        "insert into articles (question, answer, published, words, edited_at)"
        " values ('抢修到几点', $1, true, '', now()) returning id",
        NEWS,
    )
    expert = await employ(office, "doctor", (Role.EXPERT,), CGW)
    event = Declaring(
        "供热抢修",
        "heating",
        words="暖气",
        places="海淀区",
        grade="I",
        lead_unit_id=office.units[CGW],
        script=SCRIPT,
        script_en=SCRIPT_EN,
        articles=f"#{article}",
        experts="doctor",
    )
    surge = await act(office, declare, "admin", event)
    await act(office, add_line, "admin", surge, NamedLine("抢修专线", DEMO.phone_number))
    async with office.pool.acquire() as connection:
        until = office.at + timedelta(hours=12)
        await add_session(connection, expert, b"doctor", "", office.at, until)
        await change_rule(connection, office.by("admin"), "surge.ask_minutes", "0", "演练")
        office.world.rules = await read_rules(connection)
        await read_events(connection, office.world, office.at)


async def called(city: Town, key: str = "1") -> tuple[Caller, str]:
    """Somebody calls the line and chooses a language; returns what is heard then."""
    caller, _ = await city.call()
    return caller, await caller.key(key)


async def report(city: Town) -> Report:
    async with city.office.pool.acquire() as connection:
        surge = city.office.world.surges[0].surge.id
        return await make_report(connection, city.office.world, surge, clock.now())


async def test_the_answer_for_everybody_is_enough_and_asked_about(city: Town) -> None:
    caller, heard = await called(city)
    assert heard.startswith(SCRIPT)
    heard = await caller.say(HEAT)
    assert "今晚十点前修好" in heard
    assert "这样可以了吗" in heard
    assert "已记下" in await caller.key("1")
    await caller.hang_up()
    await city.text("已当场答复您")
    assert (await report(city)).at_once == 1
    await city.standin.receive(MOBILE, "1")
    await city.text("办理结果")
    await city.standin.receive(MOBILE, "1")
    await city.text("还有什么")
    await city.standin.receive(MOBILE, "跳过")
    await city.text("谢谢您")
    now = await report(city)
    assert (now.response, now.resolution, now.satisfaction) == (None, 1.0, 1.0)
    assert [(one.name, one.tickets, one.resolution) for one in now.lines] == [("抢修专线", 1, 1.0)]
    async with city.office.pool.acquire() as connection:
        assert (
            await three_rates(connection, clock.now() - timedelta(days=1), clock.now()) == []
        )  # no unit had a hand in it


async def test_who_wants_more_gets_a_ticket_in_the_events_way_and_an_expert(city: Town) -> None:
    caller, _ = await called(city)
    await caller.say(HEAT)
    assert "已受理" in await caller.key("2")
    (ticket,) = await city.office.rows("select * from tickets")
    assert (ticket["grade"], ticket["lead_unit_id"]) == ("I", city.office.units[CGW])
    assert ticket["surge_line_id"] is not None
    assert "转专家" in await caller.key("0")
    await met(city, caller)
    await act(city.office, sign, "cgw", ticket["id"])
    await act(city.office, contact_and_resolve, "cgw", ticket["id"], "暖气已修好。")
    await city.text("暖气已修好")
    now = await report(city)
    assert (now.tickets, now.answered, now.experts_asked, now.experts_took) == (1, 1, 1, 1)


async def met(city: Town, caller: Caller) -> None:
    """The expert takes the call at the console, both speak, and the expert hangs up."""
    office = city.office
    async with office.pool.acquire() as connection, connection.transaction():
        await take_next(connection, office.world, office.by("doctor"), OwnPhone(DESK, "CN"))
    expert = await city.rings(DESK)
    await expert.pick_up()
    await expert.key("1")
    await city.until(lambda: caller.waits == "talk", "both in one room")
    await expert.say("先不要放水。")
    assert caller.heard().endswith("先不要放水。")
    await expert.hang_up()
    await city.until(lambda: caller.waits != "talk", "the caller goes on")
    await caller.hang_up()


async def test_in_english_the_line_speaks_english_and_has_no_answer_that_is_not(city: Town) -> None:
    caller, heard = await called(city, "2")
    assert heard.startswith(SCRIPT_EN)
    heard = await caller.say("No heating in Tiancunlu Subdistrict, Haidian District")
    assert NEWS not in heard
