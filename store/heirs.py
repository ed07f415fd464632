"""Who goes on with the work of units that merge, split or close (unit_successors): named before a unit may end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class Succession:
    """A unit's work goes to another from a day; without topics and places all that no other row of the unit takes."""

    id: int
    unit_id: int
    unit: str
    successor_id: int
    successor: str
    kind: str  # merge, split, close
    topic_codes: Sequence[str]
    place_codes: Sequence[str]
    from_date: date
    note: str
    at: datetime
    done_at: datetime | None

    @property
    def whole(self) -> bool:
        """Whether the unit ends with it."""
        return not (self.topic_codes or self.place_codes)


class SuccessionRow(NamedTuple):
    """A succession to be written."""

    unit_id: int
    successor_id: int
    kind: str
    topic_codes: list[str]
    place_codes: list[str]
    from_date: date
    note: str
    staff_id: int
    at: datetime


_READ = """
select s.id, s.unit_id, u.name, s.successor_id, n.name, s.kind, s.topic_codes, s.place_codes, s.from_date, s.note, s.at,
    s.done_at
from unit_successors s join units u on u.id = s.unit_id join units n on n.id = s.successor_id
"""
LISTED = _READ + " order by s.id desc limit $1"
OF_UNITS = _READ + " where s.unit_id = any($1::int[]) and s.from_date <= $2 order by s.id"
ADD = """
insert into unit_successors
    (unit_id, successor_id, kind, topic_codes, place_codes, from_date, note, staff_id, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
# By the unit that has ended, who goes on with all of it in the end; merged again and again, but never round in a circle.
HEIRS = """
with recursive chain (unit_id, heir_id, depth) as (
    select unit_id, successor_id, 1 from unit_successors
    where topic_codes = '{}' and place_codes = '{}' and from_date <= $1
    union all
    select c.unit_id, s.successor_id, c.depth + 1 from chain c join unit_successors s on s.unit_id = c.heir_id
    where s.topic_codes = '{}' and s.place_codes = '{}' and s.from_date <= $1 and c.depth < 10
)
select distinct on (c.unit_id) c.unit_id, u.code as unit_code, c.heir_id, h.code as heir_code
from chain c join units u on u.id = c.unit_id join units h on h.id = c.heir_id
order by c.unit_id, c.depth desc
"""


async def listed(connection: Connection, most: int) -> list[Succession]:
    """The newest successions."""
    return [Succession(*row) for row in await connection.fetch(LISTED, most)]


async def of_units(
    connection: Connection, unit_ids: Sequence[int], today: date
) -> list[Succession]:
    """Who goes on with the work of units, as far as that has begun."""
    return [Succession(*row) for row in await connection.fetch(OF_UNITS, list(unit_ids), today)]


async def add(connection: Connection, row: SuccessionRow) -> None:
    """Name a successor."""
    await connection.execute(ADD, *row)


async def heirs(connection: Connection, today: date) -> dict[str, str]:
    """By the code of a unit that has ended, the code of who goes on with all of it."""
    rows = await connection.fetch(HEIRS, today)
    return {row["unit_code"]: row["heir_code"] for row in rows}
