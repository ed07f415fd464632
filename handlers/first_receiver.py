"""First receiver (首接负责): who leads until the matter is solved, and the only ways in which the lead passes to another.

By hand before anybody has signed; afterwards by a return, correction or coordination that was upheld.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.phrases import phrase
from dialogs.words import AssignmentRole, TicketState
from handlers.answer_due import answer_due
from handlers.case import ActRefusedError, Case
from handlers.coordinations import TalkAct, end, moved
from handlers.dispatch import Decision, UnitRef
from handlers.hold import take_off_hold
from handlers.life_cycle import Act, move
from handlers.notices import notice
from handlers.open_ticket import assign
from handlers.plain_dates import said_moment
from handlers.world import World
from store import applications, coordinations
from store.assignments import AssignmentChange
from store.casework import running
from store.coordinations import Decided
from store.database import Connection
from store.tickets import LockedTicket
from store.timers import TimerRow

FIRST = phrase("“{title}” is with {unit} now. They will get in touch: please take their call.")
PASSED_ON = phrase(
    "“{title}”: after a check, {unit} handles it now. The time limit stays; you need not tell it again."
)
PASSED_ON_BY_PLACE = phrase(
    "“{title}”: after a check, the place is {unit}'s. They handle it now; the time limit stays, and you need not tell it again."
)
PASSED_ON_BY_DUTY = phrase(
    "“{title}”: after a check, this kind of matter is {unit}'s. They handle it now; the time limit stays, and you need not tell it again."
)
PASSED_ON_ANEW = phrase(
    "“{title}”: after a check, {unit} handles it now and answers by {when}; you need not tell it again."
)

VOID = "工单已改派，不用再会商"
WORKING = (AssignmentRole.LEAD, AssignmentRole.ASSIST)  # who is called or party to a talk stays so


async def pass_on(
    connection: Connection,
    case: Case,
    lead: UnitRef | None,
    why: str,
    assist: Sequence[UnitRef] | None = None,
    *,
    told: str = PASSED_ON,
) -> None:
    """Let another unit lead what was upheld not to be this one's; None: the centre finds out whose it is.

    `assist` None: those who assist go on. The limit stays, and the resident is `told` who has the matter now, and why.
    """
    if lead is None:
        await send_to_triage(connection, case, why)
        return
    if lead.id == case.ticket.lead_unit_id:
        raise ActRefusedError(f"{lead.short_name}就是现在的主办单位，请选择别的单位。")
    if assist is None:
        assist = assisting(case)
    others = tuple(one for one in dict.fromkeys(assist) if one.id != lead.id)
    last_lead = last_lead_of(case)
    await give_lead(connection, case, Decision(lead, others, why))
    slots = {"title": case.ticket.title, "unit": lead.short_name}
    notice(case, FIRST if last_lead is None else told, **slots)


def assisting(case: Case) -> list[UnitRef]:
    """Units that assist now."""
    units = case.world.city.units
    shares = running(case.shares, AssignmentRole.ASSIST)
    return [units[share.unit_id] for share in shares if share.unit_id in units]


async def send_to_triage(connection: Connection, case: Case, why: str) -> None:
    """Put it before the centre's dispatchers; its limit runs on, and assisting units keep their share."""
    await take_off_hold(connection, case)
    ticket, by = case.ticket, case.by
    await _void(connection, case)
    state = move(ticket.state, Act.RETURN)
    case.effects.change(ticket.id, state=state, lead_unit_id=None, first_unit_id=None, why=why)
    case.effects.assignment_changes.append(
        AssignmentChange(ticket.id, AssignmentRole.LEAD, "returned", by.at, by.staff_id)
    )
    case.record("triaged", why)


async def _void(connection: Connection, case: Case) -> None:
    """What the lead had applied for is void when another leads, and so is a conference about it."""
    await applications.lapse(connection, [case.ticket_id], case.by.at)
    for talk in await coordinations.of_ticket(connection, case.ticket_id):
        if talk.open and talk.application_id is not None:
            state = moved(talk, TalkAct.END)
            ended = Decided(talk.id, state, VOID, None, (), case.by.staff_id, case.by.at)
            await end(connection, case, talk, ended)


def last_lead_of(case: Case) -> int | None:
    """The unit that the resident was last told of."""
    leads = [share.unit_id for share in case.shares if share.role == AssignmentRole.LEAD]
    return leads[-1] if leads else None


async def give_lead(connection: Connection, case: Case, decision: Decision) -> None:
    """Give a ticket to a lead, the first receiver from now on. What others had applied for about it is void.

    Shares that the decision does not name are taken away; an assisting one that it names goes on. Where nobody had the
    ticket, its limit may have passed unasked.
    """
    await take_off_hold(connection, case)
    ticket, by = case.ticket, case.by
    await _void(connection, case)
    named = {unit.id for unit in decision.assist}
    going_on = {unit.id for unit in assisting(case)} & named
    case.effects.assignment_changes.extend(
        AssignmentChange(ticket.id, share.role, "returned", by.at, by.staff_id, share.unit_id)
        for share in running(case.shares)
        if share.role in WORKING
        and (share.role == AssignmentRole.LEAD or share.unit_id not in going_on)
    )
    state = move(ticket.state, Act.DISPATCH)
    lead_id = decision.lead.id if decision.lead else None
    changed = case.effects.change(
        ticket.id, state=state, lead_unit_id=lead_id, first_unit_id=lead_id, why=decision.why
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
    if ticket.state == TicketState.TRIAGE:
        case.effects.timers.append(deadline(case.world, changed, by.at))


def deadline(world: World, ticket: LockedTicket, now: datetime) -> TimerRow:
    """When its resident is asked at the latest.

    Where the limit passed while nobody had the ticket, that is when its unit has had it for as long as a limit lasts;
    the limit that the resident was told stays, and stays missed.
    """
    own_time = answer_due(world, ticket.topic, ticket.grade, now)
    due_at = ticket.due_at if ticket.due_at > now else own_time
    return TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at)


def tell_of_lead(case: Case, lead: UnitRef, *, first: bool, limit_moved: bool) -> None:
    """Tell the resident who has the matter now."""
    slots = {"title": case.ticket.title, "unit": lead.short_name}
    if first:
        notice(case, FIRST, **slots)
    elif limit_moved:
        notice(case, PASSED_ON_ANEW, **slots, when=said_moment(case, case.ticket.due_at))
    else:
        notice(case, PASSED_ON, **slots)
