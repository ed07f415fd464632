"""The frame of every staff act: claim the form, lock conversation then ticket, check who may, write once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.words import Role, TicketState
from handlers.effects import Effects
from handlers.permits import hold_of, refusal
from handlers.staff_acts import Hold, StaffAct
from handlers.world import World
from store import casework, conversations, tickets
from store.casework import Share
from store.conversations import ConversationRow
from store.database import Connection
from store.tickets import EventRow, LockedTicket

LONGEST_TEXT = 1000

# What PostgreSQL cannot keep, and what nobody can read; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ActError(Exception):
    """Root of what keeps a staff act from taking effect."""


class ActRefusedError(ActError):
    """It may not be done, or not like this; the message is a sentence for staff."""


class UnknownTicketError(ActError):
    """There is no such ticket, as far as this unit is concerned."""


class RepeatedActError(ActError):
    """The same form has had its effect already; `result` is what came of it."""

    def __init__(self, result: str) -> None:
        super().__init__("this form has had its effect")
        self.result = result


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, for which unit (None: the centre), when. `key` is the form's own, so that sent twice it acts once."""

    staff_id: int
    name: str
    unit_id: int | None
    roles: frozenset[Role]
    key: str
    at: datetime


@dataclass(slots=True)
class Case:
    """A ticket under lock, in the hands of a member of staff; `row` is its locked conversation, if it has one."""

    world: World
    by: By
    ticket_id: int
    row: ConversationRow | None
    hold: Hold
    shares: tuple[Share, ...]
    effects: Effects = field(default_factory=Effects)

    @property
    def ticket(self) -> LockedTicket:
        """The ticket as it is by now."""
        return self.effects.locked[self.ticket_id]

    @property
    def unit(self) -> str:
        """What the resident knows the acting unit by; the centre goes by its number."""
        unit = self.world.city.units.get(self.by.unit_id) if self.by.unit_id is not None else None
        return unit.short_name if unit else "12345"

    def record(self, kind: str, note: str = "", *, unit_id: int | None = None) -> None:
        """Add an event of this act; its unit is the acting one unless another is named."""
        self.effects.events.append(
            EventRow(
                self.ticket_id,
                self.by.at,
                kind,
                "staff",
                self.by.staff_id,
                unit_id if unit_id is not None else self.by.unit_id,
                note,
            )
        )


async def claim(connection: Connection, by: By) -> None:
    """Claim the form in the caller's transaction; raises `RepeatedActError`."""
    result = await casework.claim(connection, by.key, by.staff_id, by.at)
    if result is not None:
        raise RepeatedActError(result)


async def take_up(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    act: StaffAct,
    *,
    beside: Sequence[int] = (),
) -> Case:
    """Begin an act in the caller's transaction; end it with `finish`.

    `beside`: other tickets that the act rests on; all are locked together, in the order in which everybody locks them.

    Raises:
        ActError: it is a repeat, is not permitted, or the ticket is not there for this unit.
    """
    await claim(connection, by)
    found = await tickets.conversations_of(connection, [ticket_id])
    if ticket_id not in found:
        raise UnknownTicketError
    conversation_id = found[ticket_id]
    rows = await conversations.lock_by_id(connection, [conversation_id]) if conversation_id else []
    locked = await tickets.lock(connection, [ticket_id, *beside])
    shares = await casework.shares(connection, ticket_id)
    hold = hold_of(by.unit_id, shares)
    if hold is None:
        raise UnknownTicketError
    hold = replace(hold, joined=locked[ticket_id].joined_to is not None)
    refused = refusal(act, TicketState(locked[ticket_id].state), hold, by.roles)
    if refused is not None:
        raise ActRefusedError(refused)
    case = Case(world, by, ticket_id, rows[0] if rows else None, hold, shares)
    case.effects.locked.update(locked)
    return case


async def finish(connection: Connection, case: Case, result: str = "") -> None:
    """Write what the act has gathered, once."""
    await case.effects.write(connection, case.by.at)
    if result:
        await casework.set_result(connection, case.by.key, result)


def worded(text: str, name: str, *, longest: int = LONGEST_TEXT, needed: bool = True) -> str:
    """A text as staff typed it, tidied; raises `ActRefusedError` when it is missing or too long."""
    tidy = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if needed and not tidy:
        raise ActRefusedError(f"请填写{name}。")
    if len(tidy) > longest:
        raise ActRefusedError(f"{name}太长：{len(tidy)}字，最多{longest}字。")
    return tidy
