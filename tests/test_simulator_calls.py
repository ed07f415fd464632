"""Calls of the stand-in alone: what TwiML does there, and Twilio's API for calls, against a gateway that is a script."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from gateway.simulator.acts import Keyed, NotPickedUp, PickedUp, Silent, Spoken
from gateway.simulator.leg import Leg
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn
from gateway.simulator.switchboard import Switchboard
from gateway.simulator.twiml import read_document

DEMO = DemoAccount()
OURS = "http://gateway"
PHONE = "+8613812345678"
Form = dict[str, str]


def wrapped(verbs: str) -> str:
    return f"<Response>{verbs}</Response>"


@dataclass
class Script:
    """Documents by the query that they are asked for under, and all that was asked."""

    documents: dict[str, str]
    asked: list[tuple[str, Form]] = field(default_factory=list)
    status: int = 200

    async def post(self, url: str, form: Sequence[tuple[str, str]]) -> tuple[int, str]:
        query = url.partition("?")[2]
        kind = "status" if "/status" in url else query
        self.asked.append((kind, dict(form)))
        if kind == "status" or kind.startswith("ref="):
            return 204, ""
        return self.status, wrapped(self.documents.get(query, "<Hangup/>"))

    def form(self, query: str) -> Form:
        """The fields that came with the last request for that document."""
        return next(form for asked, form in reversed(self.asked) if asked == query)


def stand_in(script: Script) -> TwilioStandIn:
    """One whose calls go to a script."""
    standin = TwilioStandIn(
        sid=DEMO.sid,
        auth_token=DEMO.auth_token,
        phone_number=DEMO.phone_number,
        public_url=OURS,
    )
    standin.voice = Switchboard(
        sid=DEMO.sid,
        numbers=(DEMO.phone_number,),
        public_url=OURS,
        post=script.post,
        api_url=lambda: standin.api_url,
        timed=False,
    )
    return standin


@dataclass(frozen=True, slots=True)
class Line:
    """The stand-in's calls, and the script that they follow."""

    voice: Switchboard
    script: Script


@asynccontextmanager
async def line(**documents: str) -> AsyncIterator[Line]:
    script = Script({name.replace("begin", ""): words for name, words in documents.items()})
    standin = stand_in(script)
    async with standin.running():
        yield Line(standin.voice, script)


ASK = (
    '<Gather input="dtmf speech" action="?answer" actionOnEmptyResult="true" numDigits="1"'
    ' finishOnKey="" language="cmn-Hans-CN"><Say language="cmn-CN">请说。</Say></Gather>'
)


async def _called(standin: Line) -> Leg:
    return await standin.voice.call(PHONE)


async def test_a_key_speech_and_silence_answer_a_gather() -> None:
    for act, expected in (
        (Keyed("2"), {"Digits": "2"}),
        (Spoken("暖气不热", 0.83), {"SpeechResult": "暖气不热", "Confidence": "0.83"}),
        (Silent(), {}),
    ):
        async with line(begin=ASK) as standin:
            leg = await _called(standin)
            assert leg.call.waits == "keys+speech"
            await leg.act(act)
            form = standin.script.form("answer")
            assert {name: form[name] for name in expected} == expected
            assert ("Digits" in form) is (act == Keyed("2"))
            assert standin.voice.calls.complaints == []


async def test_every_request_of_a_call_names_both_ends_and_its_end_is_reported() -> None:
    async with line(begin=ASK) as standin:
        leg = await _called(standin)
        begun = standin.script.form("")
        assert (begun["From"], begun["To"], begun["CallStatus"]) == (
            PHONE,
            DEMO.phone_number,
            "ringing",
        )
        leg.hang_up()
        await leg.over.wait()
        ended = standin.script.form("status")
        assert (ended["CallStatus"], ended["CallSid"]) == ("completed", begun["CallSid"])


async def test_a_queue_is_left_by_what_its_document_says() -> None:
    async with line(
        begin='<Enqueue action="?queued" waitUrl="?wait">jiesu</Enqueue>',
        wait='<Gather input="dtmf" numDigits="1" action="?key" finishOnKey=""/><Redirect>?wait</Redirect>',
        key="<Leave/>",
    ) as standin:
        leg = await _called(standin)
        assert leg.call.waits == "queue+keys"
        first = standin.script.form("wait")
        assert (first["QueuePosition"], first["CurrentQueueSize"]) == ("1", "1")
        await leg.act(Silent())
        await leg.act(Keyed("1"))
        await leg.over.wait()
        assert standin.script.form("queued")["QueueResult"] == "leave"


async def test_a_message_is_kept_and_reported_even_by_who_hangs_up() -> None:
    record = '<Record action="?kept" recordingStatusCallback="/webhooks/twilio/status?purpose=m"/>'
    async with line(begin=record) as standin:
        leg = await _called(standin)
        assert leg.call.waits == "message"
        leg.hang_up()
        await leg.over.wait()
        assert standin.script.form("kept")["RecordingSid"].startswith("RE")


