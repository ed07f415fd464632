"""How a ticket came to its units: the version of the catalogue that sent it, and the reason of each sending."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

VERSION = "select catalogue_version from tickets where id = $1"
SENDINGS = """
    select e.at, coalesce(u.short_name, '') as unit, coalesce(s.name, '') as staff, e.note
    from ticket_events e left join units u on u.id = e.unit_id left join staff s on s.id = e.staff_id
    where e.ticket_id = $1 and e.type in ('dispatched', 'triaged', 'succeeded') order by e.id
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """It was sent to a unit, or before the dispatchers (`unit` empty); `staff` empty: by the catalogue."""

    at: datetime
    unit: str
    staff: str
    why: str


async def version_of_ticket(connection: Connection, ticket_id: int) -> int | None:
    """The version that was in force when the ticket was opened."""
    version: int | None = await connection.fetchval(VERSION, ticket_id)
    return version


async def sendings(connection: Connection, ticket_id: int) -> list[Sending]:
    """All sendings of a ticket, oldest first."""
    return [Sending(*row) for row in await connection.fetch(SENDINGS, ticket_id)]
