"""What a catalogue's files must keep to among each other: codes used once, references that exist."""

from collections.abc import Iterator
from pathlib import Path

from store.catalogue.files import CatalogueError, CatalogueFiles, Row, read_files
from store.units import CITY_PREFIX, ENTERPRISE_PREFIX

GOVERNMENT = "gov"  # the department code of a district's own government, the backstop (兜底)
UNIQUE = (
    ("districts", "code"),
    ("districts", "name"),
    ("streets", "code"),
    ("communities", "code"),
    ("special_jurisdictions", "area"),
    ("departments", "code"),
    ("enterprises", "code"),
    ("topics", "code"),
)
NOT_EMPTY = ("districts", "topics")


def read_folder(folder: Path) -> CatalogueFiles:
    """Read a catalogue and check it whole.

    Raises:
        CatalogueError: something is wrong; it names every fault.
    """
    faults: list[str] = []
    files = read_files(folder, faults)
    faults += _faults_between(files)
    if faults:
        raise CatalogueError(faults)
    return files


def _faults_between(files: CatalogueFiles) -> Iterator[str]:
    for table in NOT_EMPTY:
        if not files[table]:
            yield f"{table}.csv:1:: there is no row"
    for table, column in UNIQUE:
        yield from _repeated(files[table], column)
    yield from _dangling(files)
    yield from _no_units(files)
    yield from _twice_in_a_district(files)
    yield from _named_twice_or_elsewhere(files)
    for topic in files["topics"]:
        yield from _impossible(topic)
    for row in files["jurisdictions"]:
        yield from _nowhere_special(row)


def _repeated(rows: tuple[Row, ...], column: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for row in rows:
        if row[column] in first:
            yield row.fault(column, f"“{row[column]}” stands in row {first[row[column]]} already")
        first.setdefault(row[column], row.number)


def _dangling(files: CatalogueFiles) -> Iterator[str]:
    """References to what is nowhere; a wrong file would only repeat its own fault here."""
    districts = frozenset(files.column("districts", "code"))
    streets = frozenset(files.column("streets", "code"))
    communities = frozenset(files.column("communities", "code"))
    of_districts = frozenset(files.column("district_units", "department"))
    departments = frozenset(files.column("departments", "code"))
    enterprises = frozenset(files.column("enterprises", "code"))
    references = (
        ("streets", "district_code", districts),
        ("communities", "street_code", streets),
        ("special_jurisdictions", "street_code", streets),
        ("gazetteer", "street_code", streets),
        ("gazetteer", "community_code", communities),
        ("district_units", "department", departments | {GOVERNMENT}),
        ("district_units", "only_in", districts),
        ("district_units", "not_in", districts),
        ("topics", "lead_department", departments | of_districts),
        ("topics", "co_departments", departments | of_districts),
        ("topics", "enterprises", enterprises),
        ("jurisdictions", "topic_code", frozenset(files.column("topics", "code"))),
        ("jurisdictions", "place_code", districts | streets | communities),
        ("jurisdictions", "area", frozenset(files.column("special_jurisdictions", "area"))),
    )
    for table, column, known in references:
        for row in files[table]:
            for named in row.listed(column):
                if named not in known:
                    yield row.fault(column, f"“{named}” is in no other file")


def _no_units(files: CatalogueFiles) -> Iterator[str]:
    units = _unit_codes(files)
    for row in files["jurisdictions"]:
        for column in ("lead_code", "assist_codes"):
            for named in row.listed(column):
                if named not in units:
                    yield row.fault(column, f"“{named}” is no unit's code")


def _unit_codes(files: CatalogueFiles) -> frozenset[str]:
    """The codes that `store.catalogue.units` gives."""
    districts = files.column("districts", "code")
    own = (
        district if row["department"] == GOVERNMENT else f"{district}-{row['department']}"
        for row in files["district_units"]
        for district in districts_of(row, districts)
    )
    city = (CITY_PREFIX + code for code in files.column("departments", "code"))
    enterprises = (ENTERPRISE_PREFIX + code for code in files.column("enterprises", "code"))
    return frozenset((*files.column("streets", "code"), *own, *city, *enterprises))


def _twice_in_a_district(files: CatalogueFiles) -> Iterator[str]:
    """A department may have several patterns, each for other districts."""
    districts = files.column("districts", "code")
    covered: dict[tuple[str, str], int] = {}
    for row in files["district_units"]:
        for district in districts_of(row, districts):
            key = (row["department"], district)
            if key in covered:
                yield row.fault("department", f"row {covered[key]} covers {district} already")
            covered.setdefault(key, row.number)
    for district in districts:
        if (GOVERNMENT, district) not in covered:
            yield f"district_units.csv:1:department: no “{GOVERNMENT}” for {district}"


def _named_twice_or_elsewhere(files: CatalogueFiles) -> Iterator[str]:
    """A name may stand in many streets, but once in each place; and its community lies in its street."""
    homes = {row["code"]: row["street_code"] for row in files["communities"]}
    first: dict[tuple[str, str, str], int] = {}
    for row in files["gazetteer"]:
        community = row["community_code"]
        if homes.get(community, row["street_code"]) != row["street_code"]:
            yield row.fault("community_code", f"“{community}” is not in this street")
        key = (row["name"], row["street_code"], community)
        if key in first:
            yield row.fault("name", f"“{row['name']}” stands for this place in row {first[key]}")
        first.setdefault(key, row.number)


def districts_of(row: Row, districts: list[str]) -> list[str]:
    """The districts that have this department of their own."""
    only, missing = row.listed("only_in"), row.listed("not_in")
    return [code for code in districts if (not only or code in only) and code not in missing]


def _impossible(topic: Row) -> Iterator[str]:
    level = topic["responsible_level"]
    if level in ("both", "department") and not topic["lead_department"]:
        yield topic.fault("lead_department", f"must not be empty for level {level}")
    if level == "enterprise" and not topic["enterprises"]:
        yield topic.fault("enterprises", "must not be empty for level enterprise")
    if topic["valid_from"] and topic["valid_to"] and topic["valid_from"] >= topic["valid_to"]:
        yield topic.fault("valid_to", "is not after valid_from")


def _nowhere_special(row: Row) -> Iterator[str]:
    """A jurisdiction for everything everywhere would be no exception."""
    if not (row["topic_code"] or row["place_code"] or row["area"]):
        yield row.fault("topic_code", "neither a topic nor a place")
    if row["place_code"] and row["area"]:
        yield row.fault("area", "beside a place_code")
    if row["lead_code"] in row.listed("assist_codes"):
        yield row.fault("assist_codes", "names the lead")
