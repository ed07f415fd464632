"""Marks (标记) of shirking and false closing: proposed, confirmed by another, handed to the discipline inspectors."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_COLUMNS = """
    m.id, m.ticket_id, m.unit_id, u.short_name, m.kind, m.note, m.staff_id, s.name, m.at, coalesce(c.name, ''),
    m.confirmed_at, m.handed_over_at, m.taken_back_at
"""
_FROM = """
    marks m join units u on u.id = m.unit_id join staff s on s.id = m.staff_id left join staff c on c.id = m.confirmed_by
"""

ADD = "insert into marks (ticket_id, unit_id, kind, note, staff_id, at) values ($1, $2, $3, $4, $5, $6)"
OF_TICKET = f"select {_COLUMNS} from {_FROM} where m.ticket_id = $1 order by m.id"
HANDED_OVER = f"""
    select {_COLUMNS} from {_FROM} where m.handed_over_at is not null order by m.handed_over_at desc, m.id desc limit $1
"""
ONE_HANDED_OVER = f"select {_COLUMNS} from {_FROM} where m.id = $1 and m.handed_over_at is not null"
CONFIRM = "update marks set confirmed_by = $2, confirmed_at = $3 where id = $1"
HAND_OVER = "update marks set handed_over_by = $2, handed_over_at = $3 where id = $1"
TAKE_BACK = "update marks set taken_back_by = $2, taken_back_at = $3 where id = $1"


class NewMark(NamedTuple):
    """A mark as it is proposed; `kind` is shirking or false_closing."""

    ticket_id: int
    unit_id: int
    kind: str
    note: str
    staff_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and how far it has come."""

    id: int
    ticket_id: int
    unit_id: int
    unit: str
    kind: str
    note: str
    staff_id: int
    staff: str
    at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    handed_over_at: datetime | None
    taken_back_at: datetime | None


async def add(connection: Connection, new: NewMark) -> None:
    """Keep a proposal."""
    await connection.execute(ADD, *new)


async def of_ticket(connection: Connection, ticket_id: int) -> list[Mark]:
    """All marks on a ticket, oldest first."""
    return [Mark(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def handed_over(connection: Connection, limit: int) -> list[Mark]:
    """What the discipline inspectors have been given, newest first."""
    return [Mark(*row) for row in await connection.fetch(HANDED_OVER, limit)]


async def one_handed_over(connection: Connection, mark_id: int) -> Mark | None:
    """A mark that they have been given, None when they have not."""
    row = await connection.fetchrow(ONE_HANDED_OVER, mark_id)
    return Mark(*row) if row is not None else None


async def confirm(connection: Connection, mark_id: int, staff_id: int, at: datetime) -> None:
    """Note that a second person agrees."""
    await connection.execute(CONFIRM, mark_id, staff_id, at)


async def hand_over(connection: Connection, mark_id: int, staff_id: int, at: datetime) -> None:
    """Give a mark and its ticket to the discipline inspectors."""
    await connection.execute(HAND_OVER, mark_id, staff_id, at)


async def take_back(connection: Connection, mark_id: int, staff_id: int, at: datetime) -> None:
    """Take a mark back; it stays to be seen as such."""
    await connection.execute(TAKE_BACK, mark_id, staff_id, at)
