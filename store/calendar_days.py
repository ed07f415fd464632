"""Days that are otherwise than the public calendar says, as an operator has set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store.database import Connection

ALL = """
    select d.day, d.working, d.note, coalesce(s.name, ''), d.at
    from calendar_days d left join staff s on s.id = d.staff_id order by d.day
"""
SET = """
    insert into calendar_days (day, working, note, staff_id, at) values ($1, $2, $3, $4, $5)
    on conflict (day) do update
    set working = excluded.working, note = excluded.note, staff_id = excluded.staff_id, at = excluded.at
"""
REMOVE = "delete from calendar_days where day = $1 returning day"


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of the city's own, and who has set it."""

    day: date
    working: bool
    note: str
    staff: str
    at: datetime


async def all_days(connection: Connection) -> Sequence[OwnDay]:
    """All of them, in order."""
    return [OwnDay(*row) for row in await connection.fetch(ALL)]


async def set_day(
    connection: Connection,
    day: date,
    *,
    working: bool,
    note: str,
    staff_id: int | None,
    at: datetime,
) -> None:
    """Let a day be worked on, or be free; what was set for it before gives way."""
    await connection.execute(SET, day, working, note, staff_id, at)


async def remove_day(connection: Connection, day: date) -> bool:
    """Leave a day to the public calendar again; tells whether it was set."""
    return await connection.fetchval(REMOVE, day) is not None
