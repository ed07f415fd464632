"""Which event in force (平战转换) a ticket belongs to, where that is looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.database import Connection

TOLD = """
    select t.kind, t.topic, t.matter, t.line, t.emergency, t.district_code, t.street_code, t.community_code,
        t.surge_id, t.source in ('resident', 'walk_in'),
        array(select s.id from surges s where s.ended_at is null and s.began_at <= t.opened_at),
        exists (select from human_talks h where h.conversation_id = t.conversation_id and h.surge_id = t.surge_id)
    from tickets t where t.id = $1
"""
# Those that follow a ticket go with it where they belonged to the same.
MARK = """
    update tickets set surge_id = $3, surge_line_id = $4
    where (id = $1 or joined_to = $1) and surge_id is not distinct from $2 returning id
"""


@dataclass(frozen=True, slots=True)
class ToldTicket:
    """What a ticket says of itself. `open_to`: the events in force that had begun when it was opened.

    `to_experts`: it was told to those of its event, whatever it is about.
    """

    kind: str
    topic: str
    matter: str
    line: str
    emergency: bool
    district: str
    street: str
    community: str
    surge_id: int | None
    of_residents: bool
    open_to: Sequence[int]
    to_experts: bool


async def told(connection: Connection, ticket_id: int) -> ToldTicket:
    """A locked ticket as it stands; raises `LookupError` when there is no such ticket."""
    row = await connection.fetchrow(TOLD, ticket_id)
    if row is None:
        raise LookupError(ticket_id)
    return ToldTicket(*row)


async def mark(
    connection: Connection,
    ticket_id: int,
    before: int | None,
    after: int | None,
    line_id: int | None,
) -> list[int]:
    """Let a ticket, and what follows it, belong to another event (None: to none) and its line; returns all that do."""
    return sorted(row[0] for row in await connection.fetch(MARK, ticket_id, before, after, line_id))
