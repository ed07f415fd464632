"""Whistles of a unit (吹哨报到): those that call it, those it has blown; the centre sees all."""

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.keys import POOL
from handlers.whistle import WHISTLE_TYPES, may_list
from store import whistles
from store.staff import StaffSession

MOST = 100


async def get_whistles(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What waits for the unit first, then what is open, then the newest that have ended."""
    if not may_list(session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await whistles.listed(connection, session.staff.unit_id, MOST)
    at_centre = session.staff.at_centre
    context = {
        "lists": [
            ("全市的吹哨" if at_centre else "叫到本单位的", [one for one in found if not one.mine]),
            ("" if at_centre else "本单位吹的哨", [one for one in found if one.mine]),
        ],
        "types": WHISTLE_TYPES,
    }
    return show(request, session, "console/whistles.html", context)
