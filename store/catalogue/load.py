"""Take a checked catalogue into force from a date, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from store.catalogue.around import other_versions, refuse_over_the_console, unit_notes
from store.catalogue.effect import keep_units, put_into_force
from store.catalogue.files import CatalogueError, CatalogueFiles, Row
from store.catalogue.outlines import OutlineRow
from store.catalogue.read import READ_BOUNDARIES, current_version
from store.catalogue.units import units_of
from store.database import Connection
from store.heirs import ended, name_heirs, without_heir
from store.turnstiles import Matter, one_at_a_time
from store.units import Unit, UnitChanges, add_ahead, changes_of

DIGEST_OF = "select digest from catalogue_versions where id = $1"
ADD_VERSION = """
insert into catalogue_versions (valid_from, loaded_at, digest, note, state, base_id, approved_at)
values ($1, $2::timestamptz, $3, $4, $5::text, $6, case when $5::text = 'approved' then $2::timestamptz end)
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
    (version_id, code, level1, level2, level3, keywords, weak_keywords, grade, domain, statute,
     statutory_minutes, statutory_working)
select $1, code, level1, level2, level3, string_to_array(keywords, '|'),
    string_to_array(weak_keywords, '|'), grade, domain, statute, nullif(hours, '')::int * 60, working = 'yes'
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[])
    as given (code, level1, level2, level3, keywords, weak_keywords, grade, domain, statute, hours, working)
"""
ADD_RESPONSIBILITIES = """
insert into responsibilities
    (version_id, topic_code, level, lead_department, assist_departments, enterprises, dual, green, valid_from,
     valid_to)
select $1, topic_code, level, lead_department, string_to_array(assist_departments, '|'),
    string_to_array(enterprises, '|'), dual = 'yes', green = 'yes', nullif(valid_from, '')::date,
    nullif(valid_to, '')::date
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[])
    as given (topic_code, level, lead_department, assist_departments, enterprises, dual, green, valid_from, valid_to)
"""
ADD_JURISDICTIONS = """
insert into jurisdictions
    (version_id, position, topic_code, place_code, area, lead_code, assist_codes, source, valid_from, valid_to)
select $1, position, topic_code, place_code, area, lead_code, string_to_array(assist_codes, '|'), source,
    nullif(valid_from, '')::date, nullif(valid_to, '')::date
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    with ordinality
    as given (topic_code, place_code, area, lead_code, assist_codes, source, valid_from, valid_to, position)
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
    "statute",
    "statutory_hours",
    "statutory_working",
)
RESPONSIBILITY_COLUMNS = (
    "code",
    "responsible_level",
    "lead_department",
    "co_departments",
    "enterprises",
    "dual",
    "green",
    "valid_from",
    "valid_to",
)
JURISDICTION_COLUMNS = (
    "topic_code",
    "place_code",
    "area",
    "lead_code",
    "assist_codes",
    "source",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or will do on its day; where it was `unchanged`, `version` is the one that says the same."""

    version: int
    unchanged: bool
    units: UnitChanges
    places: int
    topics: int
    outlines: int = 0
    notes: tuple[str, ...] = ()  # what the operator has to know of other versions, and of units


@dataclass(frozen=True, slots=True)
class Loading:
    """How a catalogue is taken: `draft`: it waits for approval. `heirs`: by the code of a unit that ends, who goes on.

    `today`: the city's day, where it is not that of `loaded_at` in UTC.
    """

    draft: bool = False
    today: date | None = None
    heirs: Mapping[str, str] = field(default_factory=dict)


AT_ONCE = Loading()


async def load(
    connection: Connection,
    files: CatalogueFiles,
    valid_from: date,
    loaded_at: datetime,
    note: str = "",
    outlines: Sequence[OutlineRow] | None = None,
    how: Loading = AT_ONCE,
) -> LoadReport:
    """Keep a catalogue as a new version, in force from a date until a later one is; its units change on that day.

    Outlines that are not given are those of the version before.

    Raises:
        CatalogueError: a unit would end that has tickets open, and nobody is named to go on with them; or it would take
            back what was approved in the console, where somebody has to compare it (a draft).
    """
    places = sum(len(files[name]) for name in ("districts", "streets", "communities"))
    async with connection.transaction():
        await one_at_a_time(connection, Matter.CATALOGUE)
        before = await current_version(connection, valid_from)
        if before and await _says_the_same(connection, before, files, outlines):
            return LoadReport(before, True, UnitChanges(), places, len(files["topics"]))  # noqa: FBT003
        if not how.draft:
            await refuse_over_the_console(connection, before)
        state = "draft" if how.draft else "approved"
        version: int = await connection.fetchval(
            ADD_VERSION, valid_from, loaded_at, files.digest, note, state, before
        )
        await _add_rows(connection, files, version)
        kept = await _add_boundaries(connection, version, before, outlines)
        units = units_of(files)
        gone = await ended(connection, valid_from)
        coming = [unit for unit in units if unit.code not in gone]
        changes = await changes_of(connection, coming, valid_from)
        await keep_units(connection, version, units)
        notes = await unit_notes(connection, units, valid_from)
        if not how.draft:
            await _approve(connection, valid_from, loaded_at, units, how)
        notes += await other_versions(connection, valid_from)
    return LoadReport(version, False, changes, places, len(files["topics"]), kept, tuple(notes))  # noqa: FBT003


async def _approve(
    connection: Connection,
    valid_from: date,
    loaded_at: datetime,
    units: Sequence[Unit],
    how: Loading,
) -> None:
    await add_ahead(connection, units, valid_from)
    unknown = await name_heirs(connection, how.heirs, valid_from, loaded_at)
    faults = [f"units:: “{code}” is no unit's code" for code in unknown]
    faults += [
        f"units:{one.code}: “{one.name}” would end with {one.tickets} tickets open: name who goes on with them"
        for one in await without_heir(connection, [unit.code for unit in units], valid_from)
    ]
    if faults:
        raise CatalogueError(faults)
    await put_into_force(connection, how.today or loaded_at.date())


async def _add_rows(connection: Connection, files: CatalogueFiles, version: int) -> None:
    await _add_places(connection, files, version)
    for statement, table, columns in (
        (ADD_TOPICS, "topics", TOPIC_COLUMNS),
        (ADD_RESPONSIBILITIES, "topics", RESPONSIBILITY_COLUMNS),
        (ADD_JURISDICTIONS, "jurisdictions", JURISDICTION_COLUMNS),
    ):
        await connection.execute(
            statement, version, *(files.column(table, name) for name in columns)
        )


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
