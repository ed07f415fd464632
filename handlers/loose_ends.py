"""What units have under way between them ends with the round of the ticket that it is about, and they are told."""

from collections.abc import Mapping
from datetime import datetime

from store import applications, coordinations, green, timers, whistles
from store.database import Connection
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow

WHISTLE_OVER = "这一轮办理已结束，吹哨随之结束"
TICKET_OVER = "这一轮办理已结束"
COORDINATION_OVER = "这一轮办理已结束，协调随之结束"


async def tie_up(
    connection: Connection, over: Mapping[int, str], now: datetime
) -> tuple[list[EventRow], list[UnitNoticeRow]]:
    """End what is open on these tickets (title by id): whistles, coordinations, applications and the timers of all.

    Returns the events and the notices that go with it, to be written by the caller.
    """
    ids = sorted(over)
    events: list[EventRow] = []
    notices: list[UnitNoticeRow] = []
    endings = (
        ("whistle_closed", WHISTLE_OVER, whistles.end_with_tickets),
        ("coordination_ended", COORDINATION_OVER, coordinations.end_with_tickets),
    )
    for event, why, end in endings:
        ended = await end(connection, ids, why, now)
        events += [
            EventRow(ticket_id, now, event, "system", note=why)
            for ticket_id in sorted({ticket_id for ticket_id, _, _ in ended})
        ]
        notices += [
            UnitNoticeRow(
                unit_id, "desk", ticket_id, event, f"“{over[ticket_id]}”：{why}，不用再到场。", now
            )
            for ticket_id, _, unit_id in ended
            if unit_id is not None
        ]
    await applications.lapse(connection, ids, now)
    await green.end(connection, ids, "ended", TICKET_OVER, now)
    await timers.drop_of_round(connection, ids)
    return events, notices
