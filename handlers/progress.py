"""Progress (进展) and internal notes (内部备注): written for colleagues; neither is sent to the resident."""

from handlers.case import By, finish, take_up, worded
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.database import Connection
from store.tickets import EventRow

SHARED = '{"shared": true}'


async def progress(connection: Connection, world: World, by: By, ticket_id: int, text: str) -> None:
    """Say how far the work has come, for all units that have a part in it and the centre."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.PROGRESS)
    case.record("progressed", worded(text, "进展"))
    await finish(connection, case)


async def note(
    connection: Connection, world: World, by: By, ticket_id: int, text: str, *, shared: bool = False
) -> None:
    """Keep a note for one's own unit and the centre; `shared`: for the other units of the ticket too."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.NOTE)
    text = worded(text, "备注")
    data = SHARED if shared else "{}"
    row = EventRow(ticket_id, by.at, "noted", "staff", by.staff_id, by.unit_id, text, data)
    case.effects.events.append(row)
    await finish(connection, case)
