"""The page of a resident: the channels that are one, how that was proven, and the form that takes one out again."""

from collections.abc import Mapping

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.ticket import ticket_id_of
from gateway.keys import CLOCK
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.split_resident import Looks, ResidentView, split_resident, view_resident
from store.staff import StaffSession

LONGEST_ID = 18
DONE = "已拆开。这个渠道以后单独算一位市民，除非再次证明是同一个号码。"


async def get_resident(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The resident of a ticket."""
    done = DONE if "done" in request.query else ""
    return await _page(request, session, {"done": done})


async def post_split(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take one address out."""
    ticket_id, who = ticket_id_of(request), await by(request, session)
    reason, chosen = await text(request, "reason"), await text(request, "address")
    if ticket_id is None:
        return missing(request, session)
    address_id = int(chosen) if chosen.isdecimal() and len(chosen) <= LONGEST_ID else 0
    try:
        await run(request, lambda c: split_resident(c, who, ticket_id, address_id, reason))
    except UnknownTicketError:
        return missing(request, session)
    except ActRefusedError as refused:
        typed = {"error": str(refused), "reason": reason, "chosen": address_id}
        return await _page(request, session, typed, status=422)
    raise web.HTTPSeeOther(f"/console/tickets/{ticket_id}/resident?done=split")


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    ticket_id, staff = ticket_id_of(request), session.staff
    who = Looks(staff.id, staff.unit_id, staff.roles, request.app[CLOCK]())
    if ticket_id is None:
        return missing(request, session)
    try:
        view = await run(request, lambda c: view_resident(c, who, ticket_id))
    except UnknownTicketError:
        return missing(request, session)
    if not isinstance(view, ResidentView):
        raise web.HTTPBadRequest
    frame: dict[str, object] = {"view": view, "done": "", "error": "", "reason": "", "chosen": 0}
    return show(request, session, "console/resident.html", frame | dict(context), status=status)
