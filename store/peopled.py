"""Which units have nobody who could hear or decide what comes up to them (无人值守)."""

from collections.abc import Iterable
from typing import NamedTuple

from store.database import Connection

# Accounts for a time are of people sent to help: they decide for nobody.
DECIDES = "e.active and e.valid_until is null and e.roles && array['head', 'coordinator', 'district_admin']"

WITHOUT_DECIDERS = f"""
    select u.id, u.short_name from units u
    where u.id = any($1::int[]) and not exists (select from staff e where e.unit_id = u.id and {DECIDES})
"""
WITHOUT_SUPERVISORS = """
    select u.id, u.short_name from units u
    where u.id = any($1::int[]) and not exists (
        select from staff e where e.unit_id = u.id and e.active and e.valid_until is null
          and e.roles && array['supervisor', 'district_admin'])
"""
# What is told reaches who has registered for it too, if only by SMS.
DEAF_DISTRICTS = f"""
    {WITHOUT_DECIDERS} and u.kind = 'district' and not exists (
        select from unit_contacts c where c.unit_id = u.id and c.ended_at is null and c.verified_at is not null)
"""

WITHOUT_ANYBODY = """
    select u.short_name, count(*)::int as tickets
    from units u join assignments a on a.unit_id = u.id and a.state in ('open', 'signed') and a.role in ('lead', 'assist')
    where not exists (select from staff e where e.unit_id = u.id and e.active)
      and not exists (
        select from unit_contacts c where c.unit_id = u.id and c.ended_at is null and c.verified_at is not null)
    group by u.id, u.short_name order by count(*) desc, u.id
"""
REACHABLE = """
    select u.code from units u
    where u.code = any($1::text[]) and (
        exists (select from staff e where e.unit_id = u.id and e.active)
        or exists (
          select from unit_contacts c where c.unit_id = u.id and c.ended_at is null and c.verified_at is not null))
"""
# Units that work on something, and districts over them.
LACKING = f"""
    with busy as (
        select u.id, u.short_name, u.parent_id from units u
        where exists (select from assignments a where a.unit_id = u.id and a.state in ('open', 'signed')
                      and a.role in ('lead', 'assist'))
    )
    select array(select b.short_name from busy b
                 where not exists (select from staff e where e.unit_id = b.id and e.active and e.roles && array['desk', 'head'])
                   and not exists (select from unit_contacts c
                                   where c.unit_id = b.id and c.ended_at is null and c.verified_at is not null)
                 order by b.id),
        array(select b.short_name from busy b
              where not exists (select from staff e
                                where e.unit_id = b.id and e.active and e.roles && array['reviewer', 'head'])
              order by b.id),
        array(select u.short_name from units u
              where u.kind = 'district' and u.id in (select parent_id from busy)
                and not exists (select from staff e where e.unit_id = u.id and {DECIDES})
              order by u.id)
"""


class Lacking(NamedTuple):
    """Names of units at work where somebody is missing, and of districts over such where nobody decides."""

    desks: list[str]
    reviewers: list[str]
    districts: list[str]


async def lacking(connection: Connection) -> Lacking:
    """Who is missing where work waits."""
    return Lacking(*(await connection.fetchrow(LACKING) or ([], [], [])))


async def without_deciders(
    connection: Connection, unit_ids: Iterable[int | None]
) -> dict[int, str]:
    """Those of these units where nobody could decide, with their short names."""
    return await _named(connection, WITHOUT_DECIDERS, unit_ids)


async def without_supervisors(
    connection: Connection, unit_ids: Iterable[int | None]
) -> dict[int, str]:
    """Those of these units where nobody could follow a demand up, with their short names."""
    return await _named(connection, WITHOUT_SUPERVISORS, unit_ids)


async def deaf_districts(connection: Connection, unit_ids: Iterable[int | None]) -> dict[int, str]:
    """Those of these units that are districts with nobody to tell, with their short names."""
    return await _named(connection, DEAF_DISTRICTS, unit_ids)


async def without_anybody(connection: Connection) -> list[tuple[str, int]]:
    """Units that have tickets and nobody who could know of them, with how many; most first."""
    return [(row[0], row[1]) for row in await connection.fetch(WITHOUT_ANYBODY)]


async def reachable(connection: Connection, codes: Iterable[str]) -> set[str]:
    """Those of these units, by code, that have staff or somebody registered to hear."""
    return {row[0] for row in await connection.fetch(REACHABLE, sorted(codes))}


def in_their_place(unit: str) -> str:
    """Why the centre has what was for a unit, to be written behind it."""
    return f"（{unit}没有可以处理的人员，由热线中心处理）"


async def _named(
    connection: Connection, query: str, unit_ids: Iterable[int | None]
) -> dict[int, str]:
    asked = sorted({one for one in unit_ids if one is not None})
    if not asked:
        return {}
    return {row["id"]: row["short_name"] for row in await connection.fetch(query, asked)}
