"""Open-line days (听民意解民忧): leaders take calls and chats for some hours; their tickets are followed to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from asyncpg import Record

from store.database import Connection
from store.rates import ThreeRates


class NewOpenLine(NamedTuple):
    """A day as it is arranged."""

    name: str
    unit_id: int | None
    leader_ids: Sequence[int]
    begins_at: datetime
    ends_at: datetime
    made_by: int
    note: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A day; `leaders` are the names of those who take calls and chats."""

    id: int
    name: str
    unit_id: int | None
    unit: str
    leader_ids: tuple[int, ...]
    leaders: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    made_by: str
    note: str

    def runs(self, now: datetime) -> bool:
        """Whether it is on."""
        return self.begins_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Followed:
    """A ticket of a day; `leader` is who took it, "" where it was given to the day later."""

    ticket_id: int
    title: str
    state: str
    unit: str
    leader: str
    opened_at: datetime
    due_at: datetime
    result: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayFigures(ThreeRates):
    """What has come of a day: talks that its leaders took in its hours, and its tickets."""

    calls: int
    chats: int
    tickets: int
    open: int
    overdue: int
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int


_SELECT = """
    select o.id, o.name, o.unit_id, coalesce(u.short_name, '热线中心'), o.leader_ids,
        array(select s.name from staff s where s.id = any(o.leader_ids) order by s.id), o.begins_at, o.ends_at, m.name,
        o.note
    from open_lines o join staff m on m.id = o.made_by left join units u on u.id = o.unit_id
"""
MAKE = """
    insert into open_lines (name, unit_id, leader_ids, begins_at, ends_at, made_by, note)
    values ($1, $2, $3, $4, $5, $6, $7) returning id
"""
NOT_OVER = f"{_SELECT} where o.ends_at > $1 order by o.begins_at, o.id"
BY_IDS = f"{_SELECT} where o.id = any($1::int[])"
LIST = f"""
    {_SELECT} where $1::int is null or $1 = any(o.leader_ids) or o.unit_id = $2
    order by o.begins_at desc, o.id desc limit $3
"""
END_EARLY = "update open_lines set ends_at = $2 where id = $1 and begins_at <= $2 and ends_at > $2 returning id"
CALL_OFF = "delete from open_lines where id = $1 and begins_at > $2 returning id"
FOLLOWED = """
    select t.id, t.title, t.state, coalesce(u.short_name, ''), coalesce(s.name, ''), t.opened_at, t.due_at, t.result,
        t.closed_at
    from tickets t left join units u on u.id = t.lead_unit_id
    left join open_lines o on o.id = t.open_line_id left join staff s on s.id = t.created_by and s.id = any(o.leader_ids)
    where t.open_line_id = $1 order by t.state in ('closed', 'withdrawn'), t.due_at, t.id
"""
FIGURES = """
    with asked as (
        select count(s.contacted) as contact_answers, count(*) filter (where s.contacted) as contacted,
            count(s.solved) filter (where not s.manner) as solved_answers,
            count(*) filter (where s.solved = 'yes' and not s.manner) as solved,
            count(s.result) filter (where not s.manner) as result_answers,
            count(*) filter (where s.result = 'satisfied' and not s.manner) as satisfied
        from surveys s join tickets t on t.id = s.ticket_id and t.counted where t.open_line_id = $1
    ), taken as (
        select count(*) filter (where h.kind = 'call') as calls, count(*) filter (where h.kind = 'chat') as chats
        from open_lines o join human_talks h
          on h.staff_id = any(o.leader_ids) and h.taken_at >= o.begins_at and h.taken_at < o.ends_at
        where o.id = $1
    ), own as (
        select count(*) as tickets, count(*) filter (where state in ('triage', 'dispatched', 'handling')) as open,
            count(*) filter (where state in ('triage', 'dispatched', 'handling') and due_at < $2) as overdue
        from tickets where open_line_id = $1
    )
    select calls, chats, tickets, open, overdue, contact_answers, contacted, solved_answers, solved, result_answers, satisfied
    from asked, taken, own
"""
LEFT = """
    select open_line_id, count(*), count(*) filter (where state not in ('closed', 'withdrawn'))
    from tickets where open_line_id = any($1::int[]) group by open_line_id
"""
FOLLOW = "update tickets set open_line_id = $2 where id = $1 and open_line_id is null returning id"
LEADERS = "select id, unit_id, name from staff where login = any($1::text[]) and active order by id"
HOMES = "select id, unit_id from staff where id = any($1::int[]) and active"


async def make(connection: Connection, new: NewOpenLine) -> int:
    """Arrange a day; returns its id."""
    open_line_id: int = await connection.fetchval(MAKE, *new)
    return open_line_id


async def not_over(connection: Connection, now: datetime) -> list[OpenLine]:
    """Those that run and those to come."""
    return [_open_line(row) for row in await connection.fetch(NOT_OVER, now)]


async def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, OpenLine]:
    """Days by their ids."""
    return {row[0]: _open_line(row) for row in await connection.fetch(BY_IDS, list(ids))}


async def listed(
    connection: Connection, staff_id: int | None, unit_id: int | None, most: int
) -> list[OpenLine]:
    """The newest first: those of somebody or of their unit, all of them without a `staff_id`."""
    return [_open_line(row) for row in await connection.fetch(LIST, staff_id, unit_id, most)]


async def end_early(connection: Connection, open_line_id: int, at: datetime) -> bool:
    """Close a day that runs; False when there is none such."""
    return await connection.fetchval(END_EARLY, open_line_id, at) is not None


async def call_off(connection: Connection, open_line_id: int, at: datetime) -> bool:
    """Take back a day that has not begun; False when there is none such."""
    return await connection.fetchval(CALL_OFF, open_line_id, at) is not None


async def followed(connection: Connection, open_line_id: int) -> list[Followed]:
    """Its tickets, the most pressing first."""
    return [Followed(*row) for row in await connection.fetch(FOLLOWED, open_line_id)]


async def left(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each of these days that has any: how many tickets, and how many of them are not closed."""
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(LEFT, list(ids))}


async def figures(connection: Connection, open_line_id: int, now: datetime) -> DayFigures:
    """What has come of it so far."""
    (row,) = await connection.fetch(FIGURES, open_line_id, now)
    return DayFigures(*row)


async def follow(connection: Connection, ticket_id: int, open_line_id: int) -> bool:
    """Mark a ticket as one of a day; False when it is one of a day already."""
    return await connection.fetchval(FOLLOW, ticket_id, open_line_id) is not None


async def leaders(
    connection: Connection, logins: Sequence[str]
) -> list[tuple[int, int | None, str]]:
    """Who has these logins: id, unit, name."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(LEADERS, list(logins))]


async def homes(connection: Connection, staff_ids: Sequence[int]) -> dict[int, int | None]:
    """The units that these people work for."""
    return {row[0]: row[1] for row in await connection.fetch(HOMES, list(staff_ids))}


def _open_line(row: Record) -> OpenLine:
    cells: list[Any] = [tuple(cell) if isinstance(cell, list) else cell for cell in row]
    return OpenLine(*cells)
