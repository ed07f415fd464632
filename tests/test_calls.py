"""Callers in the queue and staff who take them on their own phone: who hears what, and who has whom."""

import asyncio
from datetime import timedelta

import pytest
from typing_extensions import override

from channels.base import CallSign, SendError
from dialogs.words import CallAct
from handlers.call_orders import OwnPhone, take_next
from handlers.case import ActRefusedError
from store import conversations, human_talks, media
from store.database import Connection, Pool
from store.human_talks import CALL, Taker
from store.media import WantedRow
from tests.exchange import Exchange, Placed, does, open_exchange
from tests.meanwhile import meanwhile
from tests.world import START

OTHER = "+8613800138001"
S = CallSign


@pytest.fixture
async def exchange(pool: Pool) -> Exchange:
    exchange = await open_exchange(pool)
    await exchange.employ("colleague", "third")
    return exchange


async def connected(exchange: Exchange) -> tuple[str, int, str]:
    """A caller and a member of staff in one room; returns the caller's call, the order and its call."""
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.ANSWERED, staff, order=order, outcome="human")
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    await exchange.drain()
    await exchange.heed(S.LEFT, caller, step=1)
    return caller, order, staff


async def test_a_call_is_noted_with_its_line_when_it_begins_and_closed_when_it_ends(
    exchange: Exchange,
) -> None:
    call = await exchange.calls_up()
    exchange.later(seconds=42)
    await exchange.heed(S.ENDED, call, outcome="completed", seconds=42)
    await exchange.heed(S.ENDED, call, outcome="failed", seconds=1)
    (row,) = await exchange.office.rows("select * from calls")
    assert (row["direction"], row["line"], row["outcome"], row["seconds"]) == (
        "in",
        "+861012345",
        "completed",
        42,
    )
    assert row["conversation_id"] is not None


async def test_a_notice_by_phone_is_no_call_of_a_resident_s(exchange: Exchange) -> None:
    await exchange.heed(S.ENDED, "CAnotice1", outcome="completed", seconds=9)
    assert await exchange.office.rows("select * from calls") == []


async def test_a_caller_is_told_the_place_and_after_a_minute_a_way_out(exchange: Exchange) -> None:
    await exchange.waits(OTHER)
    call = await exchange.waits()
    first = await exchange.heed(S.WAITING, call, step=1)
    assert first is not None
    assert first.text == "您前面还有1位，大约2分钟。"
    assert does(first) is CallAct.WAIT
    exchange.later(seconds=61)
    again = await exchange.heed(S.WAITING, call, step=1)
    assert again is not None
    assert again.text.endswith("不想等请按1，我们给您回电。")


async def test_a_text_that_asks_for_a_person_leaves_who_waits_on_the_phone_in_place(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    exchange.later(seconds=20)
    await exchange.office.say("人工")
    assert does(await exchange.heed(S.WAITING, caller, step=1)) is CallAct.WAIT
    await exchange.take()
    await exchange.office.say("人工")
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.ANSWERED, staff, order=order, outcome="human")
    pressed = await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    assert does(pressed) is CallAct.MEET


async def test_one_leads_out_of_the_queue_and_other_keys_change_nothing(exchange: Exchange) -> None:
    call = await exchange.waits()
    assert does(await exchange.heed(S.PRESSED, call, step=1, digits="5")) is CallAct.WAIT
    assert does(await exchange.heed(S.PRESSED, call, step=1, digits="1")) is CallAct.LEAVE
    assert await exchange.heed(S.LEFT, call, step=1, outcome="leave") is None


async def test_nobody_within_the_set_time_leads_back_to_the_dialog(exchange: Exchange) -> None:
    call = await exchange.waits()
    exchange.later(minutes=5)
    assert does(await exchange.heed(S.WAITING, call, step=1)) is CallAct.LEAVE


async def test_whoever_hangs_up_while_waiting_is_called_back_once(exchange: Exchange) -> None:
    call = await exchange.waits()
    for _ in range(2):
        await exchange.heed(S.LEFT, call, step=1, outcome="hangup")
        await exchange.heed(S.ENDED, call, outcome="completed")
    assert await exchange.state(call) == "left"
    tasks = await exchange.office.rows("select kind, note from human_tasks")
    assert [(t["kind"], t["note"]) for t in tasks] == [
        ("call_back", "排队时挂断，请回电：暖气不热")
    ]


