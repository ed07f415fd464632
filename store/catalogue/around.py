"""What stands around a version of the catalogue: what was drafted in the console, drafts left behind, versions still to come."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from store.catalogue.files import CatalogueError
from store.catalogue.versions import MADE_HERE
from store.database import Connection
from store.heirs import ended
from store.units import Unit, units_as_given

MOST_NAMED = 10
LEFT_BEHIND = """
    select d.id, d.note from catalogue_versions d
    where d.state = 'draft' and d.base_id is distinct from (
        select id from catalogue_versions where state = 'approved' and valid_from <= d.valid_from
        order by valid_from desc, coalesce(approved_at, loaded_at) desc, id desc limit 1)
    order by d.id
"""
COMING = """
    select id, valid_from, note, base_id from catalogue_versions
    where state = 'approved' and valid_from > $1 order by valid_from, id
"""
MADE = "select note from catalogue_versions where id = $1 and digest = $2"


class Coming(NamedTuple):
    """An approved version that is not in force yet."""

    id: int
    valid_from: date
    note: str
    base_id: int | None


async def left_behind(connection: Connection) -> dict[int, str]:
    """Drafts of a version that will not be in force on their day, with their notes: they cannot be approved."""
    return {row[0]: row[1] for row in await connection.fetch(LEFT_BEHIND)}


async def coming(connection: Connection, after: date) -> list[Coming]:
    """Approved versions that come into force after a day, the nearest first."""
    return [Coming(*row) for row in await connection.fetch(COMING, after)]


async def replacing(connection: Connection, version: int, after: date) -> list[Coming]:
    """Of those the ones that were not made of a version: what is new in it ends on their day."""
    found: list[Coming] = []
    holding = {version}
    for one in await coming(connection, after):
        if one.base_id in holding:
            holding.add(one.id)
        elif one.id != version:
            found.append(one)
    return found


async def refuse_over_the_console(connection: Connection, before: int | None) -> None:
    """What was approved by two is not taken back by one. Raises `CatalogueError`."""
    note = await connection.fetchval(MADE, before, MADE_HERE)
    if note is not None:
        raise CatalogueError(
            [
                f"version {before} (“{note}”) was drafted and approved in the console: what it changed stands in no file. "
                "Load with --draft, so that an administrator compares what these files would take back."
            ]
        )


async def unit_notes(connection: Connection, units: Sequence[Unit], day: date) -> list[str]:
    """For the operator: units that would end with a load, and those of it that stay ended all the same."""
    gone = await ended(connection, day)
    codes = {unit.code for unit in units}
    closing = [one for one in await units_as_given(connection, day) if one.code not in codes]
    named = ", ".join(f"{one.name} ({one.code})" for one in closing[:MOST_NAMED])
    more = f" and {len(closing) - MOST_NAMED} more" if len(closing) > MOST_NAMED else ""
    return [f"These units end: {named}{more}."] * bool(closing) + [
        f"{unit.name} ({unit.code}) stays ended: another unit has taken it over."
        for unit in units
        if unit.code in gone
    ]


async def other_versions(connection: Connection, day: date) -> list[str]:
    """For the operator: drafts that cannot be approved any more, and versions that will take a loaded one's place."""
    behind = [
        f"Draft {id_} (“{note}”) was made of another version and cannot be approved any more: draft it anew."
        for id_, note in (await left_behind(connection)).items()
    ]
    return behind + [
        f"From {one.valid_from} version {one.id} (“{one.note}”) is in force instead, without what is new in these files."
        for one in await coming(connection, day)
    ]
