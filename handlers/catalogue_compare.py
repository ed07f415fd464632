"""What a draft of the catalogue would change: the tickets of the last weeks, sent by both versions."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from dialogs.understanding.place import Place
from handlers.catalogue import responsibilities_of
from handlers.catalogue_parts import handovers
from handlers.catalogue_units import unit_changes, without_people
from handlers.catalogue_words import heard_otherwise
from handlers.dispatch import Decision, Responsibilities
from handlers.world import World
from store.catalogue.effect import kept_units
from store.catalogue.planned import planned
from store.catalogue.read import read_duties
from store.catalogue.versions import Traffic, Version, traffic
from store.catalogue.words import name_changes
from store.database import Connection
from store.units import Unit, UnitRow, read_units, unit_ids

TRIAGE = "待人工派单"


class Move(msgspec.Struct, frozen=True):
    """So many tickets would go elsewhere; units by their names, those that assist with them."""

    before: str
    after: str
    tickets: int


class TopicMoves(msgspec.Struct, frozen=True):
    """What would go elsewhere of one topic."""

    topic: str
    name: str
    tickets: int
    moves: tuple[Move, ...]


class Comparison(msgspec.Struct, frozen=True):
    """What the tickets of some days say of a draft, by topic, those with most tickets first."""

    days: int
    tickets: int
    moved: int
    topics: tuple[TopicMoves, ...]
    also: tuple[str, ...] = ()  # what it changes of units and names, a sentence each
    read_again: int = 0  # tickets whose words were read by both
    heard: tuple[Move, ...] = ()  # what would be understood otherwise in them

    @property
    def hears(self) -> str:
        """In one sentence, empty where topics and places are told by the same words."""
        if not self.read_again:
            return ""
        otherwise = sum(one.tickets for one in self.heard)
        how = f"{otherwise}件会听成别的" if otherwise else "听出的分类和地点都一样"
        return f"把最近{self.read_again}件诉求的原话按新的叫法再听一遍：{how}。"

    @property
    def says(self) -> str:
        """In one sentence."""
        if not self.topics:
            return f"近{self.days}天的{self.tickets}张工单都不会改派。"
        return f"这{len(self.topics)}个分类、近{self.days}天{self.moved}张工单会改派（共{self.tickets}张）。"


@dataclass(frozen=True, slots=True)
class _Both:
    before: Responsibilities
    after: Responsibilities


async def compare(
    connection: Connection, world: World, version: Version, now: datetime, days: int
) -> Comparison:
    """Send the tickets of the last `days` by the version in force and by another as of its day, in memory."""
    today = now.astimezone(world.timezone).date()
    day = max(today, version.valid_from)
    before = world.city.responsibilities
    after = await _responsibilities(connection, version.id, day)
    areas = dict.fromkeys((*before.areas, *after.areas))
    found = await traffic(connection, now - timedelta(days=days), list(areas))
    compared = await asyncio.to_thread(_compared, _Both(before, after), found, days)
    again, heard = await heard_otherwise(connection, world, version.id, today)
    return msgspec.structs.replace(
        compared,
        also=tuple(await _also(connection, world, version, day)),
        read_again=again,
        heard=tuple(Move(*one) for one in heard),
    )


async def _also(connection: Connection, world: World, version: Version, day: date) -> list[str]:
    parts = await planned(connection, version.id)
    names = await name_changes(connection, world.city.version, version.id)
    units = await unit_changes(connection, version.id, day)
    return [
        *(says for _, says in units),
        *(one.says for one in handovers(parts, day)),
        *await without_people(connection, version.id, parts, day),
        *(f"{one.place}：{'添加' if one.added else '去掉'}叫法“{one.name}”" for one in names),
    ]


async def _responsibilities(connection: Connection, version: int, day: date) -> Responsibilities:
    """A version's on a day, with the units that it will bring."""
    units = await read_units(connection, day)
    kept = await kept_units(connection, version)
    if kept is not None:
        ids = await unit_ids(connection, [unit.code for unit in kept])
        units = [_row(unit, ids.get(unit.code, -place)) for place, unit in enumerate(kept, 1)]
    rows = await read_duties(connection, version, units, day)
    parts = handovers(await planned(connection, version), day)
    return responsibilities_of(rows, day, parts)


def _row(unit: Unit, id_: int) -> UnitRow:
    return UnitRow(
        id_,
        unit.code,
        unit.kind,
        unit.name,
        unit.short_name,
        unit.aliases,
        unit.district_code,
        unit.department,
        unit.dispatchable,
    )


def _compared(both: _Both, found: Sequence[Traffic], days: int) -> Comparison:
    moves: dict[str, Counter[tuple[str, str]]] = {}
    for one in found:
        before, after = _sent(both.before, one), _sent(both.after, one)
        if _codes(before) != _codes(after):
            moves.setdefault(one.topic, Counter())[_names(before), _names(after)] += one.tickets
    topics = [_topic(both, topic, counted) for topic, counted in moves.items()]
    topics.sort(key=lambda one: (-one.tickets, one.topic))
    total, moved = sum(one.tickets for one in found), sum(one.tickets for one in topics)
    return Comparison(days, total, moved, tuple(topics))


def _topic(both: _Both, topic: str, counted: Counter[tuple[str, str]]) -> TopicMoves:
    known = both.after.topics.get(topic) or both.before.topics.get(topic)
    moves = tuple(Move(*pair, count) for pair, count in counted.most_common())
    return TopicMoves(topic, known.name if known else "不明", counted.total(), moves)


def _sent(responsibilities: Responsibilities, one: Traffic) -> Decision:
    place = Place(one.district, one.street, one.community, one.area)
    if one.praise:
        return responsibilities.praised(one.topic, place, one.enterprise)
    return responsibilities.decide(one.topic, place, one.enterprise)


def _codes(decision: Decision) -> tuple[str, ...]:
    units: Iterable[str] = (unit.code for unit in decision.assist)
    return (decision.lead.code if decision.lead else "", *units)


def _names(decision: Decision) -> str:
    if decision.lead is None:
        return TRIAGE
    return "＋".join(unit.short_name for unit in (decision.lead, *decision.assist))
