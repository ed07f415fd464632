"""The clocks of units' shares: signing, first contact, feedback (签收, 首次联系, 答复); and that of dispatch itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

# Shares that have ended keep the time that they had.
SET_DUE = """
    update assignments a set due_at = t.due_at
    from unnest($1::bigint[], $2::int[], $3::timestamptz[]) as t (ticket_id, unit_id, due_at)
    where a.ticket_id = t.ticket_id and a.unit_id = t.unit_id and a.role = 'lead' and a.state in ('open', 'signed')
"""

SET_CLOCKS = """
    update assignments a set sign_due_at = t.sign_due_at, contact_due_at = t.contact_due_at, due_at = t.due_at
    from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
        as t (id, sign_due_at, contact_due_at, due_at)
    where a.id = t.id
"""

# A look at all shares of a ticket (`clocks:0`) stays: it finds what there is by then.
DROP_ENDED = """
    delete from timers t
    where t.subject = 'case' and t.subject_id = any($1::bigint[]) and t.kind like 'clocks:%' and t.kind <> 'clocks:0'
      and not exists (select from assignments a where a.ticket_id = t.subject_id
                      and a.state in ('open', 'signed') and t.kind = 'clocks:' || a.unit_id)
"""

TAKE_DUE = """
    delete from timers where subject = 'case' and subject_id = any($1::bigint[]) and kind like 'clocks:%' and due_at <= $2
    returning subject_id, split_part(kind, ':', 2)::int, due_at
"""

RUNNING = """
    select a.id, a.ticket_id, a.unit_id, u.short_name, a.role, coalesce(a.sent_back_at, a.dispatched_at),
        a.sign_due_at, a.contact_due_at, a.due_at, a.signed_at is not null, a.contacted_at is not null, a.handler_id,
        t.conversation_id is not null or t.contact is not null
    from assignments a join units u on u.id = a.unit_id join tickets t on t.id = a.ticket_id
    where a.ticket_id = any($1::bigint[]) and a.state in ('open', 'signed') and a.role in ('lead', 'assist')
    order by a.id
"""

# Of the round that runs, by its page; a joined ticket has no shares of its own.
OF_TICKET = """
    select u.short_name, a.role, a.state, a.sign_due_at, a.signed_at, a.contact_due_at, a.contacted_at, a.due_at, a.done_at
    from tickets t join assignments a on a.ticket_id = t.id and a.round = t.round join units u on u.id = a.unit_id
    where t.id = $1 and a.role in ('lead', 'assist') and a.state in ('open', 'signed', 'done')
    order by a.role = 'assist', a.id
"""

HELD = "select coalesce(hold_until > $2, false) from tickets where id = $1"

WAITING = """
    select t.id, t.channel, t.source,
        coalesce((select max(e.at) from ticket_events e where e.ticket_id = t.id
                  and e.type in ('triaged', 'returned', 'upheld', 'reopened', 'split')), t.opened_at)
    from tickets t where t.id = any($1::bigint[])
"""


class DueRow(NamedTuple):
    """By when the leading unit answers from now on."""

    ticket_id: int
    unit_id: int
    due_at: datetime


class ClockRow(NamedTuple):
    """The clocks of a share, by its own id."""

    id: int
    sign_due_at: datetime
    contact_due_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RunningShare:
    """A share that is being worked on. `reachable`: the resident left a way to be reached."""

    id: int
    ticket_id: int
    unit_id: int
    unit: str
    role: str
    begins_at: datetime
    sign_due_at: datetime | None
    contact_due_at: datetime | None
    due_at: datetime
    signed: bool
    contacted: bool
    handler_id: int | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class ShownShare:
    """The clocks of a share as a page shows them; a time is None where that clock does not run, or nothing came yet."""

    unit: str
    role: str
    state: str
    sign_due_at: datetime | None
    signed_at: datetime | None
    contact_due_at: datetime | None
    contacted_at: datetime | None
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits for dispatch, since when, and how it came."""

    id: int
    channel: str
    source: str
    since: datetime


async def drop_ended(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """Disarm the clocks of shares that are not worked on any more."""
    await connection.execute(DROP_ENDED, ticket_ids)


async def take_due(
    connection: Connection, ticket_ids: Sequence[int], now: datetime
) -> dict[tuple[int, int], datetime]:
    """Take away the timers of locked tickets' clocks that are over: since when, by ticket and unit (0: all units)."""
    rows = await connection.fetch(TAKE_DUE, ticket_ids, now)
    return {(row[0], row[1]): row[2] for row in rows}


async def running(
    connection: Connection, ticket_ids: Sequence[int]
) -> Mapping[int, list[RunningShare]]:
    """The running shares of leading and assisting units, by ticket."""
    found: dict[int, list[RunningShare]] = defaultdict(list)
    for row in await connection.fetch(RUNNING, ticket_ids):
        found[row[1]].append(RunningShare(*row))
    return found


async def of_ticket(connection: Connection, ticket_id: int) -> list[ShownShare]:
    """The clocks of a ticket's shares, the lead's first."""
    return [ShownShare(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def is_held(connection: Connection, ticket_id: int, now: datetime) -> bool:
    """Whether a ticket is on hold."""
    held: bool = await connection.fetchval(HELD, ticket_id, now)
    return held


async def waiting(connection: Connection, ticket_ids: Sequence[int]) -> list[Waiting]:
    """Since when tickets wait for dispatch; the caller knows that they do."""
    return [Waiting(*row) for row in await connection.fetch(WAITING, ticket_ids)]
