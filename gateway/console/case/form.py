"""A form of a ticket's page as data: what the act means, who is told, what is asked for, and the handler it names."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.case import By
from handlers.staff_acts import StaffAct
from handlers.ticket_view import TicketView
from handlers.world import World
from store.database import Connection
from store.staff import Staff


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks at which ticket, when."""

    world: World
    view: TicketView
    staff: Staff
    now: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, as the browser sent it; kept by the time the act is done, under its `media_id`."""

    name: str
    content: bytes
    media_id: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came; `subject` is what on the ticket it is about (a whistle, an application), 0 for the ticket itself.

    `many`: the values of a field that may be given several times.
    """

    world: World
    who: By
    ticket_id: int
    typed: Mapping[str, str]
    subject: int = 0
    many: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[Upload] = ()


class Input(StrEnum):
    """How a field is typed in."""

    LINE = "line"
    AREA = "area"
    SELECT = "select"
    CHECKS = "checks"  # several of the options
    UNIT = "unit"  # one unit by its name, out of all that get work
    UNITS = "units"  # several, one a line
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    FILES = "files"


Options = Callable[[Asked], Sequence[tuple[str, str]]]  # (value, label)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for."""

    name: str
    label: str
    input: Input = Input.AREA
    needed: bool = True
    options: Options | None = None
    value: str = ""
    longest: int = 1000
    checked: bool = False  # all of the options, until somebody unchecks them


@dataclass(frozen=True, slots=True)
class Subject:
    """Something on the ticket that an act is about; a form is shown for each. `fields`: asked for this one besides."""

    id: int
    title: str
    text: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One act. `means` says what will happen and who will be told, before it is done; `done` after.

    `subjects` None: the act is about the ticket itself; else a form is shown for each of them, and none for none.
    `more`: fields that have to be looked up. `leaves`: the ticket may be out of one's own sight afterwards.
    """

    act: StaffAct
    means: str | Callable[[Asked], str]
    done: str
    do: Callable[[Connection, Sent], Awaitable[None]]
    fields: tuple[Field, ...] = ()
    subjects: Callable[[Connection, Asked], Awaitable[Sequence[Subject]]] | None = None
    danger: bool = False
    leaves: bool = False
    button: str = ""
    more: Callable[[Connection, Asked], Awaitable[tuple[Field, ...]]] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: `load` gives what the template shows as `section`, None to show nothing."""

    title: str
    template: str
    load: Callable[[Connection, Asked], Awaitable[object | None]]


@dataclass(frozen=True, slots=True)
class Offered:
    """A form that can be sent now, ready for the template. `own`: the page has a template of its own for it."""

    act: StaffAct
    name: str
    means: str = ""
    button: str = ""
    danger: bool = False
    fields: Sequence[tuple[Field, Sequence[tuple[str, str]]]] = ()
    subject: Subject | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with what it shows."""

    title: str
    template: str
    section: object
