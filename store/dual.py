"""Assisting shares (协办) of a ticket's present round: who has answered, by when the others have to."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection

OF_TICKET = """
    select a.unit_id, u.short_name, u.parent_id, a.state, a.due_at,
        coalesce((select e.note from ticket_events e
                  where e.ticket_id = a.ticket_id and e.type = 'assisted' and e.unit_id = a.unit_id
                    and e.at >= a.dispatched_at
                  order by e.id desc limit 1), '')
    from assignments a
    join tickets t on t.id = a.ticket_id and t.round = a.round
    join units u on u.id = a.unit_id
    where a.ticket_id = $1 and a.role = 'assist' and a.state <> 'returned'
    order by a.id
"""


@dataclass(frozen=True, slots=True)
class Assist:
    """One assisting unit; `answer` is what it gave the lead, "" while it has said nothing."""

    unit_id: int
    unit: str
    superior_id: int | None
    state: str
    due_at: datetime
    answer: str

    @property
    def waited_for(self) -> bool:
        """Whether its part is still to come."""
        return self.state in ("open", "signed")


async def assists(connection: Connection, ticket_id: int) -> list[Assist]:
    """The assisting units of a ticket's present round, in the order in which they were given it."""
    return [Assist(*row) for row in await connection.fetch(OF_TICKET, ticket_id)]
