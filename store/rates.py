"""The three rates (三率) of a period, from residents' answers; the unit's own record of contact stands beside."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

# Each question counts for itself, so that a survey broken off half-way counts as far as it went. Of an unreasonable
# demand contact and attitude alone count, not what came of it. What a unit that has ended was
# answered counts for who goes on with its work. What is no complaint, was held to be invalid, or was answered as it came,
# by no unit, counts for no rate.
#
# Survey by survey: what was split off goes to whoever has its topic or place now, step by step in the order in which
# units merged, split and closed (as `handlers/heirs.py` has it for tickets).
THREE_RATES = """
    with recursive asked as (
        select s.* from surveys s
        where s.created_at >= $1 and s.created_at < $2 and not s.at_once
          and not exists (select from tickets t where t.id = s.ticket_id and not t.counted)
    ), passed (id, topic, places, unit_id, part_date, part_id, depth) as (
        select s.id, t.topic, array[t.district_code, t.street_code, t.community_code], s.unit_id, '-infinity'::date, 0, 0
        from asked s join tickets t on t.id = s.ticket_id
        where $4 and s.unit_id in (select unit_id from unit_successors where done_at is not null)
        union all
        select p.id, p.topic, p.places, n.successor_id, case when n.whole then p.part_date else n.from_date end,
            case when n.whole then p.part_id else n.id end, p.depth + 1
        from passed p cross join lateral (
            select n.id, n.successor_id, n.from_date, w.whole
            from unit_successors n cross join lateral (select n.topic_codes = '{}' and n.place_codes = '{}') w (whole)
            where n.unit_id = p.unit_id and n.done_at is not null
              and (w.whole or (n.from_date, n.id) > (p.part_date, p.part_id)
                   and (n.topic_codes = '{}' or p.topic = any(n.topic_codes))
                   and (n.place_codes = '{}' or p.places && n.place_codes))
            order by w.whole, n.from_date, n.id limit 1) n
        where p.depth < 10
    ), heirs as (select distinct on (id) id, unit_id as heir_id from passed order by id, depth desc)
    select u.id,
        u.short_name || coalesce('（含' || string_agg(distinct p.short_name, '、') || '）', '') as unit, count(*) as surveys,
        count(*) filter (where s.unit_contacted) as unit_contacted,
        count(s.contacted) as contact_answers,
        count(*) filter (where s.contacted) as contacted,
        count(s.solved) filter (where not s.manner) as solved_answers,
        count(*) filter (where s.solved = 'yes' and not s.manner) as solved,
        count(s.result) filter (where not s.manner) as result_answers,
        count(*) filter (where s.result = 'satisfied' and not s.manner) as satisfied,
        count(s.attitude) as attitude_answers,
        count(*) filter (where s.attitude = 'satisfied') as polite
    from asked s left join heirs h on h.id = s.id and h.heir_id <> s.unit_id
    left join units p on p.id = s.unit_id and h.id is not null
    join units u on u.id = coalesce(h.heir_id, s.unit_id)
    where $3::int is null or u.id = $3 or u.parent_id = $3
    group by u.id, u.short_name
    order by count(*) desc, u.id
"""


class ThreeRates:
    """The three rates (三率), of whatever counts residents' answers: a unit, a line. None where nobody answered."""

    __slots__ = ()
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int

    @property
    def response(self) -> float | None:
        """Response rate (响应率): "yes, I was contacted" among those who answered that."""
        return _share(self.contacted, self.contact_answers)

    @property
    def resolution(self) -> float | None:
        """Resolution rate (解决率): "solved" among those who answered; "partly" is not solved."""
        return _share(self.solved, self.solved_answers)

    @property
    def satisfaction(self) -> float | None:
        """Satisfaction rate (满意率): "satisfied" among those who answered; "basically" is not counted."""
        return _share(self.satisfied, self.result_answers)


@dataclass(frozen=True, slots=True)
class UnitRates(ThreeRates):
    """What residents answered about one unit: counts, and rates that are None where nobody answered."""

    unit_id: int
    unit: str
    surveys: int
    unit_contacted: int  # the unit's own record
    contact_answers: int
    contacted: int
    solved_answers: int
    solved: int
    result_answers: int
    satisfied: int
    attitude_answers: int
    polite: int

    @property
    def attitude(self) -> float | None:
        """Attitude (态度) beside the three: "satisfied" among those who answered."""
        return _share(self.polite, self.attitude_answers)

    @property
    def own_record(self) -> float | None:
        """The share of surveyed tickets in which the unit itself recorded that it reached the resident."""
        return _share(self.unit_contacted, self.surveys)


async def three_rates(
    connection: Connection,
    since: datetime,
    until: datetime,
    unit_id: int | None = None,
    *,
    inherited: bool = True,
) -> list[UnitRates]:
    """Rates of surveys begun in `since` ≤ t < `until`, by unit, most surveyed first.

    With a `unit_id` only that unit and those below it. Units without a survey are left out. What a unit was answered
    whose work has gone to another since is that one's, unless figures are wanted as they were (not `inherited`).
    """
    rows = await connection.fetch(THREE_RATES, since, until, unit_id, inherited)
    return [UnitRates(*row) for row in rows]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