async def test_a_hang_up_that_the_dialog_hears_first_is_called_back_too(exchange: Exchange) -> None:
    call = await exchange.waits()
    async with exchange.office.pool.acquire() as connection:
        (talk,) = await human_talks.waiting(connection, Taker(0, centre=True, now=START), CALL, 1)
        await human_talks.leave(connection, [talk.conversation_id], exchange.office.at)
    await exchange.heed(S.ENDED, call, outcome="completed")
    assert await exchange.office.value("select count(*) from human_tasks") == 1


async def test_staff_hear_who_and_what_and_meet_the_caller_by_one_key(exchange: Exchange) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, number = await exchange.rings()
    assert number == "+8613900001111"
    whisper = await exchange.heed(S.ANSWERED, staff, order=order, outcome="human")
    assert whisper is not None
    assert whisper.text == "12345市民来电，暖气不热。"
    assert [choice.label for choice in whisper.choices] == ["接通"]
    room = await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    assert does(room) is CallAct.MEET
    await exchange.drain()
    assert exchange.provider.fetched == [(caller, "queued=1")]
    fetched = await exchange.heed(S.LEFT, caller, step=1)
    assert fetched is not None
    assert room is not None
    assert fetched.call is not None
    assert room.call is not None
    assert fetched.call.room == room.call.room
    assert await exchange.state(caller) == "taken"


async def test_repeated_signs_get_the_same_answer_and_change_nothing(exchange: Exchange) -> None:
    caller, order, staff = await connected(exchange)
    before = await exchange.orders()
    for _ in range(2):
        again = await exchange.heed(S.PRESSED, staff, order=order, digits="1")
        assert does(again) is CallAct.MEET
        assert does(await exchange.heed(S.ANSWERED, staff, order=order)) is CallAct.MEET
        assert does(await exchange.heed(S.LEFT, caller, step=1)) is CallAct.MEET
    assert await exchange.orders() == before
    assert exchange.provider.fetched == [(caller, "queued=1")]


async def test_after_the_talk_the_caller_goes_back_to_the_dialog(exchange: Exchange) -> None:
    caller, order, staff = await connected(exchange)
    exchange.later(minutes=3)
    assert await exchange.heed(S.DIALED, caller, step=1, outcome="completed") is None
    assert await exchange.state(caller) == "ended"
    done = await exchange.heed(S.DIALED, staff, order=order, outcome="completed")
    assert done is not None
    assert "记下处理情况" in done.text
    await exchange.heed(S.ENDED, staff, order=order, outcome="completed")
    assert await exchange.state(caller) == "ended"


@pytest.mark.parametrize("outcome", ["no-answer", "busy", "failed", "completed"])
async def test_a_caller_whose_staff_does_not_answer_waits_on_at_the_old_place(
    exchange: Exchange, outcome: str
) -> None:
    caller = await exchange.waits()
    exchange.later(seconds=30)
    await exchange.waits(OTHER)
    await exchange.take()
    order, staff, _ = await exchange.rings()
    ringing = await exchange.heed(S.WAITING, caller, step=1)
    assert ringing is not None
    assert ringing.text == "正在为您接通，请稍等。"
    await exchange.heed(S.ENDED, staff, order=order, outcome=outcome)
    assert await exchange.state(caller) == "waiting"
    first = await exchange.heed(S.WAITING, caller, step=1)
    assert first is not None
    assert first.text.startswith("下一位就是您")


async def test_staff_who_press_nothing_leave_the_caller_to_others(exchange: Exchange) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.ANSWERED, staff, order=order)
    assert does(await exchange.heed(S.PRESSED, staff, order=order)) is CallAct.HANG_UP
    assert await exchange.state(caller) == "waiting"
    late = await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    assert does(late) is CallAct.HANG_UP
    assert await exchange.state(caller) == "waiting"


async def test_a_caller_who_hangs_up_while_staff_are_rung_is_told_to_staff(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.ENDED, caller, outcome="completed")
    gone = await exchange.heed(S.ANSWERED, staff, order=order, outcome="human")
    assert gone is not None
    assert gone.text.startswith("市民已经挂断")
    assert does(gone) is CallAct.HANG_UP
    await exchange.heed(S.ENDED, staff, order=order, outcome="completed")
    assert await exchange.state(caller) == "left"


