"""Surges (平战转换): events that an admin has declared, with what belongs to them and who was sent to help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from asyncpg import Record

from store.database import Connection


class NewSurge(NamedTuple):
    """A surge as it is declared; an empty `place_codes` is the whole city."""

    name: str
    kind: str
    expert_line: str
    expert_ids: Sequence[int]
    topic_codes: Sequence[str]
    place_codes: Sequence[str]
    words: Sequence[str]
    grade: str | None
    lead_unit_id: int | None
    script: str
    script_en: str
    article_ids: Sequence[int]
    declared_by: int
    began_at: datetime


@dataclass(frozen=True, slots=True)
class SurgeRow:
    """A surge as it is stored; `experts` are their names, `report` is JSON, "{}" while it runs."""

    id: int
    name: str
    kind: str
    expert_line: str
    expert_ids: tuple[int, ...]
    experts: tuple[str, ...]
    topic_codes: tuple[str, ...]
    place_codes: tuple[str, ...]
    words: tuple[str, ...]
    grade: str | None
    lead_unit_id: int | None
    lead_unit: str
    script: str
    script_en: str
    article_ids: tuple[int, ...]
    declared_by: str
    began_at: datetime
    ended_by: str
    ended_at: datetime | None
    report: str


@dataclass(frozen=True, slots=True)
class Told:
    """An article that a surge tells everybody."""

    id: int
    question: str
    variants: tuple[str, ...]
    answer: str
    language: str
    unit: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Accounts that have ended, and the tickets that were in their hands."""

    ticket_ids: Sequence[int]
    staff_ids: Sequence[int]


DECLARE = """
    insert into surges (name, kind, expert_line, expert_ids, topic_codes, place_codes, words, grade, lead_unit_id,
        script, script_en, article_ids, declared_by, began_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id
"""
_SELECT = """
    select s.id, s.name, s.kind, s.expert_line, s.expert_ids,
        array(select x.name from staff x where x.id = any(s.expert_ids) order by x.id), s.topic_codes, s.place_codes,
        s.words, s.grade, s.lead_unit_id, coalesce(u.short_name, ''), s.script, s.script_en, s.article_ids, d.name, s.began_at, coalesce(e.name, ''), s.ended_at,
        s.report::text
    from surges s join staff d on d.id = s.declared_by left join staff e on e.id = s.ended_by
    left join units u on u.id = s.lead_unit_id
"""
OPEN = f"{_SELECT} where s.ended_at is null order by s.began_at desc, s.id desc"
LATEST = f"{_SELECT} order by s.ended_at is not null, s.began_at desc, s.id desc limit $1"
FIND = f"{_SELECT} where s.id = $1"
HOLD = "select id from surges where id = $1 for no key update"
TOLD = """
    select a.id, a.question, a.variants, a.answer, a.language, coalesce(u.short_name, ''), a.valid_until
    from articles a left join units u on u.id = a.unit_id
    where a.id = any($1::int[]) and a.published and (a.valid_until is null or a.valid_until >= $2) order by a.id
"""
END = """
    update surges set ended_by = $2, ended_at = $3, report = $4::text::jsonb
    where id = $1 and ended_at is null returning id
"""
# Accounts that were given for an event end with it (or by their day, null); what they have in hand is their desk's again.
_OVER = (
    "active and (surge_id = $1 or $1::int is null and surge_id is not null and valid_until <= $2)"
)
HOLD_ACCOUNTS = f"select id from staff where {_OVER} order by id for no key update"
CLOSE_ACCOUNTS = f"""
    with gone as (
        update staff set active = false, valid_until = least(valid_until, $2) where {_OVER} returning id
    ), out as (delete from staff_sessions where staff_id in (select id from gone)),
    released as (
        update assignments set handler_id = null
        where handler_id in (select id from gone) and state in ('open', 'signed') returning ticket_id
    )
    select array(select distinct ticket_id from released), array(select id from gone)
"""
END_ACCOUNT = """
    update staff set valid_until = $3 where surge_id = $1 and login = $2 and active and valid_until > $3 returning id
"""
GIVE_ACCOUNTS = """
    insert into staff (login, name, password_hash, roles, unit_id, created_at, valid_until, surge_id)
    select login, name, hash, $4::text[], $5, $6, $7, $8 from unnest($1::text[], $2::text[], $3::text[]) as n (login, name, hash)
"""
ACCOUNTS = """
    select s.login, s.name, s.roles, coalesce(u.short_name, ''), s.valid_until, s.active
    from staff s left join units u on u.id = s.unit_id where s.surge_id = $1 order by s.id
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who was sent to help, until when."""

    login: str
    name: str
    roles: tuple[str, ...]
    unit: str
    valid_until: datetime
    active: bool


