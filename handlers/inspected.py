"""What the discipline inspectors (纪检监察) see: marks that were handed over, and their tickets without the resident."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.words import Role
from handlers.secrecy import events_for, facts_for, tries_for
from store import marks, ticket_page
from store.database import Connection
from store.marks import Mark
from store.ticket_page import Facts, Happened, ShareLine, Try

MOST = 500


def only_inspects(roles: frozenset[Role]) -> bool:
    """Whether somebody reads what was handed over, and nothing else, whatever other role they were given."""
    return Role.DISCIPLINE in roles


@dataclass(frozen=True, slots=True)
class Inspected:
    """A mark with its ticket; nothing in it leads to the resident."""

    mark: Mark
    facts: Facts
    events: Sequence[Happened]
    shares: Sequence[ShareLine]
    tries: Sequence[Try]


async def inspect(connection: Connection, mark_id: int) -> Inspected | None:
    """A mark that was handed over; None when it was not."""
    mark = await marks.one_handed_over(connection, mark_id)
    facts = await ticket_page.facts(connection, mark.ticket_id) if mark is not None else None
    if mark is None or facts is None:
        return None
    happened = await ticket_page.events(connection, mark.ticket_id, None)
    tried = await ticket_page.tries(connection, mark.ticket_id)
    return Inspected(
        mark,
        facts_for(facts, centre=False),
        events_for(happened, facts, centre=False),
        await ticket_page.share_lines(connection, mark.ticket_id),
        tries_for(tried, facts, centre=False),
    )
