"""What a resident does with an own ticket: add (补充), press (催单), withdraw (撤单)."""

from datetime import datetime

from dialogs.requests import AddToTicket, UrgeTicket, WithdrawTicket
from dialogs.words import TicketState
from handlers.effects import Effects
from handlers.find_tickets import REOPEN_WINDOW
from handlers.late_place import take_late_place
from handlers.life_cycle import Act, LifeCycleError, move
from handlers.open_ticket import mask_contact
from handlers.reopen import reopen
from handlers.repeated import told_again
from handlers.visit import Visit
from handlers.world import World
from store.human_tasks import TaskRow
from store.tickets import AssignmentChange, ContactRow, EventRow, LockedTicket

ENDED = {TicketState.CLOSED: "办结", TicketState.WITHDRAWN: "撤单"}

FollowUp = AddToTicket | UrgeTicket | WithdrawTicket


def follow_up(world: World, effects: Effects, visit: Visit, order: FollowUp, now: datetime) -> None:
    """Carry out one follow-up. Only the resident whose ticket it is may; others change nothing."""
    opened_now = any(ticket.id == order.ticket_id for ticket in effects.tickets)
    ticket = effects.locked.get(order.ticket_id)
    if not opened_now and (ticket is None or ticket.resident_id != visit.row.resident_id):
        return
    match order:
        case AddToTicket():
            _add(world, effects, ticket, order, now)
        case UrgeTicket():
            effects.events.append(EventRow(order.ticket_id, now, "urged", "resident"))
            if ticket is not None:
                effects.change(ticket.id, urged=ticket.urged + 1)
        case WithdrawTicket():
            if ticket is not None:
                _withdraw(effects, ticket, order.reason, now)


def _add(
    world: World, effects: Effects, ticket: LockedTicket | None, order: AddToTicket, now: datetime
) -> None:
    """Keep words, photos and place; `ticket` is None when it was opened in this very turn."""
    effects.events.append(EventRow(order.ticket_id, now, "added", "resident", note=order.text))
    effects.media.extend((order.ticket_id, attachment.id) for attachment in order.attachments)
    if ticket is None:
        return
    if order.contact:
        effects.contacts.append(_contact(world, order))
    if order.again:
        told_again(world, effects, ticket, now)
    if order.place.district or order.pin:
        take_late_place(world, effects, ticket, order, now)
    _reopen_closed(effects, ticket, order.text, now)


def _contact(world: World, order: AddToTicket) -> ContactRow:
    seal = world.keys.seal
    name = seal(order.contact_name) if order.contact_name else None
    return ContactRow(order.ticket_id, seal(order.contact), mask_contact(order.contact), name)


def _reopen_closed(effects: Effects, ticket: LockedTicket, text: str, now: datetime) -> None:
    """A message after the end reopens the ticket within the window; later a person looks at it."""
    if ticket.state not in ENDED or ticket.closed_at is None:
        return
    if now - ticket.closed_at <= REOPEN_WINDOW:
        reopen(effects, ticket, f"{ENDED[TicketState(ticket.state)]}后市民补充：{text}", now)
    else:
        note = f"市民对已结束的工单“{ticket.title}”补充：{text}"
        effects.tasks.append(TaskRow("call_back", ticket.conversation_id, ticket.id, note, now))


def _withdraw(effects: Effects, ticket: LockedTicket, reason: str, now: datetime) -> None:
    try:
        state = move(ticket.state, Act.WITHDRAW)
    except LifeCycleError:
        return  # it was closed meanwhile; the next look at it says so
    effects.change(ticket.id, state=state, closed_at=now)
    effects.events.append(EventRow(ticket.id, now, "withdrawn", "resident", note=reason))
    effects.assignment_changes.append(AssignmentChange(ticket.id, "", "ended", now))
    effects.dropped.append(("ticket", ticket.id, "deadline"))
