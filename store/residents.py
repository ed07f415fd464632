"""Residents behind several addresses: whose a number is, who was made one with whom, and how staff take them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store import abuse
from store.database import Connection


class LinkRow(NamedTuple):
    """An address whose resident becomes another; `how` is number, contact, code or split."""

    address_id: int
    from_resident_id: int
    to_resident_id: int
    how: str
    at: datetime
    note: str = ""
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An address with its conversation and resident, and the number that it proves."""

    address_id: int
    conversation_id: int
    resident_id: int
    number_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a resident as staff may see it."""

    id: int
    conversation_id: int
    channel: str
    masked: str
    numbered: bool
    stopped: bool
    preferred: bool
    last_said_at: datetime | None
    tickets: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A link, or the end of one, in the order of time; `masked` is the address it is about."""

    at: datetime
    channel: str
    masked: str
    how: str
    note: str
    staff: str


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A ticket of a resident, and the address that it came by."""

    id: int
    title: str
    state: str
    opened_at: datetime
    channel: str


RESIDENT_OF = "select resident_id from tickets where id = $1 and not anonymous"

ADDRESSES = """
    select a.id, c.id, a.channel, a.masked, a.number_hash is not null,
        a.opted_out_at is not null or a.blocked_at is not null, a.preferred_at is not null, c.last_said_at,
        (select count(*) from tickets t where t.conversation_id = c.id and not t.anonymous)
    from addresses a join conversations c on c.address_id = a.id
    where a.resident_id = $1 order by a.id
"""

LINKS = """
    select l.at, a.channel, a.masked, l.how, l.note, coalesce(s.name, '')
    from resident_links l join addresses a on a.id = l.address_id left join staff s on s.id = l.staff_id
    where l.from_resident_id = $1 or l.to_resident_id = $1
    order by l.id
"""

TICKETS = """
    select id, title, state, opened_at, channel from tickets
    where resident_id = $1 and not anonymous order by id desc limit $2
"""

TELL_TICKETS = """
    insert into ticket_events (ticket_id, at, type, actor, staff_id, note)
    select id, $2, 'resident_split', 'staff', $3, $4 from tickets
    where conversation_id = $1 and not anonymous order by id
"""

# Waits for whoever makes an address of this number just now, and keeps others from making one until the commit.
CLAIM = """
    insert into numbers (hash, resident_id) values ($1, $2)
    on conflict (hash) do update set hash = excluded.hash
    returning resident_id
"""


PROVE = "update addresses set number_hash = $2 where id = $1 and number_hash is distinct from $2"

PLACE = """
    select a.id, c.id, a.resident_id, a.number_hash from addresses a join conversations c on c.address_id = a.id
    where a.id = $1
"""

CONVERSATIONS = "select id from conversations where resident_id = any($1::bigint[]) order by id"

LOCK_CONVERSATIONS = """
    select id from conversations where resident_id = any($1::bigint[]) order by id
    for no key update skip locked
"""

LOCK_NUMBERS = """
    select hash from numbers where resident_id = any($1::bigint[]) order by hash for no key update
"""

NOTE_LINKS = """
    insert into resident_links (address_id, from_resident_id, to_resident_id, how, note, staff_id, at)
    select a.id, a.resident_id, $2, $3, $4, $5, $6 from addresses a where a.resident_id = $1 order by a.id
"""

NOTE_LINK = """
    insert into resident_links (address_id, from_resident_id, to_resident_id, how, at, note, staff_id)
    values ($1, $2, $3, $4, $5, $6, $7)
"""

# Each statement moves what belonged to the first resident over to the second.
MOVE_ALL = (
    "update numbers set resident_id = $2 where resident_id = $1",
    "update addresses set resident_id = $2 where resident_id = $1",
    "update conversations set resident_id = $2 where resident_id = $1",
    "update tickets set resident_id = $2 where resident_id = $1",
    "update abuse_marks set resident_id = $2 where resident_id = $1",
    """update stewards set resident_id = $2 where resident_id = $1
       and not exists (select from stewards where resident_id = $2)""",
)
MARKED = """
    select max(until) from abuse_marks
    where resident_id = $1 and confirmed_at is not null and lifted_at is null and until > $2
