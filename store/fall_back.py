"""Messages that could not be delivered, and where else their resident can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

Key = tuple[int, int]  # conversation id, seq


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive, or was meant for elsewhere. `reply` is JSON.

    `survey_id` is set when it was the first question of a survey that is still open; `moved`: another stands for it.
    """

    conversation_id: int
    seq: int
    channel: str
    address_id: int
    sealed: bytes
    state: str
    purpose: str
    ticket_id: int | None
    reply: str
    error: str
    urgent: bool
    stopped: bool
    textless: bool
    survey_id: int | None
    moved: bool
    asked_elsewhere: bool  # an earlier question of the same days was moved: this one reminds of it


@dataclass(frozen=True, slots=True)
class Refuge:
    """Another conversation of the same resident, for the message of `conversation_id` and `seq`."""

    conversation_id: int
    seq: int
    to: int
    channel: str
    callable: bool  # a number stands behind it
    preferred_at: datetime | None
    last_said_at: datetime | None


# A resident with no other address is the rule: nothing is armed for them. A code, or a unit's message, is nobody's to bring by hand either.
OTHERS = """
    select o.conversation_id, o.seq
    from unnest($1::bigint[], $2::bigint[]) as wanted (conversation_id, seq)
    join outbox o on o.conversation_id = wanted.conversation_id and o.seq = wanted.seq
    join addresses a on a.id = o.address_id
    where o.purpose in ('code', 'unit') or a.no_texts_at is not null or exists (
        select from addresses p
        where p.resident_id = a.resident_id and p.id <> a.id and p.opted_out_at is null and p.blocked_at is null
    )
"""

UNDELIVERED = """
    select o.conversation_id, o.seq, o.channel, o.address_id, a.sealed, o.state, o.purpose, o.ticket_id,
        o.reply::text, o.error, o.urgent, (a.opted_out_at is not null or a.blocked_at is not null),
        a.no_texts_at is not null,
        (
            select s.id from surveys s
            where s.conversation_id = o.conversation_id and s.state = 'asked' and s.asked_at = o.created_at limit 1
        ),
        exists (select from outbox n where n.instead_of = o.conversation_id and n.instead_of_seq = o.seq),
        o.reply -> 'choices' is not null and exists (
            select from outbox n
            join outbox m on m.conversation_id = n.instead_of and m.seq = n.instead_of_seq
            where n.instead_of = o.conversation_id and n.instead_of_seq < o.seq
              and m.created_at > o.created_at - interval '7 days' and m.reply -> 'choices' is not null
        )
    from unnest($1::bigint[], $2::bigint[]) as wanted (conversation_id, seq)
    join outbox o on o.conversation_id = wanted.conversation_id and o.seq = wanted.seq
    join addresses a on a.id = o.address_id
"""

# What failed on the way here is not tried again: a chain of messages, each instead of another, ends.
REFUGES = """
    with recursive chain as (
        select o.conversation_id as root, o.seq as root_seq, o.address_id, true as out, o.instead_of, o.instead_of_seq
        from unnest($1::bigint[], $2::bigint[]) as wanted (conversation_id, seq)
        join outbox o on o.conversation_id = wanted.conversation_id and o.seq = wanted.seq
        union all
        select chain.root, chain.root_seq, o.address_id, o.state = 'failed', o.instead_of, o.instead_of_seq
        from chain join outbox o on o.conversation_id = chain.instead_of and o.seq = chain.instead_of_seq
    ), tried as (
        select root, root_seq, array_agg(address_id) filter (where out) as addresses from chain group by root, root_seq
    )
    select tried.root, tried.root_seq, pc.id, p.channel, p.number_hash is not null, p.preferred_at, pc.last_said_at
    from tried
    join conversations c on c.id = tried.root
    join addresses p on p.resident_id = c.resident_id
    join conversations pc on pc.address_id = p.id
    where p.id <> all(tried.addresses) and p.opted_out_at is null and p.blocked_at is null
      and p.no_texts_at is null
"""

REVIVE = """
    update outbox o set state = 'pending', due_at = $3, error = ''
    from unnest($1::bigint[], $2::bigint[]) as t (conversation_id, seq)
    where o.conversation_id = t.conversation_id and o.seq = t.seq and o.state = 'cancelled'
"""

RECALL = """
    update outbox o set state = 'cancelled', error = 'the first has arrived'
    from unnest($1::bigint[], $2::bigint[]) as t (conversation_id, seq)
    where o.instead_of = t.conversation_id and o.instead_of_seq = t.seq and o.state = 'pending' and o.attempts = 0
"""

SET_TEXTLESS = """
    update addresses set no_texts_at = coalesce(no_texts_at, $2) where id = any($1::bigint[])
"""


# The number is the same, so the resident is: an address by SMS proves it.
MAKE_SPOKEN = """
    with made as (
        insert into addresses (resident_id, channel, hash, sealed, masked, number_hash)
        select a.resident_id, $3, t.hash, a.sealed, a.masked, case when a.channel = 'sms' then a.hash else a.number_hash end
        from unnest($1::bigint[], $2::bytea[]) as t (address_id, hash) join addresses a on a.id = t.address_id
        order by t.hash
        on conflict (channel, hash) do nothing
        returning id, resident_id
    )
    insert into conversations (address_id, resident_id, channel) select id, resident_id, $3 from made
"""


async def make_spoken(
    connection: Connection, numbers: Sequence[tuple[int, bytes]], channel: str
) -> None:
    """Give land lines, by (address id of their texts, hash of the address to call), a conversation by phone."""
    wanted = dict(numbers)
    await connection.execute(MAKE_SPOKEN, list(wanted), list(wanted.values()), channel)


async def with_others(connection: Connection, keys: Sequence[Key]) -> set[Key]:
    """Those of these messages whose resident may be reached in another way."""
    rows = await connection.fetch(OTHERS, [k[0] for k in keys], [k[1] for k in keys])
    return {(row[0], row[1]) for row in rows}


async def undelivered(connection: Connection, keys: Sequence[Key]) -> list[Undelivered]:
    """These messages, as they stand."""
    rows = await connection.fetch(UNDELIVERED, [k[0] for k in keys], [k[1] for k in keys])
    return [Undelivered(*row) for row in rows]


async def refuges(connection: Connection, keys: Sequence[Key]) -> list[Refuge]:
    """Where else the residents of these messages can be reached, in no order."""
    rows = await connection.fetch(REFUGES, [k[0] for k in keys], [k[1] for k in keys])
    return [Refuge(*row) for row in rows]


async def revive(connection: Connection, keys: Sequence[Key], now: datetime) -> None:
    """Send these after all where they were first meant to go: there is no other way."""
    await connection.execute(REVIVE, [k[0] for k in keys], [k[1] for k in keys], now)


async def recall(connection: Connection, keys: Sequence[Key]) -> None:
    """These have arrived after all: what stands for them and is not sent yet is cancelled."""
    await connection.execute(RECALL, [k[0] for k in keys], [k[1] for k in keys])


async def set_textless(connection: Connection, address_ids: Sequence[int], now: datetime) -> None:
    """Note that these numbers take no texts."""
    await connection.execute(SET_TEXTLESS, address_ids, now)
