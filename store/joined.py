"""Tickets that have joined another (并案): what they follow, and how they are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class LinkRow(NamedTuple):
    """What a ticket follows now, and how often its matter had been told before."""

    id: int
    joined_to: int | None
    repeats: int


class HeirRow(NamedTuple):
    """A ticket that takes over the assisting units of another."""

    ticket_id: int
    of: int
    round: int
    why: str
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Parent:
    """The ticket that others follow, read without its lock; `newest` is its last event by now."""

    id: int
    state: str
    kind: str
    topic: str
    grade: str
    confidential: bool
    anonymous: bool
    lead_unit_id: int | None
    unit: str  # short name of the lead, "" in triage
    last_reply: str
    newest: int
    shared: bool = (
        True  # False: a steward's or a community's own, or between one consumer and a company
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """What a joined ticket follows. `seen`: the last of its events that was passed on; `own`: the joined ticket's last.

    `successor`: it has joined another itself, and knew of that one's events up to `successor_seen`.
    """

    id: int
    state: str
    resolved_at: datetime | None
    successor: int | None
    successor_seen: int
    lead_unit_id: int | None
    unit: str
    last_reply: str
    result: str
    result_why: str
    due_at: datetime
    hold_reason: str  # why it is on hold just now, "" where it is not
    seen: int
    own: int


@dataclass(frozen=True, slots=True)
class News:
    """An event of a followed ticket that concerns those who have joined it."""

    id: int
    ticket_id: int
    type: str
    actor: str
    staff_id: int | None
    unit_id: int | None
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class JoinedTicket:
    """A joined ticket as a line on the page of the one it follows."""

    id: int
    opened_at: datetime
    state: str
    channel: str
    masked: str
    address_detail: str
    matter: str
    urged: int
    added: int  # times that something was added to it


SET_LINKS = """
    update tickets k set joined_to = t.joined_to, repeats = t.repeats
    from unnest($1::bigint[], $2::bigint[], $3::int[]) as t (id, joined_to, repeats)
    where k.id = t.id
"""

INHERIT = """
    insert into assignments (ticket_id, round, role, unit_id, state, why, dispatched_at, due_at)
    select distinct t.ticket_id, t.round, a.role, a.unit_id, 'open', t.why, t.at, t.due_at
    from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[])
        as t (ticket_id, of, round, why, at, due_at)
    join tickets p on p.id = t.of
    join assignments a on a.ticket_id = p.id and a.round = p.round
    where a.role = 'assist' and a.state <> 'returned'
"""

# One timer each, so that each is told under the lock of its own conversation, however many they are.
ARM = """
    insert into timers as old (subject, subject_id, kind, conversation_id, due_at)
    select 'ticket', c.id, 'joined_news', c.conversation_id, $2
    from tickets c where c.joined_to = any($1::bigint[]) order by c.id
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, attempts = 0
"""

PARENTS = """
    select asked.id, p.id, p.state, p.kind, p.topic, p.grade, p.confidential, p.anonymous, p.lead_unit_id,
        coalesce(u.short_name, ''), p.last_reply,
        coalesce((select max(e.id) from ticket_events e where e.ticket_id = p.id), 0),
        (p.counted or p.source not in ('community', 'steward'))
            and not exists (select from reconciliations r where r.ticket_id = p.id and r.state = 'open')
    from unnest($1::bigint[]) as asked (id)
    join tickets a on a.id = asked.id
    join tickets p on p.id = coalesce(a.joined_to, a.id)
    left join units u on u.id = p.lead_unit_id
"""

FOLLOWED = """
    select c.id, p.id, p.state, p.resolved_at, p.joined_to,
        coalesce((select (e.data ->> 'seen')::bigint from ticket_events e
                  where e.ticket_id = p.id and e.type = 'joined' order by e.id desc limit 1), 0),
        p.lead_unit_id, coalesce(u.short_name, ''), p.last_reply, p.result, p.result_why,
        p.due_at, coalesce((select h.reason from holds h where h.ticket_id = p.id and h.state = 'open'), ''),
        coalesce(known.seen, 0), coalesce(known.own, 0)
    from tickets c
    join tickets p on p.id = c.joined_to
    left join units u on u.id = p.lead_unit_id
    cross join lateral (
        select max((e.data ->> 'seen')::bigint) as seen, max(e.id) as own from ticket_events e where e.ticket_id = c.id
    ) known
    where c.id = any($1::bigint[])
