"""Community intake (不诉自办): matters that a street's communities take, by when they are solved, what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

ADD = "insert into community_matters (ticket_id, office_id, due_at) values ($1, $2, $3)"
OPEN = """
    select m.ticket_id, t.district_code, t.street_code, t.community_code, t.address_detail
    from community_matters m join tickets t on t.id = m.ticket_id
    where m.ticket_id = any($1::bigint[]) and m.state = 'open'
"""
END = """
    update community_matters set state = $2, ended_at = $3 where ticket_id = any($1::bigint[]) and state = 'open'
"""
LISTED = """
    select m.ticket_id, t.title, coalesce(o.name, ''), m.due_at, m.state, t.opened_at
    from community_matters m
    join tickets t on t.id = m.ticket_id
    join assignments a on a.ticket_id = t.id and a.round = 1 and a.role = 'lead' and a.unit_id = $1
    left join offices o on o.id = m.office_id
    group by m.ticket_id, t.title, o.name, m.due_at, m.state, t.opened_at
    order by m.state <> 'open', case m.state when 'open' then m.due_at end, m.ticket_id desc
    limit $2
"""
OFFICES = "select id, name from offices where unit_id = $1 and kind = 'community' and active order by name"
STATE = "select state from community_matters where ticket_id = $1"
OFFICE_OF = "select office_id from staff where id = $1"


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that a community has; the place as the catalogue's codes."""

    ticket_id: int
    district: str
    street: str
    community: str
    detail: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list; `state` is open, solved or became_ticket."""

    ticket_id: int
    title: str
    office: str
    due_at: datetime
    state: str
    opened_at: datetime


async def add(
    connection: Connection, ticket_id: int, office_id: int | None, due_at: datetime
) -> None:
    """Note that a ticket is a community's own matter."""
    await connection.execute(ADD, ticket_id, office_id, due_at)


async def open_ones(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Matter]:
    """Those of these tickets that a community still has, by ticket."""
    return {row[0]: Matter(*row) for row in await connection.fetch(OPEN, ticket_ids)}


async def end(connection: Connection, ticket_ids: Sequence[int], state: str, now: datetime) -> None:
    """End those of these matters that are open."""
    await connection.execute(END, ticket_ids, state, now)


async def listed(connection: Connection, unit_id: int, limit: int) -> list[Listed]:
    """A street's matters, open ones first."""
    return [Listed(*row) for row in await connection.fetch(LISTED, unit_id, limit)]


async def offices(connection: Connection, unit_id: int) -> list[tuple[int, str]]:
    """A street's communities: id and name."""
    return [(row[0], row[1]) for row in await connection.fetch(OFFICES, unit_id)]


async def office_of(connection: Connection, staff_id: int) -> int | None:
    """Where somebody works, None for a unit's desk."""
    office_id: int | None = await connection.fetchval(OFFICE_OF, staff_id)
    return office_id


async def state_of(connection: Connection, ticket_id: int) -> str:
    """How a community's matter stands, "" for what is none."""
    return await connection.fetchval(STATE, ticket_id) or ""
