"""Signing for a ticket (签收): the unit says that it has it; the lead's signature begins the handling."""

from dialogs.words import AssignmentRole, Kind
from handlers.case import By, finish, take_up
from handlers.life_cycle import Act, move
from handlers.result import pass_on_praise
from handlers.staff_acts import StaffAct, Standing
from handlers.world import World
from store.assignments import AssignmentChange
from store.database import Connection


async def sign(connection: Connection, world: World, by: By, ticket_id: int) -> None:
    """Sign for the unit's own share. Nobody is told: dispatch told the resident who has it."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.SIGN)
    leads = case.hold.standing is Standing.LEAD
    if leads and case.ticket.kind == Kind.PRAISE:
        await pass_on_praise(connection, case)
        return
    role = AssignmentRole.LEAD if leads else AssignmentRole.ASSIST
    case.effects.assignment_changes.append(
        AssignmentChange(ticket_id, role, "signed", by.at, by.staff_id, by.unit_id)
    )
    if leads:
        case.effects.change(ticket_id, state=move(case.ticket.state, Act.SIGN))
    case.record("signed")
    await finish(connection, case)
