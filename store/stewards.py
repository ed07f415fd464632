"""Lane stewards (小巷管家), their rounds, and what they have reported on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class NewSteward(NamedTuple):
    """Somebody who asks to be one; the name is sealed."""

    resident_id: int
    conversation_id: int
    unit_id: int
    community_code: str
    name: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """How a resident stands; `began_at` is set while a round is under way, with the `reports` since."""

    id: int
    resident_id: int
    state: str
    unit_id: int
    community_code: str
    began_at: datetime | None
    reports: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a street's list."""

    id: int
    name: bytes | None
    masked: str
    community: str
    state: str
    asked_at: datetime
    patrols: int
    reports: int
    last_at: datetime | None


# Asked anew after a no or an end; who is asked about or active stays so.
ASK = """
    insert into stewards as s (resident_id, conversation_id, unit_id, community_code, name, asked_at)
    select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::bytea[], $6::timestamptz[])
    on conflict (resident_id) do update set
        conversation_id = excluded.conversation_id, unit_id = excluded.unit_id,
        community_code = excluded.community_code, name = excluded.name, state = 'asked',
        asked_at = excluded.asked_at, decided_by = null, decided_at = null
    where s.state in ('refused', 'ended')
    returning unit_id
"""
KNOWN = """
    select s.id, s.resident_id, s.state, s.unit_id, s.community_code, p.began_at,
        (select count(*) from tickets t where t.resident_id = s.resident_id and t.source = 'steward'
           and t.opened_at >= p.began_at)::int
    from stewards s
    left join lateral (
        select began_at from patrols where steward_id = s.id and ended_at is null order by id desc limit 1
    ) p on true
    where s.resident_id = any($1::bigint[])
"""
BEGIN = """
    insert into patrols (steward_id, began_at)
    select s.id, $2 from stewards s where s.id = any($1::int[]) order by s.id
    on conflict (steward_id) where ended_at is null do nothing
"""
END = "update patrols set ended_at = $2 where steward_id = any($1::int[]) and ended_at is null"
CONVERSATION = "select conversation_id from stewards where id = $1 and unit_id = $2"
DECIDE = """
    update stewards set state = $3, decided_by = $4, decided_at = $5
    where id = $1 and unit_id = $2 and state = $6 returning id
"""
LISTED = """
    select s.id, s.name, coalesce(a.masked, ''), coalesce(c.name, ''), s.state, s.asked_at,
        (select count(*) from patrols p where p.steward_id = s.id)::int,
        (select count(*) from tickets t where t.resident_id = s.resident_id and t.source = 'steward')::int,
        (select max(p.began_at) from patrols p where p.steward_id = s.id)
    from stewards s
    left join conversations v on v.id = s.conversation_id left join addresses a on a.id = v.address_id
    left join places c on c.version_id = $2 and c.code = s.community_code
    where s.unit_id = $1
    order by array_position(array['asked', 'active', 'ended', 'refused'], s.state), s.id desc
    limit $3
"""
KEEP_PHOTOS = """
    insert into evidence (ticket_id, round, media_id, at, note)
    select ticket_id, 1, media_id, $2, '小巷管家当场处理' from ticket_media where ticket_id = any($1::bigint[])
"""


async def ask(connection: Connection, rows: Sequence[NewSteward]) -> list[int]:
    """Put down who asks to be a steward; returns the streets that have somebody new to decide about."""
    if not rows:
        return []
    found = await connection.fetch(ASK, *map(list, zip(*rows, strict=True)))
    return sorted({row["unit_id"] for row in found})


async def known(connection: Connection, resident_ids: Sequence[int]) -> dict[int, Known]:
    """Those of these residents who are or asked to be stewards, by resident."""
    return {row[1]: Known(*row) for row in await connection.fetch(KNOWN, resident_ids)}


async def begin_patrols(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Begin the rounds of stewards who are on none."""
    await connection.execute(BEGIN, ids, now)


async def end_patrols(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """End the rounds of stewards."""
    await connection.execute(END, ids, now)


async def conversation_of(connection: Connection, steward_id: int, unit_id: int) -> int | None:
    """Where a unit's steward is told things; None for none of this unit."""
    conversation_id: int | None = await connection.fetchval(CONVERSATION, steward_id, unit_id)
    return conversation_id


class Decision(NamedTuple):
    """What a street says of one who asks, or who is one."""

    steward_id: int
    unit_id: int
    state: str
    staff_id: int
    at: datetime
    before: str  # the state that it is said of


async def decide(connection: Connection, decision: Decision) -> bool:
    """Note it; False when it was said already."""
    return await connection.fetchval(DECIDE, *decision) is not None


async def listed(connection: Connection, unit_id: int, version: int, limit: int) -> list[Listed]:
    """A street's stewards, those to decide about first."""
    return [Listed(*row) for row in await connection.fetch(LISTED, unit_id, version, limit)]


async def keep_photos(connection: Connection, ticket_ids: Sequence[int], now: datetime) -> None:
    """Keep the photos of what was fixed on the spot as evidence."""
    await connection.execute(KEEP_PHOTOS, ticket_ids, now)
