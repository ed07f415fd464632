"""One's own unit: offices and people, who is away, the night duty roster, templates of replies."""

from collections import defaultdict
from collections.abc import Mapping

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by
from gateway.console.ticket import topics_of
from gateway.console.typed import number
from gateway.console.unit_acts import ACTS, PEOPLE, ROSTER, TEMPLATES
from gateway.keys import CLOCK, POOL, WORLD
from handlers.away import LETS_GO
from handlers.case import ActRefusedError
from handlers.duty import may_set
from handlers.offices import KINDS
from handlers.people import takes_work
from handlers.permit_table import DESK_ROLES
from handlers.reply_templates import may_write
from handlers.result import RESULT_NAMES
from store import reply_templates, rosters, unit_people
from store.staff import StaffSession

PATHS = {
    PEOPLE: "/console/unit",
    ROSTER: "/console/unit/roster",
    TEMPLATES: "/console/unit/templates",
}


async def get_people(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Offices and people; the centre has neither."""
    return await _people(request, session, _done(request))


async def get_roster(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Who is on duty when."""
    return await _roster(request, session, _done(request))


async def get_templates(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The templates of the unit, or of the whole city; one of them may be open to be changed."""
    return await _templates(request, session, _done(request))


async def post_act(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Do one act; what is refused comes back with a sentence and what was typed."""
    name = request.match_info["act"]
    act = ACTS.get(name)
    if act is None:
        return missing(request, session)
    who, world = await by(request, session), request.app[WORLD]
    form = await request.post()
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    typed = defaultdict(str, given)
    try:
        await run(request, lambda connection: act.do(connection, world, who, typed))
    except ActRefusedError as refused:
        context = {"error": str(refused), "typed": typed, "form": name}
        return await _SHOWN[act.page](request, session, context)
    raise web.HTTPSeeOther(f"{PATHS[act.page]}?done={name}")


def _done(request: web.Request) -> dict[str, object]:
    act = ACTS.get(request.query.get("done", ""))
    return {"done": act.done} if act else {}


async def _people(
    request: web.Request, session: StaffSession, context: Mapping[str, object]
) -> web.StreamResponse:
    staff, now = session.staff, request.app[CLOCK]()
    if staff.unit_id is None:
        raise web.HTTPSeeOther(PATHS[ROSTER])
    async with request.app[POOL].acquire() as connection:
        people = await unit_people.people(connection, staff.unit_id, now)
        offices = await unit_people.offices(connection, staff.unit_id)
    frame: dict[str, object] = {
        "people": people,
        "takers": [one for one in people if takes_work(one)],
        "offices": offices,
        "office_kinds": KINDS,
        "sets": bool(staff.roles & DESK_ROLES),
        "lets_go": bool(staff.roles & LETS_GO),
    }
    return _show(request, session, "console/unit.html", frame | dict(context))


async def _roster(
    request: web.Request, session: StaffSession, context: Mapping[str, object]
) -> web.StreamResponse:
    staff, now = session.staff, request.app[CLOCK]()
    rules = request.app[WORLD].rules
    async with request.app[POOL].acquire() as connection:
        turns = await rosters.coming(connection, staff.unit_id, now)
        people = await unit_people.people(connection, staff.unit_id, now)
    hours = rules.value("working.ends_hour") % 24, rules.value("working.begins_hour")
    frame: dict[str, object] = {
        "turns": turns,
        "people": people,
        "sets": may_set(staff.unit_id, staff.roles),
        "begins": f"{hours[0]:02}:00",
        "ends": f"{hours[1]:02}:00",
        "today": now.astimezone(request.app[WORLD].timezone).date(),
    }
    return _show(request, session, "console/roster.html", frame | dict(context))


async def _templates(
    request: web.Request, session: StaffSession, context: Mapping[str, object]
) -> web.StreamResponse:
    staff = session.staff
    async with request.app[POOL].acquire() as connection:
        own = await reply_templates.of_unit(connection, staff.unit_id)
        citys = [] if staff.at_centre else await reply_templates.of_unit(connection, None)
    changed = number(request.query.get("template", ""))
    frame: dict[str, object] = {
        "own": own,
        "citys": citys,
        "changed": next((one for one in own if one.id == changed), None),
        "topics": topics_of(request.app[WORLD]),
        "results": RESULT_NAMES,
        "writes": may_write(staff.unit_id, staff.roles),
    }
    return _show(request, session, "console/reply_templates.html", frame | dict(context))


_SHOWN = {PEOPLE: _people, ROSTER: _roster, TEMPLATES: _templates}


def _show(
    request: web.Request, session: StaffSession, template: str, context: Mapping[str, object]
) -> web.StreamResponse:
    empty: dict[str, object] = {"done": "", "error": "", "typed": {}, "form": ""}
    status = 422 if "error" in context else 200
    return show(request, session, template, empty | dict(context), status=status)
