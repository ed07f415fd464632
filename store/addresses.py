"""Which of a resident's addresses is wished for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class Wish(NamedTuple):
    """A resident who wishes to be told by this channel."""

    resident_id: int
    channel: str


PREFER = """
    update addresses a set preferred_at = $3
    from unnest($1::bigint[], $2::text[]) as t (resident_id, channel)
    where a.resident_id = t.resident_id and a.channel = t.channel
      and a.opted_out_at is null and a.blocked_at is null and a.no_texts_at is null
    returning a.resident_id, a.channel
"""


async def prefer(connection: Connection, wishes: Sequence[Wish], now: datetime) -> set[Wish]:
    """Note these wishes; returns those that there is an address for."""
    rows = await connection.fetch(PREFER, [w[0] for w in wishes], [w[1] for w in wishes], now)
    return {Wish(*row) for row in rows}
