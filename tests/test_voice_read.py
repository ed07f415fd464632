"""What Twilio posts about calls, field for field, and what it is read as; what is forged or broken is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from channels.base import (
    CallEvent,
    CallSign,
    DeliveryReport,
    ForgedError,
    Heard,
    Inbound,
    MalformedError,
    Reference,
    RemoteMedia,
    Wire,
)
from channels.twilio import FORM, STATUS_PATH, signature
from channels.voice import PATH, VoiceSettings, channel
from dialogs.said import Said
from dialogs.words import Delivery, Moment
from tests.world import ACCOUNT

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OWN, PHONE, LAND_LINE = "+861012345", "+8613800138000", "+861085001234"
CALL = "CA" + "1" * 32
RECORDING = "RE" + "2" * 32
RECORDING_URL = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT.sid}/Recordings/{RECORDING}"
VOICE = channel(ACCOUNT, OWN, "CN")

INCOMING = {
    "AccountSid": ACCOUNT.sid,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL,
    "CallStatus": "ringing",
    "CallToken": "%7B%22parentCallInfoToken%22%3A%22x%22%7D",
    "Called": OWN,
    "CalledCity": "",
    "CalledCountry": "CN",
    "Caller": PHONE,
    "CallerCity": "",
    "CallerCountry": "CN",
    "Direction": "inbound",
    "From": PHONE,
    "StirVerstat": "TN-Validation-Passed-A",
    "To": OWN,
}
ON = INCOMING | {"CallStatus": "in-progress"}
OUTGOING = ON | {"Direction": "outbound-api", "From": OWN, "To": LAND_LINE}
QUEUED = ON | {
    "QueueSid": "QU" + "3" * 32,
    "QueuePosition": "2",
    "QueueTime": "75",
    "AvgQueueTime": "60",
    "CurrentQueueSize": "3",
    "MaxQueueSize": "100",
}
SPEECH = ON | {"msg": "Gather End", "Language": "cmn-Hans-CN"}


def wire(query: str, form: dict[str, str], path: str = PATH) -> Wire:
    url = ACCOUNT.public_url + path + query
    headers = {
        "content-type": FORM,
        "x-twilio-signature": signature(ACCOUNT.auth_token, url, form.items()),
    }
    return Wire(url, headers, urlencode(form).encode())


def read(query: str, form: dict[str, str], path: str = PATH) -> list[Heard]:
    webhook = next(one for one in VOICE.webhooks if one.path == path)
    return list(webhook.read(wire(query, form, path), NOW))


def said(step: int, what: Said, **changes: object) -> Inbound:
    one = Inbound("voice", f"{CALL}-{step}", PHONE, what, NOW, inline=True, live=True, line=OWN)
    return replace(one, **changes)  # type: ignore[arg-type]  # fields of the class


def sign(key: str, what: CallSign, **changes: object) -> CallEvent:
    one = CallEvent("voice", CALL, f"{CALL}-{key}", what, NOW, address=PHONE)
    return replace(one, **changes)  # type: ignore[arg-type]  # fields of the class


def key(digits: str) -> dict[str, str]:
    return ON | {"Digits": digits, "FinishedOnKey": "", "msg": "Gather End"}


ANSWERS = [
    ("", INCOMING, said(0, Said(moment=Moment.BEGAN))),
    ("?step=1", key("1"), said(1, Said(text="1"))),
    ("?step=2", key("8"), said(2, Said(text="8"))),
    ("?step=2", key("0"), said(2, Said(choice="command:human"))),
    ("?step=2", key("9"), said(2, Said(choice="command:back"))),
    ("?step=2", key("*"), said(2, Said(choice="command:repeat"))),
    ("?step=2", key("#"), said(2, Said(choice="command:more"))),
    ("?step=3&d=13", key("2611230001234"), said(3, Said(text="2611230001234"))),
    ("?step=3&d=13", key("0"), said(3, Said(choice="command:human"))),
    ("?step=3&d=4", key("0000"), said(3, Said(text="0000"))),
    (
        "?step=4",
        SPEECH | {"SpeechResult": "田村路暖气不热。", "Confidence": "0.9128"},
        said(4, Said(text="田村路暖气不热", confidence=0.9128)),
    ),
    (
        "?step=4",
        SPEECH | {"SpeechResult": "no water since morning", "Confidence": "0.0"},
        said(4, Said(text="no water since morning")),
    ),
    (
        "?step=4",
        SPEECH | {"SpeechResult": "三号楼", "Confidence": "0.31"},
        said(4, Said(text="三号楼", confidence=0.31)),
    ),
    ("?step=5", ON | {"Digits": "", "SpeechResult": ""}, said(5, Said(moment=Moment.SILENCE))),
    ("?step=5", ON, said(5, Said(moment=Moment.SILENCE))),
    ("?step=6&m=waited", ON, said(6, Said(moment=Moment.WAITED))),
    ("?step=6&m=talked", ON, said(6, Said(moment=Moment.TALKED))),
    (
        "?recorded=7",
        ON | {"RecordingUrl": RECORDING_URL, "RecordingSid": RECORDING, "RecordingDuration": "12"},
        said(
            7,
            Said(),
            live=False,
            media=(RemoteMedia(RECORDING_URL, "audio/wav", name=RECORDING),),
        ),
    ),
    ("?recorded=7", ON | {"RecordingDuration": "0"}, said(7, Said(moment=Moment.SILENCE))),
    ("?wait=8", QUEUED, sign("wait-8-0", CallSign.WAITING, step=8, seconds=75)),
    ("?wait=8&n=2", QUEUED, sign("wait-8-2", CallSign.WAITING, step=8, seconds=75)),
    (
        "?waitkey=8&n=3",
        QUEUED | {"Digits": "1"},
        sign("waitkey-8-3", CallSign.PRESSED, step=8, seconds=75, digits="1"),
    ),
    *(
        (
            "?queued=8",
            ON | {"QueueResult": result, "QueueTime": "80", "QueueSid": "QU" + "3" * 32},
            sign("queued-8", CallSign.LEFT, step=8, seconds=80, outcome=result),
        )
        for result in ("bridged", "hangup", "leave", "redirected", "queue-full", "system-error")
    ),
    *(
        (
            "?dialed=9",
            ON
            | {"DialCallStatus": status, "DialCallSid": "CA" + "4" * 32, "DialCallDuration": "5"},
            sign("dialed-9", CallSign.DIALED, step=9, seconds=5, outcome=status),
        )
        for status in ("completed", "busy", "no-answer", "failed")
    ),
    (
        "?say=5-6-0",
        OUTGOING | {"AnsweredBy": "human"},
        said(0, Said(moment=Moment.PICKED_UP), address=LAND_LINE, mark="5-6-0"),
    ),
    (
        "?say=5-6-0",
        OUTGOING | {"AnsweredBy": "machine_end_beep"},
        said(0, Said(moment=Moment.PICKED_UP), address=LAND_LINE, mark="5-6-0", machine=True),
    ),
    (
        "?order=12",
        OUTGOING | {"AnsweredBy": "unknown"},
        sign("order-12", CallSign.ANSWERED, address=LAND_LINE, order=12, outcome="unknown"),
    ),
    (
        "?order=12&key=1",
        OUTGOING | {"Digits": "1"},
        sign("order-12-key-1", CallSign.PRESSED, address=LAND_LINE, order=12, step=1, digits="1"),
    ),
]


@pytest.mark.parametrize(("query", "form", "heard"), ANSWERS)
def test_a_request_about_a_call_is_read(query: str, form: dict[str, str], heard: Heard) -> None:
    assert read(query, form) == [heard]


@pytest.mark.parametrize(
    ("least", "sure"), [(0.0, 1.0), (0.25, 0.62), (0.5, 0.31), (0.62, 0.25), (1.0, 0.155)]
)
def test_half_heard_is_what_the_operator_calls_unsure(least: float, sure: float) -> None:
    voice = channel(ACCOUNT, OWN, "CN", VoiceSettings(least_confidence=least))
    spoken = SPEECH | {"SpeechResult": "三号楼", "Confidence": "0.31"}
    (heard,) = voice.webhooks[0].read(wire("?step=4", spoken), NOW)
    assert isinstance(heard, Inbound)
    assert heard.said.confidence == sure


@pytest.mark.parametrize(
    "hidden", ["anonymous", "Restricted", "+266696687", "", "+7378742833", "unknown"]
)
def test_a_hidden_number_has_a_conversation_of_its_own_call(hidden: str) -> None:
    (heard,) = read("", INCOMING | {"From": hidden, "Caller": hidden})
    assert isinstance(heard, Inbound)
    assert heard.address == f"hidden-{CALL}"
    assert VOICE.home_of(heard.address) == "voice"
    assert VOICE.mask(heard.address) == "号码隐藏"


@pytest.mark.parametrize(
    ("number", "home"), [(PHONE, "sms"), (LAND_LINE, "voice"), ("+85261234567", "sms")]
)
def test_a_call_belongs_to_the_texts_of_its_number_where_that_takes_some(
    number: str, home: str
) -> None:
    assert VOICE.home_of(number) == home


STATUS = {
    "CallDuration": "31",
    "CallbackSource": "call-progress-events",
    "SequenceNumber": "0",
    "Timestamp": "Mon, 23 Nov 2026 02:00:00 +0000",
}
ENDED_SAID = Inbound(
    "voice", f"{CALL}-ended", PHONE, Said(moment=Moment.ENDED), NOW, inline=False, line=OWN
)


def test_the_end_of_a_call_is_a_moment_of_its_conversation_and_a_sign() -> None:
    heard = read("", INCOMING | STATUS | {"CallStatus": "completed"}, STATUS_PATH)
    assert ENDED_SAID in heard
    (event,) = [one for one in heard if isinstance(one, CallEvent)]
    assert (event.sign, event.outcome, event.seconds) == (CallSign.ENDED, "completed", 31)


@pytest.mark.parametrize(
    ("status", "delivery", "retry"),
    [
        ("completed", Delivery.DELIVERED, None),
        ("busy", Delivery.FAILED, 300.0),
        ("no-answer", Delivery.FAILED, 1800.0),
        ("failed", Delivery.FAILED, None),
        ("canceled", Delivery.FAILED, None),
    ],
)
def test_how_a_notice_by_phone_ended_is_its_delivery(
    status: str, delivery: Delivery, retry: float | None
) -> None:
    heard = read("?ref=5-6-0", OUTGOING | STATUS | {"CallStatus": status}, STATUS_PATH)
    (report,) = [one for one in heard if isinstance(one, DeliveryReport)]
    assert report.reference == Reference(5, 6, 0)
    assert (report.delivery, report.retry_seconds) == (delivery, retry)


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "answered"])
def test_what_is_no_end_says_nothing(status: str) -> None:
    assert read("", INCOMING | STATUS | {"CallStatus": status}, STATUS_PATH) == []


def test_a_recording_is_told_with_its_purpose() -> None:
    form = {
        "AccountSid": ACCOUNT.sid,
        "CallSid": CALL,
        "RecordingSid": RECORDING,
        "RecordingUrl": RECORDING_URL,
        "RecordingStatus": "completed",
        "RecordingDuration": "42",
        "RecordingChannels": "1",
        "RecordingSource": "StartCallRecordingTwiML",
    }
    (event,) = read("?purpose=talk", form, STATUS_PATH)
    assert isinstance(event, CallEvent)
    assert (event.sign, event.url, event.seconds, event.purpose) == (
        CallSign.RECORDED,
        RECORDING_URL,
        42,
        "talk",
    )


FORMS = [
    *dict.fromkeys(query for query, _, _ in ANSWERS),
    "?whisper=" + CALL,
    "?fallback=1",
]


@pytest.mark.parametrize("path", [PATH, STATUS_PATH])
@pytest.mark.parametrize("query", FORMS)
def test_what_is_not_signed_for_this_very_address_is_refused(query: str, path: str) -> None:
    webhook = next(one for one in VOICE.webhooks if one.path == path)
    good = wire(query, ON, path)
    for bad in (
        replace(good, headers={"content-type": FORM}),
        replace(good, headers={**good.headers, "x-twilio-signature": "AAAA"}),
        replace(good, url=good.url + ("&" if query else "?") + "x=1"),
        replace(good, body=good.body + b"&Digits=1"),
    ):
        with pytest.raises(ForgedError):
            webhook.read(bad, NOW)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", {}),
        ("", INCOMING | {"CallSid": "../x"}),
        ("?step=x", ON),
        ("?step=-1", ON),
        ("?step=" + "9" * 30, ON),
        ("?step=１", ON),
        ("?wait=", ON),
        ("?order=1e3", OUTGOING),
        ("?whisper=a b", ON),
    ],
)
def test_what_is_signed_but_cannot_be_read_is_refused(query: str, form: dict[str, str]) -> None:
    with pytest.raises(MalformedError):
        read(query, form)
