"""What goes out to units' contacts: notices by contact, many in one message; and what they write back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection
from store.unit_notices import TOGETHER

# With what is due goes what would be due soon, so that many become one message.
CLAIM = """
    with ripe as (
        select distinct s.contact_id from unit_sendings s join unit_contacts c on c.id = s.contact_id
        where s.state = 'pending' and s.due_at <= $1 and c.ended_at is null and (s.lease_until is null or s.lease_until < clock_timestamp())
        limit $4
    ), held as (
        select c.id, c.unit_id, coalesce(u.code, 'centre') as code, c.channel, c.sealed, c.secret, c.conversation_id,
            (select max(l.sent_at) from unit_sendings l where l.contact_id = c.id) as last_at
        from unit_contacts c left join units u on u.id = c.unit_id
        where c.id in (select contact_id from ripe) and c.ended_at is null
        order by c.id for no key update of c skip locked
    ), leased as (
        update unit_sendings s set lease_until = clock_timestamp() + $3, attempts = s.attempts + 1
        from held h
        where s.contact_id = h.id and s.state = 'pending' and (s.due_at <= $1 or s.attempts = 0 and s.due_at <= $2)
          and (s.lease_until is null or s.lease_until < clock_timestamp())
        returning s.id, s.contact_id, s.notice_id, s.attempts
    )
    select l.id, h.id, h.unit_id, h.code, h.channel, h.sealed, h.secret, h.conversation_id, h.last_at, l.attempts,
        n.id, n.ticket_id, coalesce(t.title, ''), n.event, n.note, n.urgent, n.created_at,
        array(select distinct a.role from assignments a
              where a.ticket_id = n.ticket_id and a.unit_id = h.unit_id and a.state = 'open')
    from leased l join held h on h.id = l.contact_id join unit_notices n on n.id = l.notice_id
    left join tickets t on t.id = n.ticket_id
    order by h.id, n.id
"""
SENT = """
    update unit_sendings s set state = 'sent', sent_at = $3, code = t.code, lease_until = null, error = ''
    from unnest($1::bigint[], $2::text[]) as t (id, code) where s.id = t.id
"""
PUT_OFF = """
    update unit_sendings set due_at = $2, error = $3, lease_until = null,
        attempts = case when $4 then attempts else attempts - 1 end
    where id = any($1::bigint[]) and state = 'pending'
"""
FAILED = """
    update unit_sendings set state = 'failed', error = $2, lease_until = null
    where id = any($1::bigint[]) and state = 'pending'
"""
BY_CODE = """
    select n.ticket_id from unit_sendings s
    join unit_contacts c on c.id = s.contact_id join unit_notices n on n.id = s.notice_id
    where c.unit_id = $1 and s.code = $2 and s.code <> '' and n.ticket_id is not null order by s.id desc limit 1
"""
LAST = """
    select distinct n.ticket_id from unit_sendings s join unit_notices n on n.id = s.notice_id
    where s.contact_id = $1 and n.ticket_id is not null
      and s.sent_at = (select max(l.sent_at) from unit_sendings l where l.contact_id = $1)
    order by n.ticket_id
"""
LAST_WAITS = f"""
    select exists (
        select from ({LAST}) l join unit_contacts c on c.id = $1
        join assignments a on a.ticket_id = l.ticket_id and a.unit_id = c.unit_id and a.state = 'open')
"""
ADD_REPLIES = """
    insert into unit_replies (contact_id, text, received_at)
    select * from unnest($1::int[], $2::text[], $3::timestamptz[])
"""
# What one contact has written is done and answered in its order, whoever else works off replies.
NEXT_REPLY = """
    select r.id, r.contact_id, r.text, r.received_at, r.done_at is not null, r.answer from unit_replies r
    where r.answered_at is null and r.id = (
        select min(o.id) from unit_replies o where o.contact_id = r.contact_id and o.answered_at is null
    )
    order by r.id limit 1 for update of r skip locked
