"""What is put right later comes into an event in force (平战转换) by its topic and place, or leaves it; its rates follow."""

from dialogs.requests import Draft
from dialogs.understanding.place import Place
from dialogs.words import Kind
from handlers.case import Case
from handlers.dispatch import Decision
from handlers.surges import IN_SURGE, SurgeInForce, in_force_for
from store import surge_marks
from store.database import Connection
from store.surge_marks import ToldTicket
from store.tickets import EventRow

OUT_OF_SURGE = "out_of_surge"


async def mark_again(connection: Connection, case: Case) -> Decision | None:
    """Look again at which event a corrected ticket is about; returns where the event sends it, None: it does not.

    An event that has ended keeps its tickets, and none takes what was opened before it began. Grade and limit stay.
    """
    if not case.world.surges:
        return None
    ticket = await surge_marks.told(connection, case.ticket_id)
    running = {one.surge.id: one for one in case.world.surges}
    if ticket.surge_id is not None and ticket.surge_id not in running:
        return None
    draft = _draft(ticket)
    after = _belongs(running, ticket, draft)
    after_id = after.surge.id if after else None
    if after_id is None and ticket.surge_id is None:
        return None
    line_id = after.line_of(draft, ticket.line) if after else None
    own = case.ticket_id, ticket.surge_id
    moved = await surge_marks.mark(connection, *own, after_id, line_id)
    if after_id != ticket.surge_id:
        whose = after or running[ticket.surge_id or 0]
        event, by = IN_SURGE if after else OUT_OF_SURGE, case.by
        case.effects.events += [
            EventRow(one, by.at, event, "staff", by.staff_id, by.unit_id, whose.name)
            for one in moved
        ]
    return after.routed(case.world.city.units, draft) if after else None


def _belongs(
    running: dict[int, SurgeInForce], ticket: ToldTicket, draft: Draft
) -> SurgeInForce | None:
    """The event that it was about stays before others that would take it too."""
    if ticket.to_experts and ticket.surge_id is not None:
        return running[ticket.surge_id]
    if not ticket.of_residents:
        return None
    ids = dict.fromkeys(filter(None, (ticket.surge_id, *running)))
    open_to = [running[one] for one in ids if one in ticket.open_to or one == ticket.surge_id]
    return in_force_for(open_to, draft, ticket.line)


def _draft(ticket: ToldTicket) -> Draft:
    return Draft(
        matter=ticket.matter,
        kind=Kind(ticket.kind),
        topic=ticket.topic,
        emergency=ticket.emergency,
        place=Place(ticket.district, ticket.street, ticket.community),
    )