async def declare(connection: Connection, new: NewSurge) -> int:
    """Let it begin; returns its id."""
    surge_id: int = await connection.fetchval(DECLARE, *new)
    return surge_id


async def open_ones(connection: Connection) -> list[SurgeRow]:
    """Those in force, the newest first."""
    return [_surge(row) for row in await connection.fetch(OPEN)]


async def latest(connection: Connection, most: int) -> list[SurgeRow]:
    """Those in force, then those that have ended, the newest first."""
    return [_surge(row) for row in await connection.fetch(LATEST, most)]


async def hold(connection: Connection, surge_id: int) -> None:
    """Let nobody else change one before the commit."""
    await connection.execute(HOLD, surge_id)


async def find(connection: Connection, surge_id: int) -> SurgeRow | None:
    """One of them."""
    row = await connection.fetchrow(FIND, surge_id)
    return _surge(row) if row is not None else None


async def told(connection: Connection, article_ids: Sequence[int], today: date) -> list[Told]:
    """Those of these articles that are published and valid."""
    return [
        Told(row[0], row[1], tuple(row[2]), *row[3:])
        for row in await connection.fetch(TOLD, list(article_ids), today)
    ]


async def end(
    connection: Connection, surge_id: int, staff_id: int, at: datetime, report: str
) -> bool:
    """Let it end with a report (JSON); False when it has ended before."""
    return await connection.fetchval(END, surge_id, staff_id, at, report) is not None


async def close_accounts(connection: Connection, surge_id: int | None, at: datetime) -> Closed:
    """End the accounts of an event, or (None) those whose time is over."""
    # Nothing is put into their hands meanwhile.
    await connection.execute(HOLD_ACCOUNTS, surge_id, at)
    (row,) = await connection.fetch(CLOSE_ACCOUNTS, surge_id, at)
    return Closed(sorted(row[0]), row[1])


async def close_account(connection: Connection, surge_id: int, login: str, at: datetime) -> Closed:
    """End one account of an event before its time."""
    ended = await connection.fetchval(END_ACCOUNT, surge_id, login, at)
    return await close_accounts(connection, None, at) if ended is not None else Closed((), ())


async def give_accounts(
    connection: Connection,
    surge_id: int,
    people: Sequence[tuple[str, str, str]],
    roles: Sequence[str],
    unit_id: int | None,
    at: datetime,
    valid_until: datetime,
) -> None:
    """Add accounts for a time: login, name and password hash of each."""
    logins, names, hashes = ([one[place] for one in people] for place in range(3))
    await connection.execute(
        GIVE_ACCOUNTS, logins, names, hashes, list(roles), unit_id, at, valid_until, surge_id
    )


async def accounts(connection: Connection, surge_id: int) -> list[Account]:
    """All accounts that were given for it."""
    rows = await connection.fetch(ACCOUNTS, surge_id)
    return [Account(row[0], row[1], tuple(row[2]), *row[3:]) for row in rows]


def _surge(row: Record) -> SurgeRow:
    cells: list[Any] = [tuple(cell) if isinstance(cell, list) else cell for cell in row]
    return SurgeRow(*cells)
