"""People and offices of a unit: who works where, who is away and who stands in, how much each has in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a unit's staff; `deputy_id` stands in while `away_until` is in the future."""

    id: int
    login: str
    name: str
    roles: Sequence[str]
    office_id: int | None
    office: str
    away_until: datetime | None
    deputy_id: int | None
    deputy: str
    in_hand: int

    def away(self, now: datetime) -> bool:
        """Whether they are away."""
        return self.away_until is not None and self.away_until > now


@dataclass(frozen=True, slots=True)
class Office:
    """An office or a community below a unit; `in_hand` counts tickets that nobody in particular has there."""

    id: int
    name: str
    kind: str
    place_code: str
    in_hand: int


class Known(NamedTuple):
    """Somebody by their login; `unit_id` None: of the centre."""

    id: int
    unit_id: int | None
    name: str


PEOPLE = """
    select s.id, s.login, s.name, s.roles, s.office_id, coalesce(o.name, ''), s.away_until, s.deputy_id,
        coalesce(d.name, ''),
        (select count(distinct a.ticket_id) from assignments a
         where a.handler_id = s.id and a.state in ('open', 'signed'))::int
    from staff s left join offices o on o.id = s.office_id left join staff d on d.id = s.deputy_id
    where s.unit_id is not distinct from $1::int and s.active and (s.valid_until is null or s.valid_until > $2)
    order by s.name, s.id
"""
OFFICES = """
    select o.id, o.name, o.kind, o.place_code,
        (select count(distinct a.ticket_id) from assignments a
         where a.office_id = o.id and a.handler_id is null and a.state in ('open', 'signed'))::int
    from offices o where o.unit_id = $1 and o.active order by o.kind, o.name, o.id
"""
ADD_OFFICE = """
    insert into offices (unit_id, name, kind, place_code) values ($1, $2, $3, $4)
    on conflict (unit_id, name) do update set active = true, kind = $3, place_code = $4
"""
KEEP_OFFICE = "select id from offices where id = $2 and unit_id = $1 for share"
HOLD_OFFICE = "select id from offices where id = $2 and unit_id = $1 for no key update"
# Its people and tickets go back to the unit's desk.
CLOSE_OFFICE = """
    with closed as (update offices set active = false where id = $2 and unit_id = $1 and active returning id, name),
    people as (update staff set office_id = null from closed where office_id = closed.id),
    work as (
        update assignments a set office_id = null from closed
        where a.office_id = closed.id and a.state in ('open', 'signed')
    )
    select name from closed
"""
SEAT = """
    update staff set office_id = $3 where id = $2 and unit_id = $1 and active returning name
"""
AWAY = """
    update staff set away_until = $3, deputy_id = $4 where id = $2 and unit_id = $1 and active returning name
"""
END = """
    with gone as (
        update staff set active = false, deputy_id = null where id = $2 and unit_id is not distinct from $1::int and active
        returning id, name
    ), sessions as (delete from staff_sessions n using gone where n.staff_id = gone.id),
    stood_in as (update staff s set deputy_id = null from gone where s.deputy_id = gone.id)
    select name from gone
"""
LOCK = "select id from staff where id = any($1::int[]) order by id for no key update"
IN_HAND = """
    select count(distinct ticket_id)::int from assignments where handler_id = $1 and state in ('open', 'signed')
"""
BY_LOGIN = "select id, unit_id, name from staff where login = $1 and active"


async def people(connection: Connection, unit_id: int | None, now: datetime) -> list[Person]:
    """The staff of a unit (None: of the centre) who may log in."""
    return [Person(*row) for row in await connection.fetch(PEOPLE, unit_id, now)]


async def offices(connection: Connection, unit_id: int) -> list[Office]:
    """The offices and communities of a unit that are there."""
    return [Office(*row) for row in await connection.fetch(OFFICES, unit_id)]


async def add_office(
    connection: Connection, unit_id: int, name: str, kind: str, place_code: str
) -> None:
    """Add one, or open again what had this name."""
    await connection.execute(ADD_OFFICE, unit_id, name, kind, place_code)


async def keep_office(connection: Connection, unit_id: int, office_id: int | None) -> None:
    """Let nobody close an office before the commit; who is closing it just now is waited for."""
    await connection.execute(KEEP_OFFICE, unit_id, office_id)


async def close_office(connection: Connection, unit_id: int, office_id: int) -> str | None:
    """Close one; returns its name, None when there is none."""
    await connection.execute(
        HOLD_OFFICE, unit_id, office_id
    )  # what is given to it just now is seen
    name: str | None = await connection.fetchval(CLOSE_OFFICE, unit_id, office_id)
    return name


async def seat(
    connection: Connection, unit_id: int, staff_id: int, office_id: int | None
) -> str | None:
    """Say in which office somebody works; returns their name, None when they are not of this unit."""
    name: str | None = await connection.fetchval(SEAT, unit_id, staff_id, office_id)
    return name


async def set_away(
    connection: Connection,
    unit_id: int,
    staff_id: int,
    until: datetime | None,
    deputy_id: int | None,
) -> str | None:
    """Say until when somebody is away and who stands in; both None: they are back. Returns their name."""
    name: str | None = await connection.fetchval(AWAY, unit_id, staff_id, until, deputy_id)
    return name


async def lock(connection: Connection, staff_ids: Sequence[int]) -> None:
    """Hold these people, so that nothing is put into their hands meanwhile."""
    await connection.execute(LOCK, list(staff_ids))


async def end(connection: Connection, unit_id: int | None, staff_id: int) -> str | None:
    """Let somebody log in no more; returns their name, None when they are not of this unit."""
    name: str | None = await connection.fetchval(END, unit_id, staff_id)
    return name


async def find(connection: Connection, login: str) -> Known | None:
    """Whom an active login belongs to."""
    row = await connection.fetchrow(BY_LOGIN, login)
    return Known(*row) if row is not None else None


async def in_hand(connection: Connection, staff_id: int) -> int:
    """How many open tickets somebody has in hand."""
    count: int = await connection.fetchval(IN_HAND, staff_id)
    return count
