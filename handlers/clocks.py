"""The three clocks of a unit's share: to sign, to get in touch, to answer (签收, 首次联系, 答复)."""

from datetime import datetime

from handlers.effects import Effects
from store.clocks import DueRow
from store.tickets import LockedTicket
from store.timers import TimerRow


def move_feedback(
    effects: Effects, ticket: LockedTicket, due_at: datetime, now: datetime
) -> LockedTicket:
    """Let a ticket be answered by another time: its limit, its leading unit's clock and its timers move along.

    Returns the ticket as it will be. `now` is when its clocks are looked at again.
    """
    del now
    moved = effects.change(ticket.id, due_at=due_at)
    effects.timers.append(TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at))
    if ticket.lead_unit_id is not None:
        effects.dues.append(DueRow(ticket.id, ticket.lead_unit_id, due_at))
    return moved
