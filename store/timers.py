"""Timers are rows: armed once a (subject, id, kind), held with SKIP LOCKED, and run late rather than never."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement


class TimerRow(NamedTuple):
    """A timer to arm. `conversation_id` is what must be locked before the subject."""

    subject: str
    subject_id: int
    kind: str
    conversation_id: int | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FiredTimer:
    """A due timer, held by the running transaction."""

    id: int
    subject: str
    subject_id: int
    kind: str
    generation: int
    conversation_id: int | None
    due_at: datetime
    attempts: int


# The clocks of a share tell what they have come to since their timer's time, so the earlier time stays: too early is no harm.
ARM = (
    insert_statement(
        "timers as old", TimerRow._fields, ["text", "bigint", "text", "bigint", "timestamptz"]
    )
    + """
    on conflict (subject, subject_id, kind) do update
    set due_at = case when old.kind like 'clocks:%' then least(old.due_at, excluded.due_at) else excluded.due_at end,
        generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0
"""
)

_FIRED = "id, subject, subject_id, kind, generation, conversation_id, due_at, attempts"

DUE = f"""
    select {_FIRED} from timers where due_at <= $1 order by due_at limit $2 for update skip locked
"""

DUE_ONE = f"""
    select {_FIRED} from timers where id = $1 and due_at <= $2 for update skip locked
"""

SPEND = "delete from timers where id = any($1::bigint[])"

PUT_OFF = """
    update timers set due_at = $2, attempts = attempts + 1 where id = $1
"""

DROP = """
    delete from timers t using unnest($1::text[], $2::bigint[], $3::text[]) as w (subject, subject_id, kind)
    where t.subject = w.subject and t.subject_id = w.subject_id and t.kind = w.kind
"""

# A demand from above is answered however the round ends.
DROP_OF_ROUND = """
    delete from timers
    where subject = 'case' and subject_id = any($1::bigint[]) and kind not like 'supervision:%'
"""

LATE = """
    select count(*) as late, extract(epoch from $1 - min(due_at))::float8 as oldest_seconds
    from timers where due_at <= $1
"""


def in_order(rows: Sequence[TimerRow]) -> list[TimerRow]:
    """Rows for `ARM`: one a timer, the last one given, in the order that all transactions lock them in.

    Arming a timer anew replaces it and counts up its generation.
    """
    last = {(row.subject, row.subject_id, row.kind): row for row in rows}
    return [last[key] for key in sorted(last)]


async def arm(connection: Connection, rows: Sequence[TimerRow]) -> None:
    """Arm these."""
    if rows:
        await connection.execute(ARM, encode_rows(in_order(rows)))


async def due(connection: Connection, now: datetime, limit: int) -> list[FiredTimer]:
    """Hold up to `limit` due timers that nobody else holds; `spend` those whose subjects can be locked too."""
    return [FiredTimer(*row) for row in await connection.fetch(DUE, now, limit)]


async def due_one(connection: Connection, timer_id: int, now: datetime) -> list[FiredTimer]:
    """Hold one timer alone, after the batch it was in has failed."""
    return [FiredTimer(*row) for row in await connection.fetch(DUE_ONE, timer_id, now)]


async def spend(connection: Connection, ids: Sequence[int]) -> None:
    """Take these away: they are carried out in the running transaction."""
    await connection.execute(SPEND, ids)


async def put_off(connection: Connection, timer_id: int, due_at: datetime) -> None:
    """Let a timer that failed try again later."""
    await connection.execute(PUT_OFF, timer_id, due_at)


async def drop(connection: Connection, timers: Sequence[tuple[str, int, str]]) -> None:
    """Disarm timers by (subject, id, kind)."""
    await connection.execute(DROP, *map(list, zip(*timers, strict=True)))


async def drop_of_round(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """Disarm what casework has armed on tickets whose round is over."""
    await connection.execute(DROP_OF_ROUND, list(ticket_ids))


async def late(connection: Connection, now: datetime) -> tuple[int, float]:
    """How many timers are due, and for how many seconds the oldest has been."""
    row = await connection.fetchrow(LATE, now)
    return (row["late"], row["oldest_seconds"] or 0.0) if row else (0, 0.0)
