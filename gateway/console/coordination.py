"""Conferences and coordinations of the city, of a district, of a unit (会商与协调): by due date, then the newest that have ended."""

from aiohttp import web

from gateway.console.case.coordination import level_name
from gateway.console.layout import missing, show
from gateway.keys import POOL
from handlers.coordinations import TALK_NAMES, TALK_STATES, may_list
from store import coordinations
from store.staff import StaffSession

MOST = 200


async def get_coordination(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One list; each line leads to the ticket, where the forms are."""
    staff = session.staff
    if not may_list(staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await coordinations.listed(connection, staff.unit_id, MOST)
    context = {
        "lists": [
            ("进行中", [one for one in found if one.state == "open"]),
            ("已结束", [one for one in found if one.state != "open"]),
        ],
        "talk_names": {code.value: name for code, name in TALK_NAMES.items()},
        "talk_states": {code.value: name for code, name in TALK_STATES.items()},
        "level_name": level_name,
    }
    return show(request, session, "console/coordination.html", context)
