"""What a caller hears: one reply as TwiML that speaks, listens, and says where to go on.

Every document ends in a question, an act or a polite hang-up, never in silence. Addresses in it carry the next
step, so that whatever comes back has a place of its own (`CallSid-N`), however often it comes.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from channels.base import Answer, CallEvent, CallSign, Heard, Inbound, Message
from channels.spoken import spoken, voices, with_choices
from channels.twiml import document, go_to, hang_up, pause, say, verb
from channels.voice_settings import VoiceSettings
from channels.voice_verbs import ACTS, Phone, Scene, record, recording, to_wait, wait
from dialogs.said import Call, Reply
from dialogs.words import CallAct, Language

XML = "text/xml"
POLL_SECONDS = 5
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
        scene = Scene(step, phone.own, poll=int(query.get("n", "0")) + 1)
        return _written(pause(POLL_SECONDS), to_wait(phone, scene))
    if "recorded" in query or "order" in query or "say" in query:
        return _written(*_in_both(phone, BYE), hang_up())
    step = max(int(query.get(name, "0")) for name in ("step", "queued", "dialed")) + 1
    return _written(
        *_in_both(phone, BROKEN), *record(phone, Scene(step, phone.own), Call(CallAct.RECORD))
    )


def prompt(reply: Reply, language: Language) -> str:
    """The words of a reply as they are spoken, with the keys named last."""
    return spoken(with_choices(reply.text, reply.choices, language), language)


def _scene(phone: Phone, heard: Inbound | CallEvent) -> Scene:
    if isinstance(heard, CallEvent) and heard.sign is CallSign.ANSWERED and not heard.order:
        return Scene(1, phone.own, whisper=True)
    call, _, digits = heard.key.rpartition("-")
    ordinal = int(digits)
    if isinstance(heard, Inbound):
        line = heard.line or phone.own
        return Scene(ordinal + 1, line, machine=heard.machine, call=call)
    if heard.order and not heard.step:
        return Scene(1, phone.own, order=heard.order)
    if heard.order and heard.sign is CallSign.PRESSED:
        return Scene(heard.step + 1, phone.own, order=heard.order)
    if heard.sign in (CallSign.WAITING, CallSign.PRESSED):
        return Scene(heard.step, phone.own, poll=ordinal + 1, waiting=True)
    order = heard.order if heard.sign is CallSign.DIALED else 0
    return Scene(heard.step, phone.own, order=order)


def _unsaid(phone: Phone, heard: Inbound | CallEvent, scene: Scene) -> Sequence[str]:
    """Nobody has anything to say to this: the call goes on where it must."""
    if isinstance(heard, Inbound):
        return (*_in_both(phone, KEPT if heard.media else BYE), hang_up())
    if scene.waiting:
        return (pause(POLL_SECONDS), to_wait(phone, scene))
    ended = heard.sign in (CallSign.LEFT, CallSign.DIALED)
    if ended and heard.outcome in _GONE:
        return ()
    if ended and not scene.order:
        moment = "talked" if heard.outcome in _TALKED else "waited"
        return (go_to(phone.url(f"step={scene.next}&m={moment}")),)
    return (hang_up(),)


def _said(phone: Phone, scene: Scene, messages: Sequence[Message]) -> Sequence[str]:
    """All that is to be said, then what the last of it asks or does."""
    words = "".join([_words(phone, message) for message in messages])
    last = messages[-1].reply
    begun = recording(phone) if any(m.reply.record for m in messages) else ""
    if scene.waiting and (last.call is None or last.call.act is CallAct.WAIT):
        return wait(phone, scene, words, last.call.seconds if last.call else 0)
    if last.call is not None and last.call.act in ACTS:
        return (begun, words, *ACTS[last.call.act](phone, scene, last.call))
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


def _listen(phone: Phone, scene: Scene, words: str, reply: Reply) -> str:
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


def _written(*verbs: str) -> Answer:
    return Answer(document(*verbs), XML)
