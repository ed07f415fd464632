"""Phones of those who are on duty, as far as they take no messages of ours."""

from collections.abc import Sequence

from store.database import Connection

UNITS_TOLD_BY = """
    select c.conversation_id, coalesce(u.short_name, '热线中心')
    from unit_contacts c left join units u on u.id = c.unit_id
    where c.conversation_id = any($1::bigint[]) and c.ended_at is null and c.verified_at is not null order by c.id
"""
STOPPED = """
    select hash from addresses
    where channel = $1 and hash = any($2::bytea[]) and (opted_out_at is not null or blocked_at is not null)
"""


async def units_told_by(
    connection: Connection, conversation_ids: Sequence[int]
) -> list[tuple[int, str]]:
    """The units that these conversations speak for, by short name: (conversation, unit)."""
    rows = await connection.fetch(UNITS_TOLD_BY, list(conversation_ids))
    return [(row[0], row[1]) for row in rows]


async def stopped(connection: Connection, channel: str, hashes: Sequence[bytes]) -> set[bytes]:
    """Those of these addresses that get no message."""
    return {row[0] for row in await connection.fetch(STOPPED, channel, list(hashes))}
