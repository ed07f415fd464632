"""What a caller hears, document for document; each is made of what Twilio's own classes know."""

import inspect
import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from twilio.twiml import voice_response

from channels.base import CallEvent, CallSign, Heard, Inbound, Message, Wire
from channels.twilio import FORM, signature
from channels.voice import PATH, channel, render
from dialogs.said import Call, Choice, Reply, Said
from dialogs.words import CallAct, Language
from tests.world import ACCOUNT, PHONE

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALL = "CA" + "1" * 32
VOICE = channel(ACCOUNT, "+861012345", "CN")
URL = ACCOUNT.public_url + PATH
ZH = 'voice="Google.cmn-CN-Wavenet-A" language="cmn-CN"'
YES_NO = (Choice("yes", "对"), Choice("no", "不对"))


def heard(step: int = 2, **changes: object) -> Inbound:
    said = Said(text="x")
    return Inbound("voice", f"{CALL}-{step}", PHONE, said, NOW, inline=True, live=True)


def sign(
    key: str, what: CallSign, *, step: int = 0, order: int = 0, outcome: str = ""
) -> CallEvent:
    return CallEvent(
        "voice", CALL, f"{CALL}-{key}", what, NOW, order=order, step=step, outcome=outcome
    )


def told(reply: Reply) -> list[Message]:
    return [Message(1, 1, reply, render(reply, reply.language))]


def answered(one: Heard, messages: Sequence[Message] = ()) -> str:
    answer = VOICE.webhooks[0].answer((one,), messages)
    assert answer.content_type == "text/xml"
    return answer.body.decode().partition("<Response>")[2].removesuffix("</Response>")


def gather(document: str) -> dict[str, str]:
    found = ElementTree.fromstring(f"<r>{document}</r>").find("Gather")  # noqa: S314 - ours
    assert found is not None
    return dict(found.attrib)


def test_a_question_is_spoken_and_both_keys_and_speech_are_heard() -> None:
    document = answered(heard(), told(Reply("我听到的是：暖气不热。", YES_NO)))
    assert f"<Say {ZH}>我听到的是：暖气不热。对，请按1；不对，请按2。</Say></Gather>" in document
    asked = gather(document)
    assert asked["input"] == "dtmf speech"
    assert (asked["numDigits"], asked["finishOnKey"]) == ("1", "")
    assert asked["language"] == "cmn-Hans-CN"
    assert asked["bargeIn"] == asked["actionOnEmptyResult"] == "true"
    assert asked["hints"] == "对,不对"
    assert asked["action"] == f"{URL}?step=3"
    assert document.endswith(f'<Redirect method="POST">{URL}?step=3</Redirect>')


def test_english_is_said_and_heard_in_english() -> None:
    reply = Reply("What happened?", language=Language.ENGLISH)
    document = answered(heard(), told(reply))
    assert 'language="en-US">What happened?</Say>' in document
    assert gather(document)["language"] == "en-US"


def test_after_two_misunderstandings_keys_alone_are_heard() -> None:
    asked = gather(answered(heard(), told(Reply("请按键。", YES_NO, keys_only=True))))
    assert asked["input"] == "dtmf"
    assert "language" not in asked


def test_a_number_that_is_asked_for_ends_with_the_hash_key() -> None:
    asked = gather(answered(heard(), told(Reply("请输入编号，按井号结束。", digits=13))))
    assert (asked["numDigits"], asked["finishOnKey"]) == ("13", "#")
    assert asked["action"].endswith("?step=3&d=13")


def test_recording_begins_where_the_reply_says_so() -> None:
    document = answered(heard(0), told(Reply("通话有录音。", record=True)))
    assert document.startswith("<Start><Recording ")
    assert "purpose=talk" in document
    assert "<Start>" not in answered(heard(), told(Reply("请说。")))


def test_a_number_is_read_digit_by_digit() -> None:
    document = answered(heard(), told(Reply("编号261123-000123-4")))
    assert "编号二六幺，幺二三，零零零，幺二三，四" in document


