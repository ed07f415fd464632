"""Duty phones (值班电话): whom a unit lets be called for grades I and II, in order; no unit: the centre's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class DutyPhone:
    """One phone; the number is sealed, `masked` may be shown."""

    id: int
    unit_id: int | None
    position: int
    name: str
    phone: bytes
    masked: str


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """Who changed the list, when and how."""

    at: datetime
    staff: str
    note: str


_COLUMNS = "id, unit_id, position, name, phone, masked"
OF_UNIT = f"""
    select {_COLUMNS} from duty_phones where unit_id is not distinct from $1::int order by position, id
"""
OF_UNITS = f"""
    select {_COLUMNS} from duty_phones where unit_id = any($1::int[]) or unit_id is null
    order by unit_id nulls last, position, id
"""
ADD = """
    insert into duty_phones (unit_id, position, name, phone, masked, added_by, added_at)
    select $1::int, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6 from duty_phones
    where unit_id is not distinct from $1::int
"""
REMOVE = "delete from duty_phones where id = $1 and unit_id is not distinct from $2::int returning name, masked"
RAISE = """
    with given as (select id, unit_id, position from duty_phones where id = $1 and unit_id is not distinct from $2::int),
    above as (
        select d.id, d.position from duty_phones d join given g on d.unit_id is not distinct from g.unit_id
        where (d.position, d.id) < (g.position, g.id) order by d.position desc, d.id desc limit 1
    )
    update duty_phones d set position = case when d.id = g.id then a.position else g.position end
    from given g, above a where d.id in (g.id, a.id)
"""
NOTE = "insert into duty_phone_changes (unit_id, at, staff_id, note) values ($1, $2, $3, $4)"
CHANGES = """
    select c.at, coalesce(s.name, ''), c.note from duty_phone_changes c left join staff s on s.id = c.staff_id
    where c.unit_id is not distinct from $1::int order by c.id desc limit 20
"""
LOCK = (
    "select id from duty_phones where unit_id is not distinct from $1::int order by id for update"
)


async def of_unit(connection: Connection, unit_id: int | None) -> list[DutyPhone]:
    """The phones of a unit (None: of the centre), in the order in which they ring."""
    return [DutyPhone(*row) for row in await connection.fetch(OF_UNIT, unit_id)]


async def of_units(
    connection: Connection, unit_ids: Sequence[int]
) -> dict[int | None, list[DutyPhone]]:
    """The phones of these units and of the centre (None), in order; units without any are left out."""
    found: dict[int | None, list[DutyPhone]] = {}
    for row in await connection.fetch(OF_UNITS, list(unit_ids)):
        found.setdefault(row["unit_id"], []).append(DutyPhone(*row))
    return found


async def add(
    connection: Connection,
    unit_id: int | None,
    name: str,
    phone: bytes,
    masked: str,
    staff_id: int,
    at: datetime,
) -> None:
    """Add a phone behind the others of its unit."""
    await connection.execute(ADD, unit_id, name, phone, masked, staff_id, at)


async def remove(
    connection: Connection, unit_id: int | None, phone_id: int
) -> tuple[str, str] | None:
    """Take a phone of this unit away; returns its name and masked number, None when there was none."""
    row = await connection.fetchrow(REMOVE, phone_id, unit_id)
    return (row["name"], row["masked"]) if row is not None else None


async def move_up(connection: Connection, unit_id: int | None, phone_id: int) -> None:
    """Let a phone of this unit ring before the one above it."""
    await connection.fetch(LOCK, unit_id)
    await connection.execute(RAISE, phone_id, unit_id)


async def note_change(
    connection: Connection, unit_id: int | None, at: datetime, staff_id: int, note: str
) -> None:
    """Log a change of a unit's list."""
    await connection.execute(NOTE, unit_id, at, staff_id, note)


async def changes(connection: Connection, unit_id: int | None) -> list[PhoneChange]:
    """The last changes of a unit's list, newest first."""
    return [PhoneChange(*row) for row in await connection.fetch(CHANGES, unit_id)]
