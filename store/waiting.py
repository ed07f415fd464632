"""What waits for somebody outside the list of tickets: talks, whistles, demands from above, marks that need a second person."""

from datetime import datetime
from typing import NamedTuple

from store.database import Connection

# `$1` null: the centre. What is over waits for nothing but a judgement. A second person is never the one who proposed.
WAITING = """
    select w.act, w.ticket_id, t.title, w.due_at from (
        select 'decide_coordination' as act, c.ticket_id, c.due_at from coordinations c
        where c.state = 'open' and c.kind <> 'conference' and c.host_unit_id is not distinct from $1::int
        union all
        select 'opine', c.ticket_id, c.due_at
        from coordination_parties p join coordinations c on c.id = p.coordination_id
        where c.state = 'open' and p.unit_id = $1 and p.opinion = ''
        union all
        select case when k.reported_at is null then 'report_in' else 'whistle_opinion' end, w.ticket_id,
            case when k.reported_at is null then w.report_by end
        from whistle_calls k join whistles w on w.id = k.whistle_id
        where w.state = 'open' and k.unit_id = $1 and k.opinion = ''
        union all
        select 'answer_supervision', s.ticket_id, s.due_at from supervisions s
        where s.unit_id = $1 and s.ended_at is null and s.answered_at is null
        union all
        select 'confirm_mark', m.ticket_id, null from marks m
        where $1 is null and m.confirmed_at is null and m.taken_back_at is null and m.staff_id <> $2
        union all
        select 'confirm_abuse', a.ticket_id, null from abuse_marks a
        where $1 is null and a.ticket_id is not null and a.confirmed_at is null and a.lifted_at is null
            and a.proposed_by <> $2
    ) w join tickets t on t.id = w.ticket_id
    where w.act = any($3::text[]) and (w.act like 'confirm%' or t.state in ('triage', 'dispatched', 'handling'))
    order by w.due_at nulls last, w.ticket_id limit $4
"""


class WaitingAct(NamedTuple):
    """An act that is waited for; `due_at` None: it has no limit."""

    act: str
    ticket_id: int
    title: str
    due_at: datetime | None


async def waiting(
    connection: Connection, unit_id: int | None, staff_id: int, acts: list[str], most: int
) -> list[WaitingAct]:
    """Of these acts, what waits for somebody of a unit (None: the centre), what is due first first."""
    found = await connection.fetch(WAITING, unit_id, staff_id, acts, most)
    return [WaitingAct(*row) for row in found]
