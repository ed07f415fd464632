"""Whistles (吹哨): who calls whom to which ticket, who has reported in, what they think, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_WHISTLE = """
    w.id, w.ticket_id, w.unit_id, u.short_name, coalesce(s.name, ''), w.type, w.purpose, w.place, w.note, w.at,
    w.report_by, w.state, w.conclusion, w.found_unit_id, coalesce(f.short_name, ''), coalesce(c.name, ''), w.closed_at
"""
_FROM = """
    whistles w join units u on u.id = w.unit_id left join staff s on s.id = w.staff_id
    left join units f on f.id = w.found_unit_id left join staff c on c.id = w.closed_by
"""
ADD = """
    insert into whistles (ticket_id, unit_id, staff_id, type, purpose, place, note, at, report_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
"""
CALL = "insert into whistle_calls (whistle_id, unit_id) select $1, unnest($2::int[])"
OF_TICKET = f"select {_WHISTLE} from {_FROM} where w.ticket_id = $1 order by w.id"
BY_IDS = f"select {_WHISTLE} from {_FROM} where w.id = any($1::bigint[]) order by w.id"
# The share is what a rating names, for it is one unit's part in one whistle.
CALLS = """
    select k.whistle_id, a.id, k.unit_id, u.short_name, u.parent_id, k.reported_at, k.how, coalesce(s.name, ''),
        k.late, k.opinion, k.opinion_at, k.released_at, k.of_called, k.of_caller
    from whistle_calls k
    join whistles w on w.id = k.whistle_id
    join units u on u.id = k.unit_id
    left join assignments a on a.ticket_id = w.ticket_id and a.role = 'called' and a.subject_id = w.id
        and a.unit_id = k.unit_id
    left join staff s on s.id = k.reported_by
    where k.whistle_id = any($1::bigint[]) order by k.whistle_id, a.id
"""
REPORT = """
    update whistle_calls set reported_at = $3, how = $4, reported_by = $5, late = late or $6
    where whistle_id = $1 and unit_id = $2 and reported_at is null
"""
MARK_LATE = "update whistle_calls set late = true where whistle_id = any($1::bigint[]) and reported_at is null"
OPINE = (
    "update whistle_calls set opinion = $3, opinion_at = $4 where whistle_id = $1 and unit_id = $2"
)
CLOSE = """
    update whistles set state = 'closed', conclusion = $2, found_unit_id = $3, closed_by = $4, closed_at = $5
    where id = $1
"""
RELEASE = "update whistle_calls set released_at = $2 where whistle_id = any($1::bigint[]) and released_at is null"
# A share goes from open to signed as its unit reports in, and ends with the whistle alone.
_SHARES = """
    where a.ticket_id = (select ticket_id from whistles where id = $1) and a.role = 'called' and a.subject_id = $1
"""
SIGN_SHARE = f"""
    update assignments a set state = 'signed', signed_at = $3, signed_by = $4
    {_SHARES} and a.unit_id = $2 and a.state = 'open'
"""
END_SHARES = f"""
    update assignments a set state = case when a.state = 'signed' then 'done' else 'ended' end, done_at = $2
    {_SHARES} and a.state in ('open', 'signed')
"""
RATE_CALLED = "update whistle_calls set of_called = $3 where whistle_id = $1 and unit_id = $2 and of_called is null"
RATE_CALLER = "update whistle_calls set of_caller = $3 where whistle_id = $1 and unit_id = $2 and of_caller is null"
END_WITH_TICKETS = """
    with ended as (
        update whistles set state = 'closed', conclusion = $2, closed_at = $3
        where ticket_id = any($1::bigint[]) and state = 'open' returning id, ticket_id
    ), released as (
        update whistle_calls k set released_at = $3 from ended e where k.whistle_id = e.id
        returning k.whistle_id, k.unit_id
    )
    select e.ticket_id, e.id, r.unit_id from ended e join released r on r.whistle_id = e.id order by e.id, r.unit_id
"""
# What waits for a unit first, then what it has open, then what has ended, newest first; no unit: all of the city.
LISTED = """
    select w.id, w.ticket_id, t.title, w.type, w.at, w.report_by, w.state, u.short_name, w.unit_id = $1,
        k.reported_at, k.opinion <> '', k.late,
        (select count(*) from whistle_calls c where c.whistle_id = w.id)::int,
        (select count(*) from whistle_calls c where c.whistle_id = w.id and c.reported_at is not null)::int,
        (select count(*) from whistle_calls c where c.whistle_id = w.id and c.opinion <> '')::int
    from whistles w
    join tickets t on t.id = w.ticket_id
    join units u on u.id = w.unit_id
    left join whistle_calls k on k.whistle_id = w.id and k.unit_id = $1
    where $1::int is null or w.unit_id = $1 or k.unit_id is not null
    order by w.state desc, k.opinion is distinct from '', case w.state when 'open' then w.report_by end, w.id desc limit $2
"""


class NewWhistle(NamedTuple):
    """A whistle as it is blown."""

    ticket_id: int
    unit_id: int
    staff_id: int
    type: str
    purpose: str
    place: str
    note: str
    at: datetime
    report_by: datetime


@dataclass(frozen=True, slots=True)
class Whistle:
    """A whistle; names are "" where there is nobody."""

    id: int
    ticket_id: int
    unit_id: int
    unit: str
    staff: str
    type: str
    purpose: str
    place: str
    note: str
    at: datetime
    report_by: datetime
    state: str
    conclusion: str
    found_unit_id: int | None
    found: str
    closed_by: str
    closed_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether nobody it calls may leave yet."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Call:
    """One called unit. `share_id` is its assignment's; `superior_id` the unit above it, None where the centre is."""

    whistle_id: int
    share_id: int
    unit_id: int
    unit: str
    superior_id: int | None
    reported_at: datetime | None
    how: str
    reported_by: str
    late: bool
    opinion: str
    opinion_at: datetime | None
    released_at: datetime | None
    of_called: int | None
    of_caller: int | None


class Report(NamedTuple):
    """A unit's reporting in: `how` is on_the_spot or on_line."""

    whistle_id: int
    unit_id: int
    at: datetime
    how: str
    staff_id: int
    late: bool


class Listed(NamedTuple):
    """A whistle as a line of a unit's list; `reported_at`, `opined` and `late` are the reading unit's own."""

    id: int
    ticket_id: int
    title: str
    type: str
    at: datetime
    report_by: datetime
    state: str
    caller: str
    mine: bool
    reported_at: datetime | None
    opined: bool | None
    late: bool | None
    called: int
    reported: int
    opinions: int


async def add(connection: Connection, new: NewWhistle, unit_ids: Sequence[int]) -> int:
    """Keep a whistle and whom it calls; returns its id."""
    whistle_id: int = await connection.fetchval(ADD, *new)
    await connection.execute(CALL, whistle_id, unit_ids)
    return whistle_id


async def of_ticket(connection: Connection, ticket_id: int) -> list[Whistle]:
    """All whistles of a ticket, oldest first."""
    return [Whistle(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def by_ids(connection: Connection, ids: Sequence[int]) -> list[Whistle]:
    """Whistles by their ids."""
    return [Whistle(*row) for row in await connection.fetch(BY_IDS, ids)]


async def open_whistles(connection: Connection, ticket_id: int) -> list[Whistle]:
    """Those of a ticket that have not been closed."""
    return [one for one in await of_ticket(connection, ticket_id) if one.open]


async def calls(connection: Connection, whistle_ids: Sequence[int]) -> list[Call]:
    """Who is called by these whistles, in the order of the call."""
    return [Call(*row) for row in await connection.fetch(CALLS, whistle_ids)]


async def report(connection: Connection, one: Report) -> None:
    """Note that a called unit has reported in, and let its share say so."""
    await connection.execute(REPORT, *one)
    await connection.execute(SIGN_SHARE, one.whistle_id, one.unit_id, one.at, one.staff_id)


async def mark_late(connection: Connection, whistle_ids: Sequence[int]) -> None:
    """Those who have not reported in by now are late, whenever they come."""
    await connection.execute(MARK_LATE, whistle_ids)


async def opine(
    connection: Connection, whistle_id: int, unit_id: int, opinion: str, at: datetime
) -> None:
    """Keep a called unit's opinion; a later one takes its place."""
    await connection.execute(OPINE, whistle_id, unit_id, opinion, at)


async def close(
    connection: Connection,
    whistle_id: int,
    conclusion: str,
    found_unit_id: int | None,
    staff_id: int,
    at: datetime,
) -> None:
    """Close a whistle: all that it called are released, and their shares end."""
    await connection.execute(CLOSE, whistle_id, conclusion, found_unit_id, staff_id, at)
    await connection.execute(RELEASE, [whistle_id], at)
    await connection.execute(END_SHARES, whistle_id, at)


async def rate(
    connection: Connection, whistle_id: int, unit_id: int, score: int, *, of_called: bool
) -> bool:
    """Keep what one side thinks of the other, once; False when it had said so before."""
    statement = RATE_CALLED if of_called else RATE_CALLER
    done: str = await connection.execute(statement, whistle_id, unit_id, score)
    return done != "UPDATE 0"


async def end_with_tickets(
    connection: Connection, ticket_ids: Sequence[int], why: str, at: datetime
) -> list[tuple[int, int, int]]:
    """End what is open on tickets that have ended or begin anew: (ticket, whistle, called unit)."""
    rows = await connection.fetch(END_WITH_TICKETS, ticket_ids, why, at)
    return [(row[0], row[1], row[2]) for row in rows]


async def listed(connection: Connection, unit_id: int | None, limit: int) -> list[Listed]:
    """Whistles that call a unit or that it blew; for the centre all of them."""
    return [Listed(*row) for row in await connection.fetch(LISTED, unit_id, limit)]
