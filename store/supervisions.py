"""Supervision (督办): somebody above demands an answer about a ticket by a given time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_COLUMNS = """
    s.id, s.ticket_id, s.unit_id, u.short_name, s.by_unit_id, coalesce(b.short_name, '热线中心'), coalesce(f.name, ''),
    s.demand, s.at, s.due_at, s.answer, coalesce(w.name, ''), s.answered_at, s.rings, s.ended_at
"""
_FROM = """
    supervisions s join units u on u.id = s.unit_id left join units b on b.id = s.by_unit_id
    left join staff f on f.id = s.staff_id left join staff w on w.id = s.answered_by
"""

# The timer's name is that of `handlers.case_timers`: the id that it needs is known here first.
OPEN = """
    with opened as (
        insert into supervisions (ticket_id, unit_id, staff_id, by_unit_id, demand, at, due_at)
        select * from unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::text[], $6::timestamptz[], $7::timestamptz[])
        returning id, ticket_id, due_at
    )
    insert into timers (subject, subject_id, kind, due_at)
    select 'case', ticket_id, 'supervision:' || id, due_at from opened
"""
OF_TICKET = f"select {_COLUMNS} from {_FROM} where s.ticket_id = $1 order by s.id"
OPEN_OF = f"""
    select {_COLUMNS} from {_FROM} where s.ticket_id = any($1::bigint[]) and s.ended_at is null order by s.id
"""
ANSWER = "update supervisions set answer = $2, answered_by = $3, answered_at = $4 where id = $1"
RUNG = "update supervisions set rings = rings + 1 where id = any($1::bigint[])"
END = "update supervisions set ended_at = $2 where id = $1"
LIST = f"""
    select {_COLUMNS}, t.title, t.state from {_FROM} join tickets t on t.id = s.ticket_id
    where s.ended_at is null and ($1::int[] is null or s.unit_id = any($1::int[]) or s.by_unit_id = any($1::int[]))
    order by s.answered_at is not null, s.due_at, s.id limit $2
"""


class SupervisionRow(NamedTuple):
    """A demand as it is made; `staff_id` None: by the rules; `by_unit_id` None: by the centre."""

    ticket_id: int
    unit_id: int
    staff_id: int | None
    by_unit_id: int | None
    demand: str
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Supervision:
    """A demand and what has come of it; `rings`: how often its silence was named."""

    id: int
    ticket_id: int
    unit_id: int
    unit: str
    by_unit_id: int | None
    by_unit: str
    by: str
    demand: str
    at: datetime
    due_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    rings: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SupervisedItem(Supervision):
    """A line of the list."""

    title: str
    ticket_state: str


async def open_all(connection: Connection, rows: Sequence[SupervisionRow]) -> None:
    """Make demands and arm their timers; nothing happens for none."""
    if rows:
        await connection.execute(OPEN, *map(list, zip(*rows, strict=True)))


async def of_ticket(connection: Connection, ticket_id: int) -> list[Supervision]:
    """All demands about a ticket, oldest first."""
    return [Supervision(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def open_of(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Supervision]:
    """The demands about these tickets that have not been ended, by their own id."""
    rows = await connection.fetch(OPEN_OF, list(ticket_ids))
    return {row[0]: Supervision(*row) for row in rows}


async def answer(
    connection: Connection, supervision_id: int, text: str, staff_id: int, at: datetime
) -> None:
    """Keep what the unit answers; the last one stands."""
    await connection.execute(ANSWER, supervision_id, text, staff_id, at)


async def rung(connection: Connection, supervision_ids: Sequence[int]) -> None:
    """Count that the silence about these was named once more; nothing happens for none."""
    if supervision_ids:
        await connection.execute(RUNG, list(supervision_ids))


async def end(connection: Connection, supervision_id: int, at: datetime) -> None:
    """End a demand."""
    await connection.execute(END, supervision_id, at)


async def listed(
    connection: Connection, unit_ids: Sequence[int] | None, limit: int
) -> list[SupervisedItem]:
    """What is demanded of or by these units (None: of all), what waits for an answer first."""
    return [SupervisedItem(*row) for row in await connection.fetch(LIST, unit_ids, limit)]
