"""By which names a draft of the catalogue knows its places, and what of that is new."""

from collections.abc import Sequence
from typing import NamedTuple

from store.database import Connection

PLACES = """
select code, level, name from places where version_id = $1 and (code = $2 or name = $2) limit 2
"""
CALLED = """
select given, p.name from unnest($3::text[]) with ordinality wanted (given, place)
join places p on p.version_id = $1 and p.code <> $2 and (p.name = given or p.short_name = given or given = any(p.aliases))
order by wanted.place, p.code limit 1
"""
SET_ALIASES = """
update places set aliases = (
    select coalesce(array_agg(one order by place), '{}')
    from unnest(aliases || $3::text[]) with ordinality given (one, place) where not one = any($4::text[]))
where version_id = $1 and code = $2
"""
# A community has no aliases of its own: a name that means it stands among the operator's names.
ADD_NAMES = """
insert into gazetteer_names (version_id, name, kind, street_code, community_code)
select $1, given, 'compound', p.parent_code, p.code
from unnest($3::text[]) given join places p on p.version_id = $1 and p.code = $2
"""
REMOVE_NAMES = """
delete from gazetteer_names where version_id = $1 and community_code = $2 and name = any($3::text[])
"""
_NAMES = """
select p.name as place, unnest(p.aliases) as alias from places p where p.version_id = $%d
union all
select coalesce(c.name, s.name, n.street_code), n.name from gazetteer_names n
left join places c on c.version_id = n.version_id and c.code = n.community_code
left join places s on s.version_id = n.version_id and s.code = n.street_code
where n.version_id = $%d
"""
CHANGES = f"""
with before as ({_NAMES % (1, 1)}), after as ({_NAMES % (2, 2)})
select place, alias, true from (select * from after except select * from before) a
union all
select place, alias, false from (select * from before except select * from after) b
order by 1, 2
"""
WORDS_DIFFER = """
select exists (
    select code, keywords, weak_keywords from topics where version_id = $1
    except select code, keywords, weak_keywords from topics where version_id = $2)
"""
# Confirmed words of residents, newest first.
TOLD = """
select matter from tickets where matter <> '' order by id desc limit $1
"""


class PlaceCalled(NamedTuple):
    """A place by its code, level (district, street, community) and name."""

    code: str
    level: str
    name: str


class NameChange(NamedTuple):
    """A name that a version knows a place by and the one before did not; or, not `added`, the other way round."""

    place: str
    name: str
    added: bool


async def places_called(connection: Connection, version: int, typed: str) -> list[PlaceCalled]:
    """Up to two places by code or name."""
    return [PlaceCalled(*row) for row in await connection.fetch(PLACES, version, typed)]


async def other_called(
    connection: Connection, version: int, code: str, names: Sequence[str]
) -> tuple[str, str] | None:
    """The first of these names that another place goes by already, and that place."""
    found = await connection.fetchrow(CALLED, version, code, list(names))
    return tuple(found) if found is not None else None


async def change_names(
    connection: Connection,
    version: int,
    place: PlaceCalled,
    added: Sequence[str],
    removed: Sequence[str],
) -> None:
    """Let a draft know a place by names more or less; a name that is there is not there twice."""
    if place.level == "community":
        await connection.execute(REMOVE_NAMES, version, place.code, [*added, *removed])
        await connection.execute(ADD_NAMES, version, place.code, list(added))
    else:
        await connection.execute(SET_ALIASES, version, place.code, [], [*added, *removed])
        await connection.execute(SET_ALIASES, version, place.code, list(added), [])


async def name_changes(connection: Connection, before: int, after: int) -> list[NameChange]:
    """What two versions call places otherwise."""
    return [NameChange(*row) for row in await connection.fetch(CHANGES, before, after)]


async def words_differ(connection: Connection, before: int, after: int) -> bool:
    """Whether topics are told by other words."""
    differ: bool = await connection.fetchval(WORDS_DIFFER, after, before)
    return differ


async def told(connection: Connection, most: int) -> list[str]:
    """What residents told of the newest tickets."""
    return [row[0] for row in await connection.fetch(TOLD, most)]
