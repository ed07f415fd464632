"""Open-line days (听民意解民忧): set up by the centre; leaders see their own, with every ticket until it is closed."""

import re
from collections.abc import Mapping

from aiohttp import web

from dialogs.ticket_number import parse_number
from dialogs.words import TicketState
from gateway.console.case.choosing import unit_of
from gateway.console.case.moments import read_moment
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.table_file import table_file
from gateway.keys import CLOCK, POOL, WORLD
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.in_force import read_events
from handlers.open_line import Arranging, arrange, end_day, follow, may_arrange, may_see
from handlers.open_line_report import rows
from handlers.permits import STATE_NAMES
from store import open_lines
from store.open_lines import OpenLine
from store.staff import StaffSession

SHOWN = 100
DONE = {
    "made": "已安排，领导会收到通知。",
    "ended": "已结束接听，工单继续跟踪。",
    "off": "已取消。",
    "opened": "已受理并派单；点开这次接听，看每件工单办到哪里。",
    "followed": "已交给领导跟踪。",
}
_FIELDS = ("name", "unit", "leaders", "begins", "ends", "note")
OVER = (TicketState.CLOSED, TicketState.WITHDRAWN)
_BETWEEN = re.compile(r"[\s,，、;；]+")


async def get_open_lines(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The days that somebody may see, and the form to set one up."""
    return await _list(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_open_line(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Set one up."""
    who = await by(request, session)
    typed = {name: await text(request, name) for name in _FIELDS}
    try:
        order = _arranging(request, typed)
        await run(request, lambda c: arrange(c, who, order))
    except ActRefusedError as refused:
        return await _list(request, session, {"error": str(refused), "typed": typed}, status=422)
    await _follow(request)
    raise web.HTTPSeeOther("/console/open-lines?done=made")


async def get_open_line(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One day with its tickets, the most pressing first."""
    return await _one(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_end(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Close it before its time, or call it off."""
    who, day_id = await by(request, session), _id(request)
    try:
        await run(request, lambda c: end_day(c, who, day_id))
    except ActRefusedError as refused:
        return await _one(request, session, {"error": str(refused)}, status=422)
    await _follow(request)
    async with request.app[POOL].acquire() as connection:
        kept = await open_lines.by_ids(connection, [day_id])
    raise web.HTTPSeeOther(
        f"/console/open-lines/{day_id}?done=ended" if kept else "/console/open-lines?done=off"
    )


async def post_follow(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Let its leaders follow a ticket."""
    who, day_id = await by(request, session), _id(request)
    typed = await text(request, "ticket")
    ticket_id = parse_number(typed) or 0
    try:
        await run(request, lambda c: follow(c, who, day_id, ticket_id))
    except ActRefusedError as refused:
        return await _one(request, session, {"error": str(refused), "ticket": typed}, status=422)
    except UnknownTicketError:
        context = {"error": "没有这张工单，请核对编号。", "ticket": typed}
        return await _one(request, session, context, status=422)
    raise web.HTTPSeeOther(f"/console/open-lines/{day_id}?done=followed")


def _arranging(request: web.Request, typed: Mapping[str, str]) -> Arranging:
    world, unit = request.app[WORLD], typed["unit"].strip()
    unit_id = unit_of(world, unit) if unit else None
    if unit_id == 0:
        raise ActRefusedError(f"目录里没有“{unit}”这个单位。")
    return Arranging(
        name=typed["name"],
        unit_id=unit_id,
        logins=tuple(dict.fromkeys(filter(None, _BETWEEN.split(typed["leaders"].strip())))),
        begins_at=read_moment(typed["begins"], world.timezone, "开始时间"),
        ends_at=read_moment(typed["ends"], world.timezone, "结束时间"),
        note=typed["note"],
    )


async def _follow(request: web.Request) -> None:
    async with request.app[POOL].acquire() as connection:
        await read_events(connection, request.app[WORLD], request.app[CLOCK]())


def _id(request: web.Request) -> int:
    return int(request.match_info["day"])


async def _list(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff = session.staff
    if not may_see(staff.unit_id, staff.roles):
        return missing(request, session)
    arranges = may_arrange(staff.unit_id, staff.roles)
    own = None if arranges else staff.id
    async with request.app[POOL].acquire() as connection:
        days = await open_lines.listed(connection, own, staff.unit_id, SHOWN)
        left = await open_lines.left(connection, [one.id for one in days])
    frame: dict[str, object] = {
        "days": days,
        "left": left,
        "arranges": arranges,
        "typed": dict.fromkeys(_FIELDS, ""),
        "done": "",
        "error": "",
    }
    return show(request, session, "console/open_lines.html", frame | dict(context), status=status)


async def get_report(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """A day as a file: its figures, then ticket by ticket how far it is."""
    day_id = _id(request)
    async with request.app[POOL].acquire() as connection:
        day = (await open_lines.by_ids(connection, [day_id])).get(day_id)
        if day is None or not _is_theirs(session, day):
            return missing(request, session)
        items = await open_lines.followed(connection, day_id)
        figures = await open_lines.figures(connection, day_id, request.app[CLOCK]())
    lines = rows(day, figures, items, request.app[WORLD].timezone)
    return table_file(lines, f"open-line-{day_id}.csv")


async def _one(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff, day_id = session.staff, _id(request)
    async with request.app[POOL].acquire() as connection:
        day = (await open_lines.by_ids(connection, [day_id])).get(day_id)
        if day is None or not _is_theirs(session, day):
            return missing(request, session)
        items = await open_lines.followed(connection, day_id)
        figures = await open_lines.figures(connection, day_id, request.app[CLOCK]())
    frame: dict[str, object] = {
        "day": day,
        "items": items,
        "figures": figures,
        "state_of": {str(state): name for state, name in STATE_NAMES.items()},
        "over": OVER,
        "left": sum(one.state not in OVER for one in items),
        "arranges": may_arrange(staff.unit_id, staff.roles),
        "ticket": "",
        "done": "",
        "error": "",
    }
    return show(request, session, "console/open_line.html", frame | dict(context), status=status)


def _is_theirs(session: StaffSession, day: OpenLine) -> bool:
    """Leaders see theirs, heads that of their unit, those who set them up all."""
    staff = session.staff
    if may_arrange(staff.unit_id, staff.roles) or staff.id in day.leader_ids:
        return True
    own = staff.unit_id is not None and staff.unit_id == day.unit_id
    return own and may_see(staff.unit_id, staff.roles)
