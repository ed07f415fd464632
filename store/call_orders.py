"""Calls that we make: to duty phones, to staff and residents who are brought together, and callers who are moved on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from asyncpg import Record

from store.database import Connection
from store.statements import encode_rows, insert_statement


class OrderRow(NamedTuple):
    """A call to make. Without a `phone` it is one of the unit's duty phones, chosen when its turn comes."""

    kind: str  # duty, staff, resident, redirect
    words: str  # what is said when somebody picks up
    created_at: datetime
    due_at: datetime
    ticket_id: int | None = None
    human_talk_id: int | None = None
    unit_id: int | None = None
    staff_id: int | None = None
    phone: bytes | None = None
    callee: str = ""
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A call of ours as it stands; `line` is the number that its caller had called, "" for none in particular."""

    id: int
    kind: str
    ticket_id: int | None
    human_talk_id: int | None
    unit_id: int | None
    staff_id: int | None
    phone: bytes | None
    callee: str
    call_id: str | None
    words: str
    state: str
    created_at: datetime
    due_at: datetime
    attempts: int
    line: str

    @property
    def open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in OPEN


class Change(NamedTuple):
    """What became of an order."""

    id: int
    state: str
    due_at: datetime
    error: str = ""


OPEN = ("due", "calling", "ringing", "answered")

_TYPES = [
    *("text", "text", "timestamptz", "timestamptz", "bigint", "bigint", "int", "int", "bytea"),
    *("text", "text"),
]
INSERT = (
    insert_statement("call_orders", OrderRow._fields, _TYPES, {"state": "'due'"}) + " returning id"
)

_COLUMNS = """
    o.id, o.kind, o.ticket_id, o.human_talk_id, o.unit_id, o.staff_id, o.phone, o.callee, o.call_id, o.words,
    o.state, o.created_at, o.due_at, o.attempts, coalesce((select h.line from human_talks h where h.id = o.human_talk_id), '')
"""

# One that rings or has been picked up for longer than it should falls due too: its status was lost.
CLAIM = f"""
    with due as (
        select id from call_orders
        where state in ('due', 'calling', 'ringing', 'answered') and due_at <= $1
          and (lease_until is null or lease_until < clock_timestamp())
        order by due_at limit $2 for update skip locked
    )
    update call_orders o set lease = $3, lease_until = clock_timestamp() + $4
    from due where o.id = due.id
    returning {_COLUMNS}
"""

LOCK = (
    f"select {_COLUMNS} from call_orders o where o.id = any($1::bigint[]) order by o.id for update"
)

OF_TALK = f"""
    select {_COLUMNS} from call_orders o
    where o.human_talk_id = any($1::bigint[]) and o.state in ('due', 'calling', 'ringing', 'answered', 'acknowledged')
    order by o.id for update
"""

CHANGE = """
    update call_orders o set state = t.state, due_at = t.due_at, error = t.error, lease = null, lease_until = null
    from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[]) as t (id, state, due_at, error)
    where o.id = t.id
"""

# Noted before the provider is asked, so that a crash between the two is seen as a call that may ring.
BEGIN = """
    update call_orders o set state = 'calling', attempts = attempts + 1, callee = t.callee, words = t.words
    from unnest($2::bigint[], $3::text[], $4::text[]) as t (id, callee, words)
    where o.id = t.id and o.lease = $1 and o.state = 'due'
    returning o.id
"""

# The webhook of somebody who picked up at once may have come before this.
RINGS = """
    update call_orders o set
        call_id = t.call_id, lease = null, lease_until = null,
        state = case when o.state = 'calling' then 'ringing' else o.state end,
        due_at = case when o.state = 'calling' then $3 else o.due_at end
    from unnest($1::bigint[], $2::text[]) as t (id, call_id)
    where o.id = t.id
"""

# One call at a time for a ticket, whoever has it by now; a unit without duty phones is not rung, but danger to life rings at the centre then.
RING_DUTY = """
    with t as (
        select * from unnest($1::bigint[], $2::int[], $3::text[]) as given (ticket_id, unit_id, grade)
    ), moved as (
        update call_orders o set unit_id = t.unit_id, attempts = 0 from t
        where o.ticket_id = t.ticket_id and o.kind = 'duty' and o.state in ('due', 'calling', 'ringing', 'answered')
    )
    insert into call_orders (kind, ticket_id, unit_id, state, created_at, due_at)
    select 'duty', t.ticket_id, t.unit_id, 'due', $4, $4
    from t
    where (
        exists (select from duty_phones d where d.unit_id = t.unit_id)
        or t.grade = 'I' and exists (select from duty_phones d where d.unit_id is null)
    ) and not exists (
        select from call_orders o where o.ticket_id = t.ticket_id and o.kind = 'duty'
          and o.state in ('due', 'calling', 'ringing', 'answered')
    )
"""

OVERDUE = """
    select coalesce(extract(epoch from $1 - min(due_at)), 0)::float8 from call_orders
    where state in ('due', 'calling', 'ringing') and due_at <= $1
      and (lease_until is null or lease_until < clock_timestamp())
"""


async def insert(connection: Connection, rows: Sequence[OrderRow]) -> list[int]:
    """Write orders in the transaction of what asks for them; returns their ids."""
    if not rows:
        return []
    return [row["id"] for row in await connection.fetch(INSERT, encode_rows(rows))]


async def claim(
    connection: Connection, now: datetime, lease: str, lease_for: timedelta, limit: int
) -> list[Order]:
    """Lease up to `limit` orders that are due: to be called, or waited for too long."""
    return _orders(await connection.fetch(CLAIM, now, limit, lease, lease_for))


async def begin(
    connection: Connection, lease: str, calls: Sequence[tuple[int, str, str]]
) -> set[int]:
    """Note (order id, callee, words) of calls that are about to be made; returns those that are still the holder's."""
    rows = await connection.fetch(
        BEGIN, lease, [c[0] for c in calls], [c[1] for c in calls], [c[2] for c in calls]
    )
    return {row["id"] for row in rows}


async def rings(
    connection: Connection, made: Sequence[tuple[int, str]], lapse_at: datetime
) -> None:
    """Note (order id, the provider's call id) of what was taken, and until when something must be heard of it."""
    if made:
        await connection.execute(RINGS, [m[0] for m in made], [m[1] for m in made], lapse_at)


async def ring_duty(
    connection: Connection, tickets: Sequence[tuple[int, int | None, str]], now: datetime
) -> None:
    """Let duty phones ring for (ticket id, unit id or None for the centre, grade), where there are any."""
    if tickets:
        await connection.execute(RING_DUTY, *map(list, zip(*tickets, strict=True)), now)


async def lock(connection: Connection, ids: Sequence[int]) -> dict[int, Order]:
    """Lock orders by id; talks are locked before them."""
    return {order.id: order for order in _orders(await connection.fetch(LOCK, list(ids)))}


async def of_talks(connection: Connection, talk_ids: Sequence[int]) -> list[Order]:
    """Lock the orders that are under way or were taken for these talks, oldest first."""
    return _orders(await connection.fetch(OF_TALK, list(talk_ids)))


async def change(connection: Connection, changes: Sequence[Change]) -> None:
    """Write what became of locked orders, and let go of them."""
    if changes:
        await connection.execute(CHANGE, *map(list, zip(*changes, strict=True)))


async def overdue_seconds(connection: Connection, now: datetime) -> float:
    """For how long the oldest due order has waited for somebody to take it; 0 when none does."""
    return float(await connection.fetchval(OVERDUE, now))


def _orders(rows: Sequence[Record]) -> list[Order]:
    return [Order(*row) for row in rows]
