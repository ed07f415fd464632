"""Parts sent by REST through Twilio's own library to the stand-in: what is taken, refused, lost and found again."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from channels.base import DeliveryReport, Reference, SendError, Sent
from channels.sms import channel
from channels.twilio import TwilioAccount
from dialogs.words import Delivery
from gateway import clock
from gateway.simulator.faults import Faults
from tests.twilio_gateway import DEMO, Pair, connected, parcel

RESIDENT = "+8613812345678"


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with connected() as both:
        yield both


async def found(pair: Pair, text: str, *, minutes_ago: int = 1) -> Sent | None:
    assert pair.sms.find is not None
    return await pair.sms.find(RESIDENT, text, clock.now() - timedelta(minutes=minutes_ago))


async def test_a_part_is_taken_and_its_reports_come_back_under_its_reference(pair: Pair) -> None:
    sent = await pair.send("“暖气不热”已受理。")
    assert sent.delivery is Delivery.SENT
    await pair.standin.settled()
    ours = Reference(5, 6, 0)
    assert pair.gateway.reports == [
        DeliveryReport(ours, Delivery.SENT, sent.provider_id),
        DeliveryReport(ours, Delivery.SENT, sent.provider_id),
        DeliveryReport(ours, Delivery.DELIVERED, sent.provider_id),
    ]
    assert pair.standin.texts.matching(receiver=RESIDENT)[0].body == "“暖气不热”已受理。"


@pytest.mark.parametrize(
    ("address", "blocked"),
    [
        ("+15005550001", False),
        ("+15005550002", False),
        ("+15005550003", False),
        ("+15005550004", True),
        ("+15005550009", False),
        ("+15005550006", False),
        ("not a number", False),
    ],
)
async def test_a_number_that_never_works_is_not_tried_again(
    pair: Pair, address: str, *, blocked: bool
) -> None:
    with pytest.raises(SendError) as raised:
        await pair.send("x", address)
    error = raised.value
    assert (error.retry_seconds, error.blocked, error.unknown) == (None, blocked, False)


async def test_a_text_that_is_too_long_or_empty_is_not_tried_again(pair: Pair) -> None:
    for text in ("长" * 1601, ""):
        with pytest.raises(SendError) as raised:
            await pair.send(text)
        assert raised.value.retry_seconds is None


async def test_a_resident_who_said_stop_has_blocked_us(pair: Pair) -> None:
    await pair.standin.receive(RESIDENT, "stop")
    with pytest.raises(SendError) as raised:
        await pair.send("x")
    assert raised.value.blocked
    await pair.standin.receive(RESIDENT, "START")
    assert (await pair.send("x")).provider_id


@pytest.mark.parametrize(
    ("faults", "retry_seconds", "unknown"),
    [
        (Faults(throttle_next=1, retry_after_seconds=7), 7.0, False),
        (Faults(break_next=1), 10.0, True),
        (Faults(drop_next=1), 10.0, True),
        (Faults(lose_next=1), 10.0, True),
    ],
    ids=["throttled", "broken", "dropped", "lost"],
)
async def test_what_may_work_later_says_when(
    pair: Pair, faults: Faults, retry_seconds: float, *, unknown: bool
) -> None:
    pair.standin.faults = faults
    with pytest.raises(SendError) as raised:
        await pair.send("x")
    assert raised.value.retry_seconds == retry_seconds
    assert (raised.value.unknown, raised.value.blocked) == (unknown, False)
    assert (await pair.send("x")).provider_id


@pytest.mark.parametrize(
    ("faults", "taken"),
    [(Faults(lose_next=1), True), (Faults(drop_next=1), False)],
    ids=["lost", "dropped"],
)
async def test_twilio_is_asked_whether_a_part_was_taken(
    pair: Pair, faults: Faults, *, taken: bool
) -> None:
    pair.standin.faults = faults
    with pytest.raises(SendError):
        await pair.send("已受理。")
    assert (await found(pair, "已受理。") is not None) == taken


async def test_only_the_same_words_to_the_same_phone_since_then_are_found(pair: Pair) -> None:
    await pair.standin.receive(RESIDENT, "你好")
    sent = await pair.send("你好")
    await pair.standin.settled()
    assert await found(pair, "你好") == Sent(sent.provider_id, Delivery.DELIVERED)
    assert await found(pair, "您好") is None
    assert await found(pair, "你好", minutes_ago=-1) is None


async def test_wrong_credentials_are_ours_to_mend_and_tried_again(pair: Pair) -> None:
    base = f"http://127.0.0.1:{pair.server.port}"
    wrong = TwilioAccount(DEMO.sid, "wrong", pair.api_url, base)
    sms = channel(wrong, DEMO.phone_number, "CN")
    assert sms.send is not None
    with pytest.raises(SendError) as raised:
        await sms.send(parcel(RESIDENT, "x"))
    await sms.close()
    assert raised.value.retry_seconds == 300


async def test_a_server_that_is_away_is_tried_again_and_nothing_is_in_doubt(pair: Pair) -> None:
    away = TwilioAccount(DEMO.sid, DEMO.auth_token, "http://127.0.0.1:9", "http://127.0.0.1")
    sms = channel(away, DEMO.phone_number, "CN")
    assert sms.send is not None
    with pytest.raises(SendError) as raised:
        await sms.send(parcel(RESIDENT, "x"))
    await sms.close()
    assert raised.value.retry_seconds == 5
    assert not raised.value.unknown
    assert not pair.standin.texts.count


async def test_no_number_and_no_word_of_a_resident_is_logged(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await pair.send("暖气不热")
    await found(pair, "暖气不热")
    assert RESIDENT[1:] not in caplog.text
    assert "暖气不热" not in caplog.text
