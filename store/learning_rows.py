"""Tickets that are worth learning from."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class LearningRow:
    """A ticket's matter and its topic; `corrected`: staff put the topic right."""

    ticket_id: int
    matter: str
    topic: str
    corrected: bool


# Corrected tickets count in any state. The others count when the lead has signed and settled the matter, and no unit
# ever gave the ticket back.
ROWS = """
    select ticket_id, matter, topic, corrected from (
        select t.id as ticket_id, t.matter, t.topic, t.state,
            exists (select from ticket_events e where e.ticket_id = t.id and e.type = 'retopiced'
                and e.data #>> '{from,topic}' <> e.data #>> '{to,topic}') as corrected,
            exists (select from ticket_events e where e.ticket_id = t.id and e.type = 'returned') as returned,
            exists (select from assignments a where a.ticket_id = t.id and a.role = 'lead'
                and a.signed_at is not null and a.state <> 'returned') as signed
        from tickets t
        where t.topic <> '' and t.matter <> '' and t.state <> 'withdrawn' and t.opened_at >= $1
    ) known
    where corrected or (state in ('resolved', 'closed') and signed and not returned)
    order by ticket_id desc limit $2
"""


async def learning_rows(connection: Connection, since: datetime, most: int) -> list[LearningRow]:
    """The newest `most` tickets since a moment that are worth learning from, oldest first."""
    rows = await connection.fetch(ROWS, since, most)
    return [LearningRow(*row) for row in reversed(rows)]
