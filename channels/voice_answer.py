"""What a caller hears: one reply as TwiML that speaks, listens, and says where to go on.

Every document ends in a question, an act or a polite hang-up, never in silence. Addresses in it carry the next
step, so that whatever comes back has a place of its own (`CallSid-N`), however often it comes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from channels.base import Answer, CallEvent, CallSign, Heard, Inbound, Message
from channels.spoken import spoken, voices, with_choices
from channels.twiml import document, go_to, hang_up, pause, plain, say, verb
from channels.voice_settings import VoiceSettings
from dialogs.said import Call, Reply
from dialogs.words import CallAct, Language

XML = "text/xml"
WAIT_SECONDS = 15  # of a queue's document that names no time
POLL_SECONDS = 5
MESSAGE_PAUSE_SECONDS = 5
MOST_HINT = 100  # characters of one; https://www.twilio.com/docs/voice/twiml/gather#hints
BYE: Final = {
    Language.CHINESE: "谢谢您的来电，再见。",
    Language.ENGLISH: "Thank you for calling. Goodbye.",
}
KEPT: Final = {
    Language.CHINESE: "您的留言已收到，我们会尽快给您回电，再见。",
    Language.ENGLISH: "We have your message and will call you back. Goodbye.",
}
BROKEN: Final = {
    Language.CHINESE: "对不起，系统暂时有问题。请在嘀声后留言：在什么地方、什么事。说完请按井号键。",
    Language.ENGLISH: "Sorry, something is wrong on our side. Please leave a message after the beep.",
}
# Somebody came, or the call was only passed on; with anything else nobody did.
_TALKED: Final = ("bridged", "bridging-in-process", "completed", "answered")
_GONE: Final = ("hangup", "redirected", "redirected-from-bridged")


@dataclass(frozen=True, slots=True)
class Phone:
    """Where we are on the web, and how the phone speaks and listens there."""

    voice_url: str
    status_url: str
    own: str
    settings: VoiceSettings

    def url(self, query: str) -> str:
        """An address of ours for this call to go on at."""
        return f"{self.voice_url}?{query}"


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where in a call we are: the step that comes next, and on whose line. `order` names a call of ours to staff."""

    next: int
    line: str
    order: int = 0
    poll: int = 0
    machine: bool = False
    waiting: bool = False  # this is the queue's own document
    call: str = ""  # the provider's id of the call
    whisper: bool = False  # only this party hears it, before the other is joined

    @property
    def question(self) -> str:
        """The query under which the answer to a question comes."""
        return f"order={self.order}&key={self.next}" if self.order else f"step={self.next}"

    @property
    def dialed(self) -> str:
        """The query under which the end of a talk comes."""
        return f"dialed={self.next}&of={self.order}" if self.order else f"dialed={self.next}"


def answer(phone: Phone, heard: Sequence[Heard], messages: Sequence[Message]) -> Answer:
    """The document for what was heard; nothing heard means that an earlier request of the call has failed."""
    on_line = next((one for one in heard if isinstance(one, Inbound | CallEvent)), None)
    if on_line is None:
        return sorry(phone, {})
    scene = _scene(phone, on_line)
    if messages:
        return _written(*_said(phone, scene, messages))
    return _written(*_unsaid(phone, on_line, scene))


def sorry(phone: Phone, query: Mapping[str, str]) -> Answer:
    """What is heard when nothing can be kept just now: who waits goes on waiting, others may leave a message."""
    if "wait" in query or "waitkey" in query:
        step = int(query.get("wait") or query.get("waitkey") or 0)
        scene = _Scene(step, phone.own, poll=int(query.get("n", "0")) + 1)
        return _written(pause(POLL_SECONDS), _to_wait(phone, scene))
    if "recorded" in query or "order" in query or "say" in query:
        return _written(*_in_both(phone, BYE), hang_up())
    step = max(int(query.get(name, "0")) for name in ("step", "queued", "dialed")) + 1
    return _written(
        *_in_both(phone, BROKEN), *_record(phone, _Scene(step, phone.own), Call(CallAct.RECORD))
    )


def prompt(reply: Reply, language: Language) -> str:
    """The words of a reply as they are spoken, with the keys named last."""
    return spoken(with_choices(reply.text, reply.choices, language), language)