async def test_who_dials_is_told_how_it_went_and_both_hear_each_other() -> None:
    dial = '<Dial action="?done"><Number url="?whisper">+8613900001111</Number></Dial>'
    async with line(begin=dial, whisper="<Say>来电</Say>") as standin:
        caller = await _called(standin)
        desk = next(leg for leg in standin.voice.legs.values() if leg is not caller)
        await desk.act(PickedUp())
        await caller.settled()
        await caller.act(Spoken("你好"))
        assert [one.text for one in desk.call.lines if one.kind == "other"] == ["你好"]
        desk.hang_up()
        await desk.over.wait()
        await caller.over.wait()
        assert standin.script.form("done")["DialCallStatus"] == "completed"


async def test_who_does_not_answer_is_told_of() -> None:
    async with line(begin='<Dial action="?done">+8613900001111</Dial>') as standin:
        caller = await _called(standin)
        desk = next(leg for leg in standin.voice.legs.values() if leg is not caller)
        await desk.act(NotPickedUp("busy"))
        await caller.over.wait()
        assert standin.script.form("done")["DialCallStatus"] == "busy"


async def test_an_answer_that_fails_ends_the_call_and_is_complained_of() -> None:
    async with line(begin=ASK) as standin:
        standin.script.status = 500
        leg = await _called(standin)
        assert leg.over.is_set()
        assert "11200" in leg.call.complaints[0]


@pytest.mark.parametrize(
    ("verbs", "complaint"),
    [
        ("<Shout/>", "not documented"),
        ('<Gather input="voice"/>', "no documented value"),
        ('<Gather colour="red"/>', "no attribute"),
        ("<Say></Say>", "says nothing"),
        ("<Hangup/><Say>still?</Say>", "never reached"),
        ('<Enqueue waitUrl="/w">q</Enqueue><Reject/>', "first verb"),
        ("<Leave/>", "not documented in a call document"),
    ],
)
def test_what_is_not_documented_is_complained_of(verbs: str, complaint: str) -> None:
    assert any(complaint in one for one in read_document(wrapped(verbs)).complaints)


class Account:
    """Twilio's API as the account asks it."""

    def __init__(self, http: aiohttp.ClientSession, api_url: str) -> None:
        self._http = http
        self._url = f"{api_url}/2010-04-01/Accounts/{DEMO.sid}"

    async def post(self, path: str, **form: str) -> tuple[int, dict[str, object]]:
        async with self._http.post(f"{self._url}/{path}", data=form) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> tuple[int, bytes]:
        async with self._http.get(f"{self._url}/{path}") as response:
            return response.status, await response.read()


@asynccontextmanager
async def account(standin: TwilioStandIn) -> AsyncIterator[Account]:
    who = {"Authorization": aiohttp.encode_basic_auth(DEMO.sid, DEMO.auth_token)}
    async with serving(standin) as api_url, aiohttp.ClientSession(headers=who) as http:
        yield Account(http, api_url)


async def test_a_call_that_is_placed_rings_and_says_who_picked_up() -> None:
    script = Script({"order=1": "<Say>您好</Say>"})
    standin = stand_in(script)
    async with account(standin) as api:
        status, call = await api.post(
            "Calls.json",
            To=PHONE,
            From=DEMO.phone_number,
            Url=f"{OURS}/voice?order=1",
            StatusCallback=f"{OURS}/status",
            MachineDetection="DetectMessageEnd",
        )
        assert status == 201
        leg = standin.voice.legs[str(call["sid"])]
        await leg.settled()
        assert leg.call.waits == "ring"
        await leg.act(PickedUp("machine"))
        await leg.over.wait()
        assert script.form("order=1")["AnsweredBy"] == "machine_end_beep"
        assert script.form("status")["CallStatus"] == "completed"
        assert (await api.post(f"Calls/{call['sid']}.json", Status="completed"))[1]["code"] == 21220


async def test_calls_that_twilio_would_refuse_are_refused() -> None:
    async with account(stand_in(Script({}))) as api:
        good = {"To": PHONE, "From": DEMO.phone_number, "Url": OURS}
        for wrong, code in (
            ({"To": "12345"}, 21211),
            ({"To": "+15005550003"}, 21215),
            ({"From": "+861012345"}, 21210),
            ({"Url": ""}, 21205),
            ({"MachineDetection": "yes"}, 20001),
            ({"Colour": "red"}, 20001),
        ):
            status, answer = await api.post("Calls.json", **(good | wrong))
            assert (status, answer["code"]) == (400, code)


async def test_a_caller_in_the_queue_is_sent_elsewhere_and_recordings_can_be_fetched() -> None:
    script = Script(
        {
            "": '<Enqueue action="?queued" waitUrl="?wait">jiesu</Enqueue>',
            "wait": '<Pause length="10"/>',
            "room": '<Record action="?kept"/>',
        }
    )
    standin = stand_in(script)
    async with account(standin) as api:
        leg = await standin.voice.call(PHONE)
        assert (await api.post(f"Calls/{leg.call.sid}.json", Url=f"{OURS}/v?room"))[0] == 200
        await leg.settled()
        assert script.form("queued")["QueueResult"] == "redirected"
        await leg.act(Spoken("漏水"))
        sid = script.form("kept")["RecordingSid"]
        status, sound = await api.get(f"Recordings/{sid}")
        assert (status, sound[:4]) == (200, b"RIFF")
        assert (await api.get(f"Recordings/{sid}.mp3"))[1][:2] == b"\xff\xf3"
        assert (await api.get("Recordings/RE0"))[0] == 404
