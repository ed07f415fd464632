"""What units apply for (申请) and others decide, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from asyncpg import Record

from store.database import Connection
from store.peopled import DECIDES

# Where nobody above could decide, the centre does.
_ABOVE = f"(select u.parent_id where exists (select from staff e where e.unit_id = u.parent_id and {DECIDES}))"
_COLUMNS = f"""
    a.id, a.ticket_id, a.round, a.kind, a.unit_id, coalesce(u.short_name, '热线中心'), {_ABOVE}, a.staff_id,
    coalesce(s.name, ''), a.reason, a.note, a.data::text, a.stage, a.state, a.made_at, a.due_at, a.decided_at, a.decision
"""
_FROM = (
    "applications a left join units u on u.id = a.unit_id left join staff s on s.id = a.staff_id"
)

ADD = """
    insert into applications (ticket_id, round, kind, unit_id, staff_id, reason, note, data, stage, made_at, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10, $11) returning id
"""
OF_TICKET = f"select {_COLUMNS} from {_FROM} where a.ticket_id = $1 order by a.id"
OF_TICKETS_OPEN = f"""
    select {_COLUMNS}
    from {_FROM} join tickets t on t.id = a.ticket_id and t.round = a.round
    where a.ticket_id = any($1::bigint[]) and a.state = 'open' order by a.id
"""
STEP = """
    insert into application_steps (application_id, stage, at, staff_id, unit_id, upheld, note)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