def _scene(phone: Phone, heard: Inbound | CallEvent) -> _Scene:
    if isinstance(heard, CallEvent) and heard.sign is CallSign.ANSWERED and not heard.order:
        return _Scene(1, phone.own, whisper=True)
    call, _, digits = heard.key.rpartition("-")
    ordinal = int(digits)
    if isinstance(heard, Inbound):
        line = heard.line or phone.own
        return _Scene(ordinal + 1, line, machine=heard.machine, call=call)
    if heard.order and not heard.step:
        return _Scene(1, phone.own, order=heard.order)
    if heard.order and heard.sign is CallSign.PRESSED:
        return _Scene(heard.step + 1, phone.own, order=heard.order)
    if heard.sign in (CallSign.WAITING, CallSign.PRESSED):
        return _Scene(heard.step, phone.own, poll=ordinal + 1, waiting=True)
    order = heard.order if heard.sign is CallSign.DIALED else 0
    return _Scene(heard.step, phone.own, order=order)


def _unsaid(phone: Phone, heard: Inbound | CallEvent, scene: _Scene) -> Sequence[str]:
    """Nobody has anything to say to this: the call goes on where it must."""
    if isinstance(heard, Inbound):
        return (*_in_both(phone, KEPT if heard.media else BYE), hang_up())
    if scene.waiting:
        return (pause(POLL_SECONDS), _to_wait(phone, scene))
    ended = heard.sign in (CallSign.LEFT, CallSign.DIALED)
    if ended and heard.outcome in _GONE:
        return ()
    if ended and not scene.order:
        moment = "talked" if heard.outcome in _TALKED else "waited"
        return (go_to(phone.url(f"step={scene.next}&m={moment}")),)
    return (hang_up(),)


def _said(phone: Phone, scene: _Scene, messages: Sequence[Message]) -> Sequence[str]:
    """All that is to be said, then what the last of it asks or does."""
    words = "".join([_words(phone, message) for message in messages])
    last = messages[-1].reply
    begun = _recording(phone) if any(m.reply.record for m in messages) else ""
    if scene.waiting and (last.call is None or last.call.act is CallAct.WAIT):
        return _wait(phone, scene, words, last.call.seconds if last.call else 0)
    if last.call is not None and last.call.act in _ACTS:
        return (begun, words, *_ACTS[last.call.act](phone, scene, last.call))
    if scene.whisper:
        return (words,)
    if not words:
        return (*_in_both(phone, BYE), hang_up())
    if scene.machine:
        return (words, hang_up())
    return (begun, _listen(phone, scene, words, last), go_to(phone.url(scene.question)))


def _words(phone: Phone, message: Message) -> str:
    reply = message.reply
    text = "".join(message.parts) or prompt(reply, reply.language)
    return _speak(phone, text, reply.language)


def _speak(phone: Phone, text: str, language: Language) -> str:
    tongues = phone.settings.tongues
    return "".join(
        [
            say(piece, tongues[tongue].voice, tongues[tongue].speak)
            for tongue, piece in voices(text, language)
        ]
    )


def _in_both(phone: Phone, texts: Mapping[Language, str]) -> list[str]:
    """For somebody whose language is not known here."""
    return [_speak(phone, text, language) for language, text in texts.items()]


def _listen(phone: Phone, scene: _Scene, words: str, reply: Reply) -> str:
    """Ask and listen. https://www.twilio.com/docs/voice/twiml/gather"""
    asked = phone.url(scene.question)
    keys = {"numDigits": "1", "finishOnKey": ""}
    if reply.digits:
        asked = f"{asked}&d={reply.digits}"
        keys = {"numDigits": str(reply.digits), "finishOnKey": "#"}
    keys_only = reply.keys_only or scene.order
    return verb(
        "Gather",
        words,
        input="dtmf" if keys_only else "dtmf speech",
        action=asked,
        method="POST",
        timeout=str(phone.settings.wait_seconds),
        actionOnEmptyResult="true",
        **keys,
        **({} if keys_only else _hearing(phone.settings, reply)),
    )


def _hearing(settings: VoiceSettings, reply: Reply) -> dict[str, str]:
    """How speech is recognised: what can be picked is what is likely to be said."""
    hearing = {
        "language": settings.tongues[reply.language].listen,
        "speechTimeout": settings.pause,
        "profanityFilter": "false",
        "bargeIn": "true",
    }
    labels = [c.label[:MOST_HINT] for c in reply.choices if "," not in c.label]
    hints = ",".join([*labels, settings.hints] if settings.hints else labels)
    if hints:
        hearing["hints"] = hints
    if settings.model:
        hearing["speechModel"] = settings.model
    return hearing


