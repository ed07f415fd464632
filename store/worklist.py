"""Tickets as a list to work through: most pressing first, a page at a time, no further than its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets: those of some units (None: of all), in some states, by number or words."""

    unit_ids: tuple[int, ...] | None
    states: tuple[str, ...]
    ticket_id: int | None = None
    words: str = ""
    handler_id: int | None = None  # those in this person's hands
    reviewed: bool = False  # those whose result waits for one of these units' reviewers
    apart: bool | None = (
        None  # those alone that are no complaints, or none of them; what waits for dispatch is never apart
    )


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the sort key of its last row."""

    rank: int
    moment: int
    ticket_id: int


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of the list. `role` is the reading unit's share, "" for who has none."""

    ticket_id: int
    title: str
    state: str
    kind: str
    topic: str
    grade: str
    emergency: bool
    confidential: bool
    place: str
    unit: str
    channel: str
    source: str
    opened_at: datetime
    due_at: datetime
    round: int
    urged: int
    role: str
    repeats: int
    joined: int  # other residents' tickets that follow this one
    group_size: int  # a group complaint: how many, 0 for none
    late: str  # sign or contact, where the reading unit, or else the lead, is late with it
    held: bool  # on hold until its review
    supervised: bool  # an answer is demanded from above
    rank: int
    moment: int


# A statement each for units and for the whole city: with both in one, every open ticket of the city would be read.
# `offset 0`: each of the units' tickets is looked up by its number, whatever the planner thinks of the rest.
_OF_UNITS = """(
    select distinct a.ticket_id from assignments a where a.unit_id = any($1::int[]) and a.state <> 'returned'
) theirs cross join lateral (select * from tickets where id = theirs.ticket_id offset 0) t
"""
_OF_ALL = "tickets t cross join (select $1::int[]) all_units"

# Triage first, then what units work on by its limit, then what is being surveyed; ended ones newest first. Names are
# looked up for the rows of the page alone. What has joined another stands on the page of that one.
_LIST = """
    with listed as (
        select * from (
            select t.id,
                case t.state when 'triage' then 0 when 'dispatched' then 1 when 'handling' then 1
                             when 'resolved' then 2 else 3 end as rank,
                (extract(epoch from case when t.state in ('closed', 'withdrawn') then t.opened_at else t.due_at end)
                 * case when t.state in ('closed', 'withdrawn') then -1000000 else 1000000 end)::bigint as moment
            from /* whose */
            where t.state = any($2::text[])
              and ($3::bigint is null or t.id = $3)
              and ($4::text = '' or t.title like $4 or (t.matter like $4 and (not t.confidential or $1 is null)) or t.address_detail like $4)
              and (t.joined_to is null or t.state = 'withdrawn' or $3::bigint is not null or $4::text <> '')
              and ($10::int is null or t.id in (
                  select a.ticket_id from assignments a where a.handler_id = $10 and a.state in ('open', 'signed')))
              and (not $11::bool or t.id in (
                  select p.ticket_id from applications p
                  where p.kind = 'result' and p.state = 'open' and p.unit_id = any($1::int[])))
              and ($12::bool is null or (t.counted or t.state = 'triage') <> $12)
        ) ranked
        where $5::int is null or (rank, moment, id) > ($5, $6::bigint, $7::bigint)
        order by rank, moment, id
        limit $8
    )
    select t.id, t.title, t.state, t.kind,
        coalesce(o.level3, ''), t.grade, t.emergency, t.confidential,
        concat(d.short_name, s.name, c.name, t.address_detail),
        coalesce(u.short_name, ''), t.channel, t.source, t.opened_at, t.due_at, t.round,
        t.urged + coalesce((select sum(j.urged) from tickets j where j.joined_to = t.id), 0)::int,
        coalesce((select a.role from assignments a
                  where a.ticket_id = t.id and a.unit_id = any($1::int[]) and a.state <> 'returned'
                  order by a.id desc limit 1), ''),
        t.repeats, (select count(*) from tickets j where j.joined_to = t.id and j.state <> 'withdrawn')::int,
        t.group_size,
        coalesce((select case when a.signed_at is null and a.sign_due_at < $9 then 'sign'
                              when a.contacted_at is null and a.contact_due_at < $9 then 'contact' end
                  from assignments a
                  where a.ticket_id = t.id and a.state in ('open', 'signed') and a.role in ('lead', 'assist')
                    and t.state in ('dispatched', 'handling') and ($1::int[] is null or a.unit_id = any($1::int[]))
                  order by a.role = 'assist', a.id limit 1), ''),
        t.hold_until is not null,
        exists (select from supervisions v where v.ticket_id = t.id and v.ended_at is null),
        l.rank, l.moment
    from listed l join tickets t on t.id = l.id
    left join units u on u.id = t.lead_unit_id
    left join topics o on o.version_id = t.catalogue_version and o.code = t.topic
    left join places d on d.version_id = t.catalogue_version and d.code = t.district_code
    left join places s on s.version_id = t.catalogue_version and s.code = t.street_code
    left join places c on c.version_id = t.catalogue_version and c.code = t.community_code
    order by l.rank, l.moment, l.id
"""

