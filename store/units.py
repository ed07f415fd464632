"""Units that answer for tickets (承办单位); a unit lives on across versions of the catalogue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dialogs.words import UnitKind
from store.database import Connection

CITY_PREFIX = "city-"
ENTERPRISE_PREFIX = "ent-"

READ_ALL = """
select id, code, kind, name, short_name, aliases, district_code, department, dispatchable,
    valid_from, valid_to
from units order by id
"""
READ_IN_FORCE = """
select id, code, kind, name, short_name, aliases, district_code, department, dispatchable
from units where valid_from <= $1 and (valid_to is null or valid_to > $1) order by id
"""
# Those that a later version begins: there at once, so that it can be said who works there, and in force on its day.
ADD_AHEAD = """
insert into units
    (code, kind, name, short_name, aliases, district_code, department, dispatchable, valid_from)
select code, kind, name, short_name, string_to_array(aliases, '|'), district_code, department,
    dispatchable, $9
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::bool[])
    as given (code, kind, name, short_name, aliases, district_code, department, dispatchable)
on conflict (code) do nothing
"""
# As a catalogue has them.
READ_AS_GIVEN = """
select u.code, u.kind, u.name, u.short_name, u.district_code, u.department, p.code as parent_code,
    u.dispatchable, u.aliases
from units u left join units p on p.id = u.parent_id
where u.valid_from <= $1 and coalesce(u.valid_to, 'infinity') > $1 order by u.id
"""
READ_BY_CODE = "select id, code from units where code = any($1::text[])"
UPSERT = """
insert into units
    (code, kind, name, short_name, aliases, district_code, department, dispatchable, valid_from)
select code, kind, name, short_name, string_to_array(aliases, '|'), district_code, department,
    dispatchable, $9
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::bool[])
    as given (code, kind, name, short_name, aliases, district_code, department, dispatchable)
on conflict (code) do update set
    kind = excluded.kind, name = excluded.name, short_name = excluded.short_name,
    aliases = excluded.aliases, district_code = excluded.district_code,
    department = excluded.department, dispatchable = excluded.dispatchable,
    valid_from = least(units.valid_from, excluded.valid_from), valid_to = null
"""
SET_PARENTS = """
update units set parent_id = parent.id
from unnest($1::text[], $2::text[]) as given (code, parent_code)
join units parent on parent.code = given.parent_code
where units.code = given.code and units.parent_id is distinct from parent.id
"""
# What a later version begins is not ended by one that comes before it.
CLOSE_OTHERS = """
update units set valid_to = $2
where valid_from <= $2 and (valid_to is null or valid_to > $2) and not code = any($1::text[])
"""
# Never in force, unless another version brings them.
END_UNBEGUN = (
    "update units set valid_to = valid_from where valid_from = $2 and code = any($1::text[])"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the catalogue has it; `department` is the code responsibilities know it by."""

    code: str
    kind: UnitKind
    name: str
    short_name: str
    district_code: str | None = None
    department: str | None = None
    parent_code: str | None = None
    dispatchable: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """How many units a load added (or opened again), renamed and closed."""

    added: int = 0
    renamed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it is stored and in force."""

    id: int
    code: str
    kind: UnitKind
    name: str
    short_name: str
    aliases: tuple[str, ...]
    district_code: str | None
    department: str | None
    dispatchable: bool


async def replace_units(
    connection: Connection, units: Sequence[Unit], valid_from: date
) -> UnitChanges:
    """Make `units` the ones in force from a date; those that are not among them end on it."""
    changes = await changes_of(connection, units, valid_from)
    await _write(connection, UPSERT, units, valid_from)
    await connection.execute(CLOSE_OTHERS, [unit.code for unit in units], valid_from)
    return changes


async def changes_of(
    connection: Connection, units: Sequence[Unit], valid_from: date
) -> UnitChanges:
    """What `replace_units` would do."""
    before = await connection.fetch(READ_ALL)
    codes = {unit.code for unit in units}
    open_before = {row["code"]: row for row in before if row["valid_to"] is None}
    closed = (
        row["code"] not in codes
        and row["valid_from"] <= valid_from
        and (row["valid_to"] is None or row["valid_to"] > valid_from)
        for row in before
    )
    renamed = (
        (row["name"], row["short_name"]) != (unit.name, unit.short_name)
        for unit in units
        if (row := open_before.get(unit.code))
    )
    added = sum(unit.code not in open_before for unit in units)
    return UnitChanges(added=added, renamed=sum(renamed), closed=sum(closed))


async def add_ahead(connection: Connection, units: Sequence[Unit], valid_from: date) -> None:
    """Add the units that are in force from a date that lies ahead; those there are stay as they are until then."""
    await _write(connection, ADD_AHEAD, units, valid_from)


async def end_unbegun(connection: Connection, codes: Sequence[str], day: date) -> None:
    """Do without units that would have begun on a day that has not come."""
    await connection.execute(END_UNBEGUN, list(codes), day)


async def _write(
    connection: Connection, statement: str, units: Sequence[Unit], valid_from: date
) -> None:
    await connection.execute(
        statement,
        [unit.code for unit in units],
        [unit.kind for unit in units],
        [unit.name for unit in units],
        [unit.short_name for unit in units],
        ["|".join(unit.aliases) for unit in units],
        [unit.district_code for unit in units],
        [unit.department for unit in units],
        [unit.dispatchable for unit in units],
        valid_from,
    )
    with_parent = [unit for unit in units if unit.parent_code]
    await connection.execute(
        SET_PARENTS, [unit.code for unit in with_parent], [unit.parent_code for unit in with_parent]
    )


async def read_units(connection: Connection, today: date) -> list[UnitRow]:
    """All units in force on a day."""
    rows = await connection.fetch(READ_IN_FORCE, today)
    return [
        UnitRow(
            **dict(row) | {"kind": UnitKind(row["kind"]), "aliases": tuple(row["aliases"])},
        )
        for row in rows
    ]


async def units_as_given(connection: Connection, today: date) -> list[Unit]:
    """All units in force on a day, to be changed and given back."""
    rows = await connection.fetch(READ_AS_GIVEN, today)
    return [
        Unit(**dict(row) | {"kind": UnitKind(row["kind"]), "aliases": tuple(row["aliases"])})
        for row in rows
    ]


async def unit_ids(connection: Connection, codes: Iterable[str]) -> dict[str, int]:
    """The ids of units by their codes; a code that no unit has is left out."""
    rows = await connection.fetch(READ_BY_CODE, list(codes))
    return {row["code"]: row["id"] for row in rows}