"""

FRESH = "insert into residents (created_at) values ($1) returning id"

# Each statement gives an address, its conversation and that conversation's tickets to a resident.
MOVE_ONE = (
    "update addresses set resident_id = $2, preferred_at = null where id = $1",
    "update conversations set resident_id = $2 where address_id = $1",
    """update tickets t set resident_id = $2 from conversations c
       where c.address_id = $1 and t.conversation_id = c.id and t.resident_id is not null""",
    """update stewards s set resident_id = $2 from conversations c
       where c.address_id = $1 and s.conversation_id = c.id""",
)

FORGET_NUMBER = "update addresses set number_hash = null where id = $1"
TAKE_NUMBER = "update numbers set resident_id = $2 where hash = $1"


async def claim_number(connection: Connection, number_hash: bytes, resident_id: int) -> int:
    """Whose a number is, this resident's where it was nobody's; nobody else can claim it until the commit."""
    return int(await connection.fetchval(CLAIM, number_hash, resident_id))


async def prove(connection: Connection, address_id: int, number_hash: bytes) -> None:
    """Note the number that an address proves."""
    await connection.execute(PROVE, address_id, number_hash)


async def place_of(connection: Connection, address_id: int) -> Place:
    """An address as it stands."""
    row = await connection.fetchrow(PLACE, address_id)
    if row is None:
        raise LookupError(f"no address {address_id}")
    return Place(*row)


async def lock_all(connection: Connection, resident_ids: Sequence[int]) -> bool:
    """Lock the numbers and all conversations of these residents without waiting for a conversation.

    False: somebody else holds one of them, so that it has to be tried again later.
    """
    await connection.fetch(LOCK_NUMBERS, resident_ids)
    locked = await connection.fetch(LOCK_CONVERSATIONS, resident_ids)
    wanted = await connection.fetch(CONVERSATIONS, resident_ids)
    return {row["id"] for row in locked} == {row["id"] for row in wanted}


async def merge(connection: Connection, gone: int, stays: int, how: str, now: datetime) -> None:
    """Give all that one resident has to another; all conversations of both are locked."""
    await connection.execute(NOTE_LINKS, gone, stays, how, "", None, now)
    for statement in MOVE_ALL:
        await connection.execute(statement, gone, stays)
    until = await connection.fetchval(MARKED, stays, now)
    if until is not None:
        await abuse.set_in_talks(connection, stays, None, until)


async def resident_of(connection: Connection, ticket_id: int) -> int | None:
    """Whose a ticket is; None for what is nobody's, or was told without a name."""
    resident_id: int | None = await connection.fetchval(RESIDENT_OF, ticket_id)
    return resident_id


async def addresses_of(connection: Connection, resident_id: int) -> list[Address]:
    """The addresses of a resident, the first one first."""
    return [Address(*row) for row in await connection.fetch(ADDRESSES, resident_id)]


async def links_of(connection: Connection, resident_id: int) -> list[Linked]:
    """How they came to be one, and what was taken apart again."""
    return [Linked(*row) for row in await connection.fetch(LINKS, resident_id)]


async def tickets_of(connection: Connection, resident_id: int, limit: int) -> list[OwnTicket]:
    """The newest tickets of a resident; what was told without a name is not among them."""
    return [OwnTicket(*row) for row in await connection.fetch(TICKETS, resident_id, limit)]


async def tell_tickets(
    connection: Connection, conversation_id: int, staff_id: int, reason: str, now: datetime
) -> None:
    """Write an event into the tickets that go with an address."""
    await connection.execute(TELL_TICKETS, conversation_id, now, staff_id, reason)


async def note(connection: Connection, link: LinkRow) -> None:
    """Keep who was made one with whom, or taken apart."""
    await connection.execute(NOTE_LINK, *link)


async def split(connection: Connection, place: Place, now: datetime, *, own_number: bool) -> int:
    """Give an address a fresh resident, with what came by it alone; returns the resident.

    `own_number`: it is the address of the number itself, which goes along. Any other is known by no number from now on.
    """
    fresh = int(await connection.fetchval(FRESH, now))
    for statement in MOVE_ONE:
        await connection.execute(statement, place.address_id, fresh)
    if not own_number:
        await connection.execute(FORGET_NUMBER, place.address_id)
    elif place.number_hash is not None:
        await connection.execute(TAKE_NUMBER, place.number_hash, fresh)
    return fresh
