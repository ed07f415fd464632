"""The pages of the discipline inspectors (纪检监察): marks handed over to them and their tickets, to read."""

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.keys import POOL
from handlers.inspected import MOST, inspect, only_inspects
from handlers.marks import MARK_KINDS
from store import marks
from store.staff import StaffSession


async def get_discipline(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What was handed over, newest first; for inspectors alone."""
    if not only_inspects(session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await marks.handed_over(connection, MOST)
    context = {"marks": found, "kinds": MARK_KINDS}
    return show(request, session, "console/discipline.html", context)


async def get_mark(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One of them with its ticket: what was done about it, not who told it."""
    if not only_inspects(session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await inspect(connection, int(request.match_info["mark"]))
    if found is None:
        return missing(request, session)
    context = {"view": found, "facts": found.facts, "kind": MARK_KINDS[found.mark.kind]}
    return show(request, session, "console/discipline_mark.html", context)
