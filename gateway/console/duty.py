"""Duty phones (值班电话) of one's own unit: who is called for grades I and II, in which order."""

from collections.abc import Mapping

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.case import ActRefusedError
from handlers.duty import add_phone, may_set, raise_phone, remove_phone
from handlers.stopped_phones import AlertPhone, alert_phones
from handlers.world import World
from store import duty_phones, rosters
from store.database import Connection
from store.staff import Staff, StaffSession

DONE = {"added": "已添加。", "removed": "已删除。", "raised": "已调整顺序。"}


async def get_duty(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The list."""
    return await _page(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_add(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Add a phone."""
    who, world = await by(request, session), request.app[WORLD]
    number, name = await text(request, "phone"), await text(request, "name")
    region = request.app[SETTINGS].phone_region
    try:
        await run(request, lambda c: add_phone(c, world, who, number, name, region))
    except ActRefusedError as refused:
        typed = {"phone": number, "name": name}
        return await _page(request, session, {"error": str(refused), "typed": typed}, status=422)
    raise web.HTTPSeeOther("/console/duty?done=added")


async def post_change(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take a phone away, or let it ring earlier."""
    phone_id, act = int(request.match_info["phone"]), request.match_info["act"]
    who = await by(request, session)
    try:
        if act == "remove":
            await run(request, lambda c: remove_phone(c, who, phone_id))
        else:
            await run(request, lambda c: raise_phone(c, who, phone_id))
    except ActRefusedError as refused:
        return await _page(request, session, {"error": str(refused)}, status=422)
    raise web.HTTPSeeOther(f"/console/duty?done={'removed' if act == 'remove' else 'raised'}")


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff = session.staff
    if not may_set(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        phones = await duty_phones.of_unit(connection, staff.unit_id)
        changes = await duty_phones.changes(connection, staff.unit_id)
        alerted = await _alerted(connection, request.app[WORLD], staff)
        on_duty = await rosters.on_duty(connection, staff.unit_id, request.app[CLOCK]())
    rules = request.app[WORLD].calling
    empty: dict[str, object] = {"done": "", "error": "", "typed": {"phone": "", "name": ""}}
    frame: dict[str, object] = {
        "phones": phones,
        "changes": changes,
        "alerted": alerted,
        "rules": rules,
        "on_duty": on_duty,
    }
    return show(request, session, "console/duty.html", frame | empty | dict(context), status=status)


async def _alerted(connection: Connection, world: World, staff: Staff) -> list[AlertPhone]:
    """Phones of the settings, which are the centre's affair."""
    return await alert_phones(connection, world) if staff.at_centre else []