ACTS = {
    CallAct.HANG_UP: (Call(CallAct.HANG_UP), "<Hangup/>"),
    CallAct.QUEUE: (
        Call(CallAct.QUEUE),
        f'<Enqueue action="{URL}?queued=3" method="POST" waitUrl="{URL}?wait=3"'
        ' waitUrlMethod="POST">jiesu</Enqueue>',
    ),
    CallAct.RECORD: (
        Call(CallAct.RECORD, seconds=90),
        f'<Record action="{URL}?recorded=3" method="POST" maxLength="90" timeout="5" finishOnKey="#"'
        ' playBeep="true" recordingStatusCallback="http://gateway.test/webhooks/twilio/status'
        '?purpose=message" recordingStatusCallbackMethod="POST"/>'
        f'<Redirect method="POST">{URL}?recorded=3</Redirect>',
    ),
    CallAct.DIAL: (
        Call(CallAct.DIAL, number="119"),
        f'<Dial action="{URL}?dialed=3" method="POST" callerId="+861012345" timeout="30">'
        "<Number>119</Number></Dial>",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_follows_the_words(act: CallAct) -> None:
    call, expected = ACTS[act]
    document = answered(heard(), told(Reply("好的。", call=call)))
    assert document == f"<Say {ZH}>好的。</Say>{expected}"


def test_a_desk_hears_who_is_coming_and_help_in_danger_does_not_wait_for_that() -> None:
    call = Call(CallAct.DIAL, number="+861096069")
    assert f'url="{URL}?whisper={CALL}"' in answered(heard(), told(Reply("请稍等。", call=call)))
    assert "whisper" not in answered(
        heard(), told(Reply("请稍等。", call=Call(CallAct.DIAL, number="110")))
    )


def test_who_waits_hears_the_place_and_can_press_a_key_at_any_moment() -> None:
    waiting = sign("wait-5-0", CallSign.WAITING, step=5)
    reply = Reply("您前面还有2位。", call=Call(CallAct.WAIT, seconds=20))
    document = answered(waiting, told(reply))
    assert gather(document)["action"] == f"{URL}?waitkey=5&n=1"
    assert '<Pause length="20"/></Gather>' in document
    assert document.endswith(f"{URL}?wait=5&amp;n=1</Redirect>")
    assert answered(waiting).endswith(f"{URL}?wait=5&amp;n=1</Redirect>")
    leaving = Reply("", call=Call(CallAct.LEAVE))
    assert answered(waiting, told(leaving)) == "<Leave/>"


@pytest.mark.parametrize(
    ("outcome", "goes_to"),
    [
        ("bridged", "?step=5&amp;m=talked"),
        ("leave", "?step=5&amp;m=waited"),
        ("queue-full", "?step=5&amp;m=waited"),
        ("system-error", "?step=5&amp;m=waited"),
    ],
)
def test_whoever_is_out_of_the_queue_goes_on_in_the_talk(outcome: str, goes_to: str) -> None:
    left = sign("queued-5", CallSign.LEFT, step=5, outcome=outcome)
    assert answered(left) == f'<Redirect method="POST">{URL}{goes_to}</Redirect>'


def test_nobody_is_ever_left_in_silence() -> None:
    assert answered(heard()).endswith("<Hangup/>")
    assert "再见" in answered(heard())
    assert answered(heard(), told(Reply(""))).endswith("<Hangup/>")
    assert "<Say" in answered(heard(), told(Reply("")))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?step=4",
        "?wait=3",
        "?wait=3&n=2",
        "?queued=3",
        "?dialed=3",
        "?recorded=3",
        "?say=1-2-0",
    ],
)
def test_when_nothing_can_be_kept_the_caller_is_told_in_both_languages(query: str) -> None:
    sorry = VOICE.webhooks[0].sorry
    assert sorry is not None
    document = sorry(Wire(URL + query, {}, b"")).body.decode()
    assert_known(document)
    if "wait" not in query:
        assert "cmn-CN" in document
        assert "en-US" in document


def documents() -> Iterator[str]:
    """One of every kind."""
    for language in Language:
        yield answered(heard(0), told(Reply("a", YES_NO, record=True, language=language)))
        yield answered(heard(), told(Reply("a", digits=4, keys_only=True, language=language)))
    for act in CallAct:
        call = Call(act, number="+861096069", room="talk-1", seconds=30)
        yield answered(heard(), told(Reply("a", call=call)))
        yield answered(sign("wait-5-0", CallSign.WAITING, step=5), told(Reply("a", call=call)))
        yield answered(
            sign("order-7", CallSign.ANSWERED, order=7, outcome="human"),
            told(Reply("a", call=call)),
        )
    yield answered(sign("dialed-5", CallSign.DIALED, step=5, outcome="completed"))


# Every word that Twilio's classes do not know is a word that Twilio does not know.
CLASSES = {name.lower(): one for name, one in inspect.getmembers(voice_response, inspect.isclass)}


def attributes_of(parent: str, name: str) -> set[str]:
    """The attributes that Twilio's classes take for `name` inside `parent`, in TwiML's spelling."""
    method = getattr(CLASSES[parent.lower()], re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())
    taken = set(inspect.signature(method).parameters) - {"self", "kwargs"}
    return {re.sub(r"_(\w)", lambda m: m[1].upper(), one.removesuffix("_")) for one in taken}


def assert_known(document: str) -> None:
    body = document if document.startswith("<?xml") else f"<Response>{document}</Response>"
    root = ElementTree.fromstring(body)  # noqa: S314 - ours
    root.tag = "VoiceResponse"
    for parent in root.iter():
        for child in parent:
            unknown = set(child.attrib) - attributes_of(parent.tag, child.tag)
            assert not unknown, f"<{parent.tag}><{child.tag}> {unknown}"


def test_every_document_is_made_of_verbs_and_attributes_that_twilio_knows() -> None:
    made = list(documents())
    assert len(made) > 20
    for document in made:
        assert_known(document)


def test_reading_and_answering_a_step_costs_little() -> None:
    """The turn between them takes some 300 µs: the wire must not be what counts. Measured here: 49."""
    form = {
        "AccountSid": ACCOUNT.sid,
        "CallSid": CALL,
        "From": PHONE,
        "To": "+861012345",
        "Direction": "inbound",
        "CallStatus": "in-progress",
        "SpeechResult": "海淀区田村路街道暖气不热",
        "Confidence": "0.9",
    }
    url = URL + "?step=2"
    headers = {
        "content-type": FORM,
        "x-twilio-signature": signature(ACCOUNT.auth_token, url, form.items()),
    }
    wire, webhook = Wire(url, headers, urlencode(form).encode()), VOICE.webhooks[0]
    messages = told(Reply("我听到的是：田村路街道，暖气不热。", YES_NO))
    began = time.process_time()
    for _ in range(500):
        webhook.answer(webhook.read(wire, NOW), messages)
    each = (time.process_time() - began) / 500
    assert each < 1e-3
