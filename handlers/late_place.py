"""An emergency is opened at once, and its place told afterwards: then it is dispatched as it would have been."""

from datetime import datetime

from dialogs.requests import AddToTicket, Draft
from dialogs.words import Kind, TicketState
from handlers.dispatch import by_kind
from handlers.effects import Effects
from handlers.first_receiver import deadline
from handlers.life_cycle import Act, move
from handlers.open_ticket import assign
from handlers.point import point_of
from handlers.surges import IN_SURGE, in_force_for
from handlers.world import World
from store.tickets import EventRow, LockedTicket, PlaceRow


def take_late_place(
    world: World, effects: Effects, ticket: LockedTicket, order: AddToTicket, now: datetime
) -> None:
    """Put the place on a locked ticket; one that waits in triage goes where the catalogue sends it."""
    place = order.place
    row = PlaceRow(ticket.id, place.district, place.street, place.community, place.detail)
    row = row._replace(**point_of(order.pin)._asdict())
    draft = _draft(ticket, order)
    surge = in_force_for(world.surges, draft, "") if ticket.surge_id is None else None
    if surge is not None:
        line_id = surge.line_of(draft, "")
        row = row._replace(surge_id=surge.surge.id, surge_line_id=line_id)
        effects.events.append(EventRow(ticket.id, now, IN_SURGE, "system", note=surge.name))
    effects.places.append(row)
    if ticket.state != TicketState.TRIAGE or not place.district or ticket.joined_to is not None:
        return  # what has joined another goes where that one goes
    rules = world.city.responsibilities
    decision = by_kind(rules, ticket.kind, ticket.topic, place, ticket.enterprise)
    if decision.lead is None:
        return
    dispatched = effects.change(
        ticket.id,
        state=move(ticket.state, Act.DISPATCH),
        lead_unit_id=decision.lead.id,
        first_unit_id=decision.lead.id,
        why=decision.why,
    )
    assign(effects, ticket.id, ticket.round, decision, now, ticket.due_at)
    effects.timers.append(deadline(world, dispatched, now))


def _draft(ticket: LockedTicket, order: AddToTicket) -> Draft:
    """What it turns out to be about now that its place is known; its words are the title's and what is said now."""
    matter = f"{ticket.title} {order.text}"
    return Draft(matter=matter, kind=Kind(ticket.kind), topic=ticket.topic, place=order.place)
