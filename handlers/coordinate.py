"""Coordination (提级协调): what a unit cannot settle is put before the level above it, along the area or along the trade.

The host asks all units concerned, of whichever district, and decides who leads and who works with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dialogs.words import AssignmentRole
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.coordinations import (
    COORDINATING,
    TalkAct,
    TalkKind,
    begin,
    check_host,
    checked_units,
    end,
    moved,
    the_talk,
)
from handlers.dispatch import UnitRef
from handlers.first_receiver import assisting, pass_on
from handlers.permit_table import ABOVE_ROLES, DECIDER_ROLES
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import coordinations, peopled
from store.assignments import AssignmentRow
from store.casework import running
from store.coordinations import Coordination, Decided, NewCoordination
from store.database import Connection
from store.unit_notices import UnitNoticeRow
from store.units import CITY_PREFIX


class Level(StrEnum):
    """How far up a coordination has come."""

    DISTRICT = "district"
    CITY = "city"


LEVEL_NAMES = {Level.DISTRICT: "区级", Level.CITY: "市级"}


class Above(NamedTuple):
    """Who coordinates next; `host` None: the centre, for the city."""

    level: Level
    host: int | None


@dataclass(frozen=True, slots=True)
class Coordinating:
    """What is asked of the level above: along the area or the trade, with whom, and why one cannot settle it."""

    kind: TalkKind
    reason: str
    unit_ids: Sequence[int] = ()


def above_in_area(world: World, unit_id: int) -> Above:
    """The district over a street or a district's department; over all else the city."""
    district = world.city.superiors.get(unit_id)
    return Above(Level.CITY, None) if district is None else Above(Level.DISTRICT, district)


def above_in_trade(world: World, unit_id: int) -> Above | None:
    """The city's department over a district's department, the centre over a city's; None for who has no trade."""
    code = world.city.units[unit_id].code
    if code.startswith(CITY_PREFIX):
        return Above(Level.CITY, None)
    _, dash, department = code.partition("-")
    for unit in world.city.units.values():
        if dash and unit.code == f"{CITY_PREFIX}{department}":
            return Above(Level.CITY, unit.id)
    return None


async def coordinate(
    connection: Connection, world: World, by: By, ticket_id: int, order: Coordinating
) -> int:
    """Put a ticket before the level above. Whoever received it first leads meanwhile; returns the coordination's id."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.COORDINATE)
    if by.unit_id is None or order.kind not in COORDINATING:
        raise ActRefusedError("请选择向上级政府还是上级主管部门申请协调。")
    above: Above | None = above_in_area(world, by.unit_id)
    if order.kind is TalkKind.TRADE:
        above = above_in_trade(world, by.unit_id)
    if above is None:
        raise ActRefusedError("本单位没有上级主管部门，请向上级政府申请协调。")
    unit_ids = checked_units(world, order.unit_ids, besides=above.host)
    talk_id = await _open(connection, case, order.kind, above, order.reason, unit_ids)
    await finish(connection, case, str(talk_id))
    return talk_id


async def coordinate_returns(connection: Connection, case: Case, reason: str) -> None:
    """A ticket that was returned too often: all who had it, or want to be rid of it, speak before the level above."""
    unit_id = case.by.unit_id
    if unit_id is None:
        raise ActRefusedError("退单由承办单位提出。")
    had = [share.unit_id for share in case.shares if share.role == AssignmentRole.LEAD]
    unit_ids = list(dict.fromkeys((*had, unit_id)))
    districts = {case.world.city.superiors.get(one) for one in unit_ids}
    above = above_in_area(case.world, unit_id)
    if len(districts) > 1:
        above = Above(Level.CITY, None)
    times = f"第{case.ticket.returns + 1}次退单，转协调。"
    unit_ids = [one for one in unit_ids if one != above.host]
    await _open(connection, case, TalkKind.AREA, above, f"{times}{reason}", unit_ids)


async def _open(
    connection: Connection,
    case: Case,
    kind: TalkKind,
    above: Above,
    reason: str,
    unit_ids: Sequence[int],
) -> int:
    reason = worded(reason, "协调事由")
    for talk in await coordinations.of_ticket(connection, case.ticket_id):
        if talk.open and talk.kind in COORDINATING:
            raise ActRefusedError(f"这张工单正在协调，由{talk.host}牵头。")
    by, world = case.by, case.world
    absent = await peopled.without_deciders(connection, [above.host])
    why = peopled.in_their_place(absent[above.host]) if above.host in absent else ""
    if why:  # nobody there could decide: the city settles it
        above = Above(Level.CITY, None)
    new = NewCoordination(
        case.ticket_id,
        kind,
        above.level,
        by.unit_id,
        by.staff_id,
        above.host,
        reason,
        by.at,
        by.at + world.rules.span("coordinate.days"),
    )
    talk_id = await begin(connection, case, new, unit_ids)
    host = world.city.units[above.host].short_name if above.host else "热线中心"
    case.record("coordinated", f"{LEVEL_NAMES[above.level]}，由{host}牵头。{reason}{why}")
    return talk_id


async def escalate(
    connection: Connection, world: World, by: By, ticket_id: int, talk_id: int, reason: str
) -> int:
    """Pass a coordination up to the city: the host so far becomes a party; returns the new one's id."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.ESCALATE)
    reason = worded(reason, "上报事由")
    talk = await the_talk(connection, case, talk_id, COORDINATING)
    check_host(case, talk)
    if by.unit_id is None:
        raise ActRefusedError("已经由热线中心代表市级协调，不能再上报。")
    state = moved(talk, TalkAct.ESCALATE)
    parties = await coordinations.parties(connection, [talk.id])
    unit_ids = [one.unit_id for one in parties if one.unit_id is not None]
    decided = Decided(talk.id, state, reason, None, (), by.staff_id, by.at)
    await end(connection, case, talk, decided)
    above = Above(Level.CITY, None)
    unit_ids = list(dict.fromkeys((*unit_ids, by.unit_id)))
    new_id = await _open(connection, case, TalkKind(talk.kind), above, reason, unit_ids)
    await finish(connection, case, str(new_id))
    return new_id


