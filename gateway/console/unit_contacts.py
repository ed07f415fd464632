"""Where a unit is told outside the console (单位通知): its numbers, chats and systems; who has confirmed them, what failed."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from dialogs.words import Role
from gateway import clock
from gateway.console.case.choosing import unit_of
from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import by, text
from gateway.keys import CLOCK, POOL, WORLD
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.unit_contacts import (
    AUDIENCES,
    CHANNELS,
    Registered,
    Registering,
    end,
    is_theirs,
    may_register,
    register,
)
from handlers.world import World
from store import unit_contacts, unit_people
from store.database import Connection
from store.staff import Staff, StaffSession
from store.unit_contacts import Contact

DONE = {"ended": "已停用，不再通知到那里。"}
_FIELDS = ("channel", "name", "address", "audience", "unit", "duty")


async def get_contacts(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The list, with a form to add to it."""
    return await _page(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_contact(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Register one; its code or secret is shown in this answer and never again."""
    who, world = await by(request, session), request.app[WORLD]
    typed = {name: await text(request, name) for name in _FIELDS}
    unit_id = unit_of(world, typed["unit"]) if typed["unit"].strip() else session.staff.unit_id
    duty = int(typed["duty"]) if typed["duty"].isdecimal() else None
    order = Registering(
        typed["channel"], typed["name"], typed["address"], typed["audience"], unit_id, duty
    )
    token = clock.token()
    try:
        made = await run(request, lambda c: register(c, world, who, order, token))
    except ActRefusedError as refused:
        context = {"error": str(refused), "typed": typed}
        return await _page(request, session, context, status=422)
    await let_out(request, None)
    shown = made if isinstance(made, Registered) else None
    return await _page(request, session, {"done": "已登记。", "made": shown})


async def post_end(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take one out of use."""
    who, world = await by(request, session), request.app[WORLD]
    contact_id = int(request.match_info["contact"])
    try:
        await run(request, lambda c: end(c, world, who, contact_id))
    except UnknownTicketError:
        return missing(request, session)
    raise web.HTTPSeeOther("/console/unit-contacts?done=ended")


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff, world = session.staff, request.app[WORLD]
    if not may_register(staff.roles) or (staff.at_centre and Role.ADMIN not in staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await _theirs(connection, world, staff)
        people = await unit_people.people(connection, staff.unit_id, request.app[CLOCK]())
    own = [(code, name) for code, name in CHANNELS.items() if _open(world, code)]
    frame = {
        "contacts": found,
        "people": people,
        "channels": own,
        "channel_of": CHANNELS,
        "audiences": AUDIENCES,
        "chooses_unit": staff.at_centre or Role.DISTRICT_ADMIN in staff.roles,
        "done": "",
        "error": "",
        "made": None,
        "typed": dict.fromkeys(_FIELDS, ""),
    }
    return show(
        request, session, "console/unit_contacts.html", frame | dict(context), status=status
    )


def _open(world: World, channel: str) -> bool:
    return channel == "webhook" or channel in world.channels


async def _theirs(connection: Connection, world: World, staff: Staff) -> Sequence[Contact]:
    """Those of one's own unit, of the units below for a district's admin, of all for the centre's."""
    if staff.unit_id is None:
        return await unit_contacts.of_all(connection)
    units = [one for one in world.city.units if is_theirs(world, staff.unit_id, staff.roles, one)]
    return await unit_contacts.of_units(connection, units)
