"""Timers of casework: each names what on a ticket it is about, and runs with the ticket under its lock.

A kind is one line in `handlers/case_ringing.py`; one whose reason is gone does nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import new_work
from handlers.effects import Effects
from handlers.world import World
from store.conversations import ConversationRow
from store.database import Connection
from store.tickets import LockedTicket
from store.timers import FiredTimer, TimerRow

CASE = new_work.CASE  # the subject; its id is the ticket's, its kind "<what>:<id of it>"

CLOCKS = new_work.CLOCKS  # of a unit's share: the id is the unit's, 0 for all
APPLICATION = "application"
WHISTLE = "whistle"
COORDINATION = "coordination"
HOLD = "hold"
SUPERVISION = "supervision"
OPEN_LINE = "open_line"  # of a day on which leaders take calls
RECONCILIATION = "reconciliation"
COMMUNITY = "community"
FIXED = "fixed"  # by a steward, on the spot
SUCCESSION = "succession"  # of a unit that has ended: its id
TRIAGE = new_work.TRIAGE  # dispatch's own clock; the id is the round


@dataclass(frozen=True, slots=True)
class Rung:
    """A timer of one kind that has fired: what on which ticket it is about."""

    ticket: LockedTicket
    id: int
    due_at: datetime


@dataclass(slots=True)
class Ringing:
    """A batch of fired timers; `rows` are locked conversations.

    After a notice of `handlers.notices.notify` put the row back with its `seq` one higher.
    """

    world: World
    effects: Effects
    rows: dict[int, ConversationRow]
    now: datetime

    def row_of(self, ticket: LockedTicket) -> ConversationRow | None:
        """The locked conversation of a ticket, if it has one and the timer was armed with it."""
        return self.rows.get(ticket.conversation_id or 0)


Ring = Callable[[Connection, Ringing, Sequence[Rung]], Awaitable[None]]


def case_timer(
    ticket: LockedTicket, what: str, id_: int, due_at: datetime, *, tells: bool = False
) -> TimerRow:
    """Arm it. `tells`: the resident is told something then, so that the conversation is locked first."""
    conversation_id = ticket.conversation_id if tells else None
    return TimerRow(CASE, ticket.id, f"{what}:{id_}", conversation_id, due_at)


def dropped(ticket_id: int, what: str, id_: int) -> tuple[str, int, str]:
    """What `Effects.dropped` takes to disarm it."""
    return (CASE, ticket_id, f"{what}:{id_}")


def named(timer: FiredTimer) -> tuple[str, int]:
    """What a timer of casework is about."""
    what, _, id_ = timer.kind.partition(":")
    return what, int(id_)
