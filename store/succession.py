"""The work of units that have ended becomes their successors': people at once, tickets in batches under their locks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from store.database import Connection

_WHOLE = "s.topic_codes = '{}' and s.place_codes = '{}'"
# What ends with tickets open and nobody named: the unit above goes on.
INHERIT_UPWARDS = f"""
insert into unit_successors (unit_id, successor_id, kind, from_date, note, at)
select u.id, u.parent_id, 'close', u.valid_to, '没有指定承接单位，由上级承接', $2
from units u
where u.valid_to <= $1 and u.parent_id is not null
  and exists (select from assignments a where a.unit_id = u.id and a.state in ('open', 'signed'))
  and not exists (select from unit_successors s where s.unit_id = u.id and {_WHOLE})
"""
BEGIN = """
update unit_successors s set done_at = $2
where s.id in (select id from unit_successors where from_date <= $1 and done_at is null for update skip locked)
returning s.id, s.unit_id, s.successor_id, s.topic_codes = '{}' and s.place_codes = '{}' as whole, s.from_date
"""
# Of a unit that splits some go with a part by name; whoever stood in for them stays.
MOVE_PEOPLE = """
update staff t set unit_id = s.successor_id, office_id = null, deputy_id = null
from unit_successors s where s.id = any($1::int[]) and t.id = any(s.people) and t.unit_id = s.unit_id
"""
FREE_DEPUTIES = """
update staff t set deputy_id = null from staff d where d.id = t.deputy_id and d.unit_id is distinct from t.unit_id
"""
_GIVEN = "unnest($1::int[], $2::int[]) as g (old, new)"
_ALSO = "unnest($1::int[], $2::int[]) as a (old, new)"
END_UNITS = """
update units u set valid_to = least(u.valid_to, g.day) from unnest($1::int[], $2::date[]) as g (old, day) where u.id = g.old
"""
# Two offices of one name in a unit would be one, also where both come at once: the one that comes is told by where it comes from.
MOVE_OFFICES = f"""
update offices o set unit_id = g.new,
    name = case when exists (select from offices n left join {_ALSO} on a.old = n.unit_id
                             where coalesce(a.new, n.unit_id) = g.new and n.id <> o.id and n.name = o.name)
           then u.short_name || o.name else o.name end
from {_GIVEN} join units u on u.id = g.old where o.unit_id = g.old
"""
_OF_UNIT = (
    ("staff", "unit_id", ""),
    ("duty_phones", "unit_id", ""),
    ("rosters", "unit_id", ""),
    ("reply_templates", "unit_id", ""),
    ("unit_contacts", "unit_id", ""),
    ("articles", "unit_id", ""),
    ("stewards", "unit_id", ""),
    ("units", "parent_id", ""),
    ("human_tasks", "unit_id", "and t.done_at is null"),
    ("unit_notices", "unit_id", "and t.seen_at is null"),
    ("coordinations", "host_unit_id", "and t.state = 'open'"),
)
MOVE_OF_UNIT = [
    f"update {table} t set {column} = g.new from {_GIVEN} where t.{column} = g.old {and_}"
    for table, column, and_ in _OF_UNIT
]
# A timer a ticket: each goes over under its own lock, and its resident hears of it in order.
ARM = """
insert into timers (subject, subject_id, kind, conversation_id, due_at)
select 'case', w.id, 'succession:' || w.unit_id, w.conversation_id, $2
from (
    select distinct t.id, a.unit_id, t.conversation_id
    from assignments a join tickets t on t.id = a.ticket_id
    where a.unit_id = any($1::int[]) and a.state in ('open', 'signed')
    union
    select t.id, t.lead_unit_id, t.conversation_id from tickets t
    where t.lead_unit_id = any($1::int[]) and t.state in ('dispatched', 'handling')
) w
order by w.id
on conflict (subject, subject_id, kind) do nothing
"""
ENDED = f"""
select distinct s.unit_id from unit_successors s where s.done_at is not null and {_WHOLE}
"""
PLACES = """
select id, district_code, street_code, community_code from tickets where id = any($1::bigint[])
"""
_MOVES = "unnest($1::bigint[], $2::int[], $3::int[]) as m (ticket, old, new)"
_RUNS = "state in ('open', 'signed')"
# Nobody has two shares in one ticket: a lead swallows the rest, of two alike the old one ends.
END_DOUBLES = f"""
update assignments a set state = 'ended', done_at = $4
from {_MOVES}
where a.ticket_id = m.ticket and a.{_RUNS} and (
    a.unit_id = m.new and a.role = 'assist' and exists (select from assignments o
        where o.ticket_id = m.ticket and o.unit_id = m.old and o.role = 'lead' and o.{_RUNS})
    or a.unit_id = m.old and a.role <> 'lead' and exists (select from assignments o
        where o.ticket_id = m.ticket and o.unit_id = m.new and o.{_RUNS}
          and (o.role = 'lead' and a.role = 'assist'
               or o.role = a.role and o.subject_id is not distinct from a.subject_id)))
