"""Units merge, split and close with tickets open (承接): their people, work and figures have a successor.

What is a unit's own goes over when the day comes; each ticket by a timer of its own, under its lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dialogs.phrases import phrase
from handlers.case import ActRefusedError, By, claim, worded
from handlers.case_timers import CLOCKS, Ringing, Rung, dropped
from handlers.catalogue_draft import may_change
from handlers.catalogue_duty import day_of
from handlers.dispatch import UnitRef
from handlers.new_work import look_at_clocks
from handlers.notices import notify
from handlers.world import World
from store import heirs, succession
from store.catalogue import versions
from store.database import Connection
from store.heirs import Succession, SuccessionRow
from store.succession import Moved, Place
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow

SUCCEEDED = phrase(
    "{unit} has taken over from {before} and goes on with your matter. The time limit stays; you need not tell it again."
)
KINDS = {"merge": "合并", "split": "分设", "close": "撤销"}


@dataclass(frozen=True, slots=True)
class Naming:
    """Who goes on: units by name or code; topics and places a line each, none of both: all that is left."""

    kind: str
    unit: str
    successor: str
    topics: str = ""
    places: str = ""
    from_date: str = ""
    note: str = ""


async def name_successor(connection: Connection, world: World, by: By, order: Naming) -> None:
    """Let a unit's work go to another from a day. Raises `ActError`."""
    await claim(connection, by)
    if not may_change(by.unit_id, by.roles):
        raise ActRefusedError("单位的合并、分设和撤销由热线中心的管理员办理。")
    if order.kind not in KINDS:
        raise ActRefusedError("请选择合并、分设或者撤销。")
    unit, successor = _unit(world, order.unit), _unit(world, order.successor)
    today = by.at.astimezone(world.timezone).date()
    day = day_of(order.from_date, "日期") or today
    if day < today:
        raise ActRefusedError("日期不能早于今天。")
    topics = [_topic(world, line) for line in _lines(order.topics)]
    places = [await _place(connection, world, line) for line in _lines(order.places)]
    if (topics or places) and order.kind != "split":
        raise ActRefusedError("只有分设才按分类或者地点划分，合并和撤销是全部承接。")
    await _check(connection, unit, successor, whole=not (topics or places))
    note = worded(order.note, "依据", longest=200)
    row = SuccessionRow(
        unit.id, successor.id, order.kind, topics, places, day, note, by.staff_id, by.at
    )
    await heirs.add(connection, row)


async def _check(connection: Connection, unit: UnitRef, successor: UnitRef, *, whole: bool) -> None:
    if unit.id == successor.id:
        raise ActRefusedError("承接单位就是原单位。")
    known = await heirs.of_units(connection, [unit.id, successor.id], date.max)
    if any(one.unit_id == successor.id and one.whole for one in known):
        raise ActRefusedError(f"{successor.name}本身也将撤销，请选择别的承接单位。")
    if whole and any(one.unit_id == unit.id and one.whole for one in known):
        raise ActRefusedError(f"{unit.name}已经指定了全部承接的单位。")


async def begin_successions(connection: Connection, today: date, now: datetime) -> None:
    """What is due, and what came to units after they had ended; for a regular sweep, in a transaction of its own."""
    begun = await succession.begin(connection, today, now)
    await succession.arm(connection, begun, now)


async def ring_successions(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Let locked tickets go over to whoever goes on with them."""
    today = ringing.now.astimezone(ringing.world.timezone).date()
    found = await heirs.of_units(connection, list({rung.id for rung in rungs}), today)
    places = await succession.places(connection, [rung.ticket.id for rung in rungs])
    moves: list[Moved] = []
    for rung in rungs:
        heir = _heir(found, rung, places[rung.ticket.id])
        if heir is not None and all(one.ticket_id != rung.ticket.id for one in moves):
            moves.append(Moved(rung.ticket.id, rung.id, heir.successor_id))
            _go_over(ringing, rung, heir)
    if moves:
        await succession.move(connection, moves, ringing.now)


def _heir(found: Sequence[Succession], rung: Rung, place: Place) -> Succession | None:
    """Who takes a ticket by its topic or place; else who takes all the rest; None: it stays."""
    rest = None
    for one in found:
        if one.unit_id != rung.id:
            continue
        if one.whole:
            rest = rest or one
        elif _takes(one, rung.ticket.topic, place):
            return one
    return rest


def _takes(one: Succession, topic: str, place: Place) -> bool:
    """Topic and place where both are named."""
    codes = {place.district, place.street, place.community}
    by_topic = not one.topic_codes or topic in one.topic_codes
    return by_topic and (not one.place_codes or bool(codes & set(one.place_codes)))


def _go_over(ringing: Ringing, rung: Rung, heir: Succession) -> None:
    effects, now, ticket = ringing.effects, ringing.now, rung.ticket
    note = f"{heir.unit}{KINDS[heir.kind]}，由{heir.successor}继续办理"
    led = ticket.lead_unit_id == rung.id
    first = heir.successor_id if ticket.first_unit_id == rung.id else ticket.first_unit_id
    if led:
        effects.change(ticket.id, lead_unit_id=heir.successor_id, first_unit_id=first)
    effects.events.append(
        EventRow(ticket.id, now, "succeeded", "system", None, heir.successor_id, note)
    )
    effects.unit_notices.append(
        UnitNoticeRow(
            heir.successor_id, "desk", ticket.id, "succeeded", f"“{ticket.title}”：{note}。", now
        )
    )
    effects.dropped.append(dropped(ticket.id, CLOCKS, rung.id))
    effects.timers.append(look_at_clocks(ticket.id, now))
    if led:
        _tell(ringing, rung, heir)


def _tell(ringing: Ringing, rung: Rung, heir: Succession) -> None:
    """The resident hears of it where the name is another that they know the unit by."""
    row, before = ringing.row_of(rung.ticket), rung.ticket.lead_name
    unit = ringing.world.city.units.get(heir.successor_id)
    name = unit.short_name if unit else heir.successor[:12]
    if row is None or not before or name == before:
        return
    slots = {"unit": name, "before": before}
    notify(ringing.world, ringing.effects, row, rung.ticket.id, ringing.now, SUCCEEDED, **slots)
    ringing.rows[row.id] = replace(row, seq=row.seq + 1)


def _unit(world: World, typed: str) -> UnitRef:
    named = typed.strip()
    for unit in world.city.units.values():
        if named in (unit.code, unit.name, f"{unit.name} {unit.code}"):
            return unit
    raise ActRefusedError(f"“{named}”不在目录中，请填单位全称或代码。")


def _topic(world: World, typed: str) -> str:
    known: Mapping[str, str] = {
        name: one.code for one in world.city.reader.topics for name in (one.code, one.level3)
    }
    if typed not in known:
        raise ActRefusedError(f"分类“{typed}”不在目录中，请填代码或名称。")
    return known[typed]


async def _place(connection: Connection, world: World, typed: str) -> str:
    found = await versions.place_named(connection, world.city.version, typed)
    if len(found) != 1:
        raise ActRefusedError(f"地点“{typed}”没有找到或者有几个，请填代码。")
    return found[0]


def _lines(typed: str) -> list[str]:
    lines = (line.strip() for line in typed.replace("\r", "").split("\n"))
    return list(dict.fromkeys(line for line in lines if line))
