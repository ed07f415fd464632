"""Surges (平战转换): events that an admin has declared, with what belongs to them, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from asyncpg import Record

from store.database import Connection
from store.rates import ThreeRates


class NewSurge(NamedTuple):
    """A surge as it is declared; `lines` are numbers (E.164), an empty `place_codes` the whole city."""

    name: str
    kind: str
    lines: Sequence[str]
    expert_line: str
    topic_codes: Sequence[str]
    place_codes: Sequence[str]
    words: Sequence[str]
    grade: str | None
    lead_unit_id: int | None
    script: str
    article_ids: Sequence[int]
    declared_by: int
    began_at: datetime


@dataclass(frozen=True, slots=True)
class SurgeRow:
    """A surge as it is stored; `report` is JSON, "{}" while it runs."""

    id: int
    name: str
    kind: str
    lines: tuple[str, ...]
    expert_line: str
    topic_codes: tuple[str, ...]
    place_codes: tuple[str, ...]
    words: tuple[str, ...]
    grade: str | None
    lead_unit_id: int | None
    lead_unit: str
    script: str
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
class SurgeFigures(ThreeRates):
    """What came of a surge's tickets. `answered`: got a first answer; minutes are medians, None where there is none."""

    tickets: int
    joined: int
    open: int
    overdue: int
    answered: int
    sign_minutes: float | None
    answer_minutes: float | None
    resolve_minutes: float | None
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int


class Count(msgspec.Struct, frozen=True):
    """How many tickets there are of a topic, in an area, in a state: `what` says of which sort `code` is."""

    what: str
    code: str
    tickets: int


DECLARE = """
    insert into surges (name, kind, lines, expert_line, topic_codes, place_codes, words, grade, lead_unit_id, script,
        article_ids, declared_by, began_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id
"""
_SELECT = """
    select s.id, s.name, s.kind, s.lines, s.expert_line, s.topic_codes, s.place_codes, s.words, s.grade, s.lead_unit_id,
        coalesce(u.short_name, ''), s.script, s.article_ids, d.name, s.began_at, coalesce(e.name, ''), s.ended_at,
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
FIGURES = """
    with own as (select * from tickets where surge_id = $1), firsts as (
        select t.id, min(e.at) filter (where e.type = 'signed') as signed_at,
            min(e.at) filter (where e.type in ('replied', 'resolved')) as answered_at,
            min(e.at) filter (where e.type = 'resolved') as resolved_at
        from own t join ticket_events e on e.ticket_id = t.id group by t.id
    ), asked as (
        select count(s.contacted) as contact_answers, count(*) filter (where s.contacted) as contacted,
            count(s.solved) filter (where not s.manner) as solved_answers,
            count(*) filter (where s.solved = 'yes' and not s.manner) as solved,
            count(s.result) filter (where not s.manner) as result_answers,
            count(*) filter (where s.result = 'satisfied' and not s.manner) as satisfied
        from surveys s join own t on t.id = s.ticket_id and t.counted
    )
    select count(t.id), count(t.joined_to),
        count(*) filter (where t.state in ('triage', 'dispatched', 'handling')),
        count(*) filter (where t.state in ('triage', 'dispatched', 'handling') and t.due_at < $2),
        count(f.answered_at),
        percentile_cont(0.5) within group (order by extract(epoch from f.signed_at - t.opened_at)::float8 / 60),
        percentile_cont(0.5) within group (order by extract(epoch from f.answered_at - t.opened_at)::float8 / 60),
        percentile_cont(0.5) within group (order by extract(epoch from f.resolved_at - t.opened_at)::float8 / 60),
        max(a.contact_answers), max(a.contacted), max(a.solved_answers), max(a.solved), max(a.result_answers),
        max(a.satisfied)
    from asked a left join own t on true left join firsts f on f.id = t.id
"""
COUNTS = """
    select case when grouping(topic) = 0 then 'topic' when grouping(area) = 0 then 'area' else 'state' end,
        coalesce(topic, area, state), count(*)
    from (select topic, coalesce(nullif(street_code, ''), district_code) as area, state from tickets where surge_id = $1) t
    group by grouping sets ((topic), (area), (state)) order by 1, 3 desc, 2
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
    select array(select distinct ticket_id from released)
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


async def figures(connection: Connection, surge_id: int, now: datetime) -> SurgeFigures:
    """What has come of its tickets so far."""
    (row,) = await connection.fetch(FIGURES, surge_id, now)
    return SurgeFigures(*row)


async def counts(connection: Connection, surge_id: int) -> list[Count]:
    """Its tickets by topic, by area (street, else district) and by state, the most first."""
    return [Count(*row) for row in await connection.fetch(COUNTS, surge_id)]


async def end(
    connection: Connection, surge_id: int, staff_id: int, at: datetime, report: str
) -> bool:
    """Let it end with a report (JSON); False when it has ended before."""
    return await connection.fetchval(END, surge_id, staff_id, at, report) is not None


async def close_accounts(connection: Connection, surge_id: int | None, at: datetime) -> list[int]:
    """End the accounts of an event, or (None) those whose time is over; returns the tickets that were in their hands."""
    # Nothing is put into their hands meanwhile.
    await connection.execute(HOLD_ACCOUNTS, surge_id, at)
    return sorted(await connection.fetchval(CLOSE_ACCOUNTS, surge_id, at))


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
