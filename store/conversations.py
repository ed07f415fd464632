"""Conversations with their addresses: found by keyed hash, made when absent, locked in one order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A locked conversation. `session` is JSON; `wake_at` is when its timer row fires, None when it has none."""

    id: int
    channel: str
    hash: bytes
    address_id: int
    resident_id: int
    session: str
    seq: int
    last_said_at: datetime | None
    wake_at: datetime | None
    budget: float
    budget_at: datetime | None
    masked: str
    stopped: bool
    queued: bool  # something for this address waits to be sent: an inline reply would overtake it
    held_by: int | None  # a member of staff has the talk: the dialog is silent
    told_elsewhere: bool = (
        False  # notices go to another address: the resident wishes so, or this is a land line
    )
    numbered: bool = False  # it is known which phone number is this resident's
    marked_until: datetime | None = (
        None  # for abuse, where the talk begins; later its session knows
    )
    of_unit: bool = False  # a unit's contact: what is written here may be meant for the city's desk


class NewAddress(NamedTuple):
    """An address seen for the first time."""

    channel: str
    hash: bytes
    sealed: bytes
    masked: str
    number_hash: bytes | None = None  # of the phone number that it proves


_MARKED = """
    (select max(m.until) from abuse_marks m
     where m.resident_id = {resident} and m.confirmed_at is not null and m.lifted_at is null)
"""

COLUMNS = f"""
    c.id, c.channel, a.hash, a.id as address_id, c.resident_id, c.session, c.seq, c.last_said_at, c.wake_at,
    c.budget, c.budget_at, a.masked, (a.opted_out_at is not null or a.blocked_at is not null) as stopped,
    exists (select from outbox o where o.address_id = a.id and o.state in ('pending', 'sending')) as queued,
    c.held_by,
    a.no_texts_at is not null or exists (
        select from addresses p where p.resident_id = c.resident_id and p.preferred_at is not null
          and p.id <> a.id and (a.preferred_at is null or p.preferred_at > a.preferred_at)
          and p.opted_out_at is null and p.blocked_at is null
    ),
    a.number_hash is not null,
    case when c.session::text = '{{}}' then {_MARKED.format(resident="c.resident_id")} end,
    exists (select from unit_contacts k where k.conversation_id = c.id and k.ended_at is null)
"""

# Not `for update`: keys never change, and rows that refer to a conversation (a task, a photo) need not wait for a turn.
LOCK_BY_ADDRESS = f"""
    select {COLUMNS}
    from addresses a join conversations c on c.address_id = a.id
    where a.channel = $1 and a.hash = $2
    for no key update of c
"""

LOCK_BY_ID = f"""
    select {COLUMNS}
    from conversations c join addresses a on a.id = c.address_id
    where c.id = any($1::bigint[])
    order by c.id
    for no key update of c
"""

LOCK_FREE = LOCK_BY_ID + " skip locked"

# A number that is known already brings its resident along. Of two transactions that meet a new number at once, one waits
# for the other at its row, and then sees what that has made of it: an update returns the row as it is by then.
CREATE = f"""
    with wanted as (
        select channel, hash, sealed, masked, number,
               nextval(pg_get_serial_sequence('residents', 'id')) as fresh
        from unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[])
            as t (channel, hash, sealed, masked, number)
    ), claimed as (
        insert into numbers (hash, resident_id)
        select number, min(fresh) from wanted where number is not null group by number order by number
        on conflict (hash) do update set hash = excluded.hash
        returning hash, resident_id
    ), placed as (
        select w.*, coalesce(c.resident_id, w.fresh) as resident_id
        from wanted w left join claimed c on c.hash = w.number
    ), made_residents as (
        insert into residents (id, created_at) overriding system value
        select fresh, $6 from placed where resident_id = fresh
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked, number_hash)
        select resident_id, channel, hash, sealed, masked, number from placed order by channel, hash
        returning id, resident_id, channel, hash
    ), linked as (
        insert into resident_links (address_id, from_resident_id, to_resident_id, how, at)
        select a.id, a.resident_id, a.resident_id, 'number', $6
        from made_addresses a join placed p on p.channel = a.channel and p.hash = a.hash
        where p.resident_id <> p.fresh
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id),
        {_MARKED.format(resident="conversations.resident_id")}
"""

