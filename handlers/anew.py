"""Dispatched anew: what another had first goes to whom the catalogue names, with a fresh clock."""

from datetime import datetime

from dialogs.words import AssignmentRole
from handlers.answer_due import answer_due
from handlers.dispatch import Decision
from handlers.effects import Effects
from handlers.life_cycle import Act, move
from handlers.open_ticket import assign
from handlers.world import World
from store.assignments import AssignmentChange
from store.tickets import LockedTicket
from store.timers import TimerRow


def dispatch_anew(
    world: World,
    effects: Effects,
    ticket: LockedTicket,
    decision: Decision,
    now: datetime,
    staff_id: int | None = None,
) -> LockedTicket:
    """Take a locked ticket from who leads it and give it to others, or to the centre; returns it as it will be.

    It counts as a complaint from now on, and whoever has it now has a whole time to answer.
    """
    lead_id = decision.lead.id if decision.lead else None
    due_at = answer_due(world, ticket.topic, ticket.grade, now)
    effects.assignment_changes.append(
        AssignmentChange(ticket.id, AssignmentRole.LEAD, "ended", now, staff_id)
    )
    changed = effects.change(
        ticket.id,
        state=move(ticket.state, Act.DISPATCH if decision.lead else Act.RETURN),
        lead_unit_id=lead_id,
        first_unit_id=lead_id,
        due_at=due_at,
        why=decision.why,
        counted=True,
    )
    assign(effects, ticket.id, changed.round, decision, now, due_at, staff_id)
    deadline = TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at)
    effects.timers.append(deadline)
    return changed
