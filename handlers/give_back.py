"""Return (退单): "not ours", with a reason; the centre decides, and the resident is told who handles it then."""

from dialogs.words import AssignmentRole
from handlers.case import By, finish, take_up, worded
from handlers.life_cycle import Act, move
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.database import Connection
from store.tickets import AssignmentChange


async def give_back(
    connection: Connection, world: World, by: By, ticket_id: int, reason: str
) -> None:
    """Hand the lead back to the centre's triage. The resident's clock runs on; assisting units keep their share."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RETURN)
    reason = worded(reason, "退单理由")
    state = move(case.ticket.state, Act.RETURN)
    case.effects.change(ticket_id, state=state, lead_unit_id=None)
    case.effects.assignment_changes.append(
        AssignmentChange(ticket_id, AssignmentRole.LEAD, "returned", by.at, by.staff_id)
    )
    case.record("returned", reason)
    await finish(connection, case)
