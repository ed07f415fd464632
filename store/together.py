"""What many tell, and what one tells many times: group complaints, earlier tickets of the same, matters apart from tickets."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

GROUP_SIZE = "select group_size from tickets where id = $1"

# Only earlier ones are named, so that the chain ends; a unit sees no more of them than that they are.
EARLIER = """
    with recursive chain as (
        select linked_ticket_id as id, 1 as depth from tickets where id = $1 and linked_ticket_id < id
        union all
        select t.linked_ticket_id, c.depth + 1 from chain c join tickets t on t.id = c.id
        where t.linked_ticket_id < t.id and c.depth < 20
    )
    select t.id, t.opened_at, t.state, coalesce(u.short_name, '')
    from chain c join tickets t on t.id = c.id left join units u on u.id = t.lead_unit_id
    where not t.confidential
    order by t.id
"""

MATTERS = """
    select count(*)::int, count(*) filter (where t.joined_to is null and t.linked_ticket_id is null)::int,
        count(*) filter (where t.linked_ticket_id is not null)::int,
        count(*) filter (where t.joined_to is not null and t.linked_ticket_id is null)::int,
        count(*) filter (where t.group_size > 0)::int
    from tickets t left join units u on u.id = t.lead_unit_id
    where t.opened_at >= $1 and t.opened_at < $2 and t.counted
      and ($3::int is null or u.id = $3 or u.parent_id = $3)
"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A ticket of the same resident about the same, told before."""

    id: int
    opened_at: datetime
    state: str
    unit: str


@dataclass(frozen=True, slots=True)
class Matters:
    """Tickets of a period, and how many matters they tell of: told again and told by others are counted apart."""

    tickets: int
    unique: int
    repeated: int
    joined: int
    groups: int


async def group_and_earlier(connection: Connection, ticket_id: int) -> tuple[int, list[Earlier]]:
    """How many stand behind a ticket (0: no group), and what its resident told before of the same, oldest first."""
    size = await connection.fetchval(GROUP_SIZE, ticket_id)
    rows = await connection.fetch(EARLIER, ticket_id)
    return size or 0, [Earlier(*row) for row in rows]


async def matters(
    connection: Connection, since: datetime, until: datetime, unit_id: int | None = None
) -> Matters:
    """Counted tickets opened in `since` ≤ t < `until`; with a `unit_id` those led by it or below it."""
    row = await connection.fetchrow(MATTERS, since, until, unit_id)
    return Matters(*(row or (0,) * 5))
