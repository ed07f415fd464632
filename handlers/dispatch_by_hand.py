"""Dispatch by hand (人工派单): the centre decides where the catalogue could not, or decides anew."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dialogs.phrases import phrase
from dialogs.understanding.place import Place
from dialogs.words import GRADE_HOURS, AssignmentRole, Grade, Kind, Language, TicketState
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.dispatch import Decision, UnitRef
from handlers.life_cycle import Act, move
from handlers.notices import language_of, notice
from handlers.open_ticket import assign
from handlers.retopic import put_right
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import casework
from store.casework import Correction, running
from store.database import Connection
from store.tickets import AssignmentChange, LockedTicket
from store.timers import TimerRow

FIRST = phrase("“{title}” is with {unit} now. They will get in touch: please take their call.")
PASSED_ON = phrase(
    "After a check, {unit} handles your matter now. The time limit stays; you need not tell it again."
)
PASSED_ON_ANEW = phrase(
    "After a check, {unit} handles your matter now and answers by {when}; you need not tell it again."
)

WORKING = (AssignmentRole.LEAD, AssignmentRole.ASSIST)  # who is called or party to a talk stays so


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
    last_lead = _last_lead(case)
    due_before, was_in_triage = case.ticket.due_at, case.ticket.state == TicketState.TRIAGE
    await _correct(connection, case, order)
    _assign(case, decision)
    if case.ticket.due_at != due_before or was_in_triage:
        case.effects.timers.append(deadline(case.ticket, by.at))
    lead = decision.lead
    if lead is not None and lead.id != last_lead:
        _tell(case, lead, first=last_lead is None, limit_moved=case.ticket.due_at != due_before)
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


def _last_lead(case: Case) -> int | None:
    """The unit that the resident was last told of."""
    leads = [share.unit_id for share in case.shares if share.role == AssignmentRole.LEAD]
    return leads[-1] if leads else None


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
        due_at = ticket.due_at + _moved(Grade(ticket.grade), order.grade)
        case.effects.change(ticket.id, grade=order.grade, due_at=due_at)
    if place is not None:
        changes.append(f"地点改为{reader.full_name(place, Language.CHINESE) or '不明'}")
    if changes:
        case.record("corrected", "；".join(changes))


def _moved(before: Grade, after: Grade) -> timedelta:
    """The limit is counted from when the round began, whatever the grade was called then."""
    return timedelta(hours=GRADE_HOURS[after] - GRADE_HOURS[before])


def _assign(case: Case, decision: Decision) -> None:
    """Shares that the decision does not name are taken away; an assisting one that it names goes on."""
    ticket, by = case.ticket, case.by
    named = {unit.id for unit in decision.assist}
    assisting = running(case.shares, AssignmentRole.ASSIST)
    going_on = {share.unit_id for share in assisting} & named
    case.effects.assignment_changes.extend(
        AssignmentChange(ticket.id, share.role, "returned", by.at, by.staff_id, share.unit_id)
        for share in running(case.shares)
        if share.role in WORKING
        and (share.role == AssignmentRole.LEAD or share.unit_id not in going_on)
    )
    lead = decision.lead
    state = move(ticket.state, Act.DISPATCH)
    changed = case.effects.change(
        ticket.id, state=state, lead_unit_id=lead.id if lead else None, why=decision.why
    )
    fresh = tuple(unit for unit in decision.assist if unit.id not in going_on)
    assign(
        case.effects,
        ticket.id,
        changed.round,
        replace(decision, assist=fresh),
        by.at,
        changed.due_at,
        by.staff_id,
    )


def deadline(ticket: LockedTicket, now: datetime) -> TimerRow:
    """When its resident is asked at the latest.

    Where the limit passed while nobody had the ticket, that is when its unit has had it for as long as a limit lasts;
    the limit that the resident was told stays, and stays missed.
    """
    own_time = now + timedelta(hours=GRADE_HOURS[Grade(ticket.grade)])
    due_at = ticket.due_at if ticket.due_at > now else own_time
    return TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at)


def _tell(case: Case, lead: UnitRef, *, first: bool, limit_moved: bool) -> None:
    if first:
        notice(case, FIRST, title=case.ticket.title, unit=lead.short_name)
    elif limit_moved:
        when = _date(case, case.ticket.due_at)
        notice(case, PASSED_ON_ANEW, unit=lead.short_name, when=when)
    else:
        notice(case, PASSED_ON, unit=lead.short_name)


def _date(case: Case, moment: datetime) -> str:
    local = moment.astimezone(case.world.timezone)
    if case.row is not None and language_of(case.world, case.row) is Language.ENGLISH:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日{local:%H:%M}"
