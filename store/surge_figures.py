"""What came of a surge (平战转换): its tickets in all and line by line, its three rates, talks with its experts."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from store.database import Connection
from store.rates import ThreeRates


@dataclass(frozen=True, slots=True)
class SurgeFigures(ThreeRates):
    """What came of a surge's tickets (`line_id` None: of all of them, else of those of one line).

    `at_once`: what everybody was told was enough; `answered`: got a first answer, `in_time` of these before they were due.
    Minutes are medians, None where there is none.
    """

    line_id: int | None
    tickets: int
    joined: int
    at_once: int
    open: int
    overdue: int
    answered: int
    in_time: int
    sign_minutes: float | None
    answer_minutes: float | None
    resolve_minutes: float | None
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int


@dataclass(frozen=True, slots=True)
class SurgeTalks:
    """Residents who asked for an expert: how many, whom experts took, whom the centre took, who waits, and for whom nobody came.

    `wait_minutes` is the median until somebody took them. `helpers`: accounts for a time that were given.
    """

    asked: int
    by_experts: int
    by_centre: int
    waiting: int
    missed: int
    wait_minutes: float | None
    helpers: int


class Count(msgspec.Struct, frozen=True):
    """How many tickets there are of a topic, in an area, with a unit …: `what` says of which sort `code` is."""

    what: str
    code: str
    tickets: int


_OPEN = "t.state in ('triage', 'dispatched', 'handling')"
_MINUTES = (
    "percentile_cont(0.5) within group (order by extract(epoch from {} - t.opened_at)::float8 / 60)"
)
FIGURES = f"""
    with own as (select * from tickets where surge_id = $1), firsts as (
        select t.id, min(e.at) filter (where e.type = 'signed') as signed_at,
            min(e.at) filter (where e.type in ('replied', 'resolved', 'answered_at_once')) as answered_at,
            min(e.at) filter (where e.type in ('resolved', 'answered_at_once')) as resolved_at
        from own t join ticket_events e on e.ticket_id = t.id group by t.id
    ), asked as (
        select t.surge_line_id as line_id, grouping(t.surge_line_id) as whole,
            count(s.contacted) as contact_answers, count(*) filter (where s.contacted) as contacted,
            count(s.solved) filter (where not s.manner) as solved_answers,
            count(*) filter (where s.solved = 'yes' and not s.manner) as solved,
            count(s.result) filter (where not s.manner) as result_answers,
            count(*) filter (where s.result = 'satisfied' and not s.manner) as satisfied
        from surveys s join own t on t.id = s.ticket_id and t.counted
        group by grouping sets ((t.surge_line_id), ())
    ), counted as (
        select t.surge_line_id as line_id, grouping(t.surge_line_id) as whole, count(*) as tickets,
            count(t.joined_to) as joined, count(*) filter (where t.result = 'at_once') as at_once,
            count(*) filter (where {_OPEN}) as open, count(*) filter (where {_OPEN} and t.due_at < $2) as overdue,
            count(f.answered_at) as answered,
            count(f.answered_at) filter (where f.answered_at <= t.due_at) as in_time,
            {_MINUTES.format("f.signed_at")} as sign_minutes, {_MINUTES.format("f.answered_at")} as answer_minutes,
            {_MINUTES.format("f.resolved_at")} as resolve_minutes
        from own t left join firsts f on f.id = t.id group by grouping sets ((t.surge_line_id), ())
    )
    select c.line_id, c.tickets, c.joined, c.at_once, c.open, c.overdue, c.answered, c.in_time, c.sign_minutes,
        c.answer_minutes, c.resolve_minutes, coalesce(a.contact_answers, 0), coalesce(a.contacted, 0),
        coalesce(a.solved_answers, 0), coalesce(a.solved, 0), coalesce(a.result_answers, 0), coalesce(a.satisfied, 0)
    from counted c left join asked a on a.whole = c.whole and a.line_id is not distinct from c.line_id
    where c.whole = 1 or c.line_id is not null
    order by c.whole desc, c.line_id
"""
TALKS = """
    select count(*), count(*) filter (where h.taken_at is not null and h.staff_id = any(g.expert_ids)),
        count(*) filter (where h.taken_at is not null and h.staff_id <> all(g.expert_ids)),
        count(*) filter (where h.state in ('waiting', 'ringing')), count(*) filter (where h.state = 'missed'),
        percentile_cont(0.5) within group (order by extract(epoch from h.taken_at - h.asked_at)::float8 / 60),
        (select count(*) from staff s where s.surge_id = $1)
    from human_talks h join surges g on g.id = h.surge_id where g.id = $1
"""
COUNTS = """
    select case when grouping(topic) = 0 then 'topic' when grouping(area) = 0 then 'area'
            when grouping(unit) = 0 then 'unit' when grouping(channel) = 0 then 'channel'
            when grouping(day) = 0 then 'day' else 'state' end as what,
        coalesce(topic, area, unit, channel, day, state), count(*)
    from (
        select t.topic, coalesce(nullif(t.street_code, ''), t.district_code) as area, t.state, t.channel,
            coalesce(u.short_name, '') as unit, to_char(t.opened_at at time zone $2, 'YYYY-MM-DD') as day
        from tickets t left join units u on u.id = t.lead_unit_id where t.surge_id = $1
    ) t
    group by grouping sets ((topic), (area), (unit), (channel), (day), (state))
    order by 1, case when grouping(day) = 0 then day end, 3 desc, 2
"""
PEAK = """
    select date_trunc('hour', opened_at), count(*) from tickets where surge_id = $1 group by 1 order by 2 desc, 1 limit 1
"""


async def figures(connection: Connection, surge_id: int, now: datetime) -> list[SurgeFigures]:
    """What has come of its tickets so far: in all first, then line by line, lines without a ticket left out."""
    return [SurgeFigures(*row) for row in await connection.fetch(FIGURES, surge_id, now)]


async def talks(connection: Connection, surge_id: int) -> SurgeTalks:
    """Who asked for its experts."""
    (row,) = await connection.fetch(TALKS, surge_id)
    return SurgeTalks(*row)


async def counts(connection: Connection, surge_id: int, timezone: str) -> list[Count]:
    """Its tickets by topic, area (street, else district), unit, channel, state, the most first; by day in order."""
    return [Count(*row) for row in await connection.fetch(COUNTS, surge_id, timezone)]


async def peak(connection: Connection, surge_id: int) -> tuple[datetime, int] | None:
    """The hour in which most tickets came, and how many."""
    row = await connection.fetchrow(PEAK, surge_id)
    return (row[0], row[1]) if row is not None else None
