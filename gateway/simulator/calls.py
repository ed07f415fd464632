"""The calls that the stand-in carries: who calls whom, what was said and keyed, what was asked of the gateway."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from gateway import clock
from gateway.simulator.changes import Changes

MOST_KEPT = 2_000
MOST_LINES = 400
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
Form = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """Something heard or done on a phone. `kind`: say, play, beep, key, speech, other (who is talked to), note, complaint."""

    kind: str
    text: str
    at: datetime
    language: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the gateway and its answer, so that it can be made again."""

    url: str
    form: tuple[tuple[str, str], ...]
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a call, or of a message that was left."""

    sid: str
    call_sid: str
    seconds: int
    source: str
    begun_at: datetime


@dataclass(slots=True)
class Call:
    """One leg of a call.

    `waits` says what it is waiting for: ring, keys, speech, keys+speech, message, queue, talk or dial, and "" while it is
    busy or over. `number` counts calls; `version` is that of the last change.
    """

    sid: str
    sender: str
    receiver: str
    direction: str
    status: str
    created_at: datetime
    parent_sid: str = ""
    answered_by: str = ""
    callback_url: str = ""
    callback_events: frozenset[str] = frozenset({"completed"})
    ring_seconds: int = 60
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    waits: str = ""
    lines: list[Line] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    reports: int = 0
    number: int = 0
    version: int = 0

    @property
    def is_inbound(self) -> bool:
        """Whether somebody called us."""
        return self.direction == "inbound"

    @property
    def phone(self) -> str:
        """The end that is not ours."""
        return self.sender if self.is_inbound else self.receiver

    @property
    def is_over(self) -> bool:
        """Whether nobody is on the line any more."""
        return self.status in ENDED

    @property
    def complaints(self) -> list[str]:
        """What Twilio would not have understood."""
        return [line.text for line in self.lines if line.kind == "complaint"]

    @property
    def seconds(self) -> int:
        """How long it lasted."""
        if self.answered_at is None:
            return 0
        return round(((self.ended_at or clock.now()) - self.answered_at).total_seconds())


class Calls:
    """The newest calls and all recordings, and a wake-up for whoever watches them."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._recordings: OrderedDict[str, Recording] = OrderedDict()
        self.changes = Changes()
        self.count = 0

    def add(self, call: Call) -> Call:
        """Keep a new call."""
        self.count += 1
        call.number = self.count
        self._calls[call.sid] = call
        if len(self._calls) > MOST_KEPT:
            self._calls.popitem(last=False)
        self.note(call)
        return call

    def line(self, call: Call, kind: str, text: str, language: str = "") -> None:
        """Something was heard or done."""
        call.lines.append(Line(kind, text, clock.now(), language))
        del call.lines[:-MOST_LINES]
        self.note(call)

    def note(self, call: Call) -> None:
        """Something of a call has changed."""
        call.version = self.changes.note()

    def keep(self, call: Call, recording: Recording) -> None:
        """Keep a recording."""
        call.recordings.append(recording)
        self._recordings[recording.sid] = recording
        if len(self._recordings) > MOST_KEPT:
            self._recordings.popitem(last=False)
        self.note(call)

    def get(self, sid: str) -> Call | None:
        """The call of that id, while it is kept."""
        return self._calls.get(sid)

    def recording(self, sid: str) -> Recording | None:
        """The recording of that id, while it is kept."""
        return self._recordings.get(sid)

    def matching(self, *, sender: str = "", receiver: str = "", status: str = "") -> list[Call]:
        """Newest first, as Twilio lists them; an empty condition is none."""
        return [
            call
            for call in reversed(self._calls.values())
            if sender in {"", call.sender}
            and receiver in {"", call.receiver}
            and status in {"", call.status}
        ]

    def at(self, phone: str) -> list[Call]:
        """The calls of a phone, oldest first."""
        return [call for call in self._calls.values() if call.phone == phone]

    def since(self, version: int, phones: Collection[str] = ()) -> list[Call]:
        """What changed after `version`, oldest first; no phones means all."""
        return [
            call
            for call in self._calls.values()
            if call.version > version and (not phones or call.phone in phones)
        ]

    @property
    def complaints(self) -> list[str]:
        """Whatever Twilio would not have understood of any call."""
        return [words for call in self._calls.values() for words in call.complaints]
