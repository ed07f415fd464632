"""Units that merge, split and close (单位承接): who goes on with their work, and from when."""

from collections.abc import Mapping

from aiohttp import web

from gateway.console.catalogue_pages import names, today, typed
from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import by
from gateway.keys import POOL, WORLD
from handlers.case import ActRefusedError
from handlers.heirs import KINDS
from handlers.own_draft import may_change
from handlers.succession import Naming, name_successor
from store import heirs
from store.staff import StaffSession

NEWEST = 100
FIELDS = ("kind", "unit", "successor", "from_date", "note")
DONE = "已登记。到日子起人员、值班电话随即转入，未办结的工单逐张移交并记入经过；单位简称有变的，告知市民由谁接着办。"


async def get_successions(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The newest, and the form."""
    return await _page(request, session, {"done": DONE if request.query.get("done") else ""})


async def post_succession(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Name a successor."""
    who, world = await by(request, session), request.app[WORLD]
    given = await typed(request, *FIELDS, "key")
    order = Naming(**{name: given[name] for name in FIELDS})
    try:
        await run(request, lambda c: name_successor(c, world, who, order))
    except ActRefusedError as refused:
        again = {"error": str(refused), "typed": given, "key": given["key"]}
        return await _page(request, session, again, status=422)
    await let_out(request, None)
    raise web.HTTPSeeOther("/console/successions?done=1")


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    if not may_change(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await heirs.listed(connection, NEWEST)
    frame: dict[str, object] = {
        "successions": found,
        "kinds": KINDS,
        "today": today(request),
        **names(request.app[WORLD]),
        "done": "",
        "error": "",
        "typed": dict.fromkeys(FIELDS, ""),
        "key": "",
    }
    return show(request, session, "console/successions.html", frame | dict(context), status=status)
