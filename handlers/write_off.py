"""Writing a hold off (销账): the unit says what was done, those above agree, and the matter goes on in the open."""

from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import By, Case, finish, take_up
from handlers.case_timers import HOLD, dropped
from handlers.hold import resume
from handlers.hold_review import running_hold
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import holds
from store.applications import ApplicationRow
from store.database import Connection


async def write_off(
    connection: Connection, world: World, by: By, ticket_id: int, note: str
) -> None:
    """Say that what stood in the way is cleared; the hold goes on until it is approved."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.WRITE_OFF)
    await running_hold(connection, case)
    await apply(connection, case, WRITING_OFF, note)
    await finish(connection, case)


async def _grant(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The hold is over, with what was done; handling goes on, and the resident hears by when."""
    del note
    running = await running_hold(connection, case)
    await holds.end(connection, running.id, "written_off", case.by.at, application.note)
    case.effects.dropped.append(dropped(case.ticket_id, HOLD, running.id))
    case.record("written_off", application.note, unit_id=application.unit_id)
    resume(case, running)


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """It stays on hold."""
    del connection, case, application, note


WRITING_OFF = Kind(
    "write_off",
    "销账",
    (Stage(Decider.ABOVE, "hold.decide_hours"),),
    _grant,
    _refuse,
    means="挂账结束，恢复办理，时限从挂账时剩下的时间接着算；市民会得知由谁接着办、什么时候答复。",
)