@dataclass(frozen=True, slots=True)
class Settling:
    """What the host decides. `lead_id` None: who leads goes on; `joint_ids` work with the lead from now on."""

    talk_id: int
    decision: str
    lead_id: int | None = None
    joint_ids: Sequence[int] = ()


async def decide_coordination(
    connection: Connection, world: World, by: By, ticket_id: int, order: Settling
) -> None:
    """End a coordination with a decision that binds all. The resident hears of it only where another leads now."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.DECIDE_COORDINATION)
    decision = worded(order.decision, "决定")
    talk = await the_talk(connection, case, order.talk_id, COORDINATING)
    check_host(case, talk)
    if not by.roles & (ABOVE_ROLES | DECIDER_ROLES):
        raise ActRefusedError("您的角色不能作协调决定，请找本单位负责人。")
    state = moved(talk, TalkAct.DECIDE)
    lead, joint = _who(world, order)
    ended = Decided(
        talk.id, state, decision, order.lead_id, list(order.joint_ids), by.staff_id, by.at
    )
    told = await end(connection, case, talk, ended, _said(decision, lead, joint))
    await _carry_out(connection, case, talk, lead, joint, decision)
    _tell_others(case, told, lead, joint, decision)
    await finish(connection, case)


def _who(world: World, order: Settling) -> tuple[UnitRef | None, list[UnitRef]]:
    units = {unit.id: unit for unit in world.city.responsibilities.units.values()}
    wanted = [*order.joint_ids, *([order.lead_id] if order.lead_id else [])]
    if any(one not in units for one in wanted):
        raise ActRefusedError("有的单位不在目录中，或者不接单。")
    return units.get(order.lead_id or 0), [units[one] for one in dict.fromkeys(order.joint_ids)]


def _said(decision: str, lead: UnitRef | None, joint: Sequence[UnitRef]) -> str:
    who = f"{lead.short_name}牵头" if lead else "牵头单位不变"
    others = f"，{'、'.join(one.short_name for one in joint)}配合" if joint else ""
    return f"{who}{others}。{decision}"


async def _carry_out(
    connection: Connection,
    case: Case,
    talk: Coordination,
    lead: UnitRef | None,
    joint: Sequence[UnitRef],
    decision: str,
) -> None:
    why = f"{LEVEL_NAMES[Level(talk.level)]}协调决定：{decision}"
    staying = assisting(case)
    if lead is not None and lead.id != case.ticket.lead_unit_id:
        await pass_on(connection, case, lead, why, [*staying, *joint])
    else:
        _let_assist(case, [one for one in joint if one not in staying], why)


def _tell_others(
    case: Case, told: set[int], lead: UnitRef | None, joint: Sequence[UnitRef], decision: str
) -> None:
    """Whoever gets work by it and was no party to it."""
    named = {one.id for one in (*joint, *([lead] if lead else []))}
    note = f"“{case.ticket.title}”{_said(decision, lead, joint)}"
    case.effects.unit_notices.extend(
        UnitNoticeRow(one, "desk", case.ticket_id, "coordination_ended", note, case.by.at)
        for one in sorted(named - told)
    )


def _let_assist(case: Case, units: Sequence[UnitRef], why: str) -> None:
    ticket, running_leads = case.ticket, running(case.shares, AssignmentRole.LEAD)
    leads = {share.unit_id for share in running_leads}
    case.effects.assignments.extend(
        AssignmentRow(
            ticket.id,
            ticket.round,
            AssignmentRole.ASSIST,
            unit.id,
            why,
            case.by.at,
            ticket.due_at,
        )
        for unit in units
        if unit.id not in leads
    )
