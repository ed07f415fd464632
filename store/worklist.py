"""Tickets as a list to work through: most pressing first, a page at a time, no further than its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets: those of some units (None: of all), in some states, by number, or else by words."""

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


# Whose: `= any(array(…))` looks all of them up in one walk through an index, whatever the planner thinks of their number;
# a join would go down the index once for each, and `in (…)` read every open ticket of the city.
_OF_UNITS = """and t.id = any(array(
    select a.ticket_id from assignments a where a.unit_id = any($1::int[]) and a.state <> 'returned'))"""
_OF_HANDLER = """and t.id = any(array(
    select a.ticket_id from assignments a
    where a.handler_id = $9::int and a.state in ('open', 'signed') and a.unit_id = any($1::int[])))"""
_TO_REVIEW = """and t.id = any(array(
    select p.ticket_id from applications p
    where p.kind = 'result' and p.state = 'open' and p.unit_id = any($1::int[])))"""

# What has joined another stands on the page of that one; who searches finds it all the same.
_UNSEARCHED = " and (t.joined_to is null or t.state = 'withdrawn')"
_NUMBERED = " and t.id = $9::bigint"
_SEARCHED = """
    and (t.title like $9::text or (t.matter like $9 and (not t.confidential or $1::int[] is null)) or t.address_detail like $9)"""

# Two lists, each in the order of an index of its own: what is not over (`tickets_live`), what waits for dispatch before what
# units work on by its limit, then what is being surveyed; and what has ended (`tickets_ended`), newest first: by number,
# which begins with the day, so that a unit's are met in the order of its shares (`assignments_of_unit`) and no page reads all of
# them. A ticket that has ended has no share that is open or signed.
_LIVE = """
    select t.id, case t.state when 'triage' then 0 when 'resolved' then 2 else 1 end as rank,
        (extract(epoch from t.due_at) * 1000000)::bigint as moment
    from tickets t
    where t.state in ('triage', 'dispatched', 'handling', 'resolved') and t.state = any($2::text[])
      /* which */
      and ($8::bool is null or (t.counted or t.state = 'triage') <> $8)
"""
_ENDED = """
    select t.id, 3 as rank, -t.id as moment
    from tickets t
    where t.state in ('closed', 'withdrawn') and t.state = any($2::text[])
      /* which */
      and ($8::bool is null or t.counted <> $8)
      and t.id < /* before */
    order by t.id desc limit $6
"""
_ENDED_OF_UNITS = """
    select distinct ended.id, 3 as rank, -ended.id as moment
    from unnest($1::int[]) as u (id) cross join unnest(array['done', 'ended']) as s (state)
    cross join lateral (
        select distinct a.ticket_id as id
        from assignments a join tickets t on t.id = a.ticket_id
        where a.unit_id = u.id and a.state = s.state
          and t.state in ('closed', 'withdrawn') and t.state = any($2::text[])
          /* which */
          and ($8::bool is null or t.counted <> $8)
          and a.ticket_id < /* before */
        order by a.ticket_id desc limit $6
    ) ended
    order by ended.id desc limit $6
"""
_BEFORE = "case when $3::int = 3 then -$4::bigint else 9223372036854775807 end"

# Names and what else a line shows are looked up for the rows of the page alone.
_LIST = """
    with listed as (
        select * from (/* lists */) lists
        where $3::int is null or (rank, moment, id) > ($3, $4::bigint, $5::bigint)
        order by rank, moment, id limit $6
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
        coalesce((select case when a.signed_at is null and a.sign_due_at < $7 then 'sign'
                              when a.contacted_at is null and a.contact_due_at < $7 then 'contact' end
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
_ENDS = frozenset({"closed", "withdrawn"})

_COUNTS = """
    select case when t.counted or t.state = 'triage' then t.state else 'apart' end as state, count(*) as tickets,
        count(*) filter (where t.due_at < $2) as overdue
    from tickets t
    where t.state in ('triage', 'dispatched', 'handling', 'resolved') and t.joined_to is null /* which */
    group by 1
"""
CITY_COUNTS = _COUNTS.replace("/* which */", "and $1::int[] is null")
COUNTS = _COUNTS.replace("/* which */", _OF_UNITS)

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
    query, values = asked(wanted, after, limit, now)
    return [WorkItem(*row) for row in await connection.fetch(query, *values)]


def asked(
    wanted: Wanted, after: Cursor | None, limit: int, now: datetime
) -> tuple[str, list[object]]:
    """The statement of a page and its values: no more is read than what is wanted makes necessary."""
    whose = "" if wanted.unit_ids is None else _OF_UNITS
    which, more = _UNSEARCHED, list[object]()
    if wanted.ticket_id is not None:
        which, more = _NUMBERED, [wanted.ticket_id]
    elif wanted.words:
        which, more = _SEARCHED, [_pattern(wanted.words)]
    elif wanted.handler_id is not None:
        whose, more = _OF_HANDLER, [wanted.handler_id]
    elif wanted.reviewed:
        whose = _TO_REVIEW
    place = (after.rank, after.moment, after.ticket_id) if after else (None, None, None)
    values = [wanted.unit_ids, wanted.states, *place, limit, now, wanted.apart, *more]
    return _statement(frozenset(wanted.states), whose, which), values


@cache
def _statement(states: frozenset[str], whose: str, which: str) -> str:
    """A page of tickets that are live, that have ended, or of both."""
    lists = [_LIVE.replace("/* which */", whose + which)] if states - _ENDS else []
    if states & _ENDS and whose == _OF_UNITS:
        lists.append(_ENDED_OF_UNITS.replace("/* which */", which))
    elif states & _ENDS:
        lists.append(_ENDED.replace("/* which */", whose + which))
    both = " union all ".join(f"({one})" for one in lists)
    return _LIST.replace("/* lists */", both).replace("/* before */", _BEFORE)


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
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
