"""What a dialog is made of: named states that ask and hear, and the moves a state can make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from dialogs.phrases import Phrases
from dialogs.requests import Request, SecondReading
from dialogs.said import Reply, Said
from dialogs.session import Session
from dialogs.surges import Surge
from dialogs.understanding.reader import Reader
from dialogs.words import Language


@dataclass(frozen=True, slots=True)
class Line:
    """A number that residents call: a hotline that was merged into this one keeps its name, greeting and topic.

    `greeting` is by language; `emergency` (119 …) is handed a call about danger to life by one key, `second_line` is the
    desk that a call is handed to warm; empty where there is none. `recording` is told, asked or none.
    """

    number: str = ""
    name: str = ""
    greeting: Mapping[Language, str] = field(default_factory=dict)
    topic: str = ""
    emergency: str = ""
    second_line: str = ""
    recording: str = "told"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step may know of the world; nothing else is visible inside.

    `timezone` is the city's, for dates that residents read. `reachable` says that the address is a
    phone number, so that nobody is asked for one; `texts` that a caller's number takes text messages.
    """

    now: datetime
    reader: Reader
    phrases: Phrases
    timezone: tzinfo
    buttons: bool = True  # False: choices are shown as numbered text
    brief: bool = False  # True on SMS: every character costs
    reachable: bool = False
    opt_out: bool = False  # STOP and 退订 mean something on this channel
    voice: bool = False  # True on the phone: prompts are heard, answers are spoken or keyed
    texts: bool = False
    contact: bool = False  # the resident can share the own phone number with a button
    linkable: bool = (
        False  # nobody knows the resident's number here, and a code by SMS could prove it
    )
    line: Line = Line()  # the number that was called
    languages: tuple[Language, ...] = tuple(Language)  # those that the city answers in
    surges: tuple[Surge, ...] = ()  # events in force
    green_hours: int = (
        72  # that an enterprise has to settle a consumer dispute, before its regulator
    )


@dataclass(frozen=True, slots=True)
class Talk:
    """What a state's functions are given: the session as it stood, and the facts."""

    session: Session
    facts: Facts

    @property
    def language(self) -> Language:
        """The language that the resident is spoken to in."""
        return self.session.language

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return "" if self.language is Language.CHINESE else " "

    def say(self, message: str, /, **slots: object) -> str:
        """Translate an English source phrase and fill its slots."""
        phrases = self.facts.phrases
        say = phrases.speak if self.facts.voice else phrases.say
        return say(self.session.language, message, **slots)


@dataclass(frozen=True, slots=True)
class Goto:
    """Go to another state of this dialog (or the same one) and ask its question."""

    state: str
    data: msgspec.Struct
    say: str = ""
    do: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Await:
    """Ask the city; its answer is heard in `state`."""

    request: Request
    state: str
    data: msgspec.Struct
    say: str = ""
    do: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Begin another dialog on top; this one goes on when that has finished, with `data`, or ends now (None).

    What was `heard` is heard at once by the other's state, which asks its question otherwise. `once`: it is an offer, and
    remembered as made.
    """

    dialog: str
    state: str
    other: msgspec.Struct
    data: msgspec.Struct | None = None
    heard: Said | None = None
    say: str = ""
    do: tuple[Request, ...] = ()
    last_ticket: int = 0
    once: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """End this dialog; the one below asks its question again, unless it is to be `quiet`."""

    say: str = ""
    do: tuple[Request, ...] = ()
    last_ticket: int = 0
    language: Language | None = None
    abandon_all: bool = False  # drop the dialogs below too ("start over")
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class HandOn:
    """End this dialog: what was said is not for it. The one below hears it, or the fallback."""

    say: str = ""
    do: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """Not understood: the question is asked again, after `hint`; twice in a row, a human is offered.

    `data` keeps what is to be kept all the same (a photo), None leaves all as it was.
    """

    hint: str = ""
    data: msgspec.Struct | None = None
    do: tuple[Request, ...] = ()


Move = Goto | Await | Start | Finish | HandOn | Lost


@dataclass(frozen=True, slots=True)
class State:
    """A named state: `ask(talk, data)` makes its question, `hear(talk, data, event)` decides the move.

    `ask` may be called again at any time (after an interruption, a misunderstanding, a restart). A
    state that has no `ask` awaits an answer of the city, or is the first moment of a dialog: it then
    hears the message that began it.
    """

    hear: Callable[[Talk, Any, Any], Move]
    ask: Callable[[Talk, Any], Reply] | None = None
    own_words: frozenset[str] = frozenset()  # command words that are answers here
    passing: bool = False  # not worth coming back to: gone as soon as another dialog begins on top
    patience: tuple[int, ...] = ()  # in place of the dialog's
    media: bool = False  # hears photos and shared locations by itself


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog: its name, the type of its data, its states, and the words that start it at any time.

    `patience` are seconds of silence, each counted from the last message or from the one before; when
    one has passed, `silent(talk, data, stage)` is called, without which the dialog ends quietly. A late
    second reading of what was said is taken into the data by `reread`, in silence. `encloses(data, said)` keeps photos
    and a location that come while another dialog's question is open.
    """

    name: str
    data: type[msgspec.Struct]
    states: Mapping[str, State]
    first: str
    patience: tuple[int, ...]
    commands: Mapping[str, str] = field(default_factory=dict)  # word -> state to start in
    silent: Callable[[Talk, Any, int], Move] | None = None
    reread: Callable[[Talk, Any, SecondReading], msgspec.Struct] | None = None
    encloses: Callable[[Any, Said], tuple[msgspec.Struct, tuple[Request, ...]]] | None = None
    keeps: bool = False  # begun again while it is open, it goes on where it was: a draft is in it

    def patience_in(self, state: str) -> tuple[int, ...]:
        """The patience of a state: its own, else the dialog's."""
        known = self.states.get(state, self.states[self.first])
        return known.patience or self.patience
