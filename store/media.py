"""Rows of photos and files: what is kept, of what type, and whose conversation it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Media:
    """One upload. The file itself lies under its SHA-256, so that the same photo sent twice is kept once."""

    id: str
    sha256: bytes
    content_type: str
    size: int
    conversation_id: int | None
    created_at: datetime


ADD = """
    insert into media (id, sha256, content_type, size, conversation_id, created_at)
    values ($1, $2, $3, $4, $5, $6)
"""

FIND = """
    select id, sha256, content_type, size, conversation_id, created_at from media where id = $1
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
