"""Where a unit, or the centre, is told that something waits for it: numbers, chats and web addresses that are proven its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.turnstiles import Matter, if_nobody_else

CENTRE = 0  # in place of a unit's id

_COLUMNS = """
    c.id, c.unit_id, coalesce(u.short_name, '热线中心'), c.audience, c.channel, c.name, c.masked, c.conversation_id, c.staff_id,
    coalesce(d.name, ''), coalesce(s.name, ''), c.added_at, c.verified_at, c.ended_at,
    (select max(n.sent_at) from unit_sendings n where n.contact_id = c.id),
    coalesce((select 'stopped' from conversations v join addresses a on a.id = v.address_id
              where v.id = c.conversation_id and (a.opted_out_at is not null or a.blocked_at is not null)),
        (select n.error from unit_sendings n where n.contact_id = c.id and n.error <> '' order by n.id desc limit 1),
        (select o.error from outbox o where o.conversation_id = c.conversation_id and o.purpose = 'unit'
           and o.state = 'failed' order by o.seq desc limit 1), '')
"""
_FROM = """
    unit_contacts c left join units u on u.id = c.unit_id
    left join staff s on s.id = c.added_by left join staff d on d.id = c.duty_staff_id
"""
OF_UNITS = f"""
    select {_COLUMNS} from {_FROM} where coalesce(c.unit_id, 0) = any($1::int[]) and c.ended_at is null order by u.id, c.id
