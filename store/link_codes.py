"""Codes that were sent by SMS to prove a number: how many lately, the newest of a conversation, and the tries at it."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class SmsPlace:
    """The SMS conversation of a number; `stopped`: it takes no messages of ours."""

    conversation_id: int
    address_id: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that may still be typed in."""

    id: int
    conversation_id: int
    number_hash: bytes
    tries: int


# Whoever asks for a code for the same number meanwhile waits here, so that the count below is right.
PLACE = """
    select c.id, a.id, a.opted_out_at is not null or a.blocked_at is not null or a.no_texts_at is not null
    from addresses a join conversations c on c.address_id = a.id
    where a.channel = $1 and a.hash = $2 for no key update of a
"""

SENT_SINCE = """
    select greatest(
        (select count(*) from link_codes where number_hash = $1 and sent_at > $3),
        (select count(*) from link_codes where conversation_id = $2 and sent_at > $3)
    )
"""

ADD = """
    insert into link_codes (conversation_id, number_hash, sent_at, expires_at) values ($1, $2, $3, $4) returning id
"""

NEWEST = """
    select id, conversation_id, number_hash, tries, expires_at, used from link_codes
    where conversation_id = $1 order by id desc limit 1
"""

VALID = "select id from link_codes where id = any($1::bigint[]) and expires_at > $2 and not used"

TRY = "update link_codes set tries = tries + 1, used = $2 where id = $1"

FORGET = "delete from link_codes where sent_at < $1"


async def sms_place(connection: Connection, channel: str, address_hash: bytes) -> SmsPlace | None:
    """The SMS conversation of a number, its address locked; None where there is none."""
    row = await connection.fetchrow(PLACE, channel, address_hash)
    return SmsPlace(*row) if row is not None else None


async def sent_since(
    connection: Connection, number_hash: bytes, conversation_id: int, since: datetime
) -> int:
    """How many codes were sent since to a number, or for a conversation, whichever is more."""
    return int(await connection.fetchval(SENT_SINCE, number_hash, conversation_id, since))


async def add(
    connection: Connection, conversation_id: int, number_hash: bytes, now: datetime, until: datetime
) -> int:
    """Keep that a code is sent; returns the id that it is made of."""
    return int(await connection.fetchval(ADD, conversation_id, number_hash, now, until))


async def newest(connection: Connection, conversation_id: int, now: datetime) -> LinkCode | None:
    """The last code of a locked conversation; None when it has expired or was used."""
    row = await connection.fetchrow(NEWEST, conversation_id)
    if row is None or row["used"] or row["expires_at"] <= now:
        return None
    return LinkCode(*tuple(row)[:4])


async def valid(connection: Connection, ids: list[int], now: datetime) -> set[int]:
    """Those of these codes that are still worth being sent."""
    return {row["id"] for row in await connection.fetch(VALID, ids, now)}


async def note_try(connection: Connection, code_id: int, *, right: bool) -> None:
    """Count a try; the right one uses the code up."""
    await connection.execute(TRY, code_id, right)


async def forget(connection: Connection, before: datetime) -> None:
    """Delete what was sent before a moment."""
    await connection.execute(FORGET, before)
