"""Matters that a street's communities take and solve themselves (不诉自办): the list, and the form to take one."""

from aiohttp import web

from dialogs.words import Kind
from gateway.console.layout import missing, show
from gateway.console.running import TRIES, let_out, run
from gateway.console.session import by, text
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, WORLD
from handlers.case import ActRefusedError
from handlers.community import may_take, take_matter
from handlers.walk_in import WalkIn
from store import community
from store.staff import StaffSession

MOST = 200
STATE_NAMES = {"open": "在办", "solved": "已办好", "became_ticket": "已转为工单"}
_FIELDS = ("matter", "place", "topic", "title", "contact_name", "phone", "office")


async def get_community(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What a street's communities have in hand, and the empty form."""
    if not _may(request, session):
        return missing(request, session)
    return await _page(request, session, dict.fromkeys(_FIELDS, ""))


async def post_community(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take a matter and show it."""
    if not _may(request, session):
        return missing(request, session)
    typed = {field: await text(request, field) for field in _FIELDS}
    who, world = await by(request, session), request.app[WORLD]
    form = WalkIn(
        matter=typed["matter"],
        place=typed["place"],
        kind=Kind.REQUEST,
        topic=typed["topic"],
        title=typed["title"],
        contact_name=typed["contact_name"],
        phone=typed["phone"],
    )
    office_id = int(typed["office"]) if typed["office"].isdecimal() else None
    try:
        async with world.numbers.held(TRIES, request.app[CLOCK]()):
            taken = await run(
                request, lambda connection: take_matter(connection, world, who, form, office_id)
            )
    except ActRefusedError as refused:
        key = await text(request, "key")
        return await _page(request, session, typed, str(refused), key, status=422)
    await let_out(request, int(taken))
    raise web.HTTPSeeOther(f"/console/tickets/{int(taken)}")


def _may(request: web.Request, session: StaffSession) -> bool:
    return may_take(request.app[WORLD], session.staff.unit_id, session.staff.roles)


async def _page(
    request: web.Request,
    session: StaffSession,
    typed: dict[str, str],
    error: str = "",
    key: str = "",
    *,
    status: int = 200,
) -> web.Response:
    unit_id = session.staff.unit_id or 0
    async with request.app[POOL].acquire() as connection:
        listed = await community.listed(connection, unit_id, MOST)
        offices = await community.offices(connection, unit_id)
    world = request.app[WORLD]
    context = {
        "typed": typed,
        "error": error,
        "key": key,
        "topics": topics_of(world),
        "listed": listed,
        "offices": offices,
        "states": STATE_NAMES,
        "days": world.rules.value("community.days"),
    }
    return show(request, session, "console/community.html", context, status=status)
