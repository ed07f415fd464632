"""Evidence (佐证): files of staff on a ticket, photos with when and where they were taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement


class EvidenceRow(NamedTuple):
    """One file. `from_photo`: time and place are what the photo says of itself, not what somebody typed."""

    ticket_id: int
    round: int
    media_id: str
    unit_id: int | None
    staff_id: int | None
    at: datetime
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    place: str
    from_photo: bool
    note: str


class Said(NamedTuple):
    """What somebody says of the files: where and when they were taken, and what they show."""

    place: str = ""
    taken_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the page shows it."""

    media_id: str
    content_type: str
    round: int
    unit: str
    staff: str
    at: datetime
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    place: str
    from_photo: bool
    note: str


_TYPES = ["bigint", "int", "text", "int", "int", "timestamptz", "timestamptz", "float8", "float8"]
INSERT = insert_statement("evidence", EvidenceRow._fields, [*_TYPES, "text", "bool", "text"])
OF_TICKET = """
    select e.media_id, m.content_type, e.round, coalesce(u.short_name, ''), coalesce(s.name, ''), e.at, e.taken_at,
        e.latitude, e.longitude, e.place, e.from_photo, e.note
    from evidence e join media m on m.id = e.media_id
    left join units u on u.id = e.unit_id left join staff s on s.id = e.staff_id
    where e.ticket_id = $1 order by e.id
"""


async def insert(connection: Connection, rows: Sequence[EvidenceRow]) -> None:
    """Put files on a ticket; nothing happens for none."""
    if rows:
        await connection.execute(INSERT, encode_rows(rows))


async def of_ticket(connection: Connection, ticket_id: int) -> list[Kept]:
    """The files of a ticket, oldest first."""
    return [Kept(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]
