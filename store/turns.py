"""What a batch of turns reads and writes of its own: repeats, sessions, inbound rows and messages to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store import assignments, tickets, timers
from store.assignments import AssignmentRow
from store.conversations import COLUMNS, ConversationRow
from store.database import Connection
from store.statements import encode_rows, in_one, insert_statement, rows_as
from store.tickets import EventRow, TicketRow
from store.timers import TimerRow


class Repeat(NamedTuple):
    """An inbound message that has had its effect; `reply` and `parts` are JSON, None when it got no reply."""

    conversation_id: int
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
    """A message to a resident; `reply` and `parts` are JSON, `part_states` a letter a part.

    `staff_id` wrote it; `instead_of` and `instead_of_seq` name the message of another conversation that it stands for;
    `gives_way`: it merely asks, so that a later reply may take its place before it is sent.
    """

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
    staff_id: int | None = None
    instead_of: int | None = None
    instead_of_seq: int | None = None
    urgent: bool = False
    gives_way: bool = False


class Opened(NamedTuple):
    """New tickets with what begins with them, apart from timers; none of the three is empty."""

    tickets: Sequence[TicketRow]
    assignments: Sequence[AssignmentRow]
    events: Sequence[EventRow]


_SESSION_TYPES = [
    *("bigint", "json", "bigint", "timestamptz", "timestamptz", "real", "timestamptz")
]
_INBOUND_TYPES = ["text", "text", "bigint", "bigint", "json", "timestamptz", "text", "bigint"]
_OUTBOX_TYPES = [
    *("bigint", "bigint", "text", "bigint", "bigint", "text", "json", "json", "text", "text"),
    *("timestamptz",) * 3,
    *("int", "bigint", "bigint", "boolean", "boolean"),
]

# Under the lock the same message always comes to the same conversation, so its repeat is seen here; one that another
# process is still at work on is not in this snapshot, and meets the primary key of `inbound` instead.
LOCK = f"""
    select wanted.place - 1, i.reply_seq, o.state, o.reply, o.parts, i.key is not null, {COLUMNS}
    from unnest($1::text[], $2::bytea[], $3::text[], $4::text[]) with ordinality
        as wanted (channel, hash, by_channel, key, place)
    join addresses a on a.channel = wanted.channel and a.hash = wanted.hash
    join conversations c on c.address_id = a.id
    left join inbound i on i.channel = wanted.by_channel and i.key = wanted.key
    left join outbox o on o.conversation_id = c.id and i.conversation_id = c.id and o.seq = i.reply_seq
    order by c.id
    for no key update of c
"""

UPDATE_SESSIONS = f"""
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from {rows_as("t", SessionUpdate._fields, _SESSION_TYPES)}
    where c.id = t.id
"""
INSERT_INBOUND = insert_statement("inbound", InboundRow._fields, _INBOUND_TYPES)
INSERT_OUTBOX = insert_statement("outbox", OutboxRow._fields, _OUTBOX_TYPES)

WRITE = in_one([UPDATE_SESSIONS, INSERT_INBOUND, INSERT_OUTBOX])
WRITE_AND_ARM = in_one([UPDATE_SESSIONS, INSERT_INBOUND, INSERT_OUTBOX, timers.ARM])
WRITE_AND_OPEN = in_one(
    [
        UPDATE_SESSIONS,
        INSERT_INBOUND,
        INSERT_OUTBOX,
        tickets.INSERT_TICKETS,
        assignments.INSERT_ASSIGNMENTS,
        tickets.INSERT_EVENTS,
        timers.ARM,
    ]
)

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


async def lock(
    connection: Connection, messages: Sequence[tuple[str, bytes, str, str]]
) -> tuple[list[ConversationRow], dict[int, Repeat]]:
    """Lock the conversations of these (home channel, address hash, channel that brought it, provider's key).

    New addresses have none yet.

    Returns them with the repeats among the messages, by their place.
    """
    rows = await connection.fetch(LOCK, *map(list, zip(*messages, strict=True)))
    locked = {row[6]: ConversationRow(*tuple(row)[6:]) for row in rows}
    repeats = {row[0]: Repeat(row[6], *tuple(row)[1:5]) for row in rows if row[5]}
    return list(locked.values()), repeats


async def write(
    connection: Connection,
    sessions: Sequence[SessionUpdate],
    inbound: Sequence[InboundRow],
    outbox: Sequence[OutboxRow],
    armed: Sequence[TimerRow] = (),
    opened: Opened | None = None,
) -> None:
    """Write a batch of turns, the timers they arm (in their order) and the tickets they open, in one statement.

    Raises `asyncpg.UniqueViolationError` when an inbound key was claimed meanwhile: run the turns again.
    """
    sets: list[Sequence[tuple[object, ...]]] = [sessions, sorted(inbound), outbox]
    statement = WRITE
    if opened is not None:
        statement, sets = WRITE_AND_OPEN, [*sets, *opened, armed]
    elif armed:
        statement, sets = WRITE_AND_ARM, [*sets, armed]
    await connection.execute(statement, *map(encode_rows, sets))


@dataclass(frozen=True, slots=True)
class LastSent:
    """The newest messages of a conversation: does one still wait, and when was one sent last?"""

    waiting: bool
    sent_at: datetime | None


async def last_sent(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, LastSent]:
    """For each conversation that was ever written to: whether its newest messages are out, and since when."""
    rows = await connection.fetch(LAST_SENT, conversation_ids)
    return {row[0]: LastSent(row[1], row[2]) for row in rows}
