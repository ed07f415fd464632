"""Green channel in figures: what enterprises say they have settled, and what their consumers say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

# The survey that asked whether it is so: the first after the settlement, as on the ticket's page.
SETTLED = """
    with told as (
        select c.enterprise_unit_id, c.regulator_unit_id, c.state, c.ticket_id, s.solved,
            coalesce(s.state in ('waiting', 'asked'), false) as asked
        from reconciliations c
        left join lateral (
            select s.solved, s.state from surveys s
            where s.ticket_id = c.ticket_id and s.created_at >= c.ended_at order by s.id limit 1) s on true
        where c.consented_at >= $1 and c.consented_at < $2
    )
    select e.short_name, coalesce(r.short_name, ''), count(*)::int, count(*) filter (where t.state = 'open')::int,
        count(*) filter (where t.state = 'reconciled')::int,
        count(*) filter (where t.state = 'reconciled' and t.solved = 'yes')::int,
        count(*) filter (where t.state = 'reconciled' and t.solved in ('partly', 'no'))::int,
        count(*) filter (where t.state = 'reconciled' and t.solved is null and t.asked)::int,
        coalesce(array_agg(t.ticket_id order by t.ticket_id)
                 filter (where t.state = 'reconciled' and t.solved is null and not t.asked), '{}')
    from told t join units e on e.id = t.enterprise_unit_id left join units r on r.id = t.regulator_unit_id
    where $3::int is null or $3 in (e.id, r.id, r.parent_id)
    group by e.id, e.short_name, r.id, r.short_name order by count(*) desc, e.id, r.id
"""


@dataclass(frozen=True, slots=True)
class Settling:
    """What went to an enterprise before one regulator ("": to be found) in a period, by when the consumer agreed."""

    enterprise: str
    regulator: str
    agreed: int
    open: int
    settled: int  # as the enterprise says
    confirmed: int
    denied: int  # in part too
    asked: int  # whose answer may still come
    unconfirmed: Sequence[int]  # tickets whose consumer never said whether it is so


async def settled(
    connection: Connection, since: datetime, until: datetime, unit_id: int | None
) -> list[Settling]:
    """By enterprise and regulator, for the centre (None), either of them, or the district over the regulator."""
    return [Settling(*row) for row in await connection.fetch(SETTLED, since, until, unit_id)]
