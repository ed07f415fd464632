"""What the desk that takes callers reads and writes: who waits, call-backs with their recordings, staff's own phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.human_talks import COLUMNS, TalkRow
from store.media import WantedRow
from store.statements import encode_rows, rows_as


@dataclass(frozen=True, slots=True)
class Caller:
    """A talk by phone with what is known of its resident; `session` is JSON."""

    talk: TalkRow
    masked: str
    session: str
    staff: str


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


OF_CALL = f"""
    select {COLUMNS} from human_talks h where h.call_id = $1 order by h.id desc limit 1
"""

OF_ORDER = f"""
    select {COLUMNS} from human_talks h join call_orders o on o.human_talk_id = h.id where o.id = $1
"""

_CALLER = f"""
    select {COLUMNS}, a.masked, c.session::text, coalesce(s.name, '')
    from human_talks h
    join conversations c on c.id = h.conversation_id join addresses a on a.id = c.address_id
    left join staff s on s.id = h.staff_id
"""
CALLERS = (
    _CALLER
    + """
    where h.kind = 'call' and h.state in ('waiting', 'ringing') and h.call_id is not null
    order by h.urgent desc, h.asked_at, h.id limit $1
"""
)
MINE = (
    _CALLER
    + """
    where h.kind = 'call' and h.staff_id = $1
      and (h.state in ('ringing', 'taken') or h.ended_at > $2 and h.taken_at is not null)
    order by h.id desc limit 3
"""
)

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
    where not exists (
        select from human_tasks t
        where t.conversation_id = given.conversation_id and t.kind = 'call_back' and t.done_at is null
    )
"""

TASK = """
    select conversation_id from human_tasks
    where id = $1 and kind = 'call_back' and done_at is null and unit_id is null
"""

ADDRESS = """
    select c.channel, a.sealed, a.masked from conversations c join addresses a on a.id = c.address_id where c.id = $1
"""

SESSION = "select session::text from conversations where id = $1"
AT = """
    select c.id from conversations c join addresses a on a.id = c.address_id where a.channel = $1 and a.hash = $2
"""

# A message that is on its way here already, from the turn in which the dialog has heard it.
NAME_MESSAGE = """
    update media set purpose = $3, seconds = $4, call_id = $5
    where id = (
        select m.id from media m
        where m.conversation_id = $1 and m.channel = $2 and m.content_type like 'audio/%'
          and (m.call_id is null and m.created_at > $6 - interval '1 hour' or m.call_id = $5 and m.seconds = $4)
        order by m.call_id nulls last, m.created_at desc limit 1
    )
    returning id
"""

PHONE = "select phone from staff where id = $1"
SET_PHONE = "update staff set phone = $2 where id = $1"

# The answer to the last question points to the step after the one that it was given in.
LAST_STEP = """
    select coalesce(max(substring(key from length($2) + 2)::int), 0) from inbound
    where channel = $1 and key >= $2 || '-' and key < $2 || '.' and key ~ '-[0-9]{1,6}$'
"""


async def of_call(connection: Connection, call_id: str) -> TalkRow | None:
    """The newest talk that a call has asked for, open or over."""
    row = await connection.fetchrow(OF_CALL, call_id)
    return TalkRow(*row) if row is not None else None


async def of_order(connection: Connection, order_id: int) -> TalkRow | None:
    """The talk that a call of ours was made for."""
    row = await connection.fetchrow(OF_ORDER, order_id)
    return TalkRow(*row) if row is not None else None


async def callers(connection: Connection, limit: int) -> list[Caller]:
    """Who waits on the line, in the order in which they are to be taken; those whose staff's phone rings too."""
    return [_caller(tuple(row)) for row in await connection.fetch(CALLERS, limit)]


async def mine(connection: Connection, staff_id: int, since: datetime) -> list[Caller]:
    """The talks by phone that somebody has, and those that have ended since."""
    return [_caller(tuple(row)) for row in await connection.fetch(MINE, staff_id, since)]


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


async def address(connection: Connection, conversation_id: int) -> tuple[str, bytes, str]:
    """A conversation's channel, its sealed address, and the masked one."""
    row = await connection.fetchrow(ADDRESS, conversation_id)
    if row is None:
        raise LookupError(f"no conversation {conversation_id}")
    return row["channel"], row["sealed"], row["masked"]


async def session_of(connection: Connection, conversation_id: int) -> str:
    """A conversation's session as JSON."""
    return str(await connection.fetchval(SESSION, conversation_id))


async def conversation_at(connection: Connection, channel: str, address_hash: bytes) -> int | None:
    """The conversation of an address, None where it has none."""
    found = await connection.fetchval(AT, channel, address_hash)
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


async def staff_phone(connection: Connection, staff_id: int) -> bytes | None:
    """The sealed number of somebody's own phone."""
    found = await connection.fetchval(PHONE, staff_id)
    return bytes(found) if found is not None else None


async def set_staff_phone(connection: Connection, staff_id: int, phone: bytes) -> None:
    """Keep the sealed number of somebody's own phone."""
    await connection.execute(SET_PHONE, staff_id, phone)


async def last_step(connection: Connection, channel: str, call_id: str) -> int:
    """The last step of a call that was heard; 0 before the first."""
    return int(await connection.fetchval(LAST_STEP, channel, call_id))


def _caller(row: Sequence[object]) -> Caller:
    *talk, masked, session, staff = row
    return Caller(TalkRow(*talk), str(masked), str(session), str(staff))  # type: ignore[arg-type]  # as selected
