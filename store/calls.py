"""Phone calls, both ways, by the provider's own id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection
from store.rates import ThreeRates
from store.statements import encode_rows, insert_statement


class CallRow(NamedTuple):
    """A call that has begun."""

    id: str
    direction: str  # in, out
    conversation_id: int | None
    line: str
    order_id: int | None
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is known."""

    id: str
    direction: str
    conversation_id: int | None
    line: str
    order_id: int | None
    began_at: datetime
    ended_at: datetime | None
    outcome: str
    seconds: int


INSERT = (
    insert_statement(
        "calls", CallRow._fields, ["text", "text", "bigint", "text", "bigint", "timestamptz"]
    )
    + " on conflict (id) do nothing"
)

FIND = """
    select id, direction, conversation_id, line, order_id, began_at, ended_at, outcome, seconds from calls where id = $1
"""

# A call of ours may end before it is noted that it was made; a notice by phone is noted in the outbox alone.
END = """
    insert into calls (id, direction, order_id, began_at, ended_at, outcome, seconds)
    select $1, 'out', $5, $2, $2, $3, $4 where $5::bigint is not null
    on conflict (id) do nothing
"""
CLOSE = """
    update calls set ended_at = $2, outcome = $3,
        seconds = greatest($4, extract(epoch from $2::timestamptz - began_at)::int)
    where id = $1 and ended_at is null
"""


async def insert(connection: Connection, rows: Sequence[CallRow]) -> None:
    """Note calls that have begun; those that are known stay as they are."""
    if rows:
        await connection.execute(INSERT, encode_rows(rows))


async def find(connection: Connection, call_id: str) -> Call | None:
    """A call, or None."""
    row = await connection.fetchrow(FIND, call_id)
    return Call(*row) if row is not None else None


async def end(
    connection: Connection,
    call_id: str,
    at: datetime,
    outcome: str,
    seconds: int,
    order_id: int | None = None,
) -> None:
    """Note that a call is over; the first word on it counts."""
    await connection.execute(CLOSE, call_id, at, outcome, seconds)
    await connection.execute(END, call_id, at, outcome, seconds, order_id)


# Of a talk that was cut off: what is opened later as it stood came by this number.
LAST_LINES = """
    select distinct on (conversation_id) conversation_id, line from calls
    where conversation_id = any($1::bigint[]) and direction = 'in' and began_at > $2
    order by conversation_id, began_at desc
"""
REMEMBERED = timedelta(days=3)  # longer than any patience


async def last_lines(
    connection: Connection, conversation_ids: Sequence[int], now: datetime
) -> dict[int, str]:
    """The number that each of these conversations has called last, within some days."""
    rows = await connection.fetch(LAST_LINES, list(conversation_ids), now - REMEMBERED)
    return {row["conversation_id"]: row["line"] for row in rows}


@dataclass(frozen=True, slots=True)
class LineFigures(ThreeRates):
    """What came by one number in a period; `answers` are those to "was it solved?" of its tickets."""

    number: str
    name: str
    calls: int
    tickets: int
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int


FIGURES = """
    with called as (
        select line, count(*) as calls from calls
        where direction = 'in' and began_at >= $1 and began_at < $2 group by line
    ), taken as (
        select line, count(*) as tickets from tickets
        where line <> '' and opened_at >= $1 and opened_at < $2 group by line
    ), told as (
        select t.line, count(s.contacted) as contact_answers, count(*) filter (where s.contacted) as contacted,
            count(s.solved) as solved_answers, count(*) filter (where s.solved = 'yes') as solved,
            count(s.result) as result_answers, count(*) filter (where s.result = 'satisfied') as satisfied
        from surveys s join tickets t on t.id = s.ticket_id and t.counted
        where t.line <> '' and s.created_at >= $1 and s.created_at < $2 group by t.line
    )
    select coalesce(nullif(line, ''), '') as number, coalesce(h.name, ''), coalesce(calls, 0), coalesce(tickets, 0),
        coalesce(contact_answers, 0), coalesce(contacted, 0), coalesce(solved_answers, 0), coalesce(solved, 0),
        coalesce(result_answers, 0), coalesce(satisfied, 0)
    from called full join taken using (line) full join told using (line) left join hotlines h on h.number = line
    order by coalesce(calls, 0) desc, line
"""


async def figures(connection: Connection, since: datetime, until: datetime) -> list[LineFigures]:
    """Calls, tickets and rates of each number in `since` ≤ t < `until`, the busiest first."""
    return [LineFigures(*row) for row in await connection.fetch(FIGURES, since, until)]