"""
DONE = "update unit_replies set done_at = $2, answer = $3 where id = $1"
ANSWERED = "update unit_replies set answered_at = $2 where id = $1"
OVERDUE = """
    select greatest(
        coalesce(extract(epoch from $1 - (
            select min(s.due_at) from unit_sendings s join unit_contacts c on c.id = s.contact_id
            where s.state = 'pending' and c.ended_at is null
        )), 0),
        coalesce(extract(epoch from $1 - (select min(r.received_at) from unit_replies r where r.answered_at is null)), 0)
    )::float8
"""


class Sending(NamedTuple):
    """One notice on its way to one contact; what is sealed stays so until it is sent.

    `last_at`: when the contact was told last; `waiting`: in which roles the ticket waits for its unit to take it up.
    """

    id: int
    contact_id: int
    unit_id: int | None
    unit_code: str
    channel: str
    sealed: bytes
    secret: bytes | None
    conversation_id: int | None
    last_at: datetime | None
    attempts: int
    notice_id: int
    ticket_id: int | None
    title: str
    event: str
    note: str
    urgent: bool
    created_at: datetime
    waiting: Sequence[str]


class Reply(NamedTuple):
    """What a contact has written back. `done`: it has been carried out, and `answer` says what came of it."""

    id: int
    contact_id: int
    text: str
    received_at: datetime
    done: bool
    answer: str


async def claim(
    connection: Connection, now: datetime, lease_for: timedelta, limit: int
) -> list[list[Sending]]:
    """Lease all that is due for up to `limit` contacts, contact by contact."""
    found: dict[int, list[Sending]] = {}
    for row in await connection.fetch(CLAIM, now, now + TOGETHER, lease_for, limit):
        one = Sending(*row)
        found.setdefault(one.contact_id, []).append(one)
    return list(found.values())


async def note_sent(connection: Connection, sent: Sequence[tuple[int, str]], at: datetime) -> None:
    """These have gone out, each with the code that a reply names it by."""
    await connection.execute(SENT, [one[0] for one in sent], [one[1] for one in sent], at)


async def put_off(
    connection: Connection, ids: Sequence[int], until: datetime, why: str, *, tried: bool
) -> None:
    """Send these later; `tried`: it counts as a try."""
    await connection.execute(PUT_OFF, ids, until, why, tried)


async def note_failed(connection: Connection, ids: Sequence[int], why: str) -> None:
    """Give these up."""
    await connection.execute(FAILED, ids, why)


async def ticket_by_code(connection: Connection, unit_id: int | None, code: str) -> int | None:
    """The ticket that a unit was last told of under a code."""
    found: int | None = await connection.fetchval(BY_CODE, unit_id, code)
    return found


async def last_tickets(connection: Connection, contact_id: int) -> list[int]:
    """What the last message to a contact was about."""
    return [row[0] for row in await connection.fetch(LAST, contact_id)]


async def last_waits(connection: Connection, contact_id: int) -> bool:
    """Whether a ticket that a contact was told of last still waits for its unit to take it up."""
    found: bool = await connection.fetchval(LAST_WAITS, contact_id)
    return found


async def add_replies(connection: Connection, replies: Sequence[tuple[int, str, datetime]]) -> None:
    """Keep what contacts have written: (contact, text, when)."""
    await connection.execute(ADD_REPLIES, *map(list, zip(*replies, strict=True)))


async def next_reply(connection: Connection) -> Reply | None:
    """The oldest reply that has not been answered, under its lock; None when there is none that nobody holds."""
    row = await connection.fetchrow(NEXT_REPLY)
    return Reply(*row) if row is not None else None


async def note_done(connection: Connection, reply_id: int, at: datetime, answer: str) -> None:
    """It has been carried out, or refused, with this answer."""
    await connection.execute(DONE, reply_id, at, answer)


async def note_answered(connection: Connection, reply_id: int, at: datetime) -> None:
    """Its answer is in the outbox."""
    await connection.execute(ANSWERED, reply_id, at)


async def overdue_seconds(connection: Connection, now: datetime) -> float:
    """For how long the oldest of all this has waited for somebody to take it."""
    found: float = await connection.fetchval(OVERDUE, now)
    return max(0.0, found)
