"""What waits for one's decision (待我裁定), what is due first first; and what one's own unit has applied for and was told."""

from datetime import timedelta

from aiohttp import web

from gateway.console.case.applications import STATE_NAMES, name_of, reason_of
from gateway.console.layout import missing, show
from gateway.keys import CLOCK, POOL
from handlers.decide import decided_by, may_list
from store import applications
from store.staff import StaffSession

MOST = 200
MOST_ANSWERED = 50
TOLD_FOR = timedelta(days=30)


async def get_applications(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The three lists; each line leads to the ticket, where the form is."""
    staff = session.staff
    if not may_list(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        stages = decided_by(staff.unit_id, staff.roles)
        waiting = await applications.waiting(connection, stages, staff.unit_id, MOST)
        made = await applications.made_by(connection, staff.unit_id, MOST)
        since = request.app[CLOCK]() - TOLD_FOR
        answered = await applications.answered(connection, staff.unit_id, since, MOST_ANSWERED)
    context = {
        "waiting": [one for one in waiting if one.application.staff_id != staff.id],
        "made": made,
        "answered": answered,
        "states": STATE_NAMES,
        "name_of": name_of,
        "reason_of": reason_of,
    }
    return show(request, session, "console/applications.html", context)
