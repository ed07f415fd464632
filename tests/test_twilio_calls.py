"""Calls placed, found and sent on by Twilio's own library against the stand-in, and the retry rule of each refusal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from channels.base import Message, Parcel, Reference, SendError
from channels.twilio import TwilioAccount
from channels.twilio_calls import TwilioCalls
from channels.voice import channel
from dialogs.said import Reply
from gateway import clock
from gateway.simulator.acts import NotPickedUp, PickedUp
from gateway.simulator.faults import Faults
from gateway.simulator.leg import Leg
from gateway.simulator.server import serving
from gateway.simulator.standin import TwilioStandIn
from tests.test_simulator_calls import ASK, DEMO, OURS, PHONE, Script, stand_in

LAND_LINE = "+861085001234"
NOTICE = Message(7, 3, Reply("已受理。"), ("已受理。",))
SAY, REFERENCE = "say=7-3-0", Reference(7, 3, 0)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Our calls, the stand-in that takes them, and the script that they follow."""

    calls: TwilioCalls
    account: TwilioAccount
    standin: TwilioStandIn
    script: Script

    async def call(self, to: str = PHONE) -> str:
        """Place a call; returns its id."""
        url, status_url = f"{OURS}/voice?order=1", f"{OURS}/status?order=1"
        sent = await self.calls.create(to, DEMO.phone_number, url, status_url=status_url)
        return sent.provider_id

    async def hear(self, call_id: str, act: PickedUp | NotPickedUp) -> Leg:
        """Do something at the phone that rings; returns its leg of the call."""
        leg = self.standin.voice.legs[call_id]
        await leg.settled()
        await leg.act(act)
        return leg


@asynccontextmanager
async def connected(**documents: str) -> AsyncIterator[Exchange]:
    script = Script({query.replace("_", "="): verbs for query, verbs in documents.items()})
    standin = stand_in(script)
    async with serving(standin) as api_url:
        account = TwilioAccount(DEMO.sid, DEMO.auth_token, api_url, OURS)
        calls = TwilioCalls(account)
        try:
            yield Exchange(calls, account, standin, script)
        finally:
            await calls.close()


def parcel(to: str = LAND_LINE) -> Parcel:
    return Parcel(to, NOTICE, 0, "notice", None, clock.now())


async def test_a_notice_by_phone_rings_and_knows_a_machine_from_a_person() -> None:
    async with connected() as exchange:
        exchange.script.documents[SAY] = "<Say>您好</Say>"
        voice = channel(exchange.account, DEMO.phone_number, "CN")
        assert voice.send is not None
        sent = await voice.send(parcel())
        leg = await exchange.hear(sent.provider_id, PickedUp("machine"))
        await leg.over.wait()
        await voice.close()
        assert exchange.script.form(SAY)["AnsweredBy"] == "machine_end_beep"
        assert exchange.script.form(SAY)["To"] == LAND_LINE
        assert exchange.script.form("status")["CallStatus"] == "completed"


async def test_a_notice_that_still_rings_is_found_and_one_that_is_over_is_not() -> None:
    async with connected() as exchange:
        voice = channel(exchange.account, DEMO.phone_number, "CN")
        assert voice.send is not None
        assert voice.find is not None
        since = clock.now() - timedelta(minutes=1)
        sent = await voice.send(parcel())
        found = await voice.find(LAND_LINE, "已受理。", since)
        assert found is not None
        assert found.provider_id == sent.provider_id
        assert await voice.find(PHONE, "已受理。", since) is None
        assert await voice.find(LAND_LINE, "已受理。", clock.now() + timedelta(minutes=1)) is None
        leg = await exchange.hear(sent.provider_id, NotPickedUp("busy"))
        await leg.over.wait()
        assert await voice.find(LAND_LINE, "已受理。", since) is None
        await voice.close()


async def test_a_call_is_sent_on_while_it_lasts() -> None:
    async with connected(order_1=ASK, order_2="<Say>请进</Say>") as exchange:
        call_id = await exchange.call()
        leg = await exchange.hear(call_id, PickedUp("human"))
        await leg.settled()
        assert await exchange.calls.redirect(call_id, f"{OURS}/voice?order=2")
        await leg.over.wait()
        assert exchange.script.form("order=2")["CallSid"] == call_id
        assert not await exchange.calls.redirect(call_id, f"{OURS}/voice?order=2")
        assert not await exchange.calls.hang_up(call_id)


async def test_a_call_that_rings_is_taken_back() -> None:
    async with connected() as exchange:
        call_id = await exchange.call()
        leg = exchange.standin.voice.legs[call_id]
        assert await exchange.calls.hang_up(call_id)
        await leg.over.wait()
        assert leg.call.is_over


async def test_a_call_that_twilio_never_had_is_over() -> None:
    async with connected() as exchange:
        assert not await exchange.calls.redirect("CA" + "0" * 32, f"{OURS}/voice?order=2")


@pytest.mark.parametrize(
    ("to", "from_", "retry_seconds"),
    [
        ("12345", DEMO.phone_number, None),
        ("+15005550003", DEMO.phone_number, 300.0),
        (PHONE, "+861012345", 300.0),
    ],
    ids=["no number", "a country that we may not call yet", "not our number"],
)
async def test_a_refused_call_is_tried_again_where_we_can_mend_it(
    to: str, from_: str, retry_seconds: float | None
) -> None:
    async with connected() as exchange:
        with pytest.raises(SendError) as raised:
            await exchange.calls.create(to, from_, f"{OURS}/v", status_url=f"{OURS}/status")
        assert raised.value.retry_seconds == retry_seconds
        assert not raised.value.unknown


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
async def test_a_call_that_may_be_taken_later_says_when(
    faults: Faults, retry_seconds: float, *, unknown: bool
) -> None:
    async with connected() as exchange:
        exchange.standin.faults = faults
        with pytest.raises(SendError) as raised:
            await exchange.call()
        assert raised.value.retry_seconds == retry_seconds
        assert raised.value.unknown is unknown
