"""Call-backs (回电) that the centre owes, and recordings of calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.media import WantedRow
from store.statements import encode_rows, rows_as


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a call; `state` is kept, wanted, refused or lost."""

    id: str
    conversation_id: int
    purpose: str
    seconds: int
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DueCallBack:
    """A call-back that waits; `session` is JSON."""

    task_id: int
    conversation_id: int
    note: str
    created_at: datetime
    channel: str
    masked: str
    urgent: bool
    session: str


class CallBackRow(NamedTuple):
    """A call-back to be kept, where none waits for this conversation yet."""

    conversation_id: int
    note: str
    created_at: datetime


CALL_BACKS = """
    select t.id, t.conversation_id, t.note, t.created_at, c.channel, a.masked, t.urgent, c.session::text
    from human_tasks t
    join conversations c on c.id = t.conversation_id join addresses a on a.id = c.address_id
    where t.done_at is null and t.kind = 'call_back' and t.unit_id is null
    order by t.urgent desc, t.created_at limit $1
"""

RECORDINGS = """
    select id, conversation_id, purpose, seconds, state, created_at from media
    where conversation_id = any($1::bigint[]) and purpose <> ''
    order by created_at desc limit 200
"""

ADD_CALL_BACKS = f"""
    insert into human_tasks (kind, conversation_id, note, created_at)
    select 'call_back', given.conversation_id, given.note, given.created_at
    from {rows_as("given", CallBackRow._fields, ["bigint", "text", "timestamptz"])}
    order by given.conversation_id
    on conflict (conversation_id) where kind = 'call_back' and done_at is null do nothing
"""

TASK = """
    select conversation_id from human_tasks
    where id = $1 and kind = 'call_back' and done_at is null and unit_id is null
"""

NOTE_CALL_BACK = """
    update human_tasks set note = concat_ws(E'\\n', nullif(note, ''), $2::text)
    where id = $1 and kind = 'call_back' and done_at is null and unit_id is null returning id
"""

# A message that is on its way here already, from the turn in which the dialog has heard it.
NAME_MESSAGE = """
    update media set purpose = $3, seconds = $4, call_id = $5
    where id = (
        select m.id from media m
        where m.conversation_id = $1 and m.channel = $2 and m.content_type like 'audio/%'
          and (m.call_id is null and m.created_at > $6::timestamptz - interval '1 hour' or m.call_id = $5 and m.seconds = $4)
        order by m.call_id nulls last, m.created_at desc limit 1
    )
    returning id
"""


async def call_backs(connection: Connection, limit: int) -> list[DueCallBack]:
    """Call-backs that the centre owes, the urgent first, then the oldest."""
    return [DueCallBack(*row) for row in await connection.fetch(CALL_BACKS, limit)]


async def recordings(
    connection: Connection, conversation_ids: Sequence[int]
) -> dict[int, list[Recording]]:
    """Recordings of calls by conversation, newest first."""
    found: dict[int, list[Recording]] = {}
    for row in await connection.fetch(RECORDINGS, list(conversation_ids)):
        found.setdefault(row["conversation_id"], []).append(Recording(*row))
    return found


async def add_call_backs(connection: Connection, rows: Sequence[CallBackRow]) -> None:
    """Keep call-backs for those who have none coming."""
    if rows:
        await connection.execute(ADD_CALL_BACKS, encode_rows(rows))


async def conversation_of_call_back(connection: Connection, task_id: int) -> int | None:
    """Whom a call-back that still waits is for."""
    found = await connection.fetchval(TASK, task_id)
    return int(found) if found is not None else None


async def name_message(connection: Connection, row: WantedRow) -> bool:
    """Give the file of a message that was left its call and its length; False where no turn has heard it."""
    named = await connection.fetchval(
        NAME_MESSAGE,
        row.conversation_id,
        row.channel,
        row.purpose,
        row.seconds,
        row.call_id,
        row.created_at,
    )
    return named is not None


async def note_call_back(connection: Connection, task_id: int, note: str) -> bool:
    """Add a line to a call-back that stays on the list; False when it is done."""
    return await connection.fetchval(NOTE_CALL_BACK, task_id, note) is not None
