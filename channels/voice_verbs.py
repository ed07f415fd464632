"""The verbs of TwiML that end a turn of a call: to wait, to leave a message, to be handed over, to meet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from channels.twiml import go_to, hang_up, pause, plain, verb
from channels.voice_settings import VoiceSettings
from dialogs.said import Call
from dialogs.words import CallAct

WAIT_SECONDS = 15  # of a queue's document that names no time
MESSAGE_PAUSE_SECONDS = 5


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
class Scene:
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


def _enqueue(phone: Phone, scene: Scene, call: Call) -> Sequence[str]:
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


def wait(phone: Phone, scene: Scene, words: str, seconds: int) -> Sequence[str]:
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
    return (heard, to_wait(phone, scene))


def to_wait(phone: Phone, scene: Scene) -> str:
    """Go on waiting in the queue."""
    return go_to(phone.url(f"wait={scene.next}&n={scene.poll}"))


def record(phone: Phone, scene: Scene, call: Call) -> Sequence[str]:
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


def _dial(phone: Phone, scene: Scene, call: Call) -> Sequence[str]:
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


def _meet(phone: Phone, scene: Scene, call: Call) -> Sequence[str]:
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


def recording(phone: Phone) -> str:
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


ACTS: Final[Mapping[CallAct, Callable[[Phone, Scene, Call], Sequence[str]]]] = {
    CallAct.HANG_UP: lambda *_: (hang_up(),),
    CallAct.QUEUE: _enqueue,
    CallAct.LEAVE: lambda *_: ("<Leave/>",),
    CallAct.RECORD: record,
    CallAct.DIAL: _dial,
    CallAct.MEET: _meet,
}