def _enqueue(phone: Phone, scene: _Scene, call: Call) -> Sequence[str]:
    """Wait for a person. https://www.twilio.com/docs/voice/twiml/enqueue"""
    enqueue = verb(
        "Enqueue",
        plain(call.room or phone.settings.queue),
        action=phone.url(f"queued={scene.next}"),
        method="POST",
        waitUrl=phone.url(f"wait={scene.next}"),
        waitUrlMethod="POST",
    )
    return (enqueue,)


def _wait(phone: Phone, scene: _Scene, words: str, seconds: int) -> Sequence[str]:
    """Wait on, with an ear for one key."""
    music = phone.settings.music_url
    until = verb("Play", plain(music)) if music else pause(seconds or WAIT_SECONDS)
    heard = verb(
        "Gather",
        words + until,
        input="dtmf",
        action=phone.url(f"waitkey={scene.next}&n={scene.poll}"),
        method="POST",
        numDigits="1",
        finishOnKey="",
        timeout="1",
    )
    return (heard, _to_wait(phone, scene))


def _to_wait(phone: Phone, scene: _Scene) -> str:
    return go_to(phone.url(f"wait={scene.next}&n={scene.poll}"))


def _record(phone: Phone, scene: _Scene, call: Call) -> Sequence[str]:
    """Take a message. One that is empty goes on with the next verb. https://www.twilio.com/docs/voice/twiml/record"""
    done = phone.url(f"recorded={scene.next}")
    record = verb(
        "Record",
        action=done,
        method="POST",
        maxLength=str(call.seconds or phone.settings.message_seconds),
        timeout=str(MESSAGE_PAUSE_SECONDS),
        finishOnKey="#",
        playBeep="true",
        recordingStatusCallback=f"{phone.status_url}?purpose=message",
        recordingStatusCallbackMethod="POST",
    )
    return (record, go_to(done))


def _dial(phone: Phone, scene: _Scene, call: Call) -> Sequence[str]:
    """Hand over to a number; a desk hears who is coming before they are joined, help in danger is not held up by that.

    https://www.twilio.com/docs/voice/twiml/number#url
    """
    whisper = {"url": phone.url(f"whisper={scene.call}"), "method": "POST"}
    heard = whisper if scene.call and call.number.startswith("+") else {}
    dial = verb(
        "Dial",
        verb("Number", plain(call.number), **heard),
        action=phone.url(scene.dialed),
        method="POST",
        callerId=scene.line,
        timeout=str(phone.settings.ring_seconds),
    )
    return (dial,)


def _meet(phone: Phone, scene: _Scene, call: Call) -> Sequence[str]:
    """Join a room. Nobody can from within the queue's document: out first, what is there sends on to the room.

    https://www.twilio.com/docs/voice/twiml/conference
    """
    if scene.waiting:
        return ("<Leave/>",)
    conference = verb(
        "Conference",
        plain(call.room),
        beep="false",
        startConferenceOnEnter="true",
        endConferenceOnExit="true",
        waitUrl=phone.settings.music_url,
        waitMethod="GET",
    )
    return (verb("Dial", conference, action=phone.url(scene.dialed), method="POST"),)


def _recording(phone: Phone) -> str:
    """Record the call from here on. https://www.twilio.com/docs/voice/twiml/recording"""
    if not phone.settings.recording:
        return ""
    recording = verb(
        "Recording",
        channels="mono",
        recordingStatusCallback=f"{phone.status_url}?purpose=talk",
        recordingStatusCallbackMethod="POST",
    )
    return verb("Start", recording)


def _written(*verbs: str) -> Answer:
    return Answer(document(*verbs), XML)


_ACTS: Final[Mapping[CallAct, Callable[[Phone, _Scene, Call], Sequence[str]]]] = {
    CallAct.HANG_UP: lambda *_: (hang_up(),),
    CallAct.QUEUE: _enqueue,
    CallAct.LEAVE: lambda *_: ("<Leave/>",),
    CallAct.RECORD: _record,
    CallAct.DIAL: _dial,
    CallAct.MEET: _meet,
}
