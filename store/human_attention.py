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


# Until the first answer the resident waits from the moment at which the talk was taken.
PAID = """
    select h.id, h.conversation_id, h.staff_id, s.name,
        case when answered.seq is null then h.taken_at
            else (
                select min(i.received_at) from inbound i
                where i.conversation_id = h.conversation_id and i.seq > answered.seq
                  and i.said ->> 'type' = 'said'
            ) end,
        s.active and exists (select from staff_sessions n where n.staff_id = s.id and n.expires_at > $2)
    from human_talks h
    join staff s on s.id = h.staff_id
    left join lateral (
        select max(o.seq) as seq from outbox o
        where o.conversation_id = h.conversation_id and o.purpose = 'staff' and o.created_at >= h.taken_at
    ) answered on true
    where h.id = any($1::bigint[]) and h.state = 'taken' and h.kind = 'chat'
"""

OF_STAFF = """
    select id, conversation_id from human_talks
    where staff_id = $1 and state = 'taken' and kind = 'chat' order by conversation_id
"""


async def paid(connection: Connection, talk_ids: Sequence[int], now: datetime) -> list[Attention]:
    """Those of these talks that somebody has in a chat."""
    return [Attention(*row) for row in await connection.fetch(PAID, talk_ids, now)]


async def taken_by(connection: Connection, staff_id: int) -> list[tuple[int, int]]:
    """The chats that somebody has: (talk id, conversation id), in the order in which conversations are locked."""
    return [(row[0], row[1]) for row in await connection.fetch(OF_STAFF, staff_id)]
