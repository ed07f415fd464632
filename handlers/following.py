"""A joined ticket (并案) follows another whose units answer for both; it has its own number, limit, notices and survey.

What the followed ticket does arms a timer for each that follows it (`store.joined.ARM`), whose turn tells it
(`handlers.joined_news`): nobody locks the conversations of hundreds at once.
"""

from datetime import datetime, timedelta

import msgspec

from dialogs.ticket_number import format_number
from dialogs.words import AssignmentRole, Kind, TicketState
from handlers.dispatch import Decision, UnitRef
from handlers.effects import Effects
from handlers.world import World
from store.assignments import AssignmentRow
from store.joined import HeirRow, Parent
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow

OPEN = frozenset({TicketState.TRIAGE, TicketState.DISPATCHED, TicketState.HANDLING})
JOINABLE = frozenset({Kind.REQUEST, Kind.COMPLAINT})
NEWS = "joined_news"

# Who joins takes no lock on what it follows: an act that is being committed meanwhile is seen at this second look.
SECOND_LOOK = timedelta(minutes=1)


def may_be_joined(parent: Parent) -> bool:
    """Whether a ticket is open and may be handled together with others'."""
    return TicketState(parent.state) in OPEN and is_joinable(parent)


def is_joinable(ticket: Parent) -> bool:
    """Whether a ticket tells of what may be common, and holds nothing that others may not come to know."""
    hidden = ticket.confidential or ticket.anonymous
    return ticket.kind in JOINABLE and not hidden and ticket.shared


def decision_of(world: World, parent: Parent) -> Decision:
    """The parent's units answer for a ticket that joins it."""
    why = f"并入工单{format_number(parent.id)}一起办理"
    if parent.lead_unit_id is None:
        return Decision(None, (), why)
    known = world.city.units.get(parent.lead_unit_id)
    return Decision(known or UnitRef(parent.lead_unit_id, "", parent.unit, parent.unit), (), why)


def note_joined(
    effects: Effects, ticket_id: int, parent: Parent, now: datetime, staff_id: int | None = None
) -> None:
    """What happened to the parent so far is known; only what comes is passed on."""
    data = msgspec.json.encode({"seen": parent.newest, "to": parent.id}).decode()
    actor = "staff" if staff_id is not None else "resident"
    note = f"并入{format_number(parent.id)}"
    effects.events.append(
        EventRow(ticket_id, now, "joined", actor, staff_id, parent.lead_unit_id, note, data)
    )


def look_again(
    effects: Effects, ticket_id: int, conversation_id: int | None, now: datetime
) -> None:
    """Look a while later whether the followed ticket has gone on."""
    due_at = now + SECOND_LOOK
    effects.timers.append(TimerRow("ticket", ticket_id, NEWS, conversation_id, due_at))


def stand_alone(
    effects: Effects, ticket: LockedTicket, why: str, now: datetime, staff_id: int | None = None
) -> None:
    """Take a locked ticket out (拆出): its lead and those who assist have it as one of its own from now on."""
    followed = ticket.joined_to
    if followed is None:
        return
    effects.link(ticket.id, joined_to=None)
    actor = "system" if staff_id is None else "staff"
    effects.events.append(
        EventRow(ticket.id, now, "split", actor, staff_id, ticket.lead_unit_id, why)
    )
    if ticket.lead_unit_id is None:
        return
    row = AssignmentRow(
        ticket.id,
        ticket.round,
        AssignmentRole.LEAD,
        ticket.lead_unit_id,
        why,
        now,
        ticket.due_at,
    )
    effects.assignments.append(row)
    effects.heirs.append(HeirRow(ticket.id, followed, ticket.round, why, now, ticket.due_at))
