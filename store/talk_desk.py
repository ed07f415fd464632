"""What the desk for chats reads: who waits, who has whom, colleagues who could take over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from store.database import Connection
from store.human_talks import COLUMNS, REACHED, Taker, TalkRow


@dataclass(frozen=True, slots=True)
class Chat:
    """A talk in a chat with its resident; `unread` counts what was said since staff last wrote or took it. `session` is JSON."""

    talk: TalkRow
    masked: str
    session: str
    staff: str
    unread: int
    said_at: datetime | None
    surge: str  # the event whose experts it is for, "" for all others


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff who could take a talk over; `present`: logged in."""

    staff_id: int
    login: str
    name: str
    unit_id: int | None
    roles: frozenset[Role]
    present: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait in chats, and since when the first; how many talks somebody has with unread words."""

    waiting: int
    since: datetime | None
    unread: int


_CHAT = f"""
    select {COLUMNS}, a.masked, c.session::text, coalesce(s.name, ''), (
        select count(*) from inbound i
        where i.conversation_id = h.conversation_id and i.said ->> 'type' = 'said' and i.seq > coalesce((
            select max(o.seq) from outbox o
            where o.conversation_id = h.conversation_id and o.staff_id is not null
        ), 0)
    ), c.last_said_at, coalesce(g.name, '')
    from human_talks h left join surges g on g.id = h.surge_id
    join conversations c on c.id = h.conversation_id join addresses a on a.id = c.address_id
    left join staff s on s.id = h.staff_id
"""
WAITING = f"""
    {_CHAT} where h.kind = 'chat' and h.state = 'waiting' and {REACHED}
    order by h.urgent desc, h.asked_at, h.id limit $4
"""
# Who takes for the centre sees what every colleague has; an expert what is, or was, the experts', and the own ones.
_SEEN = f"(h.staff_id = $1 or $2 or {REACHED})"
TAKEN = f"{_CHAT} where h.kind = 'chat' and h.state = 'taken' and {_SEEN} order by h.taken_at, h.id limit $4"
ONE = f"{_CHAT} where h.id = $4 and h.kind = 'chat' and {_SEEN}"

_IS_EXPERT = "exists (select from surges e where e.ended_at is null and s.id = any(e.expert_ids))"
_ROLES = f"case when {_IS_EXPERT} then s.roles || '{Role.EXPERT}'::text else s.roles end"
_WORKS = "s.active and (s.valid_until is null or s.valid_until > $1)"
STAFF = f"""
    select s.id, s.login, s.name, s.unit_id, {_ROLES},
        exists (select from staff_sessions n where n.staff_id = s.id and n.expires_at > $1)
    from staff s where {_WORKS} and (s.unit_id is null or {_IS_EXPERT}) order by s.name
"""
BY_LOGIN = f"""
    select s.id, s.login, s.name, s.unit_id, {_ROLES}, true from staff s where s.login = $2 and {_WORKS}
"""
QUEUE = f"""
    select count(*) filter (where h.state = 'waiting' and {REACHED}),
        min(h.asked_at) filter (where h.state = 'waiting' and {REACHED}),
        count(*) filter (where h.state = 'taken' and h.staff_id = $1 and exists (
            select from inbound i
            where i.conversation_id = h.conversation_id and i.seq > coalesce((
                select max(o.seq) from outbox o
                where o.conversation_id = h.conversation_id and o.staff_id is not null
            ), 0)
        ))
    from human_talks h where h.kind = 'chat' and h.state in ('waiting', 'taken')
"""


async def waiting(connection: Connection, taker: Taker, limit: int) -> list[Chat]:
    """Who waits in a chat for this taker, in the order in which they are to be taken."""
    return [_chat(tuple(row)) for row in await connection.fetch(WAITING, *taker, limit)]


async def taken(connection: Connection, taker: Taker, limit: int) -> list[Chat]:
    """The chats that this taker and colleagues have, the oldest first."""
    return [_chat(tuple(row)) for row in await connection.fetch(TAKEN, *taker, limit)]


async def one(connection: Connection, taker: Taker, talk_id: int) -> Chat | None:
    """A talk in a chat, open or over; None where it is none of this taker's business."""
    row = await connection.fetchrow(ONE, *taker, talk_id)
    return _chat(tuple(row)) if row is not None else None


async def colleagues(connection: Connection, now: datetime) -> list[Colleague]:
    """The people of the centre, and experts of events in force."""
    return [_colleague(tuple(row)) for row in await connection.fetch(STAFF, now)]


async def colleague(connection: Connection, login: str, now: datetime) -> Colleague | None:
    """One of them by login."""
    row = await connection.fetchrow(BY_LOGIN, now, login)
    return _colleague(tuple(row)) if row is not None else None


async def queue(connection: Connection, taker: Taker) -> Queue:
    """What stands in the menu for somebody who talks with residents."""
    row = await connection.fetchrow(QUEUE, *taker)
    return Queue(*row) if row is not None else Queue(0, None, 0)


def _chat(row: Sequence[object]) -> Chat:
    talk, rest = row[:-6], row[-6:]
    return Chat(TalkRow(*talk), *rest)  # type: ignore[arg-type]  # the columns of one statement


def _colleague(row: Sequence[object]) -> Colleague:
    staff_id, login, name, unit_id, roles, present = row
    found = frozenset(map(Role, roles))  # type: ignore[call-overload]  # text[]
    return Colleague(staff_id, login, name, unit_id, found, present)  # type: ignore[arg-type]  # as above


CONVERSATION_OF_TASK = """
    select conversation_id from human_tasks where id = $1 and done_at is null and unit_id is null
"""


async def conversation_of_task(connection: Connection, task_id: int) -> int | None:
    """The conversation that an open task of the centre is about."""
    found: int | None = await connection.fetchval(CONVERSATION_OF_TASK, task_id)
    return found


STATES = "select seq, state from outbox where conversation_id = $1 order by seq desc limit 200"


async def states(connection: Connection, conversation_id: int) -> dict[int, str]:
    """How far each of our newest messages has come."""
    return {row[0]: row[1] for row in await connection.fetch(STATES, conversation_id)}
