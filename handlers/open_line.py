"""Open-line days (听民意解民忧): leaders take calls and chats for some hours; what they take is marked and followed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.ticket_number import format_number
from dialogs.words import Role, TicketState
from handlers.case import ActRefusedError, By, UnknownTicketError, claim, worded
from handlers.case_timers import OPEN_LINE, Ringing, Rung, case_timer
from handlers.effects import Effects
from handlers.permit_table import INTAKE_ROLES
from store import casework, open_lines, tickets
from store.database import Connection
from store.open_lines import NewOpenLine, OpenLine
from store.tickets import EventRow, LockedTicket, TicketRow
from store.timers import TimerRow
from store.unit_notices import UnitNoticeRow

OPENED, LATE = "open_line", "open_line_late"  # events of a ticket
LONGEST_NAME = 30
LONGEST_DAY = timedelta(hours=12)
MOST_LEADERS = 20
ARRANGING_ROLES = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR})
LEADING_ROLES = frozenset({Role.HEAD, Role.DISTRICT_ADMIN})
_ENDED = (TicketState.CLOSED, TicketState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Arranging:
    """A day as it was typed; `logins` are the leaders', `unit_id` None: the centre's day."""

    name: str
    unit_id: int | None
    logins: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    note: str = ""


def may_arrange(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sets up open-line days and sees them all."""
    return unit_id is None and bool(roles & ARRANGING_ROLES)


def may_see(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody may have such days: leaders see their own and their unit's."""
    return may_arrange(unit_id, roles) or bool(roles & (LEADING_ROLES | {Role.LISTENER}))


def may_type_in(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody takes down what a caller says: those of the centre, and leaders while their day is on."""
    return (unit_id is None and bool(roles & INTAKE_ROLES)) or Role.LISTENER in roles


def day_of(days: Iterable[OpenLine], staff_id: int | None, now: datetime) -> int | None:
    """The day that is on for somebody who opens a ticket now."""
    if staff_id is None:
        return None
    return next((one.id for one in days if one.runs(now) and staff_id in one.leader_ids), None)


async def arrange(connection: Connection, by: By, typed: Arranging) -> int:
    """Set up a day and tell its leaders; returns its id. Raises `ActError`."""
    await claim(connection, by)
    if not may_arrange(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心能安排领导接听。")
    name = worded(typed.name, "名称", longest=LONGEST_NAME)
    note = worded(typed.note, "说明", longest=200, needed=False)
    if typed.ends_at <= by.at or not timedelta(0) < typed.ends_at - typed.begins_at <= LONGEST_DAY:
        raise ActRefusedError("结束要在现在以后，并在开始后12小时之内。")
    people = await _leaders(connection, typed.logins)
    ids = [id_ for id_, _, _ in people]
    new = NewOpenLine(name, typed.unit_id, ids, typed.begins_at, typed.ends_at, by.staff_id, note)
    open_line_id = await open_lines.make(connection, new)
    effects = Effects()
    effects.unit_notices += [
        UnitNoticeRow(unit, "head", None, OPENED, f"请参加“{name}”接听", by.at, staff_id=id_)
        for id_, unit, _ in people
    ]
    await effects.write(connection, by.at)
    await casework.set_result(connection, by.key, str(open_line_id))
    return open_line_id


async def _leaders(
    connection: Connection, logins: Sequence[str]
) -> list[tuple[int, int | None, str]]:
    if not logins or len(logins) > MOST_LEADERS:
        raise ActRefusedError(f"请填写接听领导的用户名，最多{MOST_LEADERS}位。")
    people = await open_lines.leaders(connection, logins)
    if len(people) < len(set(logins)):
        raise ActRefusedError("有用户名不存在，请核对。")
    return people


async def end_day(connection: Connection, by: By, open_line_id: int) -> None:
    """Close a day before its time, or call one off that has not begun. Raises `ActError`."""
    await claim(connection, by)
    if not may_arrange(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心能结束领导接听。")
    ended = await open_lines.end_early(connection, open_line_id, by.at)
    if not ended and not await open_lines.call_off(connection, open_line_id, by.at):
        raise ActRefusedError("这次接听已经结束。")


async def follow(connection: Connection, by: By, open_line_id: int, ticket_id: int) -> None:
    """Give a ticket to a day, whose leaders follow it from now on. Raises `ActError`."""
    await claim(connection, by)
    if not may_arrange(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心能把工单交给领导跟踪。")
    day = (await open_lines.by_ids(connection, [open_line_id])).get(open_line_id)
    locked = await tickets.lock(connection, [ticket_id])
    if day is None or ticket_id not in locked:
        raise UnknownTicketError
    if day.begins_at > by.at:
        raise ActRefusedError("接听还没有开始。")
    if locked[ticket_id].state in _ENDED:
        raise ActRefusedError("工单已经结案。")
    if not await open_lines.follow(connection, ticket_id, open_line_id):
        raise ActRefusedError("工单已经由一次领导接听跟踪。")
    effects = Effects()
    effects.locked.update(locked)
    effects.events.append(
        EventRow(ticket_id, by.at, OPENED, "staff", by.staff_id, by.unit_id, day.name)
    )
    effects.timers.append(_timer(locked[ticket_id], open_line_id, by.at))
    await effects.write(connection, by.at)


def note_day(effects: Effects, days: Iterable[OpenLine], ticket: TicketRow) -> None:
    """Say on a new ticket which day it was taken on, and look at it again when its time is over."""
    day = next((one for one in days if one.id == ticket.open_line_id), None)
    if day is None:
        return
    effects.events.append(EventRow(ticket.id, ticket.opened_at, OPENED, "system", note=day.name))
    effects.timers.append(TimerRow("case", ticket.id, f"{OPEN_LINE}:{day.id}", None, ticket.due_at))


def _timer(ticket: LockedTicket, open_line_id: int, now: datetime) -> TimerRow:
    return case_timer(ticket, OPEN_LINE, open_line_id, max(ticket.due_at, now))


async def ring_open_lines(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """A ticket that a leader has taken is overdue: they hear of it, again each day until it is done."""
    days = await open_lines.by_ids(connection, sorted({one.id for one in rungs}))
    people = {id_ for day in days.values() for id_ in day.leader_ids}
    homes = await open_lines.homes(connection, sorted(people))
    again = ringing.now + ringing.world.rules.span("open_line.again_hours")
    for rung in rungs:
        day, ticket = days.get(rung.id), rung.ticket
        if day is None or ticket.state in _ENDED:
            continue
        late = ticket.state != TicketState.RESOLVED and ticket.due_at <= ringing.now
        due_at = again if late or ticket.due_at <= ringing.now else ticket.due_at
        ringing.effects.timers.append(case_timer(ticket, OPEN_LINE, day.id, due_at))
        if late:
            _remind(ringing, day, ticket, homes)


def _remind(
    ringing: Ringing, day: OpenLine, ticket: LockedTicket, homes: dict[int, int | None]
) -> None:
    """Their units need have no share of the ticket: it is named by its number, and stands on the day's page."""
    said = f"“{day.name}”接听的工单{format_number(ticket.id)}已超期"
    ringing.effects.events.append(EventRow(ticket.id, ringing.now, LATE, "system", note=said))
    ringing.effects.unit_notices += [
        UnitNoticeRow(homes[id_], "head", None, LATE, said, ringing.now, staff_id=id_)
        for id_ in day.leader_ids
        if id_ in homes
    ]
