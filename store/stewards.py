"""Lane stewards (小巷管家), their rounds, and what they have reported on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class NewSteward(NamedTuple):
    """Somebody who asks to be one; the name is sealed, and the number of whose channel tells none."""

    resident_id: int
    conversation_id: int
    unit_id: int
    community_code: str
    name: bytes
    contact: bytes | None
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
    contact: bytes | None
    channel: str
    masked: str
    community: str
    state: str
    asked_at: datetime
    patrols: int
    reports: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A steward as the page of one shows: sealed what is personal, `address` None where it is no number."""

    id: int
    name: bytes | None
    contact: bytes | None
    channel: str
    address: bytes | None
    community: str
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the patrol log: a round, or `ticket_id` a report; `patrol_id` is None for what was seen on none."""

    patrol_id: int | None
    began_at: datetime | None
    ended_at: datetime | None
    ticket_id: int | None
    title: str
    state: str
    opened_at: datetime | None


# Asked anew after a no or an end; who is asked about or active stays so.
ASK = """
    insert into stewards as s (resident_id, conversation_id, unit_id, community_code, name, contact, asked_at)
    select * from unnest(
        $1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::bytea[], $6::bytea[], $7::timestamptz[])
    on conflict (resident_id) do update set
        conversation_id = excluded.conversation_id, unit_id = excluded.unit_id,
        community_code = excluded.community_code, name = excluded.name, contact = excluded.contact,
        state = 'asked', asked_at = excluded.asked_at, decided_by = null, decided_at = null
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
    select s.id, s.name, s.contact, coalesce(v.channel, ''), coalesce(a.masked, ''), coalesce(c.name, ''), s.state, s.asked_at,
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
ONE = """
    select s.id, s.name, s.contact, coalesce(v.channel, ''), a.sealed, coalesce(c.name, ''), s.state, s.asked_at
    from stewards s
    left join conversations v on v.id = s.conversation_id left join addresses a on a.id = v.address_id
    left join places c on c.version_id = $3 and c.code = s.community_code
    where s.id = $1 and s.unit_id = $2
"""
LOG = """
    with rounds as (select id, began_at, ended_at from patrols where steward_id = $1 order by id desc limit $2),
    finds as (
        select t.id, t.title, t.state, t.opened_at from tickets t join stewards s on s.resident_id = t.resident_id
        where s.id = $1 and t.source = 'steward' order by t.id desc limit $2
    )
    select r.id, r.began_at, r.ended_at, f.id, coalesce(f.title, ''), coalesce(f.state, ''), f.opened_at
    from rounds r left join finds f on f.opened_at between r.began_at and coalesce(r.ended_at, 'infinity')
    union all
    select null, null, null, f.id, f.title, f.state, f.opened_at from finds f
    where not exists (select from rounds r where f.opened_at between r.began_at and coalesce(r.ended_at, 'infinity'))
    order by 2 desc nulls last, 4
"""
LEAVE = """
    update stewards set state = 'ended', decided_by = null, decided_at = $2
    where resident_id = any($1::bigint[]) and state in ('asked', 'active') returning id, unit_id
"""
NOTE_VIEW = "insert into contact_views (staff_id, steward_id, at, purpose) values ($1, $2, $3, $4)"
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


async def leave(
    connection: Connection, resident_ids: Sequence[int], now: datetime
) -> list[tuple[int, int]]:
    """End those who want to be none any more, and their rounds; returns (steward, unit) of each."""
    rows = [(row[0], row[1]) for row in await connection.fetch(LEAVE, resident_ids, now)]
    await end_patrols(connection, [id_ for id_, _ in rows], now)
    return sorted(rows)


async def one(connection: Connection, steward_id: int, unit_id: int, version: int) -> Told | None:
    """A unit's steward; None for none of this unit."""
    row = await connection.fetchrow(ONE, steward_id, unit_id, version)
    return Told(*row) if row else None


async def log(connection: Connection, steward_id: int, limit: int) -> list[Logged]:
    """The latest rounds and reports of a steward, the latest round first."""
    return [Logged(*row) for row in await connection.fetch(LOG, steward_id, limit)]


async def note_view(
    connection: Connection, staff_id: int, steward_id: int, at: datetime, purpose: str
) -> None:
    """Note who looked at a steward's number."""
    await connection.execute(NOTE_VIEW, staff_id, steward_id, at, purpose)


async def keep_photos(connection: Connection, ticket_ids: Sequence[int], now: datetime) -> None:
    """Keep the photos of what was fixed on the spot as evidence."""
    await connection.execute(KEEP_PHOTOS, ticket_ids, now)
