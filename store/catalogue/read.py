"""Read a version of the catalogue back: a handful of queries, however large the city."""

from dataclasses import dataclass
from datetime import date

import asyncpg

from store.database import Connection
from store.heirs import Succession, until
from store.units import UnitRow, read_units

# A draft that was approved later comes after what was loaded meanwhile.
CURRENT = """
select id from catalogue_versions where state = 'approved' and valid_from <= $1
order by valid_from desc, coalesce(approved_at, loaded_at) desc, id desc limit 1
"""
READ_PLACES = """
select level, code, name, short_name, parent_code, aliases from places
where version_id = $1 order by code
"""
READ_SPECIAL_AREAS = """
select area, street_code from special_areas where version_id = $1 order by area
"""
READ_NAMES = """
select name, kind, street_code, community_code, aliases from gazetteer_names
where version_id = $1 order by name, street_code, community_code
"""
READ_TOPICS = """
select code, level1, level2, level3, keywords, weak_keywords, grade, statutory_minutes, statutory_working, statute
from topics where version_id = $1 order by code
"""
READ_RESPONSIBILITIES = """
select topic_code, level, lead_department, assist_departments, enterprises, green, dual, valid_from, valid_to
from responsibilities where version_id = $1
"""
READ_JURISDICTIONS = """
select topic_code, place_code, area, lead_code, assist_codes, source, valid_from, valid_to, position
from jurisdictions where version_id = $1 order by position
"""
# Which rows with dates of their own, and which units, are in force on a day: what is read is read anew when it changes.
MARK = """
select concat_ws(':',
    (select concat_ws('/', count(*), sum(hashtext(topic_code)::bigint)) from responsibilities
     where version_id = $1 and coalesce(valid_from, $2) <= $2 and coalesce(valid_to, 'infinity') > $2),
    (select concat_ws('/', count(*), sum(position)) from jurisdictions
     where version_id = $1 and coalesce(valid_from, $2) <= $2 and coalesce(valid_to, 'infinity') > $2),
    (select concat_ws('/', count(*), sum(id)) from units
     where valid_from <= $2 and coalesce(valid_to, 'infinity') > $2),
    (select count(*) from unit_successors where from_date <= $2))
"""
READ_OUTLINED = """
select places.code, level, boundaries.code is not null as is_own
from places left join boundaries using (version_id, code)
where version_id = $1 and level in ('district', 'street')
"""
READ_BOUNDARIES = "select code, geojson from boundaries where version_id = $1 order by code"


@dataclass(frozen=True, slots=True)
class CatalogueRows:
    """Everything that one version says, and the units in force on the day it was asked for."""

    version: int
    places: list[asyncpg.Record]
    special_areas: list[asyncpg.Record]
    names: list[asyncpg.Record]
    topics: list[asyncpg.Record]
    responsibilities: list[asyncpg.Record]
    jurisdictions: list[asyncpg.Record]
    units: list[UnitRow]
    boundaries: list[asyncpg.Record]
    successions: list[Succession]  # those that have begun, in that order


async def current_version(connection: Connection, today: date) -> int | None:
    """The approved version in force on a day; None before the first load."""
    version: int | None = await connection.fetchval(CURRENT, today)
    return version


async def jurisdictions_of(connection: Connection, version: int) -> list[asyncpg.Record]:
    """The special jurisdictions of a version, in the order they were written."""
    return await connection.fetch(READ_JURISDICTIONS, version)


async def mark_of(connection: Connection, version: int, today: date) -> str:
    """What changes when a row of a version, or a unit, begins or ends."""
    mark: str = await connection.fetchval(MARK, version, today)
    return mark


async def lacking_outlines(connection: Connection, version: int) -> tuple[int, set[str]]:
    """How many outlines an operator has drawn, and the codes of the districts that lack one."""
    rows = await connection.fetch(READ_OUTLINED, version)
    lacking = {row["code"] for row in rows if row["level"] == "district" and not row["is_own"]}
    return sum(row["is_own"] for row in rows), lacking


async def read_catalogue(connection: Connection, version: int, today: date) -> CatalogueRows:
    """All rows of a version, in the order of their codes."""
    return CatalogueRows(
        version=version,
        places=await connection.fetch(READ_PLACES, version),
        special_areas=await connection.fetch(READ_SPECIAL_AREAS, version),
        names=await connection.fetch(READ_NAMES, version),
        topics=await connection.fetch(READ_TOPICS, version),
        responsibilities=await connection.fetch(READ_RESPONSIBILITIES, version),
        jurisdictions=await connection.fetch(READ_JURISDICTIONS, version),
        units=await read_units(connection, today),
        boundaries=await connection.fetch(READ_BOUNDARIES, version),
        successions=await until(connection, today),
    )


async def read_duties(
    connection: Connection, version: int, units: list[UnitRow], today: date
) -> CatalogueRows:
    """What decides on a day where tickets go, as a version says it; without places and names."""
    return CatalogueRows(
        version=version,
        places=[],
        special_areas=[],
        names=[],
        topics=await connection.fetch(READ_TOPICS, version),
        responsibilities=await connection.fetch(READ_RESPONSIBILITIES, version),
        jurisdictions=await connection.fetch(READ_JURISDICTIONS, version),
        units=units,
        boundaries=[],
        successions=await until(connection, today),
    )
