"""The clocks of units' shares: signing, first contact, feedback (签收, 首次联系, 答复)."""

from datetime import datetime
from typing import NamedTuple

# Shares that have ended keep the time that they had.
SET_DUE = """
    update assignments a set due_at = t.due_at
    from unnest($1::bigint[], $2::int[], $3::timestamptz[]) as t (ticket_id, unit_id, due_at)
    where a.ticket_id = t.ticket_id and a.unit_id = t.unit_id and a.role = 'lead' and a.state in ('open', 'signed')
"""


class DueRow(NamedTuple):
    """By when the leading unit answers from now on."""

    ticket_id: int
    unit_id: int
    due_at: datetime
