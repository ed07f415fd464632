"""Tickets, their events, assignments, contact tries and joined photos: set-based reads and writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from asyncpg import Record

from store.database import Connection
from store.statements import encode_rows, insert_statement


class TicketRow(NamedTuple):
    """A ticket as it is opened; see the table for the meaning of each column. Sealed columns are bytes."""

    id: int
    source: str
    conversation_id: int | None
    resident_id: int | None
    channel: str
    state: str
    kind: str
    topic: str
    catalogue_version: int | None
    title: str
    matter: str
    wanted: str
    happened: str
    about: str
    enterprise: str
    contact_name: bytes | None
    contact: bytes | None
    contact_masked: str
    confidential: bool
    anonymous: bool
    follow_up_wanted: bool
    confirmed: bool
    linked_ticket_id: int | None
    grade: str
    emergency: bool
    district_code: str
    street_code: str
    community_code: str
    address_detail: str
    latitude: float | None
    longitude: float | None
    affected: int
    since: date | None
    on_behalf: bool
    repeats: int
    joined_to: int | None
    lead_unit_id: int | None
    why: str
    created_by: int | None
    opened_at: datetime
    due_at: datetime
    line: str  # our number that was called, empty for what came by another way
    first_unit_id: int | None  # first receiver (首接负责)
    counted: bool = True  # whether it counts as a complaint and for the rates
    surge_id: int | None = None
    surge_line_id: int | None = None
    open_line_id: int | None = None
    group_size: int = 0  # a group complaint (群诉): how many
    result: str = ""  # these three: of what is answered as it opens
    last_reply: str = ""
    resolved_at: datetime | None = None


class EventRow(NamedTuple):
    """Something that happened to a ticket: who, when, why. `data` is JSON for what a note cannot say."""

    ticket_id: int
    at: datetime
    type: str
    actor: str  # resident, staff, system
    staff_id: int | None = None
    unit_id: int | None = None
    note: str = ""
    data: str = "{}"


class TryRow(NamedTuple):
    """A try to reach the resident; `outcome` is reached, no_answer or wrong_number."""

    ticket_id: int
    round: int
    unit_id: int | None
    staff_id: int
    at: datetime
    outcome: str
    note: str
    number: str = ""  # that was dialled, masked


@dataclass(frozen=True, slots=True)
class LockedTicket:
    """A ticket under its lock, with what acts on it need to know."""

    id: int
    conversation_id: int | None
    resident_id: int | None
    state: str
    round: int
    title: str
    grade: str
    topic: str
    enterprise: str
    why: str
    lead_unit_id: int | None
    anonymous: bool
    follow_up_wanted: bool
    due_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    last_reply: str
    urged: int
    lead_name: str  # short name of the lead, empty when there is none
    contacted: bool  # the unit's own record in this round
    joined_to: int | None
    repeats: int
    confidential: bool
    parent_state: str | None  # of the ticket that it has joined, read without a lock
    has_joined: bool  # others follow it
    kind: str
    source: str  # resident, walk_in, community, steward
    counted: bool
    result: str  # solved, partly, explained, cannot
    result_why: str
    first_unit_id: int | None
    returns: int  # how often units have tried to give it back
    group_size: int
    extended: bool
    hold_until: datetime | None
    opened_at: datetime
    surge_id: int | None
    regulator_id: int | None = None  # who leads where its enterprise's settling does not last
    regulator_assist_ids: Sequence[int] = ()


class TicketUpdate(NamedTuple):
    """A ticket after an act."""

    id: int
    state: str
    round: int
    lead_unit_id: int | None
    due_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    last_reply: str
    urged: int
    why: str
    counted: bool
    result: str
    result_why: str
    first_unit_id: int | None
    returns: int
    group_size: int
    extended: bool
    hold_until: datetime | None


class PlaceRow(NamedTuple):
    """A place that was told after the ticket was opened; empty codes leave what stands there.

    `surge_id`: the event that it turns out to be about, with its line; None leaves that too.
    """

    id: int
    district_code: str
    street_code: str
    community_code: str
    address_detail: str
    latitude: float | None = None
    longitude: float | None = None
    surge_id: int | None = None
    surge_line_id: int | None = None


class ContactRow(NamedTuple):
    """A number to call that was left after the ticket was opened; sealed but for its mask. No name leaves the one there."""

    id: int
    contact: bytes
    contact_masked: str
    contact_name: bytes | None


RESERVE = """
    insert into ticket_days as d (day, next_sequence) values ($1, $2 + 1)
    on conflict (day) do update set next_sequence = d.next_sequence + $2
    returning next_sequence - $2
"""

_TICKET_TYPES = [
    *("bigint", "text", "bigint", "bigint", "text", "text", "text", "text", "int", "text", "text"),
    *("text", "text", "text", "text", "bytea", "bytea", "text", "bool", "bool", "bool", "bool"),
    *("bigint", "text", "bool", "text", "text", "text", "text", "float8", "float8"),
    *("int", "date", "bool", "int", "bigint"),
    *("int", "text", "int", "timestamptz", "timestamptz", "text"),
    *("int", "bool", "int", "int", "int", "int", "text", "text", "timestamptz"),
]
_EVENT_TYPES = ["bigint", "timestamptz", "text", "text", "int", "int", "text", "json"]
_TRY_TYPES = ["bigint", "int", "int", "int", "timestamptz", "text", "text", "text"]


INSERT_TICKETS = insert_statement("tickets", TicketRow._fields, _TICKET_TYPES)
INSERT_EVENTS = insert_statement("ticket_events", EventRow._fields, _EVENT_TYPES)
INSERT_TRIES = insert_statement("contact_tries", TryRow._fields, _TRY_TYPES)


ADD_MEDIA = """
    insert into ticket_media (ticket_id, media_id)
    select t.ticket_id, m.id
    from unnest($1::bigint[], $2::text[]) as t (ticket_id, media_id) join media m on m.id = t.media_id
    on conflict do nothing
