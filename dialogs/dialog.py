"""What a dialog is made of: named states that ask and hear, and the moves a state can make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from dialogs.phrases import Phrases
from dialogs.requests import Event, Request
from dialogs.said import Reply
from dialogs.session import Session
from dialogs.understanding.reader import Reader
from dialogs.words import Language


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step may know of the world; nothing else is visible inside.

    `timezone` is the city's, for dates that residents read. `reachable` says that the address is a phone number, so that nobody is asked for one.
    """

    now: datetime
    reader: Reader
    phrases: Phrases
    timezone: tzinfo
    buttons: bool = True  # False: choices are shown as numbered text
    brief: bool = False  # True on SMS: every character costs
    reachable: bool = False
    opt_out: bool = False  # STOP and 退订 mean something on this channel


@dataclass(frozen=True, slots=True)
class Talk:
    """What a state's functions are given: the session as it stood, and the facts."""

    session: Session
    facts: Facts

    @property
    def language(self) -> Language:
        """The language that the resident is spoken to in."""
        return self.session.language

    def say(self, message: str, /, **slots: object) -> str:
        """Translate an English source phrase and fill its slots."""
        return self.facts.phrases.say(self.session.language, message, **slots)


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
    """Begin another dialog on top; this one goes on when that has finished. `data` replaces this one's own."""

    dialog: str
    state: str
    other: msgspec.Struct
    data: msgspec.Struct
    say: str = ""
    do: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """End this dialog."""

    say: str = ""
    do: tuple[Request, ...] = ()
    last_ticket: int = 0
    language: Language | None = None
    abandon_all: bool = False  # drop the dialogs below too ("start over")


@dataclass(frozen=True, slots=True)
class Lost:
    """Not understood: the question is asked again, after `hint`; twice in a row, a human is offered."""

    hint: str = ""


Move = Goto | Await | Start | Finish | Lost


@dataclass(frozen=True, slots=True)
class State:
    """A named state: `ask(talk, data)` makes its question, `hear(talk, data, event)` decides the move.

    `ask` may be called again at any time (after an interruption, a misunderstanding, a restart). A state that only
    awaits an answer of the city has no `ask`.
    """

    hear: Callable[[Talk, Any, Event], Move]
    ask: Callable[[Talk, Any], Reply] | None = None
    free_text: bool = False  # whole sentences are expected: only exact command words interrupt, digits are not choices


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog: its name, the type of its data, its states, and the words that start it at any time.

    `patience` are seconds of silence; when one has passed, `silent(talk, data, stage)` is called.
    """

    name: str
    data: type[msgspec.Struct]
    states: Mapping[str, State]
    first: str
    commands: Mapping[str, str] = field(default_factory=dict)  # word -> state to start in
    patience: tuple[int, ...] = ()
    silent: Callable[[Talk, Any, int], Move] | None = None
