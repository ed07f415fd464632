"""Supervision (督办): the district or the centre demands an answer of the lead by a time; silence is named above."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogs.words import TicketState
from handlers.case import ActRefusedError, By, Case, UnknownTicketError, finish, take_up, worded
from handlers.case_timers import SUPERVISION, Ringing, Rung, case_timer, dropped
from handlers.effects import Effects
from handlers.following import OPEN
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import supervisions
from store.database import Connection
from store.supervisions import Supervision, SupervisionRow
from store.tickets import EventRow, LockedTicket
from store.unit_notices import UnitNoticeRow

LOOK_AGAIN = timedelta(days=1)
LATEST = timedelta(days=365)  # a mistyped year would never ring
UNANSWERED = "supervision_unanswered"  # an event of a ticket


async def supervise(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    demand: str,
    due_at: datetime | None = None,
) -> None:
    """Demand an answer of the lead; without a time, within the rule's hours."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.SUPERVISE)
    demand = worded(demand, "督办要求")
    if due_at is not None and not by.at < due_at <= by.at + LATEST:
        raise ActRefusedError("答复期限要在现在以后，一年以内。")
    due_at = due_at or by.at + world.rules.span("supervise.hours")
    lead = case.ticket.lead_unit_id
    if lead is None:
        raise ActRefusedError("工单还没有主办单位，不能督办。")
    row = SupervisionRow(ticket_id, lead, by.staff_id, by.unit_id, demand, by.at, due_at)
    case.effects.supervisions.append(row)
    case.record("supervised", demand)
    _tell_lead(case.effects, case.ticket, lead, f"{case.unit}督办：{demand}", by.at)
    await finish(connection, case)


def open_supervision(
    world: World, effects: Effects, ticket: LockedTicket, demand: str, now: datetime
) -> bool:
    """Let the rules demand an answer of the lead (`Effects` says who follows it up); False when nobody leads."""
    lead = ticket.lead_unit_id
    if lead is None:
        return False
    above = None if ticket.confidential else world.city.superiors.get(lead)
    due_at = now + world.rules.span("supervise.hours")
    effects.supervisions.append(SupervisionRow(ticket.id, lead, None, above, demand, now, due_at))
    _tell_lead(effects, ticket, lead, f"督办：{demand}", now)
    return True


def _tell_lead(effects: Effects, ticket: LockedTicket, lead: int, said: str, now: datetime) -> None:
    note = f"“{ticket.title}”{said}"
    effects.unit_notices.extend(
        UnitNoticeRow(lead, audience, ticket.id, "supervised", note, now)
        for audience in ("desk", "head")
    )


async def answer_supervision(
    connection: Connection, world: World, by: By, ticket_id: int, supervision_id: int, text: str
) -> None:
    """The lead says how it stands; whoever demanded it ends the supervision, or asks further."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.ANSWER_SUPERVISION)
    text = worded(text, "督办答复")
    found = await _open(connection, case, supervision_id)
    if found.unit_id != by.unit_id:
        raise UnknownTicketError
    await supervisions.answer(connection, found.id, text, by.staff_id, by.at)
    case.effects.dropped.append(dropped(ticket_id, SUPERVISION, found.id))
    case.record("supervision_answered", text)
    note = f"“{case.ticket.title}”：{case.unit}已答复督办：{text}"
    case.effects.unit_notices.append(
        UnitNoticeRow(found.by_unit_id, "head", ticket_id, "supervision_answered", note, by.at)
    )
    await finish(connection, case)


async def end_supervision(
    connection: Connection, world: World, by: By, ticket_id: int, supervision_id: int, note: str
) -> None:
    """Whoever demanded it is content, or gives it up; the centre may end a district's too."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.END_SUPERVISION)
    note = worded(note, "意见")
    found = await _open(connection, case, supervision_id)
    if by.unit_id not in (None, found.by_unit_id):
        raise UnknownTicketError
    await supervisions.end(connection, found.id, by.at)
    case.effects.dropped.append(dropped(ticket_id, SUPERVISION, found.id))
    case.record("supervision_ended", note)
    told = f"“{case.ticket.title}”：督办已结束。{note}"
    case.effects.unit_notices.append(
        UnitNoticeRow(found.unit_id, "desk", ticket_id, "supervision_ended", told, by.at)
    )
    await finish(connection, case)


async def _open(connection: Connection, case: Case, supervision_id: int) -> Supervision:
    found = (await supervisions.open_of(connection, [case.ticket_id])).get(supervision_id)
    if found is None:
        raise ActRefusedError("这次督办已经结束。")
    return found


async def ring_supervisions(
    connection: Connection, ringing: Ringing, rungs: Sequence[Rung]
) -> None:
    """Not answered in time: the lead's head and those above are told, again and again, at last the centre too.

    A ticket that has ended needs no answer; one that is done may begin anew, and then the answer is still due.
    """
    found = await supervisions.open_of(connection, [one.ticket.id for one in rungs])
    silent: list[int] = []
    for rung in rungs:
        one, ticket = found.get(rung.id), rung.ticket
        if one is None or one.answered_at is not None:
            continue
        if ticket.state == TicketState.RESOLVED:
            again = case_timer(ticket, SUPERVISION, rung.id, ringing.now + LOOK_AGAIN)
            ringing.effects.timers.append(again)
        elif ticket.state in OPEN:
            silent.append(one.id)
            _name_silence(ringing, ticket, one)
    await supervisions.rung(connection, silent)


def _name_silence(ringing: Ringing, ticket: LockedTicket, one: Supervision) -> None:
    rules, now, effects = ringing.world.rules, ringing.now, ringing.effects
    times, last = one.rings + 1, one.rings + 1 >= rules.value("supervise.most")
    said = f"{one.unit}没有按期答复督办" if times == 1 else f"{one.unit}第{times}次没有答复督办"
    if last:
        said += "，不再提醒，请直接处理"
    else:
        again = now + rules.span("supervise.again_hours")
        effects.timers.append(case_timer(ticket, SUPERVISION, one.id, again))
    effects.events.append(EventRow(ticket.id, now, UNANSWERED, "system", None, one.unit_id, said))
    above = None if ticket.confidential else ringing.world.city.superiors.get(one.unit_id)
    whom = {above, one.by_unit_id} | ({None} if last else set())
    note = f"“{ticket.title}”：{said}：{one.demand}"
    effects.unit_notices.extend(
        UnitNoticeRow(unit_id, "head", ticket.id, UNANSWERED, note, now, urgent=True)
        for unit_id in (one.unit_id, *sorted(whom, key=lambda id_: id_ or 0))
    )
