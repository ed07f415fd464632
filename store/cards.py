"""What residents may see of tickets, and the sealed addresses that a proof is checked against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Card:
    """What a resident may see of an own ticket; `units` of the lead, `reopened` when this is a later round."""

    id: int
    conversation_id: int | None
    resident_id: int | None
    channel: str
    title: str
    state: str
    unit: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    last_reply: str
    round: int
    urged: int
    address_sealed: bytes | None
    contact: bytes | None


_CARD = """
    t.id, t.conversation_id, t.resident_id, t.channel, t.title, t.state, coalesce(u.short_name, '') as unit,
    t.opened_at, t.due_at, t.closed_at, t.last_reply, t.round, t.urged
"""

NEWEST_OF_RESIDENTS = f"""
    select wanted.resident_id as asked, {_CARD}, null::bytea as address_sealed, null::bytea as contact
    from unnest($1::bigint[], $2::bool[]) as wanted (resident_id, open_only)
    cross join lateral (
        select * from tickets
        where resident_id = wanted.resident_id
          and (not wanted.open_only or state in ('triage', 'dispatched', 'handling', 'resolved'))
        order by id desc limit 5
    ) t
    left join units u on u.id = t.lead_unit_id
    order by t.id desc
"""

BY_IDS = f"""
    select {_CARD}, a.sealed as address_sealed, t.contact
    from tickets t
    left join units u on u.id = t.lead_unit_id
    left join conversations c on c.id = t.conversation_id
    left join addresses a on a.id = c.address_id
    where t.id = any($1::bigint[])
"""

PROOFS_REFUSED = """
    select ticket_id, count(*) from ticket_events
    where ticket_id = any($1::bigint[]) and type = 'proof_refused' and at > $2
    group by ticket_id
"""


async def newest_of_residents(
    connection: Connection, wanted: Sequence[tuple[int, bool]]
) -> dict[int, list[Card]]:
    """For each (resident id, open only), up to five tickets, newest first."""
    rows = await connection.fetch(
        NEWEST_OF_RESIDENTS, [w[0] for w in wanted], [w[1] for w in wanted]
    )
    found: dict[int, list[Card]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Card(*tuple(row)[1:]))
    return found


async def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, Card]:
    """Cards by ticket id, with the sealed addresses that a proof is checked against."""
    return {row[0]: Card(*row) for row in await connection.fetch(BY_IDS, ids)}


async def proofs_refused(
    connection: Connection, ids: Sequence[int], since: datetime
) -> dict[int, int]:
    """How often each ticket was asked for with a wrong proof since then; those never asked for are left out."""
    return {row[0]: row[1] for row in await connection.fetch(PROOFS_REFUSED, ids, since)}
