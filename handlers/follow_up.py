"""What a resident does with an own ticket: add (补充), press (催单), withdraw (撤单)."""

from datetime import datetime

from dialogs.requests import AddToTicket, UrgeTicket, WithdrawTicket
from dialogs.words import TicketState
from handlers.effects import Effects
from handlers.late_place import take_late_place
from handlers.life_cycle import Act, LifeCycleError, move
from handlers.open_ticket import mask_contact
from handlers.reopen import reopen
from handlers.repeated import told_again
from handlers.urged import press
from handlers.visit import Visit
from handlers.world import World
from store.assignments import AssignmentChange
from store.human_tasks import TaskRow
from store.tickets import ContactRow, EventRow, LockedTicket
from store.unit_notices import UnitNoticeRow

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
            add(world, effects, ticket, order, now)
        case UrgeTicket():
            effects.events.append(EventRow(order.ticket_id, now, "urged", "resident"))
            if ticket is not None:
                press(world, effects, ticket, now)
        case WithdrawTicket():
            if ticket is not None:
                _withdraw(effects, ticket, order.reason, now)


def add(
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
    if ticket.confidential:
        note = f"保密工单“{ticket.title}”有补充，请看要不要转给{ticket.lead_name or '承办单位'}：{order.text}"
        effects.tasks.append(TaskRow("relay", ticket.conversation_id, ticket.id, note, now))
    if ticket.state in ENDED:
        _reopen_closed(world, effects, ticket, order.text, now)
    else:
        _tell_unit(effects, ticket, "added", f"市民对“{ticket.title}”有补充，请查看。", now)


def _contact(world: World, order: AddToTicket) -> ContactRow:
    seal = world.keys.seal
    name = seal(order.contact_name) if order.contact_name else None
    return ContactRow(order.ticket_id, seal(order.contact), mask_contact(order.contact), name)


def _reopen_closed(
    world: World, effects: Effects, ticket: LockedTicket, text: str, now: datetime
) -> None:
    """A message after the end reopens the ticket within the window; later a person looks at it."""
    if ticket.closed_at is None:
        return
    if now - ticket.closed_at <= world.rules.span("reopen.days"):
        why = f"{ENDED[TicketState(ticket.state)]}后市民补充"
        said = "" if ticket.confidential else f"：{text}"  # units read why it was reopened
        reopen(world, effects, ticket, f"{why}{said}", now)
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
    _tell_unit(effects, ticket, "withdrawn", f"市民撤回了“{ticket.title}”，不用再办。", now)


def _tell_unit(
    effects: Effects, ticket: LockedTicket, event: str, note: str, now: datetime
) -> None:
    """The desk of the unit that leads; while nobody does there is nobody to tell."""
    lead = ticket.lead_unit_id
    if lead is not None:
        effects.unit_notices.append(UnitNoticeRow(lead, "desk", ticket.id, event, note, now))
