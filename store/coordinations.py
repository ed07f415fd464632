"""Talks of units about a ticket: conference (会商), coordination (提级协调), deliberation (议事协商); who is party, what they think."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_COLUMNS = """
    c.id, c.ticket_id, c.kind, c.level, c.asked_by_unit, coalesce(a.short_name, '热线中心'), c.host_unit_id,
    coalesce(h.short_name, '热线中心'), h.parent_id, c.reason, c.at, c.due_at, c.state, c.application_id, c.decision,
    coalesce(l.short_name, ''), array(select u.short_name from units u where u.id = any(c.joint_unit_ids) order by u.id),
    coalesce(s.name, ''), c.decided_at
"""
_FROM = """
    coordinations c
    left join units a on a.id = c.asked_by_unit left join units h on h.id = c.host_unit_id
    left join units l on l.id = c.lead_unit_id left join staff s on s.id = c.decided_by
"""
ADD = """
    insert into coordinations
        (ticket_id, kind, level, asked_by_unit, asked_by, host_unit_id, reason, at, due_at, application_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id
"""
ADD_PARTIES = """
    insert into coordination_parties (coordination_id, unit_id, name)
    select $1, p.unit_id, p.name from unnest($2::int[], $3::text[]) as p (unit_id, name)
"""
OF_TICKET = f"select {_COLUMNS} from {_FROM} where c.ticket_id = $1 order by c.id"
BY_IDS = f"select {_COLUMNS} from {_FROM} where c.id = any($1::bigint[]) order by c.id"
PARTIES = """
    select p.id, p.coordination_id, p.unit_id, coalesce(u.short_name, p.name), u.parent_id, p.opinion,
        coalesce(s.name, ''), p.opinion_at
    from coordination_parties p left join units u on u.id = p.unit_id left join staff s on s.id = p.opinion_by
    where p.coordination_id = any($1::bigint[]) order by p.id
"""
OPINE = (
    "update coordination_parties set opinion = $2, opinion_by = $3, opinion_at = $4 where id = $1"
)
END = """
    update coordinations set
        state = $2, decision = $3, lead_unit_id = $4, joint_unit_ids = $5, decided_by = $6, decided_at = $7
    where id = $1 and state = 'open'
"""
_SHARES = """
    where a.ticket_id = (select ticket_id from coordinations where id = $1) and a.role = 'party' and a.subject_id = $1
"""
ANSWER_SHARE = f"""
    update assignments a set state = 'signed', signed_at = $3, signed_by = $4
    {_SHARES} and a.unit_id = $2 and a.state = 'open'
"""
END_SHARES = f"""
    update assignments a set state = case when a.state = 'signed' then 'done' else 'ended' end, done_at = $2
    {_SHARES} and a.state in ('open', 'signed')
"""
END_WITH_TICKETS = """
    with over as (
        update coordinations set state = 'taken_back', decision = $2, decided_at = $3
        where ticket_id = any($1::bigint[]) and state = 'open' returning id, ticket_id
    ), released as (
        update assignments a set state = 'ended', done_at = $3 from over o
        where a.ticket_id = o.ticket_id and a.role = 'party' and a.subject_id = o.id and a.state in ('open', 'signed')
    )
    select o.ticket_id, o.id, p.unit_id
    from over o left join coordination_parties p on p.coordination_id = o.id and p.unit_id is not null
    order by o.id, p.unit_id
"""
# Open ones by their due date, then the newest that have ended. A unit sees what it hosts, is party to or has asked for,
# and what concerns those below it; no unit: all of the city.
LISTED = """
    select c.id, c.ticket_id, t.title, c.kind, c.level, coalesce(a.short_name, '热线中心'),
        coalesce(h.short_name, '热线中心'), c.reason, c.at, c.due_at, c.state, c.decision,
        c.host_unit_id is not distinct from $1::int,
        (select count(*) from coordination_parties p where p.coordination_id = c.id)::int,
        (select count(*) from coordination_parties p where p.coordination_id = c.id and p.opinion <> '')::int,
        exists (select from coordination_parties p
                where p.coordination_id = c.id and p.unit_id = $1 and p.opinion = '' and c.state = 'open')
    from coordinations c
    join tickets t on t.id = c.ticket_id
    left join units a on a.id = c.asked_by_unit left join units h on h.id = c.host_unit_id
    where $1::int is null or c.host_unit_id = $1 or c.asked_by_unit = $1 or a.parent_id = $1
        or exists (select from coordination_parties p where p.coordination_id = c.id and p.unit_id = $1)
    order by c.state <> 'open', case c.state when 'open' then c.due_at end, c.id desc limit $2
"""


class NewCoordination(NamedTuple):
    """A talk as it begins; `host_unit_id` None: the centre. `application_id`: the return that is conferred about."""

    ticket_id: int
    kind: str
    level: str
    asked_by_unit: int | None
    asked_by: int | None
    host_unit_id: int | None
    reason: str
    at: datetime
    due_at: datetime
    application_id: int | None = None


@dataclass(frozen=True, slots=True)
class Coordination:
    """A talk; names are "" where there is nobody. `above_host_id`: the unit over the host's, None where the centre is."""

    id: int
    ticket_id: int
    kind: str
    level: str
    asked_by_unit: int | None
    asker: str
    host_unit_id: int | None
    host: str
    above_host_id: int | None
    reason: str
    at: datetime
    due_at: datetime
    state: str
    application_id: int | None
    decision: str
    lead: str
    joint: Sequence[str]
    decided_by: str
    decided_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it has not been decided, passed up or ended."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Party:
    """Who is asked: a unit, or one who takes no orders by its name (`unit_id` None)."""

    id: int
    coordination_id: int
    unit_id: int | None
    name: str
    superior_id: int | None
    opinion: str
    opinion_by: str
    opinion_at: datetime | None


class Decided(NamedTuple):
    """How a talk ended: decided, passed_up or taken_back."""

    coordination_id: int
    state: str
    decision: str
    lead_unit_id: int | None
    joint_unit_ids: Sequence[int]
    staff_id: int | None
    at: datetime


class Listed(NamedTuple):
    """A talk as a line of a list; `mine`: the reading unit hosts it, `asked`: its opinion is waited for."""

    id: int
    ticket_id: int
    title: str
    kind: str
    level: str
    asker: str
    host: str
    reason: str
    at: datetime
    due_at: datetime
    state: str
    decision: str
    mine: bool
    parties: int
    opinions: int
    asked: bool


async def add(connection: Connection, new: NewCoordination) -> int:
    """Keep a talk; returns its id."""
    added: int = await connection.fetchval(ADD, *new)
    return added


async def add_parties(
    connection: Connection, coordination_id: int, parties: Sequence[tuple[int | None, str]]
) -> None:
    """Add who is asked, as (unit, "") or (None, name)."""
    units, names = [unit for unit, _ in parties], [name for _, name in parties]
    await connection.execute(ADD_PARTIES, coordination_id, units, names)


async def of_ticket(connection: Connection, ticket_id: int) -> list[Coordination]:
    """All talks about a ticket, oldest first."""
    return [Coordination(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def by_ids(connection: Connection, ids: Sequence[int]) -> list[Coordination]:
    """Talks by their ids."""
    return [Coordination(*row) for row in await connection.fetch(BY_IDS, ids)]


async def parties(connection: Connection, ids: Sequence[int]) -> list[Party]:
    """Who is asked in these talks, in the order in which they were invited."""
    return [Party(*row) for row in await connection.fetch(PARTIES, ids)]


async def opine(
    connection: Connection, party: Party, opinion: str, staff_id: int, at: datetime
) -> None:
    """Keep an opinion; said again, it takes the first one's place. A unit's share shows that it has answered."""
    await connection.execute(OPINE, party.id, opinion, staff_id, at)
    if party.unit_id is not None:
        await connection.execute(ANSWER_SHARE, party.coordination_id, party.unit_id, at, staff_id)


async def end(connection: Connection, decided: Decided) -> None:
    """End a talk with the shares that it gave."""
    await connection.execute(END, *decided)
    await connection.execute(END_SHARES, decided.coordination_id, decided.at)


async def end_with_tickets(
    connection: Connection, ticket_ids: Sequence[int], why: str, at: datetime
) -> list[tuple[int, int, int | None]]:
    """End what is open on tickets that have ended or begin anew: (ticket, talk, unit that was party)."""
    rows = await connection.fetch(END_WITH_TICKETS, ticket_ids, why, at)
    return [(row[0], row[1], row[2]) for row in rows]


async def listed(connection: Connection, unit_id: int | None, limit: int) -> list[Listed]:
    """Talks as a list: the open ones by their due date first."""
    return [Listed(*row) for row in await connection.fetch(LISTED, unit_id, limit)]
