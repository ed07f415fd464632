"""Units that merge, split or close with a draft (catalogue_versions.successions): planned until it is approved."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from store.database import Connection

READ = "select successions from catalogue_versions where id = $1"
STAFF = """
select u.code, s.id, s.name, s.login from staff s join units u on u.id = s.unit_id
where u.code = any($1::text[]) and s.active order by u.code, s.name, s.id
"""
WRITE = "update catalogue_versions set successions = $2::jsonb where id = $1"


class Colleague(NamedTuple):
    """Somebody of the staff of a unit that splits."""

    unit: str
    id: int
    name: str
    login: str


class Planned(msgspec.Struct, frozen=True):
    """What a unit has goes to another on the draft's day, units by their codes; no topics, no places: all the rest.

    `people`: staff that go with what is split off.
    """

    unit: str
    unit_name: str
    successor: str
    successor_name: str
    kind: str  # merge, split, close
    topics: tuple[str, ...]
    places: tuple[str, ...]
    note: str
    people: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the unit ends with it."""
        return not (self.topics or self.places)


async def planned(connection: Connection, version: int) -> list[Planned]:
    """What a version brings, in the order it was written; of one in force, what it brought."""
    kept = await connection.fetchval(READ, version)
    return msgspec.json.decode(kept, type=list[Planned]) if kept else []


async def plan(connection: Connection, version: int, successions: Sequence[Planned]) -> None:
    """Write it anew."""
    await connection.execute(WRITE, version, msgspec.json.encode(successions).decode())


async def staff_of(connection: Connection, parts: Sequence[Planned]) -> list[Colleague]:
    """The staff of units that something is split off from."""
    codes = sorted({one.unit for one in parts if not one.whole})
    return [Colleague(*row) for row in await connection.fetch(STAFF, codes)] if codes else []
