"""Reopening (重办): a matter that was not solved goes back to its first receiver, with a round and a clock of its own."""

from datetime import datetime, timedelta

from dialogs.words import GRADE_HOURS, AssignmentRole, Grade, TicketState
from handlers.effects import Effects
from handlers.life_cycle import Act, move
from store.tickets import AssignmentChange, AssignmentRow, EventRow, LockedTicket, ReopenedRow
from store.timers import TimerRow


def reopen(effects: Effects, ticket: LockedTicket, why: str, now: datetime) -> None:
    """Start the next round of a locked ticket with the unit that led it; the earlier round's survey stays as it was."""
    state = move(ticket.state, Act.REOPEN)
    due_at = now + timedelta(hours=GRADE_HOURS[Grade(ticket.grade)])
    changed = effects.change(
        ticket.id,
        state=state if ticket.lead_unit_id is not None else TicketState.TRIAGE,
        round=ticket.round + 1,
        due_at=due_at,
        resolved_at=None,
        closed_at=None,
    )
    effects.assignment_changes.append(AssignmentChange(ticket.id, "", "ended", now))
    if changed.lead_unit_id is not None:
        effects.assignments.append(
            AssignmentRow(
                ticket.id,
                changed.round,
                AssignmentRole.LEAD,
                changed.lead_unit_id,
                why,
                now,
                due_at,
            )
        )
    effects.reopened.append(ReopenedRow(ticket.id, changed.round, why, now, due_at))
    effects.events.append(
        EventRow(ticket.id, now, "reopened", "resident", unit_id=changed.lead_unit_id, note=why)
    )
    effects.timers.append(TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at))