"""

# What was passed on to a ticket itself (`seen`) is no news to those who come to follow it: they have been told.
NEWS = """
    select e.id, e.ticket_id, e.type, e.actor, e.staff_id, e.unit_id, coalesce(u.short_name, ''), e.note
    from ticket_events e left join units u on u.id = e.unit_id
    where e.ticket_id = any($1::bigint[]) and e.id > $2
      and e.type in ('signed', 'dispatched', 'returned', 'replied', 'resolved', 'extended', 'held', 'hold_prolonged',
                     'hold_ended', 'written_off') and not e.data ? 'seen'
    order by e.id
"""

JOINED = """
    select c.id, c.opened_at, c.state, c.channel, coalesce(a.masked, ''), c.address_detail, c.matter, c.urged,
        (select count(*) from ticket_events e where e.ticket_id = c.id and e.type = 'added')::int
    from tickets c
    left join conversations v on v.id = c.conversation_id
    left join addresses a on a.id = v.address_id
    where c.joined_to = $1 and c.state <> 'withdrawn' order by c.id limit $2
"""


# What so many tell, which nobody has marked as a group complaint (群诉) yet.
GROWN = """
    select p.id, count(*)::int + 1
    from tickets p join tickets c on c.joined_to = p.id
    where p.id = any($1::bigint[]) and p.group_size = 0 and c.state <> 'withdrawn'
    group by p.id having count(*) + 1 >= $2
"""

RETOPIC_JOINED = """
    with others as (
        update tickets k set topic = $3
        from (select id, kind, topic from tickets where joined_to = $1 and topic = $2) as old
        where k.id = old.id returning k.id, old.kind
    )
    insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data)
    select id, $5, 'retopiced', 'staff', $6, $7, $4, json_build_object(
        'from', json_build_object('kind', kind, 'topic', $2::text), 'to', json_build_object('kind', kind, 'topic', $3::text))
    from others order by id
"""


class Retopiced(NamedTuple):
    """A ticket whose topic was put right, with the note of that event."""

    id: int
    before: str
    after: str
    note: str
    at: datetime
    staff_id: int
    unit_id: int | None


async def arm_news(connection: Connection, ticket_ids: Sequence[int], at: datetime) -> None:
    """Have all that follow these tickets look at what has become of them."""
    await connection.execute(ARM, ticket_ids, at)


async def parents(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Parent]:
    """The ticket that joining each of these leads to: itself, or what it has joined; unknown ones are left out."""
    return {row[0]: Parent(*tuple(row)[1:]) for row in await connection.fetch(PARENTS, ticket_ids)}


async def grown(connection: Connection, parents: Sequence[int], least: int) -> dict[int, int]:
    """Those of these tickets that at least so many residents tell, unmarked so far: how many, by ticket."""
    if not parents:
        return {}
    return {row[0]: row[1] for row in await connection.fetch(GROWN, parents, least)}


async def retopic_joined(connection: Connection, changed: Retopiced) -> None:
    """Let the topic of all that follow a ticket go along, where it was the same, with an event each."""
    await connection.execute(RETOPIC_JOINED, *changed)


async def followed(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Followed]:
    """What each of these joined tickets follows."""
    rows = await connection.fetch(FOLLOWED, ticket_ids)
    return {row[0]: Followed(*tuple(row)[1:]) for row in rows}


async def news(connection: Connection, ticket_ids: Sequence[int], after: int) -> list[News]:
    """What happened to these tickets after an event that concerns others, oldest first."""
    return [News(*row) for row in await connection.fetch(NEWS, ticket_ids, after)]


async def joined_tickets(connection: Connection, ticket_id: int, limit: int) -> list[JoinedTicket]:
    """Those that follow a ticket and were not withdrawn, oldest first."""
    return [JoinedTicket(*row) for row in await connection.fetch(JOINED, ticket_id, limit)]
