"""When a ticket's round began, what its limit rests on, and what stands as evidence in it."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

ROUND = """
    select coalesce((select max(e.at) from ticket_events e where e.ticket_id = t.id and e.type = 'reopened'), t.opened_at),
        coalesce(o.statute, ''), o.statutory_minutes is not null,
        (select count(*) from evidence v where v.ticket_id = t.id and v.round = t.round),
        exists (select from applications a where a.ticket_id = t.id and a.round = t.round
                and a.kind = 'extension' and a.state = 'upheld')
    from tickets t left join topics o on o.version_id = t.catalogue_version and o.code = t.topic
    where t.id = $1
"""


@dataclass(frozen=True, slots=True)
class Round:
    """A ticket's present round. `statutory`: a statute gives the time for its topic, named by `statute`."""

    began_at: datetime
    statute: str
    statutory: bool
    evidence: int
    extended: bool


async def present_round(connection: Connection, ticket_id: int) -> Round:
    """The round of a locked ticket; raises `LookupError` when there is no such ticket."""
    row = await connection.fetchrow(ROUND, ticket_id)
    if row is None:
        raise LookupError(ticket_id)
    return Round(*row)
