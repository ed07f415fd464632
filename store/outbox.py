"""The outbox: claimed in order per address under a lease, finished by its holder alone, its states only forward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row to send. `again`: somebody held it before and may have sent its first open part."""

    conversation_id: int
    seq: int
    channel: str
    address_id: int
    sealed: bytes
    stopped: bool
    ticket_id: int | None
    purpose: str
    urgent: bool
    reply: str
    parts: str
    part_states: str
    provider_ids: str
    attempts: int
    created_at: datetime
    again: bool
    heard_at: datetime | None  # when the resident last wrote to us there


@dataclass(frozen=True, slots=True)
class Standing:
    """A row under its lock, as reports and senders change it."""

    conversation_id: int
    seq: int
    address_id: int
    ticket_id: int | None
    state: str
    part_states: str
    provider_ids: str
    lease: str | None
    sent_at: datetime | None
    error: str
    doubtful: int
    due_at: datetime
    attempts: int


class StandingUpdate(NamedTuple):
    """A row after a report or a try."""

    conversation_id: int
    seq: int
    state: str
    part_states: str
    provider_ids: str
    lease: str | None
    sent_at: datetime | None
    error: str
    doubtful: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up."""

    conversation_id: int
    seq: int
    channel: str
    masked: str
    ticket_id: int | None
    created_at: datetime
    attempts: int
    error: str
    moved_to: str  # the channel of the message that stands for it, empty where there is none


# Only the oldest open row of an address; one that waits for its hour and was never tried (a notice at night) has not set
# out yet, and holds up nothing. As a join, a plan made while little was open would look through all that is open
# for each row, for as long as the connection lives; the least of an address is one step in its index, whatever is open.
CLAIM = """
    with due as (
        select o.conversation_id, o.seq, o.state in ('offered', 'sending') as again
        from outbox o
        where o.state in ('pending', 'offered', 'sending') and o.due_at <= $2
          and o.channel = any($1::text[])
          and (o.lease_until is null or o.lease_until < clock_timestamp())
          and o.seq = (
              select min(older.seq) from outbox older
              where older.address_id = o.address_id and older.state in ('pending', 'offered', 'sending')
                and (older.state <> 'pending' or older.attempts > 0 or older.due_at <= $2)
          )
        order by o.due_at
        limit $3
        for update skip locked
    )
    update outbox o set
        state = 'sending', lease = $4, lease_until = clock_timestamp() + $5, attempts = o.attempts + 1
    from due, addresses a, conversations c
    where o.conversation_id = due.conversation_id and o.seq = due.seq and a.id = o.address_id
      and c.id = o.conversation_id
    returning o.conversation_id, o.seq, o.channel, o.address_id, a.sealed,
        (a.opted_out_at is not null or a.blocked_at is not null), o.ticket_id, o.purpose, o.urgent, o.reply, o.parts,
        o.part_states, o.provider_ids, o.attempts, o.created_at, due.again, c.last_said_at
"""

LOCK = """
    select o.conversation_id, o.seq, o.address_id, o.ticket_id, o.state, o.part_states, o.provider_ids, o.lease,
           o.sent_at, o.error, o.doubtful, o.due_at, o.attempts
    from unnest($1::bigint[], $2::bigint[]) as wanted (conversation_id, seq)
    join outbox o on o.conversation_id = wanted.conversation_id and o.seq = wanted.seq
    order by o.conversation_id, o.seq
    for update of o
"""

UPDATE = """
    update outbox o set
        state = t.state, part_states = t.part_states, provider_ids = t.provider_ids, lease = t.lease,
        lease_until = case when t.lease is null then null else o.lease_until end,
        sent_at = t.sent_at, error = t.error, doubtful = t.doubtful, due_at = t.due_at
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::json[], $6::text[],
                $7::timestamptz[], $8::text[], $9::int[], $10::timestamptz[])
        as t (conversation_id, seq, state, part_states, provider_ids, lease, sent_at, error, doubtful, due_at)
    where o.conversation_id = t.conversation_id and o.seq = t.seq
"""

BRING_FORWARD = """
    update outbox o set due_at = $3
    from unnest($1::bigint[], $2::bigint[]) as t (conversation_id, seq)
    where o.conversation_id = t.conversation_id and o.seq = t.seq and o.state = 'offered' and o.due_at > $3
"""

# Rows that a sender or a report holds just now are on their way: they stay.
GIVE_WAY = """
    with held as (
        select asked.conversation_id, asked.seq
        from unnest($1::bigint[]) as t (address_id)
        cross join lateral (
            select o.conversation_id, o.seq from outbox o
            where o.address_id = t.address_id and o.state = 'pending' and o.gives_way and o.attempts = 0
            order by o.seq desc limit 20
            for update skip locked
        ) asked
    ), gone as (
        update outbox o set state = 'cancelled', error = 'burst' from held
        where o.conversation_id = held.conversation_id and o.seq = held.seq
        returning o.conversation_id, o.seq
    )
    update inbound i set outcome = 'silent:burst' from gone
    where i.conversation_id = gone.conversation_id and i.seq = gone.seq - 1 and i.reply_seq = gone.seq
