"""Holds (挂账): matters that cannot be solved yet, each with a plan and a day on which it is looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_COLUMNS = """
    h.id, h.ticket_id, h.unit_id, u.short_name, h.reason, h.plan, h.began_at, h.review_at, h.due_before, h.reviews,
    h.state, h.ended_at, h.ended_note
"""
_FROM = "holds h join units u on u.id = h.unit_id"

ADD = """
    insert into holds (ticket_id, application_id, unit_id, reason, plan, began_at, review_at, due_before)
    values ($1, $2, $3, $4, $5, $6, $7, $8) returning id
"""
OPEN_OF = (
    f"select {_COLUMNS} from {_FROM} where h.ticket_id = any($1::bigint[]) and h.state = 'open'"
)
OF_TICKET = f"select {_COLUMNS} from {_FROM} where h.ticket_id = $1 order by h.id"
REVIEW = "update holds set review_at = $2, plan = $3, reviews = reviews + 1 where id = $1"
END = "update holds set state = $2, ended_at = $3, ended_note = $4 where id = $1 and state = 'open'"
END_OF = """
    update holds set state = 'ended', ended_at = $2, ended_note = $3
    where ticket_id = any($1::bigint[]) and state = 'open'
"""
LIST = f"""
    select {_COLUMNS}, t.title, t.state from {_FROM} join tickets t on t.id = h.ticket_id
    where h.state = 'open' and ($1::int[] is null or h.unit_id = any($1::int[]))
    order by h.review_at, h.id limit $2
"""
FIGURES = """
    select u.id, u.short_name,
        count(*) filter (where h.state = 'open'),
        count(*) filter (where h.state = 'open' and h.review_at < $2),
        count(*) filter (where h.state = 'written_off'),
        count(*) filter (where h.state = 'ended')
    from holds h join units u on u.id = h.unit_id
    where $1::int[] is null or h.unit_id = any($1::int[])
    group by u.id, u.short_name order by 3 desc, u.id
"""


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold; `due_before` is the limit that it has moved to `review_at`."""

    id: int
    ticket_id: int
    unit_id: int
    unit: str
    reason: str
    plan: str
    began_at: datetime
    review_at: datetime
    due_before: datetime
    reviews: int
    state: str
    ended_at: datetime | None
    ended_note: str


@dataclass(frozen=True, slots=True)
class HeldItem(HoldRow):
    """A line of the tracking list."""

    title: str
    ticket_state: str


class NewHold(NamedTuple):
    """A hold as it is approved."""

    ticket_id: int
    application_id: int
    unit_id: int
    reason: str
    plan: str
    began_at: datetime
    review_at: datetime
    due_before: datetime


@dataclass(frozen=True, slots=True)
class UnitHolds:
    """What a unit has put on hold: running now, those of them past their day, written off, ended otherwise."""

    unit_id: int
    unit: str
    running: int
    late: int
    written_off: int
    ended: int


async def add(connection: Connection, new: NewHold) -> int:
    """Keep a hold; its ticket is locked and has no open one. Returns its id."""
    added: int = await connection.fetchval(ADD, *new)
    return added


async def open_of(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, HoldRow]:
    """The open hold of each ticket that has one, by ticket."""
    rows = await connection.fetch(OPEN_OF, list(ticket_ids))
    return {row[1]: HoldRow(*row) for row in rows}


async def of_ticket(connection: Connection, ticket_id: int) -> list[HoldRow]:
    """All holds of a ticket, oldest first."""
    return [HoldRow(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def review(connection: Connection, hold_id: int, review_at: datetime, plan: str) -> None:
    """Note that a hold was looked at and goes on until another day."""
    await connection.execute(REVIEW, hold_id, review_at, plan)


async def end(connection: Connection, hold_id: int, state: str, at: datetime, note: str) -> None:
    """End a hold: written_off, or ended."""
    await connection.execute(END, hold_id, state, at, note)


async def end_of(
    connection: Connection, ticket_ids: Sequence[int], at: datetime, note: str
) -> None:
    """End the holds of tickets that are not being handled any more."""
    await connection.execute(END_OF, list(ticket_ids), at, note)


async def listed(
    connection: Connection, unit_ids: Sequence[int] | None, limit: int
) -> list[HeldItem]:
    """What is on hold at these units (None: at all), the next to be looked at first."""
    return [HeldItem(*row) for row in await connection.fetch(LIST, unit_ids, limit)]


async def figures(
    connection: Connection, unit_ids: Sequence[int] | None, now: datetime
) -> list[UnitHolds]:
    """How many matters each of these units (None: of all) has put on hold, the most first."""
    return [UnitHolds(*row) for row in await connection.fetch(FIGURES, unit_ids, now)]
