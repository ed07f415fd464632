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
    unit_code: str
    unit: str
    unit_short: str
    successor_id: int
    successor_code: str
    successor: str
    successor_short: str
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
    """A succession to be written; units by their codes. `people`: staff that go with what is split off."""

    unit: str
    successor: str
    kind: str
    topic_codes: Sequence[str]
    place_codes: Sequence[str]
    people: Sequence[int]
    from_date: date
    note: str
    staff_id: int
    at: datetime


_READ = """
select s.id, s.unit_id, u.code, u.name, u.short_name, s.successor_id, n.code, n.name, n.short_name, s.kind, s.topic_codes,
    s.place_codes, s.from_date, s.note, s.at, s.done_at
from unit_successors s join units u on u.id = s.unit_id join units n on n.id = s.successor_id
"""
LISTED = _READ + " order by s.id desc limit $1"
UNTIL = _READ + " where s.from_date <= $1 order by s.from_date, s.id"
ADD = """
insert into unit_successors
    (unit_id, successor_id, kind, topic_codes, place_codes, people, from_date, note, staff_id, at)
select u.id, n.id, $3, $4, $5, $6, $7, $8, $9, $10 from units u, units n where u.code = $1 and n.code = $2
"""
UNNAME = """
delete from unit_successors s using unnest($1::text[], $2::text[]) given (code, heir), units u, units n
where u.code = given.code and n.code = given.heir and s.unit_id = u.id and s.successor_id = n.id
  and s.from_date = $3 and s.done_at is null
"""
ENDED = """
select distinct u.code from unit_successors s join units u on u.id = s.unit_id
where s.topic_codes = '{}' and s.place_codes = '{}' and s.from_date <= $1
"""


async def listed(connection: Connection, most: int) -> list[Succession]:
    """The newest successions."""
    return [Succession(*row) for row in await connection.fetch(LISTED, most)]


async def until(connection: Connection, day: date) -> list[Succession]:
    """All that have begun by a day, in the order in which they began."""
    return [Succession(*row) for row in await connection.fetch(UNTIL, day)]


async def add(connection: Connection, rows: Sequence[SuccessionRow]) -> None:
    """Name successors."""
    await connection.executemany(ADD, rows)


async def unname(connection: Connection, pairs: Sequence[tuple[str, str]], day: date) -> None:
    """Take back successions of a day that has not come, by the codes of unit and successor."""
    await connection.execute(UNNAME, [one[0] for one in pairs], [one[1] for one in pairs], day)


async def ended(connection: Connection, day: date) -> set[str]:
    """The codes of units that another has taken over whole by a day: no catalogue brings them back."""
    return {row[0] for row in await connection.fetch(ENDED, day)}
