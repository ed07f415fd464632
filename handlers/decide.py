"""Deciding what a unit has applied for: screened above it, decided at the end of the route, then its consequence drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from dialogs.words import Role
from handlers.applications import (
    APPLICATION_MOVES,
    ApplicationAct,
    ApplicationState,
    Decider,
    Kind,
    decider_unit,
    due,
    next_stage,
    ring_decider,
)
from handlers.case import ActRefusedError, By, Case, UnknownTicketError, finish, take_up, worded
from handlers.case_timers import APPLICATION, Ringing, Rung, case_timer, dropped
from handlers.correct import CORRECTION
from handlers.extend import EXTENSION
from handlers.hold import HOLDING
from handlers.invalid import INVALIDITY
from handlers.permit_table import DESK_ROLES, PERMITS
from handlers.return_unit import RETURN
from handlers.review import RESULT
from handlers.staff_acts import StaffAct
from handlers.unreasonable import UNREASONABLE
from handlers.world import World
from handlers.write_off import WRITING_OFF
from store import applications
from store.applications import ApplicationRow
from store.database import Connection
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow

_ALL = (RESULT, RETURN, CORRECTION, EXTENSION, HOLDING, WRITING_OFF, UNREASONABLE, INVALIDITY)
KINDS: dict[str, Kind] = {one.code: one for one in _ALL}

_ACT = {
    Decider.OWN: StaffAct.REVIEW,
    Decider.SUPERIOR: StaffAct.SCREEN,
    Decider.ABOVE: StaffAct.SCREEN,
    Decider.CENTRE: StaffAct.DECIDE,
}


def act_of(application: ApplicationRow) -> StaffAct:
    """The act by which an open application is decided at its present stage."""
    decider = KINDS[application.kind].route[application.stage].decider
    return _act_at(decider, application.superior_id)


def is_theirs(application: ApplicationRow, unit_id: int | None) -> bool:
    """Whether a unit (None: the centre) decides an open application now."""
    return application.state == "open" and _decides(application) == unit_id


def _decides(application: ApplicationRow) -> int | None:
    kind = KINDS[application.kind]
    return decider_unit(kind, application.stage, application.unit_id, application.superior_id)


def decided_by(unit_id: int | None, roles: frozenset[Role]) -> list[tuple[str, int, str]]:
    """What somebody of a unit (None: the centre) may decide at all: (kind, stage, decider)."""
    return [
        (kind.code, place, stage.decider)
        for kind in KINDS.values()
        for place, stage in enumerate(kind.route)
        if roles & PERMITS[_act_at(stage.decider, unit_id)].roles
    ]


def _act_at(decider: Decider, unit_id: int | None) -> StaffAct:
    """By which act it is decided there; `unit_id` None: by the centre, in the place of whom is above."""
    of_centre = decider in (Decider.ABOVE, Decider.SUPERIOR) and unit_id is None
    return StaffAct.DECIDE if of_centre else _ACT[decider]


def may_list(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sees the list of applications: to decide them, or because their unit makes them."""
    makes = unit_id is not None and bool(roles & DESK_ROLES)
    return makes or bool(decided_by(unit_id, roles))


@dataclass(frozen=True, slots=True)
class Deciding:
    """What was decided about an open application, by which act (review, screen or decide).

    `added`: what the last decision says besides, kept with the application's data for the consequence.
    """

    act: StaffAct
    application_id: int
    upheld: bool
    note: str
    added: Mapping[str, Any] = field(default_factory=dict)


async def decide(
    connection: Connection, world: World, by: By, ticket_id: int, order: Deciding
) -> None:
    """Decide one stage; the last one, or a refusal of a kind that ends by it, draws the consequence."""
    case = await take_up(connection, world, by, ticket_id, order.act)
    act, upheld = order.act, order.upheld
    found = await applications.open_of_tickets(connection, [ticket_id])
    mine = [one for one in found if one.id == order.application_id]
    if not mine:
        raise ActRefusedError("这份申请已经有结果了。")
    application = mine[0]
    if act_of(application) is not act or not is_theirs(application, by.unit_id):
        raise UnknownTicketError
    if application.staff_id == by.staff_id:
        raise ActRefusedError("不能裁定自己提出的申请，请另一位同事来办。")
    note = worded(order.note, "意见", needed=not upheld)
    await applications.step(
        connection, application, by.at, by.staff_id, by.unit_id, upheld=upheld, note=note
    )
    kind = KINDS[application.kind]
    after = next_stage(kind, application.stage, application.superior_id)
    if after < len(kind.route) and (upheld or not kind.by_stage):
        due_at = due(world, kind, after, by.at)
        await applications.pass_on(connection, application.id, after, due_at)
        case.record("screened", f"{kind.name}：{'同意' if upheld else '不同意'}{_said(note)}")
        to = decider_unit(kind, after, application.unit_id, application.superior_id)
        ring_decider(case, kind, to, application.id, due_at, event="screened")
    else:
        await _end(connection, case, _with(application, order.added), note, upheld=upheld)
    await finish(connection, case)


