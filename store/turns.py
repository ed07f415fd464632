"""What a batch of turns reads and writes of its own: repeats, sessions, inbound rows and messages to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Repeat:
    """An inbound message that has had its effect; `reply` and `parts` are JSON, None when it got no reply."""

    channel: str
    key: str
    conversation_id: int | None
    reply_seq: int | None
    state: str | None
    reply: str | None
    parts: str | None


class SessionUpdate(NamedTuple):
    """A conversation after its turn."""

    id: int
    session: str
    seq: int
    last_said_at: datetime | None
    wake_at: datetime | None
    budget: float
    budget_at: datetime | None


class InboundRow(NamedTuple):
    """An inbound message with what became of it. `outcome` is `turned`, `failed` or `silent:<why>`."""

    channel: str
    key: str
    conversation_id: int
    seq: int
    said: str
    received_at: datetime
    outcome: str
    reply_seq: int | None


class OutboxRow(NamedTuple):
    """A message to a resident; `reply` and `parts` are JSON, `part_states` a letter a part."""

    conversation_id: int
    seq: int
    channel: str
    address_id: int
    ticket_id: int | None
    purpose: str
    reply: str
    parts: str
    part_states: str
    state: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None


REPEATS = """
    select i.channel, i.key, i.conversation_id, i.reply_seq, o.state, o.reply, o.parts
    from unnest($1::text[], $2::text[]) as wanted (channel, key)
    join inbound i on i.channel = wanted.channel and i.key = wanted.key
    left join outbox o on o.conversation_id = i.conversation_id and o.seq = i.reply_seq
"""

WRITE = """
    with changed as (
        update conversations c set
            session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
            budget = t.budget, budget_at = t.budget_at
        from unnest($1::bigint[], $2::json[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
                    $6::real[], $7::timestamptz[])
            as t (id, session, seq, last_said_at, wake_at, budget, budget_at)
        where c.id = t.id
    ), heard as (
        insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq)
        select * from unnest($8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::json[],
                             $13::timestamptz[], $14::text[], $15::bigint[])
    )
    insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states,
                        state, created_at, due_at, sent_at)
    select * from unnest($16::bigint[], $17::bigint[], $18::text[], $19::bigint[], $20::bigint[], $21::text[],
                         $22::json[], $23::json[], $24::text[], $25::text[], $26::timestamptz[],
                         $27::timestamptz[], $28::timestamptz[])
"""

LAST_SENT = """
    select conversation_id,
           bool_or(state in ('pending', 'offered', 'sending')) as waiting,
           max(sent_at) as sent_at
    from (
        select o.conversation_id, o.state, o.sent_at
        from unnest($1::bigint[]) as wanted (id)
        cross join lateral (
            select conversation_id, state, sent_at from outbox
            where conversation_id = wanted.id order by seq desc limit 5
        ) o
    ) newest
    group by conversation_id
"""


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    )


async def repeats(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[Repeat]:
    """Those of these (channel, provider's key) that have had their effect, with the stored reply."""
    rows = await connection.fetch(REPEATS, [k[0] for k in keys], [k[1] for k in keys])
    return [Repeat(*row) for row in rows]


async def write(
    connection: Connection,
    sessions: Sequence[SessionUpdate],
    inbound: Sequence[InboundRow],
    outbox: Sequence[OutboxRow],
) -> None:
    """Write a batch of turns in one statement.

    Raises `asyncpg.UniqueViolationError` when an inbound key was claimed meanwhile: run the turns again.
    """
    await connection.execute(
        WRITE,
        *_columns(sessions, 7),
        *_columns(sorted(inbound), 8),
        *_columns(outbox, 13),
    )


@dataclass(frozen=True, slots=True)
class LastSent:
    """The newest messages of a conversation: does one still wait, and when was one sent last?"""

    waiting: bool
    sent_at: datetime | None


async def last_sent(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, LastSent]:
    """For each conversation that was ever written to: whether its newest messages are out, and since when."""
    rows = await connection.fetch(LAST_SENT, conversation_ids)
    return {row[0]: LastSent(row[1], row[2]) for row in rows}
