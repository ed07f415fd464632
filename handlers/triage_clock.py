"""The clock of dispatch itself: who is at the centre hears what waits to be dispatched, its head what waits too long."""

from collections.abc import Sequence
from datetime import timedelta

from dialogs.words import TicketState
from handlers.case_timers import Ringing, Rung
from handlers.new_work import look_at_triage
from handlers.world import World
from store import clocks
from store.clocks import Waiting
from store.database import Connection
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow


def dispatch_span(world: World, channel: str, source: str) -> timedelta:
    """How long a ticket may wait for dispatch: what came by phone or chat at once, what was typed in a while."""
    at_once = source == "resident" and channel in world.channels
    return world.rules.span("dispatch.phone_minutes" if at_once else "dispatch.other_minutes")


async def ring_triage(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Tell dispatchers when their time is over, the head of the centre a while later, and again day by day."""
    open_ones = {
        rung.ticket.id: rung
        for rung in rungs
        if rung.ticket.state == TicketState.TRIAGE and rung.ticket.joined_to is None
    }
    if not open_ones:
        return
    for waiting in await clocks.waiting(connection, list(open_ones)):
        _ring(ringing, open_ones[waiting.id], waiting)


def _ring(ringing: Ringing, rung: Rung, waiting: Waiting) -> None:
    world, now, effects = ringing.world, ringing.now, ringing.effects
    rules, ticket = world.rules, rung.ticket
    due_at = waiting.since + dispatch_span(world, waiting.channel, waiting.source)
    late_at = due_at + rules.span("dispatch.head_minutes")
    if now < due_at:
        again = due_at
    elif now < late_at:
        again = late_at
        note = f"“{ticket.title}”待派单，请马上派单。"
        effects.events.append(EventRow(ticket.id, now, "dispatch_due", "system"))
        effects.unit_notices.append(
            UnitNoticeRow(None, "desk", ticket.id, "dispatch_due", note, now, urgent=True)
        )
    else:
        again = now + rules.span("dispatch.again_hours")
        note = f"“{ticket.title}”超过派单时限仍未派出，请督促。"
        effects.events.append(EventRow(ticket.id, now, "dispatch_late", "system"))
        effects.unit_notices.append(
            UnitNoticeRow(None, "head", ticket.id, "dispatch_late", note, now, urgent=True)
        )
    effects.timers.append(look_at_triage(ticket.id, ticket.round, again))
