"""Whether whoever has a talk attends to it: how long a resident waits for an answer, and whether they are still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Attention:
    """A taken chat. `unanswered_since`: a resident waits for an answer, None nobody does; `present`: logged in."""

    talk_id: int
    conversation_id: int
    staff_id: int
    name: str
    unanswered_since: datetime | None
    present: bool
    experts_until: datetime | None = None


# Until the first answer the resident waits from the moment at which the talk was taken.
PAID = """
    select h.id, h.conversation_id, h.staff_id, s.name,
        case when answered.seq is null then h.taken_at
            else (
                select min(i.received_at) from inbound i
                where i.conversation_id = h.conversation_id and i.seq > answered.seq
                  and i.said ->> 'type' = 'said'
            ) end,
        s.active and (s.valid_until is null or s.valid_until > $2) and exists (select from staff_sessions n where n.staff_id = s.id and n.expires_at > $2),
        h.experts_until
    from human_talks h
    join staff s on s.id = h.staff_id
    left join lateral (
        select max(o.seq) as seq from outbox o
        where o.conversation_id = h.conversation_id and o.purpose = 'staff' and o.created_at >= h.taken_at
    ) answered on true
    where h.id = any($1::bigint[]) and h.state = 'taken' and h.kind = 'chat'
"""

LOOK_NOW = """
    update timers t set due_at = $2
    from human_talks h
    where h.staff_id = any($1::int[]) and h.state = 'taken' and h.kind = 'chat'
      and t.subject = 'human_talk' and t.subject_id = h.id and t.kind = 'idle' and t.due_at > $2
"""


async def paid(connection: Connection, talk_ids: Sequence[int], now: datetime) -> list[Attention]:
    """Those of these talks that somebody has in a chat."""
    return [Attention(*row) for row in await connection.fetch(PAID, talk_ids, now)]


async def look_now(connection: Connection, staff_ids: Sequence[int], now: datetime) -> None:
    """Let the chats that these people have be looked at at once: they may have gone."""
    await connection.execute(LOOK_NOW, staff_ids, now)
