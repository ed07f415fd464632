"""Messages that wait to be read a second time by the language model, and what it made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement

MOST_TRIES = 3  # a reading whose process died is taken up again, but not for ever


class ReadingRow(NamedTuple):
    """A message to be read; `topics` are the codes to choose from, as a PostgreSQL array, `text` is masked."""

    conversation_id: int
    seq: int
    prompt: int
    text: str
    place: str
    topics: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedReading:
    """A message whose reading is ours until the lease ends."""

    id: int
    conversation_id: int
    seq: int
    prompt: int
    text: str
    place: str
    topics: Sequence[str]
    created_at: datetime


class SettledReading(NamedTuple):
    """What came of a reading; `result` is JSON, None when there is none."""

    id: int
    state: str  # read, failed, late
    taken: bool = False
    result: str | None = None


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What was made of a message, as JSON."""

    text: str
    taken: bool
    result: str


INSERT = insert_statement(
    "second_readings",
    ReadingRow._fields,
    ["bigint", "int", "int", "text", "text", "text[]", "timestamptz"],
)

CLAIM = """
    update second_readings set state = 'reading', lease_until = $1 + $2::interval, attempts = attempts + 1
    where id in (
        select id from second_readings
        where state in ('waiting', 'reading') and (lease_until is null or lease_until <= $1)
        order by created_at limit $3 for update skip locked
    )
    returning id, conversation_id, seq, prompt, text, place, topics, created_at, attempts
"""

SETTLE = """
    update second_readings r set
        state = t.state, taken = t.taken, result = t.result::jsonb, settled_at = $5, lease_until = null
    from unnest($1::bigint[], $2::text[], $3::bool[], $4::text[]) as t (id, state, taken, result)
    where r.id = t.id and r.state = 'reading'
"""

OF_CONVERSATION = """
    select text, taken, result::text from second_readings
    where conversation_id = $1 and created_at <= $2 and result is not null
    order by id desc limit $3
"""

# What still waits when the model has been taken away is never settled.
FORGET = """
    delete from second_readings
    where settled_at < $1 or (state in ('waiting', 'reading') and created_at < $1)
"""


async def claim(
    connection: Connection, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedReading]:
    """Claim what waits, oldest first, under a lease; commit before anybody is asked.

    What has been claimed too often without an end is settled as failed.
    """
    rows = await connection.fetch(CLAIM, now, lease, limit)
    spent = [row["id"] for row in rows if row["attempts"] > MOST_TRIES]
    await settle(connection, [SettledReading(one, "failed") for one in spent], now)
    return [ClaimedReading(*tuple(row)[:-1]) for row in rows if row["id"] not in spent]


async def insert(connection: Connection, rows: Sequence[ReadingRow]) -> None:
    """Write down what is to be read."""
    if rows:
        await connection.execute(INSERT, encode_rows(rows))


async def settle(connection: Connection, rows: Sequence[SettledReading], now: datetime) -> None:
    """Note what came of readings; one that somebody else has settled meanwhile stays as it is."""
    if rows:
        await connection.execute(SETTLE, *map(list, zip(*rows, strict=True)), now)


async def of_conversation(
    connection: Connection, conversation_id: int, until: datetime, limit: int = 5
) -> list[KeptReading]:
    """What was read in a conversation up to a moment, newest first."""
    rows = await connection.fetch(OF_CONVERSATION, conversation_id, until, limit)
    return [KeptReading(*row) for row in rows]


async def forget(connection: Connection, before: datetime) -> None:
    """Delete what was settled, or has waited since, before a moment."""
    await connection.execute(FORGET, before)
