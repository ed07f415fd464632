"""A caller goes through the whole loop: the real application, the real adapter, the stand-in on the other side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.simulator.faults import Faults
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import act
from tests.telephone import LAND_LINE, MOBILE, MOST_SILENCES, Caller, Town, town

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
CHINESE, ENGLISH, YES = "1", "2", "1"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        yield made


async def complained(city: Town, phone: str = MOBILE) -> int:
    """Somebody calls, tells a matter, confirms it and hangs up; returns the ticket."""
    caller, _ = await city.call(phone)
    await caller.key(CHINESE)
    assert "对，请按1" in await caller.say(MATTER)
    assert "已受理" in await caller.key(YES)
    await caller.hang_up()
    ticket: int = await city.office.value("select max(id) from tickets")
    return ticket


async def done(city: Town, ticket: int) -> None:
    """The street signs and says that it is done."""
    await act(city.office, sign, "tiancun", ticket)
    await act(city.office, contact_and_resolve, "tiancun", ticket, "暖气已修好。")


async def tickets(city: Town) -> int:
    """How many there are."""
    count: int = await city.office.value("select count(*) from tickets")
    return count


async def survey(city: Town) -> tuple[object, ...]:
    """The answers to the one survey."""
    (row,) = await city.office.rows("select state, contacted, solved from surveys")
    return tuple(row)


async def test_a_complaint_by_phone_is_told_of_by_text_and_asked_about_there(city: Town) -> None:
    ticket = await complained(city)
    await act(city.office, reply, "tiancun", ticket, "师傅明天上午到。")
    await city.text("师傅明天上午到")
    await done(city, ticket)
    assert "联系" in await city.text("暖气已修好")
    for words in ("解决了吗", "办理结果", "态度", "还有什么"):
        await city.standin.receive(MOBILE, "1")
        await city.text(words)
    await city.standin.receive(MOBILE, "跳过")
    await city.text("谢谢您")
    assert await survey(city) == ("finished", True, "yes")


async def test_a_survey_that_came_by_text_is_answered_on_the_phone(city: Town) -> None:
    await done(city, await complained(city))
    await city.text("暖气已修好")
    caller, _ = await city.call()
    for _ in range(8):
        if (await survey(city))[0] == "finished":
            break
        await caller.key("1")
    assert await survey(city) == ("finished", True, "yes")


async def test_keys_alone_lead_to_a_ticket(city: Town) -> None:
    caller, _ = await city.call()
    await caller.key(CHINESE)
    while caller.waits != "keys":
        await caller.silence()
    for _ in range(12):
        if await tickets(city):
            break
        await caller.key("1")
    assert await tickets(city) == 1
    assert not any(line.kind == "speech" for line in caller.leg.call.lines)


async def test_who_never_says_anything_may_leave_a_message_and_is_bidden_good_bye(
    city: Town,
) -> None:
    caller, _ = await city.call()
    waited: list[str] = []
    while caller.waits != "over":
        assert len(waited) < MOST_SILENCES
        waited.append(caller.waits)
        await caller.silence()
    assert waited[-1] == "message"
    assert await tickets(city) == 0
    assert await city.office.value("select count(*) from human_talks") == 0


async def test_a_message_is_kept_and_called_back(city: Town) -> None:
    caller, _ = await city.call()
    while caller.waits != "message":
        await caller.silence()
    await caller.say("我家漏水了，请回电。")
    assert caller.waits == "over"
    assert await _call_backs(city) == 1


STEPS = (CHINESE, MATTER, YES)


@pytest.mark.parametrize("steps", range(len(STEPS) + 1))
async def test_who_hangs_up_anywhere_and_calls_again_gets_one_ticket(
    city: Town, steps: int
) -> None:
    caller, _ = await city.call()
    for step in STEPS[:steps]:
        await _answer(caller, step)
    await caller.hang_up()
    again, heard = await city.call()
    assert heard
    if "press 1" in heard:
        heard = await again.key(CHINESE)
    if steps == 2:
        assert "暖气" in heard
        await again.key(YES)
        await again.key(YES)
    elif steps < 2:
        await again.say(MATTER)
        await again.key(YES)
    assert await tickets(city) == 1
    await again.hang_up()


async def _answer(caller: Caller, step: str) -> None:
    await (caller.key(step) if step.isdigit() else caller.say(step))


async def test_who_hangs_up_in_the_queue_is_called_back(city: Town) -> None:
    caller = await _queued(city)
    await caller.hang_up()
    await city.until(lambda: caller.waits == "over", "the end")
    assert await _call_backs(city) == 1


async def test_who_waits_for_a_person_that_never_comes_is_called_back(city: Town) -> None:
    caller = await _queued(city)
    await caller.silence()
    assert caller.waits == "queue+keys"
    await city.office.value(
        "update human_talks set asked_at = asked_at - interval '1 day' returning 1"
    )
    await caller.silence()
    assert caller.waits == "keys+speech"
    await caller.silence()
    assert caller.waits == "over"
    assert await _call_backs(city) == 1


async def test_1_in_the_queue_asks_to_be_called_back(city: Town) -> None:
    caller = await _queued(city)
    assert "回电" in await caller.key("1")
    await caller.hang_up()
    assert await _call_backs(city) == 1


async def _queued(city: Town) -> Caller:
    caller, _ = await city.call()
    await caller.key(CHINESE)
    await caller.key("0")
    assert caller.waits == "queue+keys"
    return caller


async def _call_backs(city: Town) -> int:
    count: int = await city.office.value("select count(*) from human_tasks")
    return count


async def test_a_land_line_is_rung_again_when_busy_told_and_asked(city: Town) -> None:
    await done(city, await complained(city, LAND_LINE))
    await (await city.rings(LAND_LINE)).decline()
    later = await city.office.rows(
        "select due_at - created_at > interval '4 minutes' as later from outbox"
        " where purpose <> 'reply' and state = 'pending'"
    )
    assert [row["later"] for row in later] == [True]
    await city.office.value(
        "update outbox set due_at = created_at where state = 'pending' returning 1"
    )
    called = await city.rings(LAND_LINE)
    assert "联系" in await called.pick_up()
    for _ in range(5):
        await called.key("1")
    assert await survey(city) == ("finished", True, "yes")


async def test_a_machine_is_told_and_not_asked(city: Town) -> None:
    ticket = await complained(city, LAND_LINE)
    await act(city.office, reply, "tiancun", ticket, "师傅明天上午到。")
    called = await city.rings(LAND_LINE)
    await called.pick_up("machine")
    assert called.waits == "over"


async def test_the_number_comes_by_text_too(city: Town) -> None:
    await complained(city)
    assert "已受理" in await city.text("编号")


async def test_who_chooses_english_is_spoken_to_in_english(city: Town) -> None:
    caller, _ = await city.call()
    heard = await caller.key(ENGLISH)
    assert caller.language == "en-US"
    assert "请" not in heard
    await caller.say(
        "The heating is cold, building 5, Fushilu first community, Tianchunlu, Haidian"
    )
    assert caller.language == "en-US"


async def test_the_language_is_asked_once(city: Town) -> None:
    caller, _ = await city.call()
    await caller.key(CHINESE)
    await caller.hang_up()
    _, heard = await city.call()
    assert "English" not in heard


async def test_each_request_may_come_twice(city: Town) -> None:
    city.standin.voice.faults = Faults(repeat_every=1)
    await complained(city)
    assert await tickets(city) == 1
    assert await city.office.value("select count(*) = count(distinct key) from inbound")


async def test_a_forged_call_is_not_heard(city: Town) -> None:
    city.standin.auth_token = "guess"
    caller, _ = await city.call()
    assert caller.waits == "over"
    assert "403" in caller.leg.call.complaints[0]
    caller.leg.call.lines.clear()
    assert await city.office.value("select count(*) from inbound") == 0
    assert await city.office.value("select count(*) from calls") == 0


async def test_a_request_that_comes_again_late_gets_the_same_answer_and_does_nothing(
    city: Town,
) -> None:
    caller, _ = await city.call()
    await caller.key(CHINESE)
    await caller.say(MATTER)
    await caller.key(YES)
    for request in tuple(caller.leg.call.requests):
        assert await city.standin.voice.again(request) == (request.status, request.body)
    assert await tickets(city) == 1
