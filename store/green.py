"""Green channel (绿色通道): who has consented to which enterprise's settling first, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement


class Reconciliation(NamedTuple):
    """One that was agreed to; `regulator_unit_id` None: whose it is otherwise is not known yet."""

    ticket_id: int
    enterprise_unit_id: int
    regulator_unit_id: int | None
    consented_at: datetime
    due_at: datetime
    assist_unit_ids: Sequence[int] = ()  # of the regulator, by the catalogue


_TYPES = ["bigint", "int", "int", "timestamptz", "timestamptz", "int[]"]
INSERT = insert_statement("reconciliations", Reconciliation._fields, _TYPES)
OPEN = """
    select ticket_id, enterprise_unit_id, regulator_unit_id, consented_at, due_at, assist_unit_ids
    from reconciliations
    where ticket_id = any($1::bigint[]) and state = 'open'
"""
END = """
    update reconciliations set state = $2, note = $3, ended_at = $4
    where ticket_id = any($1::bigint[]) and state = 'open'
"""
OF_TICKET = """
    select u.short_name, coalesce(r.short_name, ''), c.consented_at, c.due_at, c.state, c.note, c.ended_at,
        (select s.solved from surveys s where s.ticket_id = c.ticket_id and s.created_at >= c.ended_at order by s.id limit 1)
    from reconciliations c
    join units u on u.id = c.enterprise_unit_id left join units r on r.id = c.regulator_unit_id
    where c.ticket_id = $1
"""


class Told(NamedTuple):
    """A reconciliation as staff read it."""

    enterprise: str
    regulator: str
    consented_at: datetime
    due_at: datetime
    state: str  # open, reconciled, failed, late, ended (with the ticket)
    note: str
    ended_at: datetime | None
    solved: str | None  # what the resident said in the survey since


async def insert(connection: Connection, rows: Sequence[Reconciliation]) -> None:
    """Write reconciliations; nothing happens for none."""
    if rows:
        await connection.execute(INSERT, encode_rows(rows))


async def open_ones(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, Reconciliation]:
    """Those of these tickets that are under way, by ticket."""
    rows = await connection.fetch(OPEN, ticket_ids)
    return {row[0]: Reconciliation(*row) for row in rows}


async def end(
    connection: Connection, ticket_ids: Sequence[int], state: str, note: str, now: datetime
) -> None:
    """End those of these tickets that are under way."""
    await connection.execute(END, ticket_ids, state, note, now)


async def of_ticket(connection: Connection, ticket_id: int) -> Told | None:
    """What was agreed to about a ticket, None where nothing was."""
    row = await connection.fetchrow(OF_TICKET, ticket_id)
    return Told(*row) if row is not None else None
