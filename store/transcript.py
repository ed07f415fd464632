"""The transcript of a conversation: what was said both ways, in the order of its sequence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `body` is the JSON of what was said or replied; `key` is the provider's id, empty for ours."""

    seq: int
    at: datetime
    ours: bool
    body: str
    key: str
    purpose: str


# What the city tells a conversation itself (a survey is due, silence) is inbound too, but nobody said it. What was said
# by phone stands in the same conversation as the SMS of that number. Codes are for the phone's owner, not for staff.
LINES = """
    (
        select i.seq, i.received_at as at, false as ours, i.said::text as body, i.key, '' as purpose
        from inbound i
        where i.conversation_id = $1 and i.seq > $2 and i.said ->> 'type' = 'said'
        order by i.seq desc limit $3
    ) union all (
        select o.seq, o.created_at, true, o.reply::text, '', o.purpose
        from outbox o
        where o.conversation_id = $1 and o.seq > $2 and o.purpose <> 'code'
        order by o.seq desc limit $3
    )
    order by seq desc limit $3
"""

FIND = """
    select c.id, c.seen_seq
    from addresses a join conversations c on c.address_id = a.id
    where a.channel = $1 and a.hash = $2
"""

SEE = """
    update conversations set seen_seq = least($2, seq) where id = $1 and seen_seq < least($2, seq)
"""

# The newest text of a message that may have been edited before.
LATEST_TEXTS = """
    select wanted.conversation_id, wanted.channel, wanted.key, heard.text
    from unnest($1::bigint[], $2::text[], $3::text[]) as wanted (conversation_id, channel, key)
    cross join lateral (
        select coalesce(i.said ->> 'text', '') as text from inbound i
        where i.conversation_id = wanted.conversation_id and i.channel = wanted.channel
          and (i.key = wanted.key or i.said ->> 'edits' = wanted.key)
        order by i.seq desc limit 1
    ) heard
"""

SEQ_OF = """
    select seq from inbound where channel = $1 and key = $2
"""


async def lines(connection: Connection, conversation_id: int, after: int, limit: int) -> list[Line]:
    """The newest `limit` messages whose sequence is above `after`, oldest first.

    Sequences are taken under the conversation's lock and commit in order: nothing can turn up behind `after` later.
    """
    rows = await connection.fetch(LINES, conversation_id, after, limit)
    return [Line(*row) for row in reversed(rows)]


async def find_conversation(
    connection: Connection, channel: str, address_hash: bytes
) -> tuple[int, int] | None:
    """The conversation of an address, with the sequence that its resident has seen; None: has never written."""
    row = await connection.fetchrow(FIND, channel, address_hash)
    return (row[0], row[1]) if row is not None else None


async def see(connection: Connection, conversation_id: int, seq: int) -> None:
    """Note that the resident has been shown everything up to `seq`; it only moves forward."""
    await connection.execute(SEE, conversation_id, seq)


async def seq_of(connection: Connection, channel: str, key: str) -> int | None:
    """The sequence that an inbound message was given; None when it is not here (it waits in a spool)."""
    seq: int | None = await connection.fetchval(SEQ_OF, channel, key)
    return seq


async def latest_texts(
    connection: Connection, messages: Sequence[tuple[int, str, str]]
) -> dict[tuple[int, str, str], str]:
    """The text of messages, by (conversation id, channel, key), as it was last; those that are not there are left out."""
    rows = await connection.fetch(LATEST_TEXTS, *map(list, zip(*messages, strict=True)))
    return {(row[0], row[1], row[2]): row[3] for row in rows}
