"""What the desk for chats reads: who waits, who has whom, colleagues who could take over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from store.database import Connection
from store.human_talks import COLUMNS, TalkRow


@dataclass(frozen=True, slots=True)
class Chat:
    """A talk in a chat with its resident; `unread` counts what was said since staff last wrote or took it. `session` is JSON."""

    talk: TalkRow
    masked: str
    session: str
    staff: str
    unread: int
    said_at: datetime | None


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
    ), c.last_said_at
    from human_talks h
    join conversations c on c.id = h.conversation_id join addresses a on a.id = c.address_id
    left join staff s on s.id = h.staff_id
"""
WAITING = (
    _CHAT
    + " where h.kind = 'chat' and h.state = 'waiting' order by h.urgent desc, h.asked_at, h.id limit $1"
)
TAKEN = (
    _CHAT
    + """
    where h.kind = 'chat' and h.state = 'taken' and ($1::int is null or h.staff_id = $1)
    order by h.taken_at, h.id limit $2
"""
)
ONE = _CHAT + " where h.id = $1 and h.kind = 'chat'"

STAFF = """
    select s.id, s.login, s.name, s.unit_id, s.roles,
        exists (select from staff_sessions n where n.staff_id = s.id and n.expires_at > $1)
    from staff s where s.active and s.unit_id is null order by s.name
"""
BY_LOGIN = """
    select id, login, name, unit_id, roles, true from staff where login = $1 and active
"""
QUEUE = """
    select count(*) filter (where h.state = 'waiting'),
        min(h.asked_at) filter (where h.state = 'waiting'),
        count(*) filter (where h.state = 'taken' and h.staff_id = $1 and exists (
            select from inbound i
            where i.conversation_id = h.conversation_id and i.seq > coalesce((
                select max(o.seq) from outbox o
                where o.conversation_id = h.conversation_id and o.staff_id is not null
            ), 0)
        ))
    from human_talks h where h.kind = 'chat' and h.state in ('waiting', 'taken')
"""


async def waiting(connection: Connection, limit: int) -> list[Chat]:
    """Who waits in a chat, in the order in which they are to be taken."""
    return [_chat(tuple(row)) for row in await connection.fetch(WAITING, limit)]


async def taken(connection: Connection, staff_id: int | None, limit: int) -> list[Chat]:
    """The chats that somebody has (None: anybody), the oldest first."""
    return [_chat(tuple(row)) for row in await connection.fetch(TAKEN, staff_id, limit)]


async def one(connection: Connection, talk_id: int) -> Chat | None:
    """A talk in a chat, open or over."""
    row = await connection.fetchrow(ONE, talk_id)
    return _chat(tuple(row)) if row is not None else None


async def colleagues(connection: Connection, now: datetime) -> list[Colleague]:
    """The people of the centre."""
    return [_colleague(tuple(row)) for row in await connection.fetch(STAFF, now)]


async def colleague(connection: Connection, login: str) -> Colleague | None:
    """One of them by login."""
    row = await connection.fetchrow(BY_LOGIN, login)
    return _colleague(tuple(row)) if row is not None else None


async def queue(connection: Connection, staff_id: int) -> Queue:
    """What stands in the menu for somebody who talks with residents."""
    row = await connection.fetchrow(QUEUE, staff_id)
    return Queue(*row) if row is not None else Queue(0, None, 0)


def _chat(row: Sequence[object]) -> Chat:
    talk, rest = row[:-5], row[-5:]
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