"""

HASTEN = """
    with waiting as (
        select late.conversation_id, late.seq
        from unnest($1::bigint[]) as t (address_id)
        cross join lateral (
            select o.conversation_id, o.seq from outbox o
            where o.address_id = t.address_id and o.state = 'pending' and o.attempts > 0 and o.due_at > $2
            order by o.seq limit 20
            for update skip locked
        ) late
    )
    update outbox o set due_at = $2 from waiting
    where o.conversation_id = waiting.conversation_id and o.seq = waiting.seq
"""

DEPTH = """
    select channel, count(*) as depth, extract(epoch from $1 - min(created_at))::float8 as age_seconds
    from outbox where state in ('pending', 'offered', 'sending') group by channel
"""

FAILED = """
    select o.conversation_id, o.seq, o.channel, a.masked, o.ticket_id, o.created_at, o.attempts, o.error,
        coalesce(n.channel, '')
    from outbox o join addresses a on a.id = o.address_id
    left join outbox n on n.instead_of = o.conversation_id and n.instead_of_seq = o.seq
    where o.state = 'failed' order by o.created_at desc limit $1
"""

RETRY = """
    update outbox set state = 'pending', due_at = $3, attempts = 0, error = '', lease = null, lease_until = null,
        part_states = replace(part_states, 'f', 'p')
    where state = 'failed' and (
        (conversation_id = $1 and seq = $2)
        or ($1::bigint is null and not exists (
            select from outbox n
            where n.instead_of = outbox.conversation_id and n.instead_of_seq = outbox.seq
        ))
    )
"""

RETRY_OF = """
    update outbox set state = 'pending', due_at = $2, attempts = 0, error = '', lease = null, lease_until = null,
        part_states = replace(part_states, 'f', 'p')
    where state = 'failed' and conversation_id = $1 and not exists (
        select from outbox n where n.instead_of = outbox.conversation_id and n.instead_of_seq = outbox.seq
    )
"""

DOUBTFUL = "select channel, sum(doubtful) from outbox where doubtful > 0 group by channel"


async def claim(
    connection: Connection,
    channels: Sequence[str],
    now: datetime,
    lease: str,
    lease_for: timedelta,
    limit: int,
) -> list[Claimed]:
    """Lease up to `limit` due rows, only the oldest unfinished one of each address."""
    rows = await connection.fetch(CLAIM, channels, now, limit, lease, lease_for)
    return [Claimed(*row) for row in rows]


async def lock(
    connection: Connection, keys: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Standing]:
    """Lock rows by (conversation id, seq)."""
    rows = await connection.fetch(LOCK, [k[0] for k in keys], [k[1] for k in keys])
    return {(row[0], row[1]): Standing(*row) for row in rows}


async def update(connection: Connection, rows: Sequence[StandingUpdate]) -> None:
    """Write rows that are locked."""
    if rows:
        await connection.execute(UPDATE, *map(list, zip(*rows, strict=True)))


async def bring_forward(
    connection: Connection, keys: Sequence[tuple[int, int]], now: datetime
) -> None:
    """Let messages that were offered inline, by (conversation id, seq), fall due now."""
    await connection.execute(BRING_FORWARD, [k[0] for k in keys], [k[1] for k in keys], now)


async def give_way(connection: Connection, address_ids: Sequence[int]) -> None:
    """Cancel what was merely asked of these and nobody has begun to send: a later reply says it better.

    Their conversations are locked.
    """
    await connection.execute(GIVE_WAY, address_ids)


async def hasten(connection: Connection, address_ids: Sequence[int], now: datetime) -> None:
    """Try again at once what failed on the way to these: they have just written, so they can be reached."""
    await connection.execute(HASTEN, address_ids, now)


async def depth(connection: Connection, now: datetime) -> dict[str, tuple[int, float]]:
    """For each channel with unfinished messages: how many, and the age of the oldest in seconds."""
    return {row[0]: (row[1], row[2] or 0.0) for row in await connection.fetch(DEPTH, now)}


async def dead_letters(connection: Connection, limit: int) -> list[DeadLetter]:
    """Messages that were given up, newest first."""
    return [DeadLetter(*row) for row in await connection.fetch(FAILED, limit)]


async def retry(connection: Connection, key: tuple[int, int] | None, now: datetime) -> int:
    """Send a dead letter again (for None all of them that no other message stands for); returns how many."""
    done = await connection.execute(RETRY, *(key or (None, None)), now)
    return int(done.rpartition(" ")[2])


async def retry_conversation(connection: Connection, conversation_id: int, now: datetime) -> int:
    """Send the dead letters of a conversation again that no other message stands for; returns how many."""
    done = await connection.execute(RETRY_OF, conversation_id, now)
    return int(done.rpartition(" ")[2])


async def doubtful(connection: Connection) -> dict[str, int]:
    """By channel, parts that may have reached a resident twice."""
    return {row[0]: int(row[1]) for row in await connection.fetch(DOUBTFUL)}


OVERDUE = """
    select coalesce(extract(epoch from $1 - min(due_at)), 0)::float8 from outbox
    where state in ('pending', 'offered', 'sending') and due_at <= $1
      and (lease_until is null or lease_until < clock_timestamp())
"""


async def overdue_seconds(connection: Connection, now: datetime) -> float:
    """For how long the oldest due message has waited for somebody to take it; 0 when none does."""
    return float(await connection.fetchval(OVERDUE, now))
