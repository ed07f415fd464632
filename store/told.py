"""What was to be told by a call of ours, for the moment in which somebody picks it up."""

from collections.abc import Sequence

from store.database import Connection

REPLIES = """
    select conversation_id, seq, reply
    from outbox join unnest($1::bigint[], $2::int[]) as k(c, s) on conversation_id = k.c and seq = k.s
"""


async def replies(
    connection: Connection, keys: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """The replies (JSON) of messages by (conversation id, seq); those that are gone are missing."""
    conversations, seqs = [key[0] for key in keys], [key[1] for key in keys]
    rows = await connection.fetch(REPLIES, conversations, seqs)
    return {(row[0], row[1]): row[2] for row in rows}
