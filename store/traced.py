"""Who looked at a resident's contact, forwarded, printed or exported, over all tickets (ticket_traces, contact_views)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

_NARROWED = """
    ({0}.ticket_id = $1 or $1::bigint is null) and ($2 = '' or s.login = $2 or s.name = $2)
    and ($3::int[] is null or {1} = any($3)) and {0}.at >= $4 and {0}.at < $5 and {0}.at <= $6
"""
# A list that was taken out left a trace on each of its tickets: that is one line. What was given for the reason of a
# look at a contact stands with whoever looked; their unit is the one that they are in by now.
PAGE = f"""
    (select r.at, 1 as source, max(r.id) as id, r.what, min(r.ticket_id) as ticket_id, count(*)::int as tickets,
        s.name, s.login, coalesce(u.short_name, '') as unit, r.purpose
    from ticket_traces r join staff s on s.id = r.staff_id left join units u on u.id = r.unit_id
    where {_NARROWED.format("r", "r.unit_id")}
    group by r.at, r.what, r.purpose, s.id, u.id having (r.at, 1, max(r.id)) < ($6, $7, $8)
    order by at desc, id desc limit $9)
    union all
    (select v.at, 0, v.id, 'look', v.ticket_id, 1, s.name, s.login, coalesce(u.short_name, ''), v.purpose
    from contact_views v join staff s on s.id = v.staff_id left join units u on u.id = s.unit_id
    where {_NARROWED.format("v", "s.unit_id")} and (v.at, 0, v.id) < ($6, $7, $8)
    order by at desc, id desc limit $9)
    order by at desc, source desc, id desc limit $9
"""


class Cursor(NamedTuple):
    """Behind which line a page begins."""

    at: datetime
    source: int
    id: int


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked for: `who` by login or name, "" for everybody; `units` None: of the whole city and the centre."""

    ticket_id: int | None
    who: str
    units: tuple[int, ...] | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class TracedLine:
    """One look, or one thing that left the system; of a list the first ticket stands for its `tickets`.

    `what`: look, forward, print, export. `ticket_id` None: a look at a task's or a steward's number.
    """

    at: datetime
    source: int
    id: int
    what: str
    ticket_id: int | None
    tickets: int
    who: str
    login: str
    unit: str
    purpose: str

    @property
    def cursor(self) -> Cursor:
        """To go on behind it."""
        return Cursor(self.at, self.source, self.id)


async def page(
    connection: Connection, narrowed: Narrowed, after: Cursor | None, limit: int
) -> list[TracedLine]:
    """Up to `limit` lines behind `after`, newest first."""
    one = narrowed
    begins = after or Cursor(one.until, 0, 0)
    rows = await connection.fetch(
        PAGE, one.ticket_id, one.who, one.units, one.since, one.until, *begins, limit
    )
    return [TracedLine(*row) for row in rows]
