"""The three clocks of each share on a ticket's page: what is done, what is left, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import TicketState
from gateway.console.case.form import Asked, Form, Section
from handlers.clocks import CLOCK_NAMES, ON_HOLD, STOPPED, Clock
from store import clocks
from store.clocks import ShownShare
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock; `stands`: it stops in this state, or it stopped because it was answered."""

    name: str
    due_at: datetime
    done_at: datetime | None
    stands: bool

    @property
    def late(self) -> bool:
        """Whether it was answered too late."""
        return self.done_at is not None and self.done_at > self.due_at


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's share with its clocks."""

    share: ShownShare
    clocks: Sequence[Shown]


async def _lines(connection: Connection, asked: Asked) -> object | None:
    facts = asked.view.facts
    if facts.joined_to is not None:
        return None
    found = await clocks.of_ticket(connection, facts.id)
    stopped = STOPPED[TicketState(facts.state)]
    held = await clocks.is_held(connection, facts.id, asked.now)
    if held:
        stopped |= ON_HOLD
    return [Line(share, _shown(share, stopped)) for share in found] or None


def _shown(share: ShownShare, stopped: frozenset[Clock]) -> list[Shown]:
    moments = {
        Clock.SIGN: (share.sign_due_at, share.signed_at),
        Clock.CONTACT: (share.contact_due_at, share.contacted_at),
        Clock.FEEDBACK: (share.due_at, share.done_at),
    }
    return [
        Shown(CLOCK_NAMES[clock], due_at, done_at, clock in stopped or share.state == "done")
        for clock, (due_at, done_at) in moments.items()
        if due_at is not None
    ]


FORMS: tuple[Form, ...] = ()
SECTIONS: tuple[Section, ...] = (Section("时限", "console/case/clocks.html", _lines),)
