"""Inside a unit (分办): who has a ticket in hand, who may review, and how its resident has been reached so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

# Tries count of those who have a part in it by now; what a unit did that gave it back is not this unit's contact. A
# reply counts that has arrived, by whichever way, and what the centre has passed on.
REACH = """
    with round as (
        select t.id, coalesce(min(a.dispatched_at), t.opened_at) as began
        from tickets t left join assignments a on a.ticket_id = t.id and a.round = t.round and a.role = 'lead'
        where t.id = $1 group by t.id, t.opened_at
    ), tried as (
        select c.at, c.outcome from contact_tries c join tickets t on t.id = c.ticket_id and t.round = c.round
        where t.id = $1 and (c.unit_id is null or exists (
            select from assignments a left join unit_successors s on s.successor_id = a.unit_id and s.done_at is not null
            where a.ticket_id = coalesce(t.joined_to, t.id) and a.state <> 'returned' and c.unit_id in (a.unit_id, s.unit_id)))
    )
    select t.confidential, t.anonymous, t.contact_masked, v.channel, coalesce(d.masked, ''),
        d.opted_out_at is not null or d.blocked_at is not null,
        (select min(at) from tried where outcome = 'reached'),
        array(select at from tried where outcome <> 'reached' order by at),
        exists (
            select from ticket_events e join round r on r.id = e.ticket_id and e.at >= r.began
            where e.type = 'relayed' or (e.type = 'replied' and exists (
                select from outbox o where o.conversation_id = t.conversation_id and o.ticket_id = t.id
                  and o.purpose = 'notice' and o.created_at >= e.at and o.state in ('sent', 'delivered'))))
    from tickets t left join conversations v on v.id = t.conversation_id left join addresses d on d.id = v.address_id
    where t.id = $1
"""

CONTACTED = """
    update assignments set contacted_at = coalesce(contacted_at, $3)
    where ticket_id = $1 and unit_id = coalesce($2, unit_id) and state in ('open', 'signed')
"""

REVIEWERS = """
    select id from staff
    where unit_id = $1 and active and (valid_until is null or valid_until > $2) and roles && array['reviewer', 'head']
    order by id
"""

HOLDER = """
    select coalesce(a.office_id, 0), coalesce(o.name, ''), a.handler_id, coalesce(s.name, '')
    from assignments a left join offices o on o.id = a.office_id left join staff s on s.id = a.handler_id
    where a.ticket_id = $1 and a.unit_id = $2 and a.state in ('open', 'signed') order by a.id desc limit 1
"""

PUT_INTO_HANDS = """
    update assignments set office_id = $3, handler_id = $4
    where ticket_id = $1 and unit_id = $2 and state in ('open', 'signed')
"""

# Everything that somebody has in hand, with an event each; nothing else of the tickets is touched.
MOVE_ALL = """
    with moved as (
        update assignments set handler_id = $2, office_id = coalesce((select office_id from staff where id = $2), office_id)
        where handler_id = $1 and unit_id = $3 and state in ('open', 'signed') returning ticket_id
    ), told as (
        insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note)
        select distinct ticket_id, $4::timestamptz, 'handed_over', case when $5::int is null then 'system' else 'staff' end,
            $5::int, $3::int, $6 from moved
    )
    select count(distinct ticket_id)::int from moved
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a ticket's resident can be reached and has been in this round; `channel` None: no conversation.

    `tries` are the moments of those that reached nobody; `answered`: something said to the resident has arrived.
    """

    confidential: bool
    anonymous: bool
    left_masked: str
    channel: str | None
    address_masked: str
    stopped: bool
    reached_at: datetime | None
    tries: Sequence[datetime]
    answered: bool


class Holder(NamedTuple):
    """Which office and which person of a unit has a ticket in hand; 0 and None, with empty names: the desk."""

    office_id: int
    office: str
    handler_id: int | None
    handler: str


async def reach(connection: Connection, ticket_id: int) -> Reach | None:
    """How the resident has been reached in the ticket's present round, None when there is no such ticket."""
    row = await connection.fetchrow(REACH, ticket_id)
    return Reach(*row) if row is not None else None


async def note_contact(
    connection: Connection, ticket_id: int, unit_id: int | None, at: datetime
) -> None:
    """Stop a unit's contact clock at its first contact; None: those of all, where one speaks for them."""
    await connection.execute(CONTACTED, ticket_id, unit_id, at)


async def reviewers(connection: Connection, unit_id: int, at: datetime) -> list[int]:
    """Those of a unit who may review a result."""
    return [row["id"] for row in await connection.fetch(REVIEWERS, unit_id, at)]


async def holder(connection: Connection, ticket_id: int, unit_id: int) -> Holder:
    """Who of a unit has a ticket in hand."""
    row = await connection.fetchrow(HOLDER, ticket_id, unit_id)
    return Holder(*row) if row is not None else Holder(0, "", None, "")


async def put_into_hands(
    connection: Connection,
    ticket_id: int,
    unit_id: int,
    office_id: int | None,
    handler_id: int | None,
) -> None:
    """Say who of a unit has a locked ticket in hand; both None: the desk."""
    await connection.execute(PUT_INTO_HANDS, ticket_id, unit_id, office_id, handler_id)


class Move(NamedTuple):
    """All that somebody has in hand goes to somebody else of the unit."""

    from_id: int
    to_id: int
    unit_id: int
    at: datetime
    staff_id: int | None  # who did it; None: the operator
    note: str


async def move_all(connection: Connection, move: Move) -> int:
    """Do it, with an event on each ticket; returns how many there were."""
    moved: int = await connection.fetchval(MOVE_ALL, *move)
    return moved


class Outcome(NamedTuple):
    """What a unit says has come of a ticket; both empty where it has not said it."""

    kind: str
    why: str


RESULT = "select result, result_why from tickets where id = $1"


async def result_of(connection: Connection, ticket_id: int) -> Outcome | None:
    """The last result of a ticket."""
    row = await connection.fetchrow(RESULT, ticket_id)
    return Outcome(*row) if row is not None else None
