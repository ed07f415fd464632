"""A street's lane stewards (小巷管家): who asks to be one, who is one, what they have done."""

from dataclasses import dataclass

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import by
from gateway.keys import KEYS, POOL, WORLD
from handlers.case import ActRefusedError
from handlers.stewards import decide_steward, may_decide
from store import stewards
from store.staff import StaffSession
from store.stewards import Listed

MOST = 500
STATE_NAMES = {"asked": "待审核", "active": "在岗", "refused": "未通过", "ended": "已离岗"}


@dataclass(frozen=True, slots=True)
class Line:
    """One steward, with the name as it can be read."""

    steward: Listed
    name: str
    state: str


async def get_stewards(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The list, those to decide about first."""
    if not _may(request, session):
        return missing(request, session)
    return await _page(request, session)


async def post_steward(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Accept, refuse or end one."""
    if not _may(request, session):
        return missing(request, session)
    who, world = await by(request, session), request.app[WORLD]
    steward_id, says = int(request.match_info["steward"]), request.match_info["says"]
    try:
        await run(
            request, lambda connection: decide_steward(connection, world, who, steward_id, says)
        )
    except ActRefusedError as refused:
        return await _page(request, session, str(refused), status=422)
    await let_out(request, None)
    raise web.HTTPSeeOther("/console/stewards")


def _may(request: web.Request, session: StaffSession) -> bool:
    return may_decide(request.app[WORLD], session.staff.unit_id, session.staff.roles)


async def _page(
    request: web.Request, session: StaffSession, error: str = "", *, status: int = 200
) -> web.Response:
    version = request.app[WORLD].city.version
    async with request.app[POOL].acquire() as connection:
        found = await stewards.listed(connection, session.staff.unit_id or 0, version, MOST)
    keys = request.app[KEYS]
    lines = [
        Line(one, keys.open(one.name) if one.name else "", STATE_NAMES[one.state]) for one in found
    ]
    context = {"lines": lines, "error": error}
    return show(request, session, "console/stewards.html", context, status=status)
