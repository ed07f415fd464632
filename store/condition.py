"""What operators ask of the database itself, and of the work that waits in it."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from store import human_figures, outbox, timers
from store.database import Connection

# Whatever the reason: whoever asks about the server wants to know that it gave no answer.
UNANSWERED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)  # a time-out is an OSError

REVISION = "select version_num from alembic_version"
# Where LC_CTYPE knows no Chinese letters, no trigram of them is indexed and search reads every row.
ASK_SERVER = """
select current_setting('server_version') as version, clock_timestamp() as now,
       '暖' ~ '[[:alpha:]]' as knows_chinese, current_setting('server_encoding') = 'UTF8' as is_utf8
"""
# Those that another message stands for have arrived, or are counted there.
COUNT_DEAD = """
    select count(*) from outbox o where state = 'failed' and not exists (
        select from outbox n where n.instead_of = o.conversation_id and n.instead_of_seq = o.seq
    )
"""
COUNT_TASKS = "select count(*) from human_tasks where done_at is null"


@dataclass(frozen=True, slots=True)
class Server:
    """The server as it is; `revision` is that of the newest migration it has had, empty before the first."""

    version: str
    now: datetime
    knows_chinese: bool
    revision: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: messages by channel with the age of the oldest, timers, dead letters, tasks for people."""

    outbox: dict[str, tuple[int, float]]
    doubtful: dict[str, int]
    dead_letters: int
    late_timers: int
    late_seconds: float
    tasks: int
    people: human_figures.Figures


async def server(connection: Connection) -> Server:
    """Ask the server about itself."""
    row = await connection.fetchrow(ASK_SERVER)
    if row is None:
        raise asyncpg.InterfaceError("the server said nothing about itself")
    try:
        revision = await connection.fetchval(REVISION)
    except asyncpg.UndefinedTableError:
        revision = None
    return Server(
        row["version"], row["now"], row["knows_chinese"] and row["is_utf8"], revision or ""
    )


async def backlog(connection: Connection, now: datetime) -> Backlog:
    """Count what waits at `now`."""
    late, late_seconds = await timers.late(connection, now)
    return Backlog(
        outbox=await outbox.depth(connection, now),
        doubtful=await outbox.doubtful(connection),
        dead_letters=await connection.fetchval(COUNT_DEAD),
        late_timers=late,
        late_seconds=late_seconds,
        tasks=await connection.fetchval(COUNT_TASKS),
        people=await human_figures.read(connection, now),
    )
