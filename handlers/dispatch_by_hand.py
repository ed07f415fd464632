"""Dispatch by hand (人工派单): the centre decides where the catalogue could not, or decides anew."""

from dataclasses import dataclass, replace
from datetime import timedelta

from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind, Language, TicketState
from handlers.answer_due import answer_due
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.dispatch import Decision
from handlers.first_receiver import deadline, give_lead, last_lead_of, tell_of_lead
from handlers.retopic import put_right
from handlers.staff_acts import StaffAct
from handlers.surge_marks import mark_again
from handlers.world import World
from store import casework
from store.casework import Correction
from store.database import Connection
from store.rounds import present_round


@dataclass(frozen=True, slots=True)
class Dispatching:
    """What the dispatcher chose; None leaves kind, topic, grade or place as they are."""

    unit_id: int
    reason: str
    assist_id: int | None = None
    kind: Kind | None = None
    topic: str | None = None
    grade: Grade | None = None
    place: Place | None = None


async def dispatch_by_hand(
    connection: Connection, world: World, by: By, ticket_id: int, order: Dispatching
) -> None:
    """Give a ticket to a unit of the dispatcher's choice, put right what was wrong, and tell the resident."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.DISPATCH)
    order = replace(order, reason=worded(order.reason, "派单理由"))
    decision = _decision(world, order)
    last_lead = last_lead_of(case)
    due_before, was_in_triage = case.ticket.due_at, case.ticket.state == TicketState.TRIAGE
    await _correct(connection, case, order)
    await give_lead(connection, case, decision)
    if case.ticket.due_at != due_before and not was_in_triage:
        case.effects.timers.append(deadline(world, case.ticket, by.at))
    lead = decision.lead
    if lead is not None and lead.id != last_lead:
        moved = case.ticket.due_at != due_before
        tell_of_lead(case, lead, first=last_lead is None, limit_moved=moved)
    await finish(connection, case)


def _decision(world: World, order: Dispatching) -> Decision:
    units = {unit.id: unit for unit in world.city.responsibilities.units.values()}
    lead = units.get(order.unit_id)
    if lead is None:
        raise ActRefusedError("请选择承办单位：这个单位不在目录中，或者不接单。")
    if order.assist_id is None:
        return Decision(lead, (), order.reason)
    assist = units.get(order.assist_id)
    if assist is None or assist.id == lead.id:
        raise ActRefusedError("协办单位不在目录中，或者就是主办单位。")
    return Decision(lead, (assist,), order.reason)


async def _correct(connection: Connection, case: Case, order: Dispatching) -> None:
    ticket, reader = case.ticket, case.world.city.reader
    await put_right(connection, case, order.kind, order.topic)
    place = order.place
    places = (place.district, place.street, place.community, place.detail) if place else (None,) * 4
    correction = Correction(order.grade, *places)
    await casework.correct(connection, ticket.id, correction, order.reason)
    changes = []
    if order.grade is not None and order.grade != ticket.grade:
        changes.append(f"等级由{ticket.grade}级改为{order.grade}级")
        due_at = ticket.due_at + await _moved(connection, case, order.grade)
        case.effects.change(ticket.id, grade=order.grade, due_at=due_at)
    if place is not None:
        changes.append(f"地点改为{reader.full_name(place, Language.CHINESE) or '不明'}")
    if changes:
        case.record("corrected", "；".join(changes))
    await mark_again(connection, case)


async def _moved(connection: Connection, case: Case, grade: Grade) -> timedelta:
    """The limit is counted from when the round began, whatever the grade was called then."""
    began_at, ticket = (await present_round(connection, case.ticket_id)).began_at, case.ticket
    before, after = (
        answer_due(case.world, ticket.topic, one, began_at) for one in (ticket.grade, grade)
    )
    return after - before
