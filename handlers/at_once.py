"""Answered at once (当场答复): what everybody is told of an event was enough; its resident is asked how it went all the same."""

from datetime import datetime

from dialogs.requests import Draft, TicketOpened
from dialogs.words import TicketState
from handlers.effects import Effects
from handlers.open_ticket import Origin, begin, new_ticket, open_ticket, sent_to
from handlers.world import World
from store.surveys import SurveyRow
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow

AT_ONCE = "at_once"  # the result of such a ticket
ASK = "ask"  # its timer
ANSWERED = "answered_at_once"  # the event


def open_answered(
    world: World, effects: Effects, draft: Draft, origin: Origin, now: datetime
) -> TicketOpened:
    """Open a ticket that is answered as it opens. A "not solved" later gives it to the unit that answers for it.

    Where no unit would, or nobody could be asked, it is a ticket as any other.
    """
    decision = sent_to(world, draft, origin)
    if decision.lead is None or origin.conversation_id is None:
        return open_ticket(world, effects, draft, origin, now)
    ticket = new_ticket(world, draft, origin, decision, now)._replace(
        state=TicketState.RESOLVED,
        result=AT_ONCE,
        last_reply=draft.settled,
        resolved_at=now,
    )
    begin(world, effects, draft, origin, ticket)
    effects.events.append(EventRow(ticket.id, now, ANSWERED, "system", note=draft.settled))
    due_at = now + world.rules.span("surge.ask_minutes")
    effects.timers.append(TimerRow("ticket", ticket.id, ASK, ticket.conversation_id, due_at))
    return TicketOpened(ticket.id, decision.lead.short_name, settled=True)


def survey_of(ticket: LockedTicket, now: datetime) -> SurveyRow | None:
    """The survey of a ticket that was answered at once, None where it has come back since."""
    if ticket.state != TicketState.RESOLVED or ticket.result != AT_ONCE:
        return None
    if ticket.lead_unit_id is None or ticket.conversation_id is None:
        return None
    return SurveyRow(
        ticket.id,
        ticket.round,
        ticket.lead_unit_id,
        ticket.conversation_id,
        overdue=False,
        unit_contacted=False,
        created_at=now,
        at_once=True,
    )