_COUNTS = """
    select case when t.counted or t.state = 'triage' then t.state else 'apart' end as state, count(*) as tickets, count(*) filter (where t.due_at < $2) as overdue
    from /* whose */
    where t.state in ('triage', 'dispatched', 'handling', 'resolved') and t.joined_to is null
    group by 1
"""

LIST, CITY_LIST = (_LIST.replace("/* whose */", whose) for whose in (_OF_UNITS, _OF_ALL))
COUNTS, CITY_COUNTS = (_COUNTS.replace("/* whose */", whose) for whose in (_OF_UNITS, _OF_ALL))

OWN_COUNTS = """
    select
        (select count(distinct a.ticket_id) from assignments a
         where a.handler_id = $2 and a.unit_id = $1 and a.state in ('open', 'signed'))::int as mine,
        (select count(*) from applications p join tickets t on t.id = p.ticket_id and t.state = 'handling'
         where p.kind = 'result' and p.state = 'open' and p.unit_id = $1)::int as reviewed
"""

BELOW = "select id from units where parent_id = $1"


async def page(
    connection: Connection, wanted: Wanted, after: Cursor | None, limit: int, now: datetime
) -> list[WorkItem]:
    """Up to `limit` tickets behind `after`, most pressing first."""
    rows = await connection.fetch(
        CITY_LIST if wanted.unit_ids is None else LIST,
        wanted.unit_ids,
        wanted.states,
        wanted.ticket_id,
        _pattern(wanted.words),
        after.rank if after else None,
        after.moment if after else None,
        after.ticket_id if after else None,
        limit,
        now,
        wanted.handler_id,
        wanted.reviewed,
        wanted.apart,
    )
    return [WorkItem(*row) for row in rows]


async def counts(
    connection: Connection, unit_ids: Sequence[int] | None, now: datetime
) -> dict[str, tuple[int, int]]:
    """For each open state that occurs: how many tickets, and how many of them are over their limit.

    What is no complaint (of communities, found by stewards) is counted together, as `apart`.
    """
    query = CITY_COUNTS if unit_ids is None else COUNTS
    rows = await connection.fetch(query, unit_ids, now)
    return {row["state"]: (row["tickets"], row["overdue"]) for row in rows}


async def own_counts(connection: Connection, unit_id: int, staff_id: int) -> tuple[int, int]:
    """How many tickets are in somebody's hands, and how many results wait for a review in their unit."""
    row = await connection.fetchrow(OWN_COUNTS, unit_id, staff_id)
    return (row["mine"], row["reviewed"]) if row is not None else (0, 0)


async def below(connection: Connection, unit_id: int) -> list[int]:
    """The units that a district is over; none for any other."""
    return [row["id"] for row in await connection.fetch(BELOW, unit_id)]


def _pattern(words: str) -> str:
    """A LIKE pattern that finds `words` as they stand."""
    if not words:
        return ""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
