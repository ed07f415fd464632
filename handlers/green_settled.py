"""Green channel (绿色通道), its end: what an enterprise has settled counts, and its consumer is asked whether it is so."""

from handlers.case import Case
from handlers.case_timers import RECONCILIATION, dropped
from handlers.result import Result, complete
from store import green
from store.database import Connection

SETTLED = "企业与市民和解"


async def count_settled(connection: Connection, case: Case, text: str) -> None:
    """It is done on the enterprise's side; the consumer hears what was agreed with the survey, whose answer alone confirms it."""
    ticket_id, now = case.ticket_id, case.by.at
    case.record("reconciled", text)
    await complete(connection, case, Result(text), SETTLED)
    await green.end(connection, [ticket_id], "reconciled", text, now)
    case.effects.dropped.append(dropped(ticket_id, RECONCILIATION, ticket_id))
