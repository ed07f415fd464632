"""The three rates (三率) of a period, from residents' answers; the unit's own record of contact stands beside."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

# Each question counts for itself, so that a survey broken off half-way counts as far as it went. Of an unreasonable
# demand contact alone counts here (and attitude, which is no rate), not what came of it. What a unit that has ended was
# answered counts for who goes on with its work. What is no complaint, or was held to be invalid, counts for no rate.
THREE_RATES = """
    with recursive chain (unit_id, heir_id, depth) as (
        select unit_id, successor_id, 1 from unit_successors
        where done_at is not null and topic_codes = '{}' and place_codes = '{}'
        union all
        select c.unit_id, n.successor_id, c.depth + 1 from chain c join unit_successors n on n.unit_id = c.heir_id
        where n.done_at is not null and n.topic_codes = '{}' and n.place_codes = '{}' and c.depth < 10
    ), heirs as (select distinct on (unit_id) unit_id, heir_id from chain order by unit_id, depth desc)
    select u.id,
        u.short_name || coalesce('（含' || string_agg(distinct p.short_name, '、') || '）', '') as unit, count(*) as surveys,
        count(*) filter (where s.unit_contacted) as unit_contacted,
        count(s.contacted) as contact_answers,
        count(*) filter (where s.contacted) as contacted,
        count(s.solved) filter (where not s.manner) as solved_answers,
        count(*) filter (where s.solved = 'yes' and not s.manner) as solved,
        count(s.result) filter (where not s.manner) as result_answers,
        count(*) filter (where s.result = 'satisfied' and not s.manner) as satisfied
    from surveys s join tickets t on t.id = s.ticket_id and t.counted
    left join heirs h on h.unit_id = s.unit_id left join units p on p.id = h.unit_id
    join units u on u.id = coalesce(h.heir_id, s.unit_id)
    where s.created_at >= $1 and s.created_at < $2
      and ($3::int is null or u.id = $3 or u.parent_id = $3)
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

    @property
    def own_record(self) -> float | None:
        """The share of surveyed tickets in which the unit itself recorded that it reached the resident."""
        return _share(self.unit_contacted, self.surveys)


async def three_rates(
    connection: Connection, since: datetime, until: datetime, unit_id: int | None = None
) -> list[UnitRates]:
    """Rates of surveys begun in `since` ≤ t < `until`, by unit, most surveyed first.

    With a `unit_id` only that unit and those below it. Units without a survey are left out.
    """
    rows = await connection.fetch(THREE_RATES, since, until, unit_id)
    return [UnitRates(*row) for row in rows]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
