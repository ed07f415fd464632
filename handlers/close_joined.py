"""Closing a ticket together with those that have joined it (并案办结): the centre gives one result and says why.

Signed for or not, so that a unit that is slow keeps nobody waiting; in triage nobody's work could be asked about yet.
Each of the others is told of it in its own conversation, and asked for itself, by `handlers.joined_news`.
"""

from handlers.case import ActRefusedError, By, finish, take_up, worded
from handlers.result import complete, read_result
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.database import Connection
from store.unit_notices import UnitNoticeRow


async def close_joined(
    connection: Connection, world: World, by: By, ticket_id: int, text: str, kind: str, why: str
) -> None:
    """Take the centre's result for all; `why` is the reason, which staff read on each of the tickets."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CLOSE_JOINED)
    if not case.ticket.has_joined:
        raise ActRefusedError("没有别的工单并在这一张里，请由主办单位办结。")
    reason = worded(why, "并案办结的理由", longest=200)
    result = read_result(text, kind, reason)
    await complete(connection, case, result, f"并案办结，理由：{reason}")
    lead = case.ticket.lead_unit_id
    if lead is not None:
        note = f"“{case.ticket.title}”由热线中心并案办结：{reason}"
        case.effects.unit_notices.append(
            UnitNoticeRow(lead, "desk", ticket_id, "resolved", note, by.at)
        )
    await finish(connection, case)