SET_STOPPED = """
    update addresses set
        opted_out_at = case when t.opted_out then coalesce(opted_out_at, $3) end,
        blocked_at = case when t.opted_out then blocked_at end
    from unnest($1::bigint[], $2::bool[]) as t (id, opted_out)
    where addresses.id = t.id
"""

BLOCK = """
    update addresses set blocked_at = coalesce(blocked_at, $2) where id = any($1::bigint[])
"""

SET_BLOCKED = """
    update addresses set blocked_at = case when $3 then coalesce(blocked_at, $4) end
    where channel = $1 and hash = $2
"""

SET_WAKES = """
    update conversations set wake_at = t.wake_at
    from unnest($1::bigint[], $2::timestamptz[]) as t (id, wake_at) where conversations.id = t.id
"""


async def lock_by_address(
    connection: Connection, channel: str, address_hash: bytes
) -> ConversationRow | None:
    """Lock the conversation of an address, None when it has none."""
    row = await connection.fetchrow(LOCK_BY_ADDRESS, channel, address_hash)
    return ConversationRow(*row) if row is not None else None


async def lock_by_id(connection: Connection, ids: Sequence[int]) -> list[ConversationRow]:
    """Lock conversations by id, lowest first; call it before any ticket is locked."""
    return [ConversationRow(*row) for row in await connection.fetch(LOCK_BY_ID, ids)]


async def lock_free(connection: Connection, ids: Sequence[int]) -> list[ConversationRow]:
    """Lock those of these conversations that nobody holds; never waits."""
    return [ConversationRow(*row) for row in await connection.fetch(LOCK_FREE, ids)]


async def create(
    connection: Connection, addresses: Sequence[NewAddress], now: datetime
) -> list[ConversationRow]:
    """Make an address and a conversation for each, and a resident unless its number has one; seen after the commit.

    Raises `asyncpg.UniqueViolationError` when another process made one of them meanwhile: run the turn again.
    """
    made = await connection.fetch(CREATE, *map(list, zip(*addresses, strict=True)), now)
    wanted = {address.hash: address for address in addresses}
    return [_fresh(wanted[row[3]], row[0], row[1], row[2], row[4]) for row in made]


def _fresh(
    address: NewAddress,
    conversation_id: int,
    address_id: int,
    resident_id: int,
    marked_until: datetime | None,
) -> ConversationRow:
    return ConversationRow(
        id=conversation_id,
        channel=address.channel,
        hash=address.hash,
        address_id=address_id,
        resident_id=resident_id,
        session="{}",
        seq=0,
        last_said_at=None,
        wake_at=None,
        budget=0.0,
        budget_at=None,
        masked=address.masked,
        stopped=False,
        queued=False,
        held_by=None,
        numbered=address.number_hash is not None,
        marked_until=marked_until,
    )


async def set_opt_out(
    connection: Connection, changes: Sequence[tuple[int, bool]], now: datetime
) -> None:
    """Note for (address id, opted out) that a resident stopped our messages, or wants them again."""
    await connection.execute(SET_STOPPED, [c[0] for c in changes], [c[1] for c in changes], now)


async def block(connection: Connection, address_ids: Sequence[int], now: datetime) -> None:
    """Note that the provider refuses to bring messages to these addresses."""
    await connection.execute(BLOCK, address_ids, now)


async def set_blocked(
    connection: Connection, channel: str, address_hash: bytes, now: datetime, *, blocked: bool
) -> None:
    """Note that an address has blocked us, or lets us in again."""
    await connection.execute(SET_BLOCKED, channel, address_hash, blocked, now)


async def set_wakes(connection: Connection, wakes: Sequence[tuple[int, datetime | None]]) -> None:
    """Note when the timers of these locked conversations fire."""
    await connection.execute(SET_WAKES, [w[0] for w in wakes], [w[1] for w in wakes])


def with_wake(row: ConversationRow, wake_at: datetime | None) -> ConversationRow:
    """The same conversation with another `wake_at`."""
    return replace(row, wake_at=wake_at)
