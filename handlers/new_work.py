"""What begins with new work: a look at the clocks of shares that have none yet, and at what waits for dispatch.

Whoever makes shares need not know of clocks: their timer is due at once and sets them (`handlers/clocks.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dialogs.words import AssignmentRole, TicketState
from store.assignments import AssignmentRow, ReopenedRow
from store.joined import HeirRow
from store.tickets import LockedTicket, TicketRow
from store.timers import TimerRow

CASE = "case"  # the subject of all timers of casework
CLOCKS = "clocks"
TRIAGE = "triage"
ALL_UNITS = 0  # in place of a unit's id: all shares of the ticket

WORKING = frozenset(
    {AssignmentRole.LEAD, AssignmentRole.ASSIST}
)  # shares that have the three clocks


def look_at_clocks(ticket_id: int, at: datetime) -> TimerRow:
    """Set the clocks of a ticket's shares that have none, and arm them."""
    return TimerRow(CASE, ticket_id, f"{CLOCKS}:{ALL_UNITS}", None, at)


def look_at_triage(ticket_id: int, round_number: int, at: datetime) -> TimerRow:
    """Begin the clock of dispatch itself."""
    return TimerRow(CASE, ticket_id, f"{TRIAGE}:{round_number}", None, at)


def of_shares(
    assignments: Sequence[AssignmentRow],
    reopened: Sequence[ReopenedRow],
    heirs: Sequence[HeirRow],
) -> Iterator[TimerRow]:
    """What begins with new shares; those whose maker has set their clocks have their timer too."""
    for share in assignments:
        if share.sign_due_at is None and share.role in WORKING:
            yield look_at_clocks(share.ticket_id, share.dispatched_at)
    for again in reopened:
        yield look_at_clocks(again.ticket_id, again.at)
    for heir in heirs:
        yield look_at_clocks(heir.ticket_id, heir.at)


def of_triage(
    opened: Sequence[TicketRow],
    triaged: set[int],
    locked: Mapping[int, LockedTicket],
    now: datetime,
) -> Iterator[TimerRow]:
    """What begins with tickets that nobody has; those that follow another go where that one goes."""
    for ticket in opened:
        if ticket.state == TicketState.TRIAGE and ticket.joined_to is None:
            yield look_at_triage(ticket.id, 1, now)
    for ticket_id in triaged:
        if locked[ticket_id].joined_to is None:
            yield look_at_triage(ticket_id, locked[ticket_id].round, now)