"""
ALL = f"select {_COLUMNS} from {_FROM} where c.ended_at is null order by c.unit_id nulls first, c.id limit 500"
BY_ID = f"select {_COLUMNS} from {_FROM} where c.id = $1"
ADD = """
    insert into unit_contacts
        (unit_id, audience, channel, name, hash, sealed, masked, secret, conversation_id, duty_staff_id, added_by, added_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id
"""
# Who has registered somebody else's number without proof must not keep its owner from it.
MAKE_WAY = """
    update unit_contacts set ended_at = $3 where channel = $1 and hash = $2 and ended_at is null and verified_at is null
"""
TAKEN = """
    select exists (select from unit_contacts
                   where channel = $1 and hash = $2 and ended_at is null and verified_at is not null)
"""
# What it does is done in the name of a row of staff that is not active: nobody logs in by it. The centre's does nothing.
VERIFY = """
    with person as (
        insert into staff (login, name, password_hash, roles, unit_id, active, created_at)
        select 'contact-' || c.id, concat_ws(' ', c.name, nullif($3, '')), '', '{desk,handler}', c.unit_id, false, $2
        from unit_contacts c where c.id = $1 and c.staff_id is null and c.unit_id is not null
        on conflict (login) do update set name = excluded.name
        returning id
    )
    update unit_contacts c set verified_at = $2, staff_id = coalesce((select id from person), c.staff_id)
    where c.id = $1
"""
BIND = "update unit_contacts set hash = $2, sealed = $3, masked = $4, conversation_id = $5 where id = $1"
END = """
    with ended as (
        update unit_contacts set ended_at = $2 where id = $1 and ended_at is null returning id
    )
    update unit_sendings n set state = 'failed', error = 'ended' from ended e
    where n.contact_id = e.id and n.state = 'pending'
"""
WAITING = """
    select id from unit_contacts
    where channel = $1 and hash = $2 and verified_at is null and ended_at is null and added_at > $3
"""
# Of conversations, who may write for a unit, and whether our last words there were for the unit.
SPEAKERS = """
    select c.conversation_id, c.id, c.verified_at is not null, coalesce((
            select o.purpose from outbox o where o.conversation_id = c.conversation_id order by o.seq desc limit 1
        ), '') = 'unit'
    from unit_contacts c
    where c.conversation_id = any($1::bigint[]) and c.ended_at is null
"""
# Contacts that did not get what was sent to them last: refused by a system, stopped by a phone, given up on the way.
FAILING = """
    select coalesce(u.short_name, '热线中心'), c.name, coalesce(n.error, o.error)
    from unit_contacts c left join units u on u.id = c.unit_id
    left join lateral (select s.state, s.error from unit_sendings s
                       where s.contact_id = c.id and s.state <> 'pending' order by s.id desc limit 1) n
        on n.state = 'failed'
    left join lateral (select m.state, m.error from outbox m
                       where m.conversation_id = c.conversation_id and m.purpose = 'unit' order by m.seq desc limit 1) o
        on o.state = 'failed'
    where c.ended_at is null and c.verified_at is not null and (n.state is not null or o.state is not null)
      and ($1::int is null or coalesce(c.unit_id, 0) = $1)
    order by u.id nulls first, c.id limit 100
"""
# Shares that their unit has not heard of, where it can be told: whoever has made them, and however. What is new comes first
# (`assignments_new`): what lies unsigned for longer grows.
UNTOLD = """
    with fresh as materialized (
        select * from assignments where state = 'open' and dispatched_at > $1 and role in ('lead', 'assist')
    )
    select distinct a.ticket_id, a.unit_id, a.role, t.title, t.grade, t.matter, t.confidential,
        concat(d.short_name, s.name, p.name, t.address_detail), a.sign_due_at, a.dispatched_at,
        coalesce((select e.type from ticket_events e
            where e.ticket_id = a.ticket_id and e.at = a.dispatched_at and e.type = any($3)
            order by array_position($3, e.type) limit 1), 'dispatched')
    from fresh a
    join unit_contacts c on c.unit_id = a.unit_id
    join tickets t on t.id = a.ticket_id
    left join places d on d.version_id = t.catalogue_version and d.code = t.district_code
    left join places s on s.version_id = t.catalogue_version and s.code = t.street_code
    left join places p on p.version_id = t.catalogue_version and p.code = t.community_code
    where c.ended_at is null and c.verified_at is not null
      and a.dispatched_at >= c.verified_at
      and not exists (
          select from unit_notices n where n.ticket_id = a.ticket_id and n.unit_id = a.unit_id
            and n.audience = 'desk'
            and (n.created_at = a.dispatched_at or n.event = 'succeeded' and n.created_at > a.dispatched_at))
    order by a.dispatched_at, a.ticket_id limit $2
"""
# By what a unit comes to a share, what says most first: the event that its notice goes with.
BRINGING = [
    "reopened", "succeeded", "split", "coordination_ended", "whistle_closed", "upheld", "community_given_up",
    "community_late", "not_reconciled", "reconciliation_late", "dispatched",
]  # fmt: skip


class NewContact(NamedTuple):
    """A contact as it is registered; addresses and secrets are sealed, `hash` is what it is found by."""

    unit_id: int | None
    audience: str
    channel: str
    name: str
    hash: bytes
    sealed: bytes
    masked: str
    secret: bytes | None
    conversation_id: int | None
    duty_staff_id: int | None
    added_by: int
    added_at: datetime


class Address(NamedTuple):
    """A chat that has shown that it is meant, at a moment."""

    channel: str
    hash: bytes
    sealed: bytes
    masked: str
    conversation_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it may be shown; `unit_id` None: the centre's. `sent_at` and `error`: of what was sent to it last."""

    id: int
    unit_id: int | None
    unit: str
    audience: str
    channel: str
    name: str
    masked: str
    conversation_id: int | None
    staff_id: int | None
    on_duty: str
    added_by: str
    added_at: datetime
    verified_at: datetime | None
    ended_at: datetime | None
    sent_at: datetime | None
    error: str


class Speaker(NamedTuple):
    """Who may write for a unit in a conversation; `told`: our last words there were for the unit."""

    conversation_id: int
    contact_id: int
    verified: bool
    told: bool


class Failing(NamedTuple):
    """A contact that does not hear what it is told, and why."""

    unit: str
    name: str
    error: str


class Untold(NamedTuple):
    """A new share that its unit has not been told of; `event`: by what it came."""

    ticket_id: int
    unit_id: int
    role: str
    title: str
    grade: str
    matter: str
    confidential: bool
    place: str
    sign_due_at: datetime | None
    dispatched_at: datetime
    event: str


async def of_units(connection: Connection, unit_ids: Sequence[int]) -> list[Contact]:
    """The contacts of some units, or of the centre (`CENTRE`)."""
    return [Contact(*row) for row in await connection.fetch(OF_UNITS, unit_ids)]


async def of_all(connection: Connection) -> list[Contact]:
    """The contacts of all units."""
    return [Contact(*row) for row in await connection.fetch(ALL)]


async def by_id(connection: Connection, contact_id: int) -> Contact | None:
    """One contact, ended ones too."""
    row = await connection.fetchrow(BY_ID, contact_id)
    return Contact(*row) if row is not None else None


async def failing(connection: Connection, unit_id: int | None = None) -> list[Failing]:
    """Those that did not get what was sent to them last: of one unit (or `CENTRE`), or of all."""
    return [Failing(*row) for row in await connection.fetch(FAILING, unit_id)]


async def add(connection: Connection, new: NewContact) -> int:
    """Register a contact, in place of one of the same address that nobody has verified."""
    await connection.execute(MAKE_WAY, new.channel, new.hash, new.added_at)
    added: int = await connection.fetchval(ADD, *new)
    return added


async def taken(connection: Connection, channel: str, address_hash: bytes) -> bool:
    """Whether an address speaks for a unit already."""
    found: bool = await connection.fetchval(TAKEN, channel, address_hash)
    return found


async def waiting(
    connection: Connection, channel: str, code_hash: bytes, since: datetime
) -> int | None:
    """The contact that waits for the chat which knows its code."""
    found: int | None = await connection.fetchval(WAITING, channel, code_hash, since)
    return found


async def bind(connection: Connection, contact_id: int, address: Address) -> None:
    """Give a contact that waited for a code the address which has sent it."""
    await connection.execute(MAKE_WAY, address.channel, address.hash, address.at)
    await connection.execute(
        BIND, contact_id, address.hash, address.sealed, address.masked, address.conversation_id
    )


async def verify(connection: Connection, contact_id: int, at: datetime, by: str) -> None:
    """The address has proven to be the unit's; `by` says how it will write, in the name that its acts carry."""
    await connection.execute(VERIFY, contact_id, at, by)


async def end(connection: Connection, contact_id: int, at: datetime) -> None:
    """Tell it nothing any more."""
    await connection.execute(END, contact_id, at)


async def speakers(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, Speaker]:
    """Which of these conversations are those of a unit's contact."""
    rows = await connection.fetch(SPEAKERS, conversation_ids)
    return {row[0]: Speaker(*row) for row in rows}


async def untold(connection: Connection, since: datetime, limit: int) -> list[Untold]:
    """New shares since a moment that nobody has told their units of; none while another process looks."""
    if not await if_nobody_else(connection, Matter.UNTOLD):
        return []
    return [Untold(*row) for row in await connection.fetch(UNTOLD, since, limit, BRINGING)]
