"""Rules of casework that operators have changed: the last row of a key counts, the others are its history."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

IN_FORCE = "select distinct on (key) key, value from rule_values order by key, id desc"
CHANGE = "insert into rule_values (key, value, note, staff_id, at) values ($1, $2, $3, $4, $5)"
HISTORY = """
    select r.key, r.value, r.note, coalesce(s.name, ''), r.at
    from rule_values r left join staff s on s.id = r.staff_id order by r.id desc limit $1
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a rule."""

    key: str
    value: int
    note: str
    staff: str
    at: datetime


async def in_force(connection: Connection) -> dict[str, int]:
    """The values that operators have set, by key."""
    return {row["key"]: row["value"] for row in await connection.fetch(IN_FORCE)}


async def change(
    connection: Connection, key: str, value: int, note: str, staff_id: int | None, at: datetime
) -> None:
    """Set a rule; the caller has checked that it can have this value."""
    await connection.execute(CHANGE, key, value, note, staff_id, at)


async def history(connection: Connection, limit: int) -> list[Changed]:
    """The last changes, newest first."""
    return [Changed(*row) for row in await connection.fetch(HISTORY, limit)]