async def test_staff_are_fetched_out_of_a_room_that_the_caller_has_left(exchange: Exchange) -> None:
    caller, order, staff = await connected(exchange)
    await exchange.heed(S.ENDED, caller, outcome="completed")
    await exchange.drain()
    assert exchange.provider.fetched[-1] == (staff, f"order={order}")
    told = await exchange.heed(S.ANSWERED, staff, order=order)
    assert told is not None
    assert told.text.startswith("市民已经挂断")
    assert await exchange.state(caller) == "ended"


async def test_a_caller_whom_the_provider_was_not_told_to_fetch_leaves_by_the_next_document(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    assert does(await exchange.heed(S.WAITING, caller, step=1)) is CallAct.WAIT
    exchange.later(seconds=11)
    assert does(await exchange.heed(S.WAITING, caller, step=1)) is CallAct.LEAVE
    assert does(await exchange.heed(S.LEFT, caller, step=1, outcome="leave")) is CallAct.MEET
    await exchange.drain()
    assert exchange.provider.fetched == []


async def test_two_who_want_the_next_get_one_each_and_a_third_gets_nobody(
    exchange: Exchange,
) -> None:
    callers = {await exchange.waits(), await exchange.waits(OTHER)}
    first, second = await asyncio.gather(exchange.take("centre"), exchange.take("colleague"))
    assert first != second
    rows = await exchange.office.rows("select call_id from human_talks where state = 'ringing'")
    assert {row["call_id"] for row in rows} == callers
    with pytest.raises(ActRefusedError, match="没有人在等"):
        await exchange.take("third")


async def test_the_urgent_come_first(exchange: Exchange) -> None:
    await exchange.waits()
    exchange.later(minutes=1)
    urgent = await exchange.waits(OTHER, urgent=True)
    await exchange.take()
    assert await exchange.state(urgent) == "ringing"


async def test_whoever_has_a_caller_takes_no_second_one(exchange: Exchange) -> None:
    await exchange.waits()
    await exchange.waits(OTHER)
    await exchange.take()
    with pytest.raises(ActRefusedError, match="还有一个电话"):
        await exchange.take()


async def test_who_wants_the_next_twice_at_the_same_moment_gets_one(exchange: Exchange) -> None:
    await exchange.waits()
    await exchange.waits(OTHER)

    async def take(connection: Connection) -> None:
        by, own = exchange.by("centre"), OwnPhone("", "CN")
        await take_next(connection, exchange.office.world, by, own)

    await exchange.office.value("update staff set phone = '' returning 1")
    with pytest.raises(ActRefusedError, match="还有一个电话"):
        await meanwhile(exchange.office.pool, take, take)


async def test_a_message_is_named_by_its_recording_while_its_turn_is_under_way(
    exchange: Exchange,
) -> None:
    call, office = await exchange.calls_up(), exchange.office
    conversation = await office.value("select max(id) from conversations")
    heard = WantedRow("m", "audio/wav", 0, conversation, office.at, "voice", b"", office.at)

    async def turn(connection: Connection) -> None:
        await conversations.lock_by_id(connection, [conversation])
        await media.insert_wanted(connection, [heard])

    message = {"url": "https://api.twilio.com/RE1", "seconds": 17, "purpose": "message"}
    await meanwhile(office.pool, turn, lambda _: exchange.heed(S.RECORDED, call, **message))
    assert [tuple(row) for row in await office.rows("select id, seconds from media")] == [("m", 17)]


async def test_a_talk_whose_end_was_never_told_keeps_nobody_from_the_next(
    exchange: Exchange,
) -> None:
    await connected(exchange)
    exchange.later(hours=5)
    await exchange.waits(OTHER)
    await exchange.take()
    states = await exchange.office.rows("select state from human_talks order by id")
    assert [row["state"] for row in states] == ["ended", "ringing"]


async def test_the_own_number_is_asked_for_once(exchange: Exchange) -> None:
    await exchange.waits()
    with pytest.raises(ActRefusedError, match="请填写您自己的电话"):
        await exchange.take(phone="")
    with pytest.raises(ActRefusedError, match="完整的电话号码"):
        await exchange.take(phone="12")
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.ENDED, staff, order=order, outcome="busy")
    await exchange.take(phone="")
    assert (await exchange.rings())[2] == "+8613900001111"


async def test_units_take_no_callers(exchange: Exchange) -> None:
    await exchange.waits()
    with pytest.raises(ActRefusedError, match="角色"):
        await exchange.take("tiancun")


