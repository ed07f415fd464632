"""Units' shares in tickets (主办, 协办): given, moved on, and given again with a new round."""

from datetime import datetime
from typing import NamedTuple

from store.statements import insert_statement


class AssignmentRow(NamedTuple):
    """A unit's share in a ticket."""

    ticket_id: int
    round: int
    role: str
    unit_id: int
    why: str
    dispatched_at: datetime
    due_at: datetime  # the feedback clock's
    sign_due_at: datetime | None = None
    contact_due_at: datetime | None = None
    subject_id: int | None = None  # the whistle or coordination that it comes of


_ASSIGNMENT_TYPES = [
    *("bigint", "int", "text", "int", "text", "timestamptz", "timestamptz"),
    *("timestamptz", "timestamptz", "bigint"),
]
INSERT_ASSIGNMENTS = insert_statement(
    "assignments", AssignmentRow._fields, _ASSIGNMENT_TYPES, {"state": "'open'"}
)

SET_ASSIGNMENTS = """
    update assignments a set
        state = t.state,
        signed_at = case when t.state in ('signed', 'done') then coalesce(a.signed_at, t.at) else a.signed_at end,
        signed_by = case when t.state in ('signed', 'done') then coalesce(a.signed_by, t.staff_id) else a.signed_by end,
        done_at = case when t.state in ('done', 'returned', 'ended') then t.at else a.done_at end
    from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])
        as t (ticket_id, role, state, at, staff_id, unit_id)
    where a.ticket_id = t.ticket_id and (t.role = '' or a.role = t.role)
      and (t.unit_id is null or a.unit_id = t.unit_id)
      and a.state in ('open', 'signed', 'done') and a.state <> t.state
"""

REOPEN_ASSISTS = """
    insert into assignments (ticket_id, round, role, unit_id, state, why, dispatched_at, due_at)
    select distinct a.ticket_id, t.round, a.role, a.unit_id, 'open', t.why, t.at, t.due_at
    from unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        as t (ticket_id, round, why, at, due_at)
    join assignments a on a.ticket_id = t.ticket_id and a.round = t.round - 1
    where a.role = 'assist' and a.state <> 'returned'
"""


class AssignmentChange(NamedTuple):
    """A new state for a ticket's running assignments; `role` empty means all of them, as does `unit_id` None."""

    ticket_id: int
    role: str
    state: str
    at: datetime
    staff_id: int | None = None
    unit_id: int | None = None


class ReopenedRow(NamedTuple):
    """A new round, in which those assist again who assisted in the one before."""

    ticket_id: int
    round: int
    why: str
    at: datetime
    due_at: datetime
