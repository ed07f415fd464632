"""Take a checked catalogue into force from a date, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store.catalogue.files import CatalogueFiles, Row
from store.catalogue.outlines import OutlineRow
from store.catalogue.read import READ_BOUNDARIES, current_version
from store.catalogue.units import units_of
from store.database import Connection
from store.units import UnitChanges, replace_units

DIGEST_OF = "select digest from catalogue_versions where id = $1"
ADD_VERSION = """
insert into catalogue_versions (valid_from, loaded_at, digest, note) values ($1, $2, $3, $4)
returning id
"""
ADD_PLACES = """
insert into places (version_id, code, level, name, short_name, parent_code, kind, aliases)
select $1, code, $2, name, short_name, parent_code, kind, string_to_array(aliases, '|')
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as given (code, name, short_name, parent_code, kind, aliases)
"""
ADD_SPECIAL_AREAS = """
insert into special_areas (version_id, area, street_code)
select $1, area, street_code from unnest($2::text[], $3::text[]) as given (area, street_code)
"""
ADD_NAMES = """
insert into gazetteer_names (version_id, name, kind, street_code, community_code, aliases)
select $1, name, kind, street_code, community_code, string_to_array(aliases, '|')
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as given (name, kind, street_code, community_code, aliases)
"""
ADD_TOPICS = """
insert into topics
    (version_id, code, level1, level2, level3, keywords, weak_keywords, grade, domain)
select $1, code, level1, level2, level3, string_to_array(keywords, '|'),
    string_to_array(weak_keywords, '|'), grade, domain
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[]) as given (code, level1, level2, level3, keywords, weak_keywords, grade, domain)
"""
ADD_RESPONSIBILITIES = """
insert into responsibilities
    (version_id, topic_code, level, lead_department, assist_departments, enterprises)
select $1, topic_code, level, lead_department, string_to_array(assist_departments, '|'),
    string_to_array(enterprises, '|')
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as given (topic_code, level, lead_department, assist_departments, enterprises)
"""
ADD_BOUNDARIES = """
insert into boundaries (version_id, code, geojson)
select $1, code, geojson from unnest($2::text[], $3::text[]) as given (code, geojson)
"""
KEEP_BOUNDARIES = """
insert into boundaries (version_id, code, geojson)
select $1, code, geojson from boundaries join places using (code)
where boundaries.version_id = $2 and places.version_id = $1
"""
NAME_COLUMNS = ("name", "kind", "street_code", "community_code", "aliases")
TOPIC_COLUMNS = (
    "code",
    "level1",
    "level2",
    "level3",
    "keywords",
    "weak_keywords",
    "default_grade",
    "domain_7you5xing",
)
RESPONSIBILITY_COLUMNS = (
    "code",
    "responsible_level",
    "lead_department",
    "co_departments",
    "enterprises",
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did; where it was `unchanged`, `version` is the one that already says the same."""

    version: int
    unchanged: bool
    units: UnitChanges
    places: int
    topics: int
    outlines: int = 0


async def load(
    connection: Connection,
    files: CatalogueFiles,
    valid_from: date,
    loaded_at: datetime,
    note: str = "",
    outlines: Sequence[OutlineRow] | None = None,
) -> LoadReport:
    """Keep a catalogue as a new version, in force from a date until a later one is.

    Names of units change at once, also where `valid_from` lies ahead. Outlines that are not given are those
    of the version before.
    """
    places = sum(len(files[name]) for name in ("districts", "streets", "communities"))
    async with connection.transaction():
        before = await current_version(connection, valid_from)
        if before and await _says_the_same(connection, before, files, outlines):
            return LoadReport(before, True, UnitChanges(), places, len(files["topics"]))  # noqa: FBT003
        version: int = await connection.fetchval(
            ADD_VERSION, valid_from, loaded_at, files.digest, note
        )
        await _add_places(connection, files, version)
        await connection.execute(
            ADD_TOPICS, version, *(files.column("topics", name) for name in TOPIC_COLUMNS)
        )
        await connection.execute(
            ADD_RESPONSIBILITIES,
            version,
            *(files.column("topics", name) for name in RESPONSIBILITY_COLUMNS),
        )
        kept = await _add_boundaries(connection, version, before, outlines)
        changes = await replace_units(connection, units_of(files), valid_from)
    return LoadReport(version, False, changes, places, len(files["topics"]), kept)  # noqa: FBT003


async def _says_the_same(
    connection: Connection,
    version: int,
    files: CatalogueFiles,
    outlines: Sequence[OutlineRow] | None,
) -> bool:
    if await connection.fetchval(DIGEST_OF, version) != files.digest:
        return False
    kept = await connection.fetch(READ_BOUNDARIES, version)
    return outlines is None or {tuple(row) for row in kept} == set(outlines)


async def _add_boundaries(
    connection: Connection,
    version: int,
    before: int | None,
    outlines: Sequence[OutlineRow] | None,
) -> int:
    """Keep the outlines given, or those before whose places there still are; returns how many."""
    if outlines is None:
        status = await connection.execute(KEEP_BOUNDARIES, version, before)
        return int(status.split()[-1])
    codes, shapes = [one.code for one in outlines], [one.geojson for one in outlines]
    await connection.execute(ADD_BOUNDARIES, version, codes, shapes)
    return len(outlines)


async def _add_places(connection: Connection, files: CatalogueFiles, version: int) -> None:
    levels = (
        ("district", "districts", "name", None),
        ("street", "streets", "name", "district_code"),
        ("community", "communities", "display_name", "street_code"),
    )
    for level, table, name, parent in levels:
        rows = files[table]
        await connection.execute(
            ADD_PLACES,
            version,
            level,
            [row["code"] for row in rows],
            [row[name] for row in rows],
            [row["short_name"] for row in rows],
            [row[parent] if parent else None for row in rows],
            [row.cells.get("kind", "") for row in rows],
            ["|".join(_aliases(row)) for row in rows],
        )
    areas = (files.column("special_jurisdictions", name) for name in ("area", "street_code"))
    await connection.execute(ADD_SPECIAL_AREAS, version, *areas)
    names = (files.column("gazetteer", name) for name in NAME_COLUMNS)
    await connection.execute(ADD_NAMES, version, *names)


def _aliases(row: Row) -> list[str]:
    """Other names of a place, among them a street's in the civil-affairs register (民政部)."""
    if "aliases" not in row.cells:
        return []
    names = dict.fromkeys([row.cells.get("mca_name", ""), *row.listed("aliases")])
    return [name for name in names if name and name != row["name"]]
