"""Surge mode (平战转换): what is in force and what has ended, and the form that begins an event."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from dialogs.words import Grade
from gateway.console.case.choosing import unit_of
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.case import ActRefusedError
from handlers.in_force import read_events
from handlers.surge import KIND_NAMES, Declaring, declare, may_declare, may_see_surges
from handlers.surge_report import kept
from store import surges
from store.staff import StaffSession

SHOWN = 50
PAGE = "/console/surge"
_FIELDS = (
    *("name", "kind", "expert_line", "experts", "places", "words", "grade"),
    *("lead", "script", "script_en", "articles"),
)


async def get_surges(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """All of them, and the form to begin one."""
    return await _list(request, session, {})


async def post_surge(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Begin one."""
    who, world = await by(request, session), request.app[WORLD]
    typed = {name: await text(request, name) for name in _FIELDS}
    lines, topics = await several(request, "lines"), await several(request, "topics")
    try:
        order = _declaring(request, typed, lines, topics)
        made = await run(request, lambda c: declare(c, world, who, order))
    except ActRefusedError as refused:
        context = {"error": str(refused), "typed": typed, "lines": lines, "topics_on": topics}
        return await _list(request, session, context, status=422)
    await follow(request)
    raise web.HTTPSeeOther(f"{PAGE}/{made}?done=declared")


def _declaring(
    request: web.Request, typed: Mapping[str, str], lines: Sequence[str], topics: Sequence[str]
) -> Declaring:
    lead = typed["lead"].strip()
    lead_id = unit_of(request.app[WORLD], lead) if lead else None
    if lead_id == 0:
        raise ActRefusedError(f"目录里没有“{lead}”这个单位。")
    return Declaring(
        name=typed["name"],
        kind=typed["kind"],
        lines=tuple(lines),
        expert_line=typed["expert_line"],
        experts=typed["experts"],
        topics=tuple(topics),
        places=typed["places"],
        words=typed["words"],
        grade=typed["grade"],
        lead_unit_id=lead_id,
        script=typed["script"],
        script_en=typed["script_en"],
        articles=typed["articles"],
        region=request.app[SETTINGS].phone_region,
    )


async def several(request: web.Request, name: str) -> list[str]:
    """What was picked in a field of several."""
    return [one for one in (await request.post()).getall(name, []) if isinstance(one, str)]


async def follow(request: web.Request) -> None:
    """This process goes by it at once, the others within seconds."""
    async with request.app[POOL].acquire() as connection:
        await read_events(connection, request.app[WORLD], request.app[CLOCK]())


async def _list(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff, world = session.staff, request.app[WORLD]
    if not may_see_surges(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await surges.latest(connection, SHOWN)
    frame: dict[str, object] = {
        "listed": [(one, kept(one.report) if one.ended_at else None) for one in found],
        "kinds": KIND_NAMES,
        "declares": may_declare(staff.unit_id, staff.roles),
        "numbers": [
            (line.number, line.name) for line in world.lines.values() if line.number.startswith("+")
        ],
        "topics": topics_of(world),
        "grades": list(Grade),
        "typed": dict.fromkeys(_FIELDS, ""),
        "lines": [],
        "topics_on": [],
        "error": "",
    }
    return show(request, session, "console/surges.html", frame | dict(context), status=status)
