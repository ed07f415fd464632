"""The night duty roster (值班表): who of a unit, or of the centre, is on duty when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Duty:
    """One turn of duty."""

    id: int
    staff_id: int
    name: str
    unit: str
    begins_at: datetime
    ends_at: datetime


_COLUMNS = "r.id, r.staff_id, s.name, coalesce(u.short_name, '热线中心'), r.begins_at, r.ends_at"
_FROM = (
    "rosters r join staff s on s.id = r.staff_id and s.active left join units u on u.id = r.unit_id"
)
COMING = f"""
    select {_COLUMNS} from {_FROM}
    where r.unit_id is not distinct from $1::int and r.ends_at > $2 order by r.begins_at, r.id limit 200
"""
NOW = f"""
    select {_COLUMNS} from {_FROM}
    where r.unit_id is not distinct from $1::int and r.begins_at <= $2 and r.ends_at > $2 order by r.id
"""
OF_TICKET = f"""
    select {_COLUMNS} from {_FROM}
    where r.begins_at <= $2 and r.ends_at > $2 and r.unit_id in (
        select a.unit_id from assignments a where a.ticket_id = $1 and a.state in ('open', 'signed')
    ) order by r.unit_id, r.id
"""
FIRST = """
    select distinct on (r.unit_id) r.unit_id, r.staff_id from rosters r join staff s on s.id = r.staff_id and s.active
    where r.unit_id = any($1::int[]) and r.begins_at <= $2 and r.ends_at > $2 order by r.unit_id, r.id
"""
ADD = """
    insert into rosters (unit_id, staff_id, begins_at, ends_at, added_by, added_at)
    select $1::int, $2::int, t.begins_at, t.ends_at, $5::int, $6::timestamptz
    from unnest($3::timestamptz[], $4::timestamptz[]) as t (begins_at, ends_at)
    where not exists (
        select from rosters r where r.unit_id is not distinct from $1::int and r.staff_id = $2
          and r.begins_at < t.ends_at and r.ends_at > t.begins_at
    )
    returning id
"""
REMOVE = "delete from rosters where id = $2 and unit_id is not distinct from $1::int returning id"


async def coming(connection: Connection, unit_id: int | None, now: datetime) -> list[Duty]:
    """The turns of a unit (None: of the centre) that are not over."""
    return [Duty(*row) for row in await connection.fetch(COMING, unit_id, now)]


async def on_duty(connection: Connection, unit_id: int | None, now: datetime) -> list[Duty]:
    """Who is on duty now."""
    return [Duty(*row) for row in await connection.fetch(NOW, unit_id, now)]


async def on_duty_of_ticket(connection: Connection, ticket_id: int, now: datetime) -> list[Duty]:
    """Who is on duty now in the units that have a ticket."""
    return [Duty(*row) for row in await connection.fetch(OF_TICKET, ticket_id, now)]


async def first_on_duty(
    connection: Connection, unit_ids: Sequence[int], now: datetime
) -> dict[int, int]:
    """One who is on duty now in each of these units; units where nobody is are left out."""
    return {
        row["unit_id"]: row["staff_id"]
        for row in await connection.fetch(FIRST, list(unit_ids), now)
    }


async def add(
    connection: Connection,
    unit_id: int | None,
    staff_id: int,
    turns: Sequence[tuple[datetime, datetime]],
    added_by: int,
    added_at: datetime,
) -> int:
    """Add turns of one person, but for those in which they are on duty already; returns how many were added."""
    begins, ends = [one[0] for one in turns], [one[1] for one in turns]
    return len(await connection.fetch(ADD, unit_id, staff_id, begins, ends, added_by, added_at))


async def remove(connection: Connection, unit_id: int | None, turn_id: int) -> bool:
    """Take a turn away; False when there was none."""
    return await connection.fetchval(REMOVE, unit_id, turn_id) is not None
