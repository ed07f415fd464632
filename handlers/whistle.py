"""Whistle (吹哨): the lead calls units of any district, and companies, to find out whose it is or to act together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.words import AssignmentRole, Role
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.case_timers import WHISTLE, Ringing, Rung, case_timer
from handlers.permit_table import ABOVE_ROLES, CENTRE_ROLES, REVIEW_ROLES, UNIT_ROLES
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import whistles
from store.assignments import AssignmentRow
from store.casework import running
from store.database import Connection
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow
from store.whistles import Call, NewWhistle, Whistle

WHISTLE_TYPES = {"urgent": "紧急哨", "daily": "日常哨", "hard": "难题哨"}
PURPOSES = {"establish": "查明该谁管", "act": "一起处置"}

LIST_ROLES = UNIT_ROLES | REVIEW_ROLES | ABOVE_ROLES | CENTRE_ROLES


def may_list(roles: frozenset[Role]) -> bool:
    """Whether somebody sees the list of whistles: a unit's own, the centre's of all."""
    return bool(roles & LIST_ROLES)


@dataclass(frozen=True, slots=True)
class Whistling:
    """What the lead asks for. `purpose`: establish whose it is, or act together; `place` empty: the ticket's own."""

    type: str
    purpose: str
    unit_ids: tuple[int, ...]
    note: str
    place: str = ""


async def whistle(
    connection: Connection, world: World, by: By, ticket_id: int, order: Whistling
) -> int:
    """Call units to a ticket; returns the whistle's id. The resident hears of it from the lead's own replies.

    Each called unit gets a share of its own, which only the end of the whistle ends.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.WHISTLE)
    if by.unit_id is None:
        raise ActRefusedError("吹哨由主办单位发起。")
    order = _checked(case, order)
    report_by = by.at + world.rules.span(f"whistle.{order.type}_minutes")
    new = NewWhistle(
        ticket_id,
        by.unit_id,
        by.staff_id,
        order.type,
        order.purpose,
        order.place,
        order.note,
        by.at,
        report_by,
    )
    whistle_id = await whistles.add(connection, new, order.unit_ids)
    _call(case, order, whistle_id, report_by)
    names = "、".join(world.city.units[one].short_name for one in order.unit_ids)
    kind = f"{WHISTLE_TYPES[order.type]}，{PURPOSES[order.purpose]}"
    case.record(
        "whistled", f"{kind}：{names}。{_moment(report_by, world.timezone)}前报到。{order.note}"
    )
    await finish(connection, case, str(whistle_id))
    return whistle_id


def _checked(case: Case, order: Whistling) -> Whistling:
    world = case.world
    if order.type not in WHISTLE_TYPES:
        raise ActRefusedError("请选择吹哨类型。")
    if order.purpose not in PURPOSES:
        raise ActRefusedError("请选择吹哨目的。")
    note = worded(order.note, "吹哨事由")
    place = worded(order.place, "集合地点", longest=200, needed=False)
    unit_ids = tuple(dict.fromkeys(order.unit_ids))
    most = world.rules.value("whistle.most_units")
    if not unit_ids:
        raise ActRefusedError("请写出要吹哨的单位。")
    if len(unit_ids) > most:
        raise ActRefusedError(f"一次最多吹哨{most}个单位。")
    known = {unit.id for unit in world.city.responsibilities.units.values()}
    if not known.issuperset(unit_ids):
        raise ActRefusedError("有的单位不在目录中，或者不接单。")
    if case.by.unit_id in unit_ids:
        raise ActRefusedError("不用吹哨本单位。")
    called = {share.unit_id for share in running(case.shares, AssignmentRole.CALLED)}
    twice = [world.city.units[one].short_name for one in unit_ids if one in called]
    if twice:
        raise ActRefusedError(f"{'、'.join(twice)}已经在这张工单上被吹哨，还没有结束。")
    return replace(order, note=note, place=place, unit_ids=unit_ids)


def _call(case: Case, order: Whistling, whistle_id: int, report_by: datetime) -> None:
    ticket, at, effects = case.ticket, case.by.at, case.effects
    why = f"{case.unit}吹哨：{order.note}"
    by_when = _moment(report_by, case.world.timezone)
    told = f"{case.unit}就“{ticket.title}”吹哨，请在{by_when}前报到。{order.note}"
    for unit_id in order.unit_ids:
        effects.assignments.append(
            AssignmentRow(
                ticket.id,
                ticket.round,
                AssignmentRole.CALLED,
                unit_id,
                why,
                at,
                ticket.due_at,
                sign_due_at=report_by,
                subject_id=whistle_id,
            )
        )
        urgent = order.type == "urgent"
        effects.unit_notices.append(
            UnitNoticeRow(unit_id, "desk", ticket.id, "whistled", told, at, urgent=urgent)
        )
    effects.timers.append(case_timer(ticket, WHISTLE, whistle_id, report_by))


async def ring_whistles(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Whoever has not reported in by now is late, and named to the unit above it and to the caller."""
    rung = {one.id: one for one in rungs}
    found = {one.id: one for one in await whistles.by_ids(connection, sorted(rung)) if one.open}
    late: dict[int, list[Call]] = {}
    for call in await whistles.calls(connection, sorted(found)):
        if call.reported_at is None:
            late.setdefault(call.whistle_id, []).append(call)
    if not late:
        return
    await whistles.mark_late(connection, sorted(late))
    for whistle_id, missing in late.items():
        _name_late(ringing, rung[whistle_id], found[whistle_id], missing)


def _name_late(ringing: Ringing, rung: Rung, one: Whistle, missing: Sequence[Call]) -> None:
    """The caller hears of all at once; each superior of its own, those without one are the centre's matter."""
    ticket, now, notices = rung.ticket, ringing.now, ringing.effects.unit_notices
    names = "、".join(call.unit for call in missing)
    kind = WHISTLE_TYPES[one.type]
    note = f"{kind}到时没有报到：{names}"
    ringing.effects.events.append(EventRow(ticket.id, now, "whistle_late", "system", note=note))

    def tell(unit_id: int | None, audience: str, words: str) -> None:
        said = f"“{ticket.title}”：{words}"
        notices.append(
            UnitNoticeRow(unit_id, audience, ticket.id, "whistle_late", said, now, urgent=True)
        )

    tell(one.unit_id, "desk", note)
    above: dict[int | None, list[str]] = {}
    for call in missing:
        tell(call.unit_id, "head", f"{one.unit}吹的{kind}已到报到时限，请马上报到。")
        above.setdefault(call.superior_id, []).append(call.unit)
    for superior_id, units in above.items():
        tell(superior_id, "head", f"{'、'.join(units)}没有按时向{one.unit}的{kind}报到。")


def _moment(moment: datetime, timezone: ZoneInfo) -> str:
    local = moment.astimezone(timezone)
    return f"{local.month}月{local.day}日{local:%H:%M}"
