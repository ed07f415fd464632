"""What only a person can settle: call-backs, failed turns, dead letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from store import peopled
from store.database import Connection
from store.statements import encode_rows, insert_statement, rows_as


class TaskRow(NamedTuple):
    """A task; `kind` is one of `handlers.settle_task.TASK_NAMES`. `unit_id` is whose people settle it, None the centre's."""

    kind: str
    conversation_id: int | None
    ticket_id: int | None
    note: str
    created_at: datetime
    unit_id: int | None = None
    urgent: bool = False


_TYPES = ["text", "bigint", "bigint", "text", "timestamptz", "int", "bool"]
INSERT = insert_statement("human_tasks", TaskRow._fields, _TYPES)

# A resident is owed one call-back: what else is wanted of it is added to the one that is open.
CALL_BACKS = f"""
    insert into human_tasks as owed (kind, conversation_id, note, created_at, urgent)
    select 'call_back', conversation_id, string_agg(note, E'\\n'), min(created_at), bool_or(urgent)
    from {rows_as("r", TaskRow._fields, _TYPES)} group by conversation_id order by conversation_id
    on conflict (conversation_id) where kind = 'call_back' and done_at is null do update set
        urgent = owed.urgent or excluded.urgent,
        note = case when strpos(owed.note, excluded.note) > 0 then owed.note
            else concat_ws(E'\\n', nullif(owed.note, ''), excluded.note) end
"""

OPEN = """
    select h.id, h.kind, h.conversation_id, h.ticket_id, h.note, h.created_at, a.channel, a.masked,
        h.urgent, h.taken_at, coalesce(s.name, '')
    from human_tasks h
    left join staff s on s.id = h.taken_by
    left join conversations c on c.id = h.conversation_id
    left join addresses a on a.id = c.address_id
    where h.done_at is null and h.unit_id is not distinct from $2::int order by h.urgent desc, h.created_at limit $1
"""

SETTLE = """
    update human_tasks set
        done_at = $3, done_by = $2, note = case when $4 = '' then note else concat_ws(E'\n→ ', nullif(note, ''), $4) end
    where id = $1 and done_at is null and unit_id is not distinct from $5::int
    returning kind, conversation_id, ticket_id
"""


async def insert(connection: Connection, rows: Sequence[TaskRow]) -> None:
    """Write tasks; a call-back that is owed already is written into the one that is open."""
    owed = [row for row in rows if row.kind == "call_back" and row.conversation_id is not None]
    others = [row for row in rows if row not in owed]
    if others:
        await connection.execute(INSERT, encode_rows(await _settled(connection, others)))
    if owed:
        await connection.execute(CALL_BACKS, encode_rows(owed))


async def _settled(connection: Connection, rows: Sequence[TaskRow]) -> list[TaskRow]:
    """What a district should settle is the centre's where nobody there could."""
    absent = await peopled.without_deciders(connection, [row.unit_id for row in rows])
    return [
        row._replace(unit_id=None, note=row.note + peopled.in_their_place(absent[row.unit_id]))
        if row.unit_id in absent
        else row
        for row in rows
    ]


class OpenTask(NamedTuple):
    """A task that waits; `masked` is the resident's address, None where there is none."""

    id: int
    kind: str
    conversation_id: int | None
    ticket_id: int | None
    note: str
    created_at: datetime
    channel: str | None
    masked: str | None
    urgent: bool
    taken_at: datetime | None
    taken_by: str


class SettledTask(NamedTuple):
    """What a settled task was about."""

    kind: str
    conversation_id: int | None
    ticket_id: int | None


async def waiting(connection: Connection, unit_id: int | None, limit: int) -> list[OpenTask]:
    """Tasks of a unit (None: of the centre) that wait, the urgent before the others, oldest first."""
    return [OpenTask(*row) for row in await connection.fetch(OPEN, limit, unit_id)]


OPEN_ONE = """
    select kind, conversation_id, ticket_id from human_tasks where id = $1 and done_at is null and unit_id is null
"""


async def open_one(connection: Connection, task_id: int) -> SettledTask | None:
    """What a task of the centre that waits is about; None when it is done already, or there is none."""
    row = await connection.fetchrow(OPEN_ONE, task_id)
    return SettledTask(*row) if row is not None else None


async def settle(
    connection: Connection,
    task_id: int,
    staff_id: int,
    unit_id: int | None,
    at: datetime,
    note: str,
) -> SettledTask | None:
    """Mark a task of a unit as done; None when it is done already, or is not theirs."""
    row = await connection.fetchrow(SETTLE, task_id, staff_id, at, note, unit_id)
    return SettledTask(*row) if row is not None else None