NEXT_STAGE = "update applications set stage = $2, due_at = $3 where id = $1 and state = 'open'"
END = """
    update applications set
        state = $2, decided_by = $3, decided_at = $4, decision = $5, data = data || $6::text::jsonb, due_at = null
    where id = $1 and state = 'open'
"""
LAPSE = """
    update applications set state = 'lapsed', decided_at = $2, due_at = null
    where ticket_id = any($1::bigint[]) and state = 'open'
"""
LAPSE_BEFORE = """
    update applications set state = 'lapsed', decided_at = $3, due_at = null
    where ticket_id = $1 and round < $2 and state = 'open'
"""
# What waits for a unit ($4, null: the centre), by who decides each kind at each of its stages.
WAITING = f"""
    select {_COLUMNS}, t.title, t.grade, t.state
    from {_FROM}
    join tickets t on t.id = a.ticket_id and t.round = a.round and t.state in ('triage', 'dispatched', 'handling')
    join unnest($1::text[], $2::int[], $3::text[]) as p (kind, stage, decider) on p.kind = a.kind and p.stage = a.stage
    where a.state = 'open' and case
        when $4::int is null then p.decider = 'centre' or (p.decider in ('superior', 'above') and {_ABOVE} is null)
        when p.decider = 'own' then a.unit_id = $4
        else p.decider in ('superior', 'above') and {_ABOVE} = $4 end
    order by a.due_at nulls last, a.id limit $5
"""
MADE = f"""
    select {_COLUMNS}, t.title, t.grade, t.state
    from {_FROM} join tickets t on t.id = a.ticket_id
    where a.unit_id is not distinct from $1 and a.round = t.round and t.state in ('triage', 'dispatched', 'handling') and a.state = 'open'
    order by a.due_at nulls last, a.id limit $2
"""
# Whether the unit still sees the ticket: who gave it back does not.
ANSWERED = f"""
    select {_COLUMNS}, t.title, t.grade, t.state, $1::int is null or exists (
        select from assignments s where s.ticket_id = a.ticket_id and s.unit_id = $1 and s.state <> 'returned')
    from {_FROM} join tickets t on t.id = a.ticket_id
    where a.unit_id is not distinct from $1 and a.state in ('upheld', 'refused') and a.decided_at > $2
    order by a.decided_at desc, a.id desc limit $3
"""
STEPS = """
    select p.application_id, p.stage, p.at, coalesce(s.name, ''), coalesce(u.short_name, ''), p.upheld, p.note
    from application_steps p join applications a on a.id = p.application_id
    left join staff s on s.id = p.staff_id left join units u on u.id = p.unit_id
    where a.ticket_id = $1 order by p.id
"""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application; `superior_id` is the unit over the applicant's that can decide, None: the centre. `data` is JSON.

    `unit_id` None: the centre itself applies.
    """

    id: int
    ticket_id: int
    round: int
    kind: str
    unit_id: int | None
    unit: str
    superior_id: int | None
    staff_id: int | None
    staff: str
    reason: str
    note: str
    data: str
    stage: int
    state: str
    made_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    decision: str

    @property
    def said(self) -> dict[str, Any]:
        """What the kind asks for besides a reason and a note."""
        found: dict[str, Any] = msgspec.json.decode(self.data)
        return found


class NewApplication(NamedTuple):
    """An application as it is made; `data` is JSON."""

    ticket_id: int
    round: int
    kind: str
    unit_id: int | None
    staff_id: int | None
    reason: str
    note: str
    data: str
    stage: int
    made_at: datetime
    due_at: datetime | None


class Step(NamedTuple):
    """One decision on the way of an application."""

    application_id: int
    stage: int
    at: datetime
    staff: str
    unit: str
    upheld: bool
    note: str


async def add(connection: Connection, new: NewApplication) -> int:
    """Keep an application; its ticket is locked and has no open one of the same kind. Returns its id."""
    added: int = await connection.fetchval(ADD, *new)
    return added


async def of_ticket(connection: Connection, ticket_id: int) -> list[ApplicationRow]:
    """All applications on a ticket, oldest first."""
    return [ApplicationRow(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]


async def open_of_tickets(
    connection: Connection, ticket_ids: Sequence[int]
) -> list[ApplicationRow]:
    """The open applications on these tickets, of the round that runs."""
    return [ApplicationRow(*row) for row in await connection.fetch(OF_TICKETS_OPEN, ticket_ids)]


async def steps(connection: Connection, ticket_id: int) -> list[Step]:
    """What was decided on the way, of all applications on a ticket."""
    return [Step(*row) for row in await connection.fetch(STEPS, ticket_id)]


async def step(
    connection: Connection,
    application: ApplicationRow,
    at: datetime,
    staff_id: int | None,
    unit_id: int | None,
    *,
    upheld: bool,
    note: str,
) -> None:
    """Keep one decision on the way."""
    row = (application.id, application.stage, at, staff_id, unit_id, upheld, note)
    await connection.execute(STEP, *row)


async def pass_on(
    connection: Connection, application_id: int, stage: int, due_at: datetime | None
) -> None:
    """Put an application before those who decide next."""
    await connection.execute(NEXT_STAGE, application_id, stage, due_at)


async def end(
    connection: Connection,
    application_id: int,
    state: str,
    staff_id: int | None,
    at: datetime,
    decision: str,
    added: str = "{}",
) -> None:
    """End an application: upheld, refused or taken_back; `added` is JSON that the decision adds to its data."""
    await connection.execute(END, application_id, state, staff_id, at, decision, added)


async def lapse(connection: Connection, ticket_ids: Sequence[int], at: datetime) -> None:
    """End what is open on tickets that have ended or gone elsewhere meanwhile."""
    if ticket_ids:
        await connection.execute(LAPSE, list(ticket_ids), at)


async def lapse_before(
    connection: Connection, ticket_id: int, round_number: int, at: datetime
) -> None:
    """End what was left open in earlier rounds of a locked ticket."""
    await connection.execute(LAPSE_BEFORE, ticket_id, round_number, at)


class Waiting(NamedTuple):
    """An open application with the ticket that it is about."""

    application: ApplicationRow
    title: str
    grade: str
    state: str


async def waiting(
    connection: Connection,
    stages: Sequence[tuple[str, int, str]],
    unit_id: int | None,
    most: int,
) -> list[Waiting]:
    """What a unit (None: the centre) has to decide, what is due first first; `stages`: (kind, stage, decider)."""
    kinds = [kind for kind, _, _ in stages]
    places = [place for _, place, _ in stages]
    deciders = [decider for _, _, decider in stages]
    found = await connection.fetch(WAITING, kinds, places, deciders, unit_id, most)
    return [_waiting(row) for row in found]


async def made_by(connection: Connection, unit_id: int | None, most: int) -> list[Waiting]:
    """What a unit has applied for and nobody has decided yet."""
    return [_waiting(row) for row in await connection.fetch(MADE, unit_id, most)]


async def answered(
    connection: Connection, unit_id: int | None, since: datetime, most: int
) -> list[tuple[Waiting, bool]]:
    """What a unit applied for and was told since then, the newest first; with whether it still sees the ticket."""
    found = await connection.fetch(ANSWERED, unit_id, since, most)
    return [(Waiting(ApplicationRow(*row[:-4]), *row[-4:-1]), row[-1]) for row in found]


def _waiting(row: Record) -> Waiting:
    return Waiting(ApplicationRow(*row[:-3]), *row[-3:])
