"""Units that merge, split and close (单位承接): who goes on with their work, and from when; drafts of the catalogue name them."""

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.keys import POOL
from handlers.heirs import KINDS
from handlers.own_draft import may_read
from store import heirs
from store.staff import StaffSession

NEWEST = 100


async def get_successions(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The newest."""
    if not may_read(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await heirs.listed(connection, NEWEST)
    context = {"successions": found, "kinds": KINDS}
    return show(request, session, "console/successions.html", context)