"""
_OF_TICKET = (
    ("assignments", "unit_id", f"and t.{_RUNS}"),
    ("applications", "unit_id", "and t.state = 'open'"),
    ("whistles", "unit_id", "and t.state = 'open'"),
    ("coordinations", "asked_by_unit", "and t.state = 'open'"),
    ("supervisions", "unit_id", "and t.ended_at is null"),
    ("holds", "unit_id", "and t.state = 'open'"),
    ("reconciliations", "enterprise_unit_id", "and t.state = 'open'"),
    ("reconciliations", "regulator_unit_id", "and t.state = 'open'"),
)
MOVE_OF_TICKET = [
    f"update {table} t set {column} = m.new from {_MOVES}"
    f" where t.ticket_id = m.ticket and t.{column} = m.old {and_}"
    for table, column, and_ in _OF_TICKET
]
MOVE_CALLS = f"""
update whistle_calls c set unit_id = m.new
from whistles w join {_MOVES} on w.ticket_id = m.ticket
where c.whistle_id = w.id and w.state = 'open' and c.unit_id = m.old
  and not exists (select from whistle_calls n where n.whistle_id = w.id and n.unit_id = m.new)
"""
MOVE_PARTIES = f"""
update coordination_parties p set unit_id = m.new
from coordinations c join {_MOVES} on c.ticket_id = m.ticket
where p.coordination_id = c.id and c.state = 'open' and p.unit_id = m.old
"""
# Who has gone elsewhere has nothing in hand of this unit any more: back to its desk.
TO_DESK = """
update assignments a set handler_id = case when h.unit_id = a.unit_id then h.id end,
    office_id = case when o.unit_id = a.unit_id then o.id end
from assignments b left join staff h on h.id = b.handler_id left join offices o on o.id = b.office_id
where b.id = a.id and a.ticket_id = any($1::bigint[]) and a.state in ('open', 'signed')
  and (b.handler_id is not null and h.unit_id is distinct from a.unit_id
       or b.office_id is not null and o.unit_id is distinct from a.unit_id)
returning a.ticket_id, a.unit_id
"""


class Begun(NamedTuple):
    """A succession that begins now; `whole`: the unit ends."""

    id: int
    unit_id: int
    successor_id: int
    whole: bool
    from_date: date


class Place(NamedTuple):
    """Where a ticket is."""

    id: int
    district: str
    street: str
    community: str


class Moved(NamedTuple):
    """A ticket's shares go from one unit to another."""

    ticket_id: int
    old: int
    new: int


async def begin(connection: Connection, today: date, now: datetime) -> list[Begun]:
    """The successions whose day has come: what is the units' own goes over at once. Run it in a transaction."""
    await connection.execute(INHERIT_UPWARDS, today, now)
    begun = [Begun(*row) for row in await connection.fetch(BEGIN, today, now)]
    if begun:
        await connection.execute(MOVE_PEOPLE, [one.id for one in begun])
        await connection.execute(FREE_DEPUTIES)
    whole = [one for one in begun if one.whole]
    if whole:
        old, new = [one.unit_id for one in whole], [one.successor_id for one in whole]
        await connection.execute(END_UNITS, old, [one.from_date for one in whole])
        for statement in (MOVE_OFFICES, *MOVE_OF_UNIT):  # a table each
            await connection.execute(statement, old, new)
    return begun


async def arm(connection: Connection, begun: Sequence[Begun], now: datetime) -> None:
    """A timer for every ticket that such units, or units that have ended before, still have."""
    ended = await connection.fetch(ENDED)
    units = sorted({one.unit_id for one in begun} | {row[0] for row in ended})
    if units:
        await connection.execute(ARM, units, now)


async def places(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Place]:
    """Where tickets are."""
    return {row[0]: Place(*row) for row in await connection.fetch(PLACES, list(ticket_ids))}


async def move(connection: Connection, moves: Sequence[Moved], now: datetime) -> None:
    """Let shares of locked tickets, and all that goes with them, be another unit's."""
    columns = [list(column) for column in zip(*moves, strict=True)]
    await connection.execute(END_DOUBLES, *columns, now)
    for statement in (*MOVE_OF_TICKET, MOVE_CALLS, MOVE_PARTIES):  # a table each
        await connection.execute(statement, *columns)


async def to_desks(connection: Connection, ticket_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Take locked tickets from people and offices of other units; returns them with the units whose desk has them now."""
    return [tuple(row) for row in await connection.fetch(TO_DESK, list(ticket_ids))]
