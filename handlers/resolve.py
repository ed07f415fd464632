"""Resolving (办结): the lead says what came of it; it counts when a second person of the unit has looked at it."""

from dialogs.words import AssignmentRole
from handlers.applications import apply
from handlers.case import By, finish, take_up, worded
from handlers.community import refuse_while_community
from handlers.dual import check_assists
from handlers.green import refuse_while_settling
from handlers.reached import check_contact
from handlers.result import ResultKind, complete, read_result
from handlers.review import RESULT, is_reviewed
from handlers.staff_acts import StaffAct
from handlers.whistle_close import refuse_while_whistling
from handlers.world import World
from store.assignments import AssignmentChange
from store.database import Connection

UNREVIEWED = "本单位没有其他审核人，直接办结"


async def resolve(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    text: str,
    kind: str = ResultKind.SOLVED,
    why: str = "",
) -> None:
    """Take the lead's result: to its reviewer, or at once where nobody else could review it.

    The feedback clock goes on until it counts. Refused before the resident was contacted, and while
    an assisting unit still has time to answer.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.RESOLVE)
    result = read_result(text, kind, why)
    refuse_while_community(case.ticket)
    await refuse_while_settling(connection, ticket_id)
    await check_contact(connection, world, ticket_id)
    await refuse_while_whistling(connection, ticket_id)
    await check_assists(connection, case)
    if await is_reviewed(connection, case):
        data = {"kind": result.kind, "why": result.why}
        await apply(connection, case, RESULT, result.text, data=data)
    else:
        await complete(
            connection, case, result, UNREVIEWED if world.rules.on("review.needed") else ""
        )
    await finish(connection, case)


async def answer_as_assist(
    connection: Connection, world: World, by: By, ticket_id: int, note: str
) -> None:
    """The assisting unit's part is done (协办答复): what it says goes to the lead, who gives one merged answer."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.ASSIST)
    note = worded(note, "协办情况")
    case.effects.assignment_changes.append(
        AssignmentChange(ticket_id, AssignmentRole.ASSIST, "done", by.at, by.staff_id, by.unit_id)
    )
    case.record("assisted", note)
    await finish(connection, case)
