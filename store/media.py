"""Rows of photos and files: what is kept, of what type, and whose conversation it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement


@dataclass(frozen=True, slots=True)
class Media:
    """One file. It lies under its SHA-256, so that the same photo sent twice is kept once.

    `state` is kept, wanted (it is still to be fetched from the provider), refused or lost: `error` says why.
    """

    id: str
    sha256: bytes
    content_type: str
    size: int
    conversation_id: int | None
    created_at: datetime
    state: str = "kept"
    error: str = ""


class WantedRow(NamedTuple):
    """A file that lies at the provider still; `source`, sealed, is what the channel finds it by."""

    id: str
    content_type: str
    size: int
    conversation_id: int | None
    created_at: datetime
    channel: str
    source: bytes
    due_at: datetime
    seconds: int = 0  # of a recording
    purpose: str = ""  # talk, message: recordings of calls
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedMedia:
    """A file whose fetching is ours until the lease ends; `attempts` counts this one and names the lease."""

    id: str
    content_type: str
    channel: str
    source: bytes
    attempts: int
    created_at: datetime


class SettledMedia(NamedTuple):
    """What came of fetching a file: kept, refused or lost; `wanted` with the time to try again."""

    id: str
    attempts: int
    state: str
    sha256: bytes = b""
    content_type: str = ""
    size: int = 0
    error: str = ""
    due_at: datetime | None = None


ADD = """
    insert into media (id, sha256, content_type, size, conversation_id, created_at)
    values ($1, $2, $3, $4, $5, $6)
"""

FIND = """
    select id, sha256, content_type, size, conversation_id, created_at, state, error
    from media where id = $1
"""

_WANTED_TYPES = ["text", "text", "int", "bigint", "timestamptz", "text", "bytea", "timestamptz"]
INSERT_WANTED = (
    insert_statement(
        "media",
        WantedRow._fields,
        [*_WANTED_TYPES, "int", "text", "text"],
        {"sha256": "''::bytea", "state": "'wanted'"},
    )
    + " on conflict (id) do nothing"
)

CLAIM = """
    update media set attempts = attempts + 1, lease_until = $1 + $2::interval, due_at = $1 + $2::interval
    where id in (
        select id from media where state = 'wanted' and due_at <= $1
        order by due_at limit $3 for update skip locked
    )
    returning id, content_type, channel, source, attempts, created_at
"""

# Only whoever holds the lease settles; what is kept or given up needs no source any more.
SETTLE = """
    update media m set
        state = t.state,
        sha256 = t.sha256,
        content_type = case when t.content_type = '' then m.content_type else t.content_type end,
        size = case when t.size = 0 then m.size else t.size end,
        error = t.error,
        due_at = t.due_at,
        lease_until = null,
        source = case when t.state = 'wanted' then m.source end
    from unnest(
        $1::text[], $2::int[], $3::text[], $4::bytea[], $5::text[], $6::int[], $7::text[], $8::timestamptz[]
    ) as t (id, attempts, state, sha256, content_type, size, error, due_at)
    where m.id = t.id and m.attempts = t.attempts and m.state = 'wanted'
    returning m.id
"""

# The note stays a code: what staff read is said where it is shown.
TELL_TICKETS = """
    insert into ticket_events (ticket_id, at, type, actor, note)
    select distinct m.ticket_id, $3::timestamptz, 'file_' || t.state, 'system', ''
    from unnest($1::text[], $2::text[]) as t (id, state)
    join ticket_media m on m.media_id = t.id
"""

WANTED_SINCE = """
    select coalesce(extract(epoch from $1 - min(due_at)), 0)::float8
    from media where state = 'wanted' and due_at <= $1
"""

ADOPT = """
    update media set conversation_id = t.conversation_id
    from unnest($1::text[], $2::bigint[]) as t (id, conversation_id)
    where media.id = t.id and media.conversation_id is null
"""


async def add(connection: Connection, media: Media) -> None:
    """Keep the row of a file that is already safe on its disk."""
    await connection.execute(
        ADD,
        media.id,
        media.sha256,
        media.content_type,
        media.size,
        media.conversation_id,
        media.created_at,
    )


async def claim(
    connection: Connection, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedMedia]:
    """Claim files that are due, oldest first, under a lease; commit before any provider is asked."""
    return [ClaimedMedia(*row) for row in await connection.fetch(CLAIM, now, lease, limit)]


async def settle(connection: Connection, rows: Sequence[SettledMedia]) -> list[str]:
    """Note what came of fetching; returns the ids of those that were still ours."""
    if not rows:
        return []
    return [
        row["id"] for row in await connection.fetch(SETTLE, *map(list, zip(*rows, strict=True)))
    ]


async def tell_tickets(
    connection: Connection, ended: Sequence[tuple[str, str]], now: datetime
) -> None:
    """Write an event into the tickets of these (media id, state): `file_refused`, `file_lost`."""
    await connection.execute(TELL_TICKETS, *map(list, zip(*ended, strict=True)), now)


async def insert_wanted(connection: Connection, rows: Sequence[WantedRow]) -> None:
    """Note files that are to be fetched; those that are noted already stay as they are."""
    if rows:
        await connection.execute(INSERT_WANTED, encode_rows(rows))


async def overdue_seconds(connection: Connection, now: datetime) -> float:
    """How long the oldest file that is due has been waiting, 0 when none is."""
    return float(await connection.fetchval(WANTED_SINCE, now))


async def find(connection: Connection, media_id: str) -> Media | None:
    """The row of an upload, or None."""
    row = await connection.fetchrow(FIND, media_id)
    return Media(*row) if row is not None else None


async def adopt(connection: Connection, belongings: Sequence[tuple[str, int]]) -> None:
    """Give each (media id, conversation id) its conversation, where it has none yet.

    A photo can be uploaded before a resident's first message makes the conversation.
    """
    if belongings:
        await connection.execute(ADOPT, [b[0] for b in belongings], [b[1] for b in belongings])
