"""Reopening (重办): a matter that was not solved goes back to its first receiver, with a round and a clock of its own."""

from datetime import datetime, timedelta

from dialogs.words import GRADE_HOURS, AssignmentRole, Grade, TicketState
from handlers.effects import Effects
from handlers.following import OPEN, look_again, stand_alone
from handlers.life_cycle import Act, move
from store.tickets import AssignmentChange, AssignmentRow, EventRow, LockedTicket, ReopenedRow
from store.timers import TimerRow


def reopen(effects: Effects, ticket: LockedTicket, why: str, now: datetime) -> None:
    """Start the next round of a locked ticket with the unit that led it; the earlier round's survey stays as it was.

    One that has joined another follows it again while that is open, and stands alone otherwise.
    """
    state = move(ticket.state, Act.REOPEN)
    if ticket.lead_unit_id is None:
        state = TicketState.TRIAGE
    follows = ticket.parent_state in OPEN
    due_at = now + timedelta(hours=GRADE_HOURS[Grade(ticket.grade)])
    changed = effects.change(
        ticket.id,
        state=TicketState(ticket.parent_state) if follows and ticket.parent_state else state,
        round=ticket.round + 1,
        due_at=due_at,
        resolved_at=None,
        closed_at=None,
    )
    effects.assignment_changes.append(AssignmentChange(ticket.id, "", "ended", now))
    effects.events.append(
        EventRow(ticket.id, now, "reopened", "resident", unit_id=changed.lead_unit_id, note=why)
    )
    effects.timers.append(TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at))
    if follows:
        look_again(effects, ticket.id, ticket.conversation_id, now)
    elif ticket.joined_to is not None:
        stand_alone(effects, changed, why, now)
    else:
        _assign_again(effects, changed, why, now)


def _assign_again(effects: Effects, ticket: LockedTicket, why: str, now: datetime) -> None:
    """The unit that led leads again, and those assist who assisted."""
    lead = ticket.lead_unit_id
    if lead is not None:
        effects.assignments.append(
            AssignmentRow(
                ticket.id, ticket.round, AssignmentRole.LEAD, lead, why, now, ticket.due_at
            )
        )
    effects.reopened.append(ReopenedRow(ticket.id, ticket.round, why, now, ticket.due_at))