"""

_LOCKED = """
    t.id, t.conversation_id, t.resident_id, t.state, t.round, t.title, t.grade, t.topic, t.enterprise, t.why,
    t.lead_unit_id, t.anonymous,
    t.follow_up_wanted, t.due_at, t.resolved_at, t.closed_at, t.last_reply, t.urged,
    coalesce((select u.short_name from units u where u.id = t.lead_unit_id), '') as lead_name,
    exists (select from contact_tries c
            where c.ticket_id = t.id and c.round = t.round and c.outcome = 'reached') as contacted,
    t.joined_to, t.repeats, t.confidential, (select p.state from tickets p where p.id = t.joined_to) as parent_state,
    exists (select from tickets j where j.joined_to = t.id) as has_joined, t.kind,
    t.source, t.counted, t.result, t.result_why, t.first_unit_id, t.returns, t.group_size, t.extended, t.hold_until,
    t.opened_at, t.surge_id,
    (select r.regulator_unit_id from reconciliations r
     where r.ticket_id = t.id and r.state = 'reconciled' and r.enterprise_unit_id = t.lead_unit_id),
    coalesce((select r.assist_unit_ids from reconciliations r
              where r.ticket_id = t.id and r.state = 'reconciled' and r.enterprise_unit_id = t.lead_unit_id), '{}')
"""

LOCK = "select id from tickets where id = any($1::bigint[]) order by id for no key update"
LOCK_FREE = LOCK + " skip locked"

# Apart from the lock: who has waited for it would see the rest of the tables as they were when the wait began.
READ = f"select {_LOCKED} from tickets t where t.id = any($1::bigint[]) order by t.id"

CONVERSATIONS_OF = """
    select id, conversation_id from tickets where id = any($1::bigint[])
"""

UPDATE = """
    update tickets k set
        state = t.state, round = t.round, lead_unit_id = t.lead_unit_id, due_at = t.due_at,
        resolved_at = t.resolved_at, closed_at = t.closed_at, last_reply = t.last_reply, urged = t.urged,
        why = t.why, counted = t.counted, result = t.result, result_why = t.result_why,
        first_unit_id = t.first_unit_id, returns = t.returns, group_size = t.group_size, extended = t.extended,
        hold_until = t.hold_until
    from unnest($1::bigint[], $2::text[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[],
                $7::timestamptz[], $8::text[], $9::int[], $10::text[], $11::bool[], $12::text[], $13::text[],
                $14::int[], $15::int[], $16::int[], $17::bool[], $18::timestamptz[])
        as t (id, state, round, lead_unit_id, due_at, resolved_at, closed_at, last_reply, urged, why, counted, result,
              result_why, first_unit_id, returns, group_size, extended, hold_until)
    where k.id = t.id
"""

SET_PLACES = """
    update tickets k set
        district_code = coalesce(nullif(t.district, ''), k.district_code),
        street_code = coalesce(nullif(t.street, ''), k.street_code),
        community_code = coalesce(nullif(t.community, ''), k.community_code),
        address_detail = coalesce(nullif(t.detail, ''), k.address_detail),
        latitude = coalesce(t.latitude, k.latitude), longitude = coalesce(t.longitude, k.longitude),
        surge_id = coalesce(k.surge_id, t.surge_id), surge_line_id = coalesce(k.surge_line_id, t.surge_line_id)
    from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::int[],
                $9::int[])
        as t (id, district, street, community, detail, latitude, longitude, surge_id, surge_line_id)
    where k.id = t.id
"""

SET_CONTACTS = """
    update tickets k set contact = t.contact, contact_masked = t.masked, contact_name = coalesce(t.name, k.contact_name)
    from unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[]) as t (id, contact, masked, name)
    where k.id = t.id and not k.anonymous
"""


async def reserve_numbers(connection: Connection, day: date, count: int) -> int:
    """Reserve `count` of a day's sequence in a transaction of its own; returns the first. Gaps are fine."""
    first: int = await connection.fetchval(RESERVE, day, count)
    return first


async def insert_rows(
    connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Run an `insert_statement` for many rows; nothing happens for none."""
    if rows:
        await connection.execute(statement, encode_rows(rows))


async def change_rows(
    connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Run one of this module's statements that take an array a column; nothing happens for no rows."""
    if rows:
        await connection.execute(statement, *map(list, zip(*rows, strict=True)))


async def lock(connection: Connection, ids: Sequence[int]) -> dict[int, LockedTicket]:
    """Lock tickets, lowest first; their conversations must be locked already."""
    return await _read(connection, await connection.fetch(LOCK, ids))


async def lock_free(connection: Connection, ids: Sequence[int]) -> dict[int, LockedTicket]:
    """Lock those of these tickets that nobody holds; never waits."""
    return await _read(connection, await connection.fetch(LOCK_FREE, ids))


async def _read(connection: Connection, locked: Sequence[Record]) -> dict[int, LockedTicket]:
    """What is locked by now, as it is under that lock."""
    if not locked:
        return {}
    rows = await connection.fetch(READ, [row[0] for row in locked])
    return {row[0]: LockedTicket(*row) for row in rows}


async def conversations_of(connection: Connection, ids: Sequence[int]) -> dict[int, int | None]:
    """The conversation of each ticket, read without a lock: it never changes."""
    return {row[0]: row[1] for row in await connection.fetch(CONVERSATIONS_OF, ids)}
