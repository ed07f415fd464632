"""What residents may see of tickets, and the sealed addresses that a proof is checked against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Card:
    """What a resident may see of an own ticket; `unit` is the lead's.

    `course` is "" or what there is to know beyond the state (`dialogs.words.Course`), `hold_reason` a code.
    """

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
    course: str
    hold_reason: str
    address_sealed: bytes | None
    contact: bytes | None


_CARD = """
    t.id, t.conversation_id, t.resident_id, t.channel, t.title, t.state, coalesce(u.short_name, '') as unit,
    t.opened_at, t.due_at, t.closed_at, t.last_reply, t.round, t.urged,
    coalesce(course.name, '') as course, coalesce(held.reason, '') as hold_reason
"""

# Who has joined another goes the way of that; what holds it up most comes first.
_OF = "coalesce(t.joined_to, t.id)"
_COURSE = f"""
    left join units u on u.id = t.lead_unit_id
    left join holds held on held.ticket_id = {_OF} and held.state = 'open'
    left join lateral (
        select case
            when t.state in ('triage', 'dispatched', 'handling') then coalesce(
                case when held.id is not null then 'held' end,
                (select 'settling' from reconciliations where ticket_id = t.id and state = 'open'),
                (select case kind when 'conference' then 'whose' when 'deliberation' then 'talked_over' else 'above' end
                 from coordinations where ticket_id = {_OF} and state = 'open' order by id desc limit 1),
                (select 'together' from whistles where ticket_id = {_OF} and state = 'open' limit 1),
                case when t.joined_to is not null then 'joined' end
            )
            when t.state = 'closed' and not t.counted and t.source in ('resident', 'walk_in') then 'invalid'
            when t.source = 'steward' then
                (select 'fixed' from ticket_events where ticket_id = t.id and type = 'steward_fixed' limit 1)
            when t.state in ('resolved', 'closed') then coalesce(
                (select 'declined' from surveys where ticket_id = t.id and round = t.round and manner),
                case when t.state = 'resolved' and t.result in ('partly', 'explained', 'cannot') then 'answered' end
            )
        end as name
    ) course on true
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
    {_COURSE}
    order by t.id desc
"""

BY_IDS = f"""
    select {_CARD}, a.sealed as address_sealed, t.contact
    from tickets t
    {_COURSE}
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
