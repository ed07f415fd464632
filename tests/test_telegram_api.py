"""The real library against the stand-in: what is sent, how each failure is tried again, files, and buttons that go."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import unused_port

from channels.base import Channel, Inbound, Message, Parcel, Reachable, SendError
from channels.telegram import channel
from channels.telegram_api import TelegramBot
from dialogs.said import Choice, Reply, Said
from gateway import clock
from gateway.simulator.faults import Faults
from gateway.simulator.telegram_people import PIXEL, person
from tests.telegram_gateway import DEMO, LI, Pair, connected

CONFIRM = Reply("对吗？", (Choice("submit", "对，提交"), Choice("fix", "要改")), 3)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with connected() as both:
        await both.li.write("/start")
        yield both
        assert both.standin.state.complaints == []


async def test_a_question_arrives_with_its_buttons_and_a_press_is_heard_and_answered(
    pair: Pair,
) -> None:
    sent = await pair.send(CONFIRM)
    (said,) = pair.li.heard
    assert (str(said.id), said.text) == (sent.provider_id, "对吗？")
    assert [[b["text"] for b in row] for row in said.buttons] == [["对，提交", "要改"]]
    assert await pair.li.pick("对，提交") == 200
    pressed = pair.gateway.heard[-1]
    assert isinstance(pressed, Inbound)
    assert pressed.said == Said(choice="submit", prompt=3)
    assert pressed.mark == sent.provider_id
    assert set(pair.standin.state.presses.values()) == {True}


async def test_buttons_are_taken_away_once(pair: Pair) -> None:
    sent = await pair.send(CONFIRM)
    await pair.li.pick("要改")
    pressed = pair.gateway.heard[-1]
    assert isinstance(pressed, Inbound)
    assert pair.telegram.tidy is not None
    for _ in range(2):
        await pair.telegram.tidy(pressed)
    assert pair.li.chat.says[int(sent.provider_id)].buttons == []
    assert pair.standin.state.calls["editMessageReplyMarkup"] == 1


async def test_only_the_last_part_of_a_long_message_has_the_buttons(pair: Pair) -> None:
    reply = Reply("事情已经办好了。" * 600, CONFIRM.choices, 3)
    await pair.send(reply, 0)
    await pair.send(reply, 1)
    first, last = pair.li.heard
    assert first.text + last.text == reply.text
    assert not first.buttons
    assert last.buttons


async def test_one_s_number_is_shared_by_the_keyboard_which_goes_with_the_next_message(
    pair: Pair,
) -> None:
    await pair.send(Reply("要分享手机号吗？", contact=True))
    pair.li.chat.phone = "+8613912345678"
    await pair.li.pick("📱 分享手机号")
    shared = pair.gateway.heard[-1]
    assert isinstance(shared, Inbound)
    assert shared.said == Said(phone="+8613912345678")
    await pair.send(Reply("记下了。"))
    assert pair.li.chat.keyboard == []


ERRORS: list[tuple[str, dict[str, int], float | None, bool]] = [
    ("429 is obeyed", {"throttle_next": 1, "retry_after_seconds": 7}, 7.0, False),
    ("a fault of Telegram's may have taken it", {"break_next": 1}, 10.0, True),
    ("a connection cut before may have taken it, too", {"drop_next": 1}, 10.0, True),
    ("and so may one cut after", {"lose_next": 1}, 10.0, True),
]


@pytest.mark.parametrize(
    ("label", "faults", "again", "unknown"), ERRORS, ids=[r[0] for r in ERRORS]
)
async def test_each_failure_says_when_to_try_again(
    pair: Pair,
    label: str,
    faults: dict[str, int],
    again: float,
    unknown: bool,  # noqa: FBT001 - a table
) -> None:
    pair.standin.state.faults = Faults(**faults)  # type: ignore[arg-type]  # whole numbers all
    with pytest.raises(SendError) as raised:
        await pair.send(Reply("x"))
    assert (raised.value.retry_seconds, raised.value.unknown) == (again, unknown), label
    assert not raised.value.blocked


async def test_who_has_blocked_us_is_noted_and_not_written_to_again(pair: Pair) -> None:
    await pair.li.block()
    assert pair.gateway.heard[-1] == Reachable("telegram", str(LI), blocked=True)
    with pytest.raises(SendError) as raised:
        await pair.send(Reply("x"))
    assert (raised.value.retry_seconds, raised.value.blocked) == (None, True)
    await pair.li.block(blocked=False)
    assert pair.gateway.heard[-1] == Reachable("telegram", str(LI), blocked=False)


async def test_a_chat_that_never_began_is_given_up(pair: Pair) -> None:
    with pytest.raises(SendError) as raised:
        await pair.send(Reply("x"), chat=404)
    assert (raised.value.retry_seconds, raised.value.blocked) == (None, True)
    assert pair.standin.state.complaints.pop() == "sendMessage: Bad Request: chat not found"


async def test_a_wrong_token_is_ours_to_mend(pair: Pair) -> None:
    other = channel(TelegramBot("1:" + "x" * 35, "s", pair.api_url), "CN")
    with pytest.raises(SendError) as raised:
        await _send(other)
    assert raised.value.retry_seconds == 300.0
    assert not raised.value.unknown
    await other.close()


async def test_without_a_connection_nothing_was_sent() -> None:
    other = channel(TelegramBot(DEMO.token, "s", f"http://127.0.0.1:{unused_port()}"), "CN")
    with pytest.raises(SendError) as raised:
        await _send(other)
    assert (raised.value.retry_seconds, raised.value.unknown) == (5.0, False)
    await other.close()


async def _send(telegram: Channel) -> None:
    assert telegram.send is not None
    message = Message(5, 6, Reply("x"), ("x",))
    await telegram.send(Parcel(str(LI), message, 0, "reply", None, clock.now()))


async def test_one_chat_is_written_to_once_a_second_and_others_at_the_same_time(
    pair: Pair,
) -> None:
    other = person(pair.standin, 5)
    await other.write("hi")
    began = clock.monotonic()
    await pair.send(Reply("a"))
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(pair.send(Reply("c")))
        await pair.send(Reply("b"), chat=5)
        assert not waiting.done()
    assert clock.monotonic() - began >= 0.95


async def test_a_file_is_fetched_by_its_id(pair: Pair) -> None:
    await pair.li.send_photo("路面塌了")
    heard = pair.gateway.heard[-1]
    assert isinstance(heard, Inbound)
    assert pair.telegram.fetch is not None
    fetched = await pair.telegram.fetch(heard.media[0].source)
    assert b"".join([chunk async for chunk in fetched.chunks]) == PIXEL
    assert fetched.size == len(PIXEL)


async def test_a_file_that_is_not_there_is_not_asked_for_again(pair: Pair) -> None:
    assert pair.telegram.fetch is not None
    with pytest.raises(SendError) as raised:
        await pair.telegram.fetch("nothing")
    assert raised.value.retry_seconds is None
    pair.standin.state.complaints.clear()


async def test_a_group_is_told_why_not_and_left(pair: Pair) -> None:
    await pair.li.put_into(-100123)
    group = person(pair.standin, -100123)
    assert "私聊" in group.heard[-1].text
    await group.write("停水了")
    assert group.chat.left
    assert not any(isinstance(one, Inbound) for one in pair.gateway.heard[1:])


async def test_an_update_is_posted_until_it_is_taken() -> None:
    async with connected(attempts=3) as both:
        both.gateway.fail_next = 2
        assert await both.li.write("停水了") == 200
        assert len(both.gateway.heard) == 1
        both.gateway.fail_next = 9
        assert await both.li.write("停电了") == 503
        hook = both.standin.state.hook
        assert (hook.pending, hook.last_error) == (1, "Wrong response from the webhook: 503")


async def test_a_wrong_secret_is_refused_and_changes_nothing(pair: Pair) -> None:
    pair.standin.state.hook.secret = "guessed"
    before = len(pair.gateway.heard)
    assert await pair.li.write("停水了") == 403
    assert len(pair.gateway.heard) == before
