"""Marks for abuse (恶意标记): proposed by one, confirmed by another, for a time."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a resident; `until` and who confirmed it are None and "" while it is only proposed."""

    id: int
    ticket_id: int | None
    reason: str
    proposed_by: int
    proposer: str
    proposed_at: datetime
    confirmer: str
    confirmed_at: datetime | None
    until: datetime | None
    lifted_at: datetime | None


PROPOSE = """
    insert into abuse_marks (resident_id, ticket_id, reason, proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5)
"""

OF_RESIDENT = """
    select m.id, m.ticket_id, m.reason, m.proposed_by, p.name, m.proposed_at, coalesce(c.name, ''), m.confirmed_at,
        m.until, m.lifted_at
    from abuse_marks m join staff p on p.id = m.proposed_by left join staff c on c.id = m.confirmed_by
    where m.resident_id = $1 order by m.id
"""

OF_TICKETS_RESIDENT = "select resident_id from tickets where id = $1"

HOLD = "select id from residents where id = $1 for no key update"

CONFIRM = """
    update abuse_marks set confirmed_by = $2, confirmed_at = $3, until = $4 where id = $1
"""

LIFT = "update abuse_marks set lifted_by = $2, lifted_at = $3 where id = $1"

# A talk that has not begun holds nothing that could be changed; where it begins, the mark is read.
SET_IN_TALKS = """
    update conversations set session = (case when $3::text is null then session::jsonb - 'marked_until'
        else session::jsonb || jsonb_build_object('marked_until', $3::text) end)::json
    where resident_id = $1 and id is distinct from $2 and session::text <> '{}'
"""


async def propose(
    connection: Connection,
    resident_id: int,
    ticket_id: int,
    reason: str,
    staff_id: int,
    at: datetime,
) -> None:
    """Propose a mark; nothing follows from it yet."""
    await connection.execute(PROPOSE, resident_id, ticket_id, reason, staff_id, at)


async def hold(connection: Connection, resident_id: int) -> None:
    """Let one person at a time decide about a resident, by whichever ticket; after conversations and tickets are locked."""
    await connection.execute(HOLD, resident_id)


async def of_resident(connection: Connection, resident_id: int) -> list[Mark]:
    """All marks of a resident, past ones included, oldest first."""
    return [Mark(*row) for row in await connection.fetch(OF_RESIDENT, resident_id)]


async def of_ticket(connection: Connection, ticket_id: int) -> list[Mark]:
    """All marks of a ticket's resident; none where nobody is known."""
    resident_id = await connection.fetchval(OF_TICKETS_RESIDENT, ticket_id)
    return await of_resident(connection, resident_id) if resident_id is not None else []


async def confirm(
    connection: Connection, mark_id: int, staff_id: int, at: datetime, until: datetime
) -> None:
    """Let a proposed mark hold until a time."""
    await connection.execute(CONFIRM, mark_id, staff_id, at, until)


async def lift(connection: Connection, mark_id: int, staff_id: int, at: datetime) -> None:
    """End a mark, proposed or in force."""
    await connection.execute(LIFT, mark_id, staff_id, at)


async def set_in_talks(
    connection: Connection, resident_id: int, but: int | None, until: datetime | None
) -> None:
    """Keep a mark in the sessions of all conversations of a resident except one, which is under lock; None takes it out."""
    stored = until.isoformat() if until is not None else None
    await connection.execute(SET_IN_TALKS, resident_id, but, stored)
