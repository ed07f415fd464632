"""Who goes on with the work of units that merge, split or close (unit_successors): named before a unit may end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store.database import Connection

# A row without topics and places is for all that no other row of the unit takes.
NAME = """
insert into unit_successors (unit_id, successor_id, kind, from_date, at)
select u.id, s.id, 'close', $3, $4
from unnest($1::text[], $2::text[]) as given (code, heir)
join units u on u.code = given.code join units s on s.code = given.heir
where u.id <> s.id
returning (select code from units where id = unit_id)
"""
WITHOUT = """
select u.code, u.name, count(distinct a.ticket_id) as tickets
from units u join assignments a on a.unit_id = u.id and a.state in ('open', 'signed')
where u.valid_from <= $2 and coalesce(u.valid_to, 'infinity') > $2 and not u.code = any($1::text[])
  and not exists (select from unit_successors s where s.unit_id = u.id and s.from_date <= $2
                  and s.topic_codes = '{}' and s.place_codes = '{}')
group by u.code, u.name order by u.code
"""


@dataclass(frozen=True, slots=True)
class WithoutHeir:
    """A unit that would end with tickets open."""

    code: str
    name: str
    tickets: int


async def name_heirs(
    connection: Connection, heirs: Mapping[str, str], from_date: date, at: datetime
) -> list[str]:
    """Name who goes on with all that a unit has, by codes; returns the codes that could not be named."""
    if not heirs:
        return []
    rows = await connection.fetch(NAME, list(heirs), list(heirs.values()), from_date, at)
    return sorted(set(heirs) - {row[0] for row in rows})


async def without_heir(
    connection: Connection, staying: Sequence[str], valid_from: date
) -> list[WithoutHeir]:
    """The units that would end on a date with running shares, and nobody to go on with them."""
    rows = await connection.fetch(WITHOUT, list(staying), valid_from)
    return [WithoutHeir(*row) for row in rows]