def _with(application: ApplicationRow, added: Mapping[str, Any]) -> ApplicationRow:
    data = msgspec.json.encode({**application.said, **added}).decode()
    return replace(application, data=data)


async def _end(
    connection: Connection, case: Case, application: ApplicationRow, note: str, *, upheld: bool
) -> None:
    kind, by = KINDS[application.kind], case.by
    act = ApplicationAct.UPHOLD if upheld else ApplicationAct.REFUSE
    state = APPLICATION_MOVES[ApplicationState(application.state), act]
    data = application.data
    await applications.end(connection, application.id, state, by.staff_id, by.at, note, data)
    case.effects.dropped.append(dropped(case.ticket_id, APPLICATION, application.id))
    case.record(state, f"{kind.name}{_said(note)}")
    told = f"“{case.ticket.title}”：{kind.name}{'已同意' if upheld else '未同意'}{_said(note)}"
    case.effects.unit_notices.append(
        UnitNoticeRow(application.unit_id, "desk", case.ticket_id, state, told, by.at)
    )
    await (kind.uphold if upheld else kind.refuse)(connection, case, application, note)


async def take_back(
    connection: Connection, world: World, by: By, ticket_id: int, application_id: int
) -> None:
    """The unit takes its own application back."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.TAKE_BACK_APPLICATION)
    found = await applications.open_of_tickets(connection, [ticket_id])
    mine = [one for one in found if one.id == application_id and one.unit_id == by.unit_id]
    if not mine:
        raise ActRefusedError("这份申请已经有结果了。")
    state = APPLICATION_MOVES[ApplicationState(mine[0].state), ApplicationAct.TAKE_BACK]
    await applications.end(connection, application_id, state, by.staff_id, by.at, "")
    case.effects.dropped.append(dropped(ticket_id, APPLICATION, application_id))
    kind = KINDS[mine[0].kind]
    case.record("taken_back", kind.name)
    if kind.taken_back is not None:
        await kind.taken_back(connection, case, mine[0])
    await finish(connection, case)


async def ring_applications(
    connection: Connection, ringing: Ringing, rungs: Sequence[Rung]
) -> None:
    """An application that nobody has decided in time is put before the deciders once more, then day by day above them too."""
    open_ones = await applications.open_of_tickets(connection, [one.ticket.id for one in rungs])
    waiting = {one.id: one for one in open_ones}
    again = ringing.now + ringing.world.rules.span("undecided.again_hours")
    for rung in rungs:
        application = waiting.get(rung.id)
        if application is None:
            continue
        _ring(ringing, rung, application)
        timer = case_timer(rung.ticket, APPLICATION, application.id, again)
        ringing.effects.timers.append(timer)


def _ring(ringing: Ringing, rung: Rung, application: ApplicationRow) -> None:
    """Who decides is told; from the second time on those above as well, or who is at the head of the centre."""
    name, to = KINDS[application.kind].name, _decides(application)
    ticket_id, now = rung.ticket.id, ringing.now
    told = {to: f"“{rung.ticket.title}”的“{name}”已过裁定时限，请马上裁定。"}
    if application.due_at is not None and rung.due_at > application.due_at:
        above = application.superior_id if to == application.unit_id else None
        told[above] = f"“{rung.ticket.title}”的“{name}”过了裁定时限，一直没有裁定，请督促。"
    ringing.effects.events.append(EventRow(ticket_id, now, "undecided", "system", None, to, name))
    ringing.effects.unit_notices.extend(
        UnitNoticeRow(unit_id, "head", ticket_id, "undecided", note, now, urgent=True)
        for unit_id, note in told.items()
    )


def _said(note: str) -> str:
    return f"：{note}" if note else ""