async def test_a_call_whose_end_was_never_told_lapses(exchange: Exchange) -> None:
    caller = await exchange.waits()
    await exchange.take()
    await exchange.rings()
    exchange.later(minutes=2)
    await exchange.drain()
    assert await exchange.state(caller) == "waiting"
    assert await exchange.orders() == [("staff", "given_up")]


async def test_a_caller_who_has_come_is_not_fetched_again_when_the_provider_seemed_to_refuse(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")

    class Slow(Placed):
        """Takes the call over, and is heard of too late."""

        @override
        async def fetch(self, call_id: str, query: str) -> None:
            await super().fetch(call_id, query)
            await exchange.heed(S.LEFT, call_id, step=1)
            raise SendError("time-out", retry_seconds=5, unknown=True)

    exchange.provider = slow = Slow()
    for _ in range(4):
        await exchange.drain()
        exchange.later(seconds=5)
    assert slow.fetched == [(caller, "queued=1")]
    assert await exchange.state(caller) == "taken"


async def test_a_caller_whose_line_is_dead_is_told_to_staff(exchange: Exchange) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, staff, _ = await exchange.rings()
    await exchange.heed(S.PRESSED, staff, order=order, digits="1")
    exchange.provider.refuses = SendError("the call is over", retry_seconds=None)
    await exchange.drain()
    assert await exchange.state(caller) == "ended"
    told = await exchange.heed(S.ANSWERED, staff, order=order)
    assert does(told) is CallAct.HANG_UP


async def test_staff_whose_number_cannot_be_called_lose_the_caller_to_others(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    await exchange.take()
    exchange.provider.refuses = SendError("21217", retry_seconds=None)
    await exchange.drain()
    assert await exchange.state(caller) == "waiting"
    assert await exchange.orders() == [("staff", "given_up")]


async def test_a_process_that_died_while_it_called_leaves_the_caller_to_others(
    exchange: Exchange,
) -> None:
    caller = await exchange.waits()
    await exchange.take()

    class Dying(Placed):
        """Dies in the middle."""

        @override
        async def call(self, *args: object, **more: object) -> str:
            del args, more
            raise RuntimeError

    exchange.provider, provider = Dying(), exchange.provider
    with pytest.raises(RuntimeError):
        await exchange.drain()
    assert await exchange.orders() == [("staff", "calling")]
    await exchange.office.value(
        "update call_orders set lease_until = clock_timestamp() - interval '1 second' returning 1"
    )
    exchange.provider = provider
    await exchange.drain()
    assert await exchange.state(caller) == "waiting"


async def test_the_second_line_hears_who_and_what_before_the_caller_is_joined(
    exchange: Exchange,
) -> None:
    call = await exchange.calls_up()
    told = await exchange.heed(S.ANSWERED, call)
    assert told is not None
    assert told.text == "12345转来市民来电，还没有说是什么事。"
    assert does(told) is None


async def test_a_key_and_a_hang_up_at_the_same_moment_leave_nobody_in_a_room_alone(
    exchange: Exchange,
) -> None:
    for number in range(6):
        caller = await exchange.waits(f"+861380013800{number}")
        await exchange.take()
        order, staff, _ = await exchange.rings()
        hang_up = exchange.heed(S.ENDED, caller, outcome="completed")
        key = exchange.heed(S.PRESSED, staff, order=order, digits="1")
        both = (hang_up, key) if number % 2 else (key, hang_up)
        said = await asyncio.gather(*both)
        met = any(does(reply) is CallAct.MEET for reply in said)
        assert await exchange.state(caller) == ("ended" if met else "left")
        await exchange.drain()
        if met:
            assert (staff, f"order={order}") in exchange.provider.fetched
        told = await exchange.heed(S.ANSWERED, staff, order=order)
        assert does(told) is CallAct.HANG_UP
        await exchange.heed(S.ENDED, staff, order=order, outcome="completed")


async def test_a_matter_that_is_opened_after_a_call_was_cut_off_came_by_the_number_called(
    exchange: Exchange,
) -> None:
    office = exchange.office
    await exchange.calls_up(line="+861096069")
    await office.say("海淀区田村路街道阜石路第一社区5号楼暖气不热")
    while not await office.value("select count(*) from tickets"):
        await office.value("update outbox set state = 'sent', sent_at = created_at returning 1")
        await office.ring(timedelta(hours=1))
        assert office.at < START + timedelta(days=3)
    assert await office.value("select line from tickets") == "+861096069"
