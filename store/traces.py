"""Who forwarded, printed or exported a ticket, when and what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class NewTrace(NamedTuple):
    """Something that is about to leave the system; `what` is forward, print or export."""

    staff_id: int
    unit_id: int | None
    at: datetime
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace as the page of its ticket shows it."""

    id: int
    staff_id: int
    who: str
    unit: str
    at: datetime
    what: str
    purpose: str


LEAVE = """
    insert into ticket_traces (ticket_id, staff_id, unit_id, at, what, purpose)
    select id, $2, $3, $4, $5, $6 from unnest($1::bigint[]) as t (id) order by id
"""

_TRACES = """
    select r.id, r.staff_id, s.name, coalesce(u.short_name, ''), r.at, r.what, r.purpose
    from ticket_traces r join staff s on s.id = r.staff_id left join units u on u.id = r.unit_id
"""

OF_TICKET = _TRACES + " where r.ticket_id = $1 order by r.id"

OWN = _TRACES + " where r.id = $1 and r.ticket_id = $2 and r.staff_id = $3"


async def leave(connection: Connection, ticket_ids: Sequence[int], trace: NewTrace) -> None:
    """Leave the same trace on each of these tickets."""
    await connection.execute(LEAVE, ticket_ids, *trace)


async def of_ticket(connection: Connection, ticket_id: int) -> list[Trace]:
    """All traces of a ticket, oldest first."""
    return [Trace(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def own(connection: Connection, trace_id: int, ticket_id: int, staff_id: int) -> Trace | None:
    """A trace that somebody has left themselves on a ticket; None when there is no such."""
    row = await connection.fetchrow(OWN, trace_id, ticket_id, staff_id)
    return Trace(*row) if row is not None else None
