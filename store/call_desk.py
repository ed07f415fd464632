"""What the desk that takes callers reads and writes: who waits, who has whom, staff's own phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection
from store.human_talks import COLUMNS, REACHED, Taker, TalkRow


@dataclass(frozen=True, slots=True)
class Caller:
    """A talk by phone with what is known of its resident; `session` is JSON."""

    talk: TalkRow
    masked: str
    session: str
    staff: str
    surge: str  # the event whose experts it is for, "" for all others


@dataclass(frozen=True, slots=True)
class TheirTicket:
    """A ticket of somebody who is on the phone."""

    conversation_id: int
    id: int
    title: str
    state: str


OF_CALL = f"""
    select {COLUMNS} from human_talks h where h.call_id = $1 order by h.id desc limit 1
"""

OF_ORDER = f"""
    select {COLUMNS} from human_talks h join call_orders o on o.human_talk_id = h.id where o.id = $1
"""

_CALLER = f"""
    select {COLUMNS}, a.masked, c.session::text, coalesce(s.name, ''), coalesce(g.name, '')
    from human_talks h left join surges g on g.id = h.surge_id
    join conversations c on c.id = h.conversation_id join addresses a on a.id = c.address_id
    left join staff s on s.id = h.staff_id
"""
CALLERS = (
    _CALLER
    + f"""
    where h.kind = 'call' and h.state in ('waiting', 'ringing') and h.call_id is not null and {REACHED}
    order by h.urgent desc, h.asked_at, h.id limit $4
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

ADDRESS = """
    select c.channel, a.sealed, a.masked from conversations c join addresses a on a.id = c.address_id where c.id = $1
"""

SESSION = "select session::text from conversations where id = $1"
AT = """
    select c.id from conversations c join addresses a on a.id = c.address_id where a.channel = $1 and a.hash = $2
"""

NOTE_TALK = """
    update human_talks set note = concat_ws(E'\\n', nullif(note, ''), $3::text)
    where id = $1 and staff_id = $2 and kind = 'call' and taken_at is not null returning conversation_id
"""

TICKETS_OF = """
    select t.conversation_id, t.id, t.title, t.state from tickets t
    where t.conversation_id = any($1::bigint[]) and t.state not in ('closed', 'withdrawn')
    order by t.id desc limit 100
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


async def callers(connection: Connection, taker: Taker, limit: int) -> list[Caller]:
    """Who waits on the line for this taker, in the order of the queue; those whose staff's phone rings too."""
    return [_caller(tuple(row)) for row in await connection.fetch(CALLERS, *taker, limit)]


async def mine(connection: Connection, staff_id: int, since: datetime) -> list[Caller]:
    """The talks by phone that somebody has, and those that have ended since."""
    return [_caller(tuple(row)) for row in await connection.fetch(MINE, staff_id, since)]


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


async def note_talk(connection: Connection, talk_id: int, staff_id: int, note: str) -> int | None:
    """Add a note to a talk by phone that somebody had; returns its conversation, None when it was not theirs."""
    found = await connection.fetchval(NOTE_TALK, talk_id, staff_id, note)
    return int(found) if found is not None else None


async def tickets_of(
    connection: Connection, conversation_ids: Sequence[int]
) -> dict[int, list[TheirTicket]]:
    """Open tickets by conversation, newest first."""
    found: dict[int, list[TheirTicket]] = {}
    for row in await connection.fetch(TICKETS_OF, list(conversation_ids)):
        found.setdefault(row["conversation_id"], []).append(TheirTicket(*row))
    return found


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
    *talk, masked, session, staff, surge = row
    return Caller(TalkRow(*talk), str(masked), str(session), str(staff), str(surge))  # type: ignore[arg-type]  # as selected
