"""Units that merge, split or close with a draft of the catalogue (分设): compared with it, and approved by the same second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from handlers.case import ActRefusedError, By, worded
from handlers.catalogue_duty import lines, one_of
from handlers.heirs import KINDS, Handover
from handlers.own_draft import own_draft, unit_codes, units_of
from handlers.succession import name
from handlers.world import World
from store import heirs
from store.catalogue import planned, versions
from store.catalogue.effect import kept_units
from store.catalogue.planned import Planned
from store.catalogue.versions import Version
from store.database import Connection
from store.heirs import SuccessionRow
from store.units import end_unbegun


@dataclass(frozen=True, slots=True)
class Part:
    """As typed: units by name or code; topics and places a line each, none of both: all that is left, and the unit ends."""

    kind: str
    unit: str
    successor: str
    topics: str = ""
    places: str = ""
    note: str = ""


async def add_part(connection: Connection, world: World, by: By, version: int, order: Part) -> int:
    """Let a unit's work, or some of it, go to another on the day of one's own draft. Raises `ActError`."""
    draft = await own_draft(connection, by, version)
    if order.kind not in KINDS:
        raise ActRefusedError("请选择合并、分设或者撤销。")
    codes = await unit_codes(connection, world, draft.id)
    names = {one.code: one.short_name for one in await units_of(connection, world, draft.id)}
    unit, successor = (
        one_of(order.unit, codes, "原单位"),
        one_of(order.successor, codes, "承接单位"),
    )
    if unit not in {one.code for one in world.city.units.values()}:
        raise ActRefusedError("原单位要是已经在办事的单位。")
    topics = await _topics(connection, draft.id, order.topics)
    places = [await _place(connection, draft.id, line) for line in lines(order.places)]
    if (topics or places) and order.kind != "split":
        raise ActRefusedError("只有分设才按分类或者地点划分，合并和撤销是全部承接。")
    row = Planned(
        unit,
        names[unit],
        successor,
        names[successor],
        order.kind,
        tuple(topics),
        tuple(places),
        worded(order.note, "依据", longest=200),
    )
    before = await planned.planned(connection, draft.id)
    _check(row, before)
    await planned.plan(connection, draft.id, [*before, row])
    return draft.id


async def remove_part(connection: Connection, by: By, version: int, position: int) -> int:
    """Take one out of one's own draft; `position` from 0."""
    draft = await own_draft(connection, by, version)
    before = await planned.planned(connection, draft.id)
    if not 0 <= position < len(before):
        raise ActRefusedError("这一条已经不在了。")
    left = [one for at, one in enumerate(before) if at != position]
    await planned.plan(connection, draft.id, left)
    return draft.id


async def choose_people(
    connection: Connection, by: By, version: int, chosen: Mapping[int, int]
) -> int:
    """Say which part each of the staff goes with, by positions from 0; who is not named stays, or goes with the rest."""
    draft = await own_draft(connection, by, version)
    before = await planned.planned(connection, draft.id)
    known = {one.id: one.unit for one in await planned.staff_of(connection, before)}
    wrong = [
        staff_id
        for staff_id, at in chosen.items()
        if not 0 <= at < len(before) or known.get(staff_id) != before[at].unit
    ]
    if wrong:
        raise ActRefusedError("人员或者去向已经变了，请重新选择。")
    parts = [
        msgspec.structs.replace(
            one, people=tuple(staff_id for staff_id, to in chosen.items() if to == at)
        )
        for at, one in enumerate(before)
    ]
    await planned.plan(connection, draft.id, parts)
    return draft.id


async def bring(connection: Connection, by: By, draft: Version, day: date) -> None:
    """Write down what an approved draft brings; its new units are there."""
    parts = await planned.planned(connection, draft.id)
    rows = [
        SuccessionRow(
            one.unit,
            one.successor,
            one.kind,
            one.topics,
            one.places,
            one.people,
            day,
            one.note,
            draft.drafted_by or by.staff_id,
            by.at,
        )
        for one in parts
    ]
    await name(connection, rows)


async def take_back(connection: Connection, version: Version) -> None:
    """What an approved version would have brought on its day does not come."""
    parts = await planned.planned(connection, version.id)
    pairs = [(one.unit, one.successor) for one in parts]
    await heirs.unname(connection, pairs, version.valid_from)
    kept = await kept_units(connection, version.id)
    if kept is not None:
        await end_unbegun(connection, [one.code for one in kept], version.valid_from)


def handovers(parts: Sequence[Planned], day: date) -> list[Handover]:
    """As dispatch follows them."""
    return [
        Handover(
            one.unit,
            one.unit_name,
            one.successor,
            one.successor_name,
            one.kind,
            frozenset(one.topics),
            frozenset(one.places),
            day,
        )
        for one in parts
    ]


def _check(row: Planned, before: Sequence[Planned]) -> None:
    """What is wrong within the draft; what is wrong with what others have named shows when it is approved."""
    if row.unit == row.successor:
        raise ActRefusedError("承接单位就是原单位。")
    ending = {one.unit for one in before if one.whole}
    if row.whole and row.unit in ending:
        raise ActRefusedError(f"{row.unit_name}已经指定了全部承接的单位。")
    if row.successor in ending or (row.whole and row.unit in {one.successor for one in before}):
        raise ActRefusedError("承接单位本身也将撤销，请选择别的承接单位。")


async def _topics(connection: Connection, version: int, typed: str) -> list[str]:
    duties = await versions.topic_duties(connection, version)
    known = {name: one.code for one in duties for name in (one.name, one.code)}
    return [one_of(line, known, "分类") for line in lines(typed)]


async def _place(connection: Connection, version: int, typed: str) -> str:
    found = await versions.place_named(connection, version, typed)
    if len(found) != 1:
        raise ActRefusedError(f"地点“{typed}”没有找到或者有几个，请填代码。")
    return found[0]
