"""Lists of what is followed up: matters on hold by the day they are reviewed, demands from above by their answer's."""

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.keys import CLOCK, POOL
from handlers.hold import REASON_NAMES
from handlers.permit_table import TRACKING_ROLES
from store import holds, supervisions, worklist
from store.database import Connection
from store.staff import Staff, StaffSession

MOST = 500


async def get_holds(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What is on hold at one's own unit and those below; the centre sees all. Beside it how many each unit has."""
    if not session.staff.roles & TRACKING_ROLES:
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        units = await _units(connection, session.staff)
        found = await holds.listed(connection, units, MOST)
        figures = await holds.figures(connection, units, request.app[CLOCK]())
    context = {"items": found, "figures": figures, "reasons": REASON_NAMES}
    return show(request, session, "console/holds.html", context)


async def get_supervision(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What is demanded of or by these units and has not been ended, what waits for an answer first."""
    if not session.staff.roles & TRACKING_ROLES:
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        units = await _units(connection, session.staff)
        found = await supervisions.listed(connection, units, MOST)
    return show(request, session, "console/supervision.html", {"items": found})


async def _units(connection: Connection, staff: Staff) -> list[int] | None:
    if staff.unit_id is None:
        return None
    return [staff.unit_id, *await worklist.below(connection, staff.unit_id)]
