"""A street's lane stewards (小巷管家): who asks to be one, who is one, their patrol log (巡查日志)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import by
from gateway.keys import KEYS, POOL, WORLD
from handlers.case import ActRefusedError
from handlers.open_ticket import mask_contact
from handlers.stewards import decide_steward, may_decide, open_number
from store import stewards
from store.staff import StaffSession
from store.stewards import Listed, Logged

MOST = 500
LONGEST_LOG = 200
NO_NUMBER = "没有留电话。审核结果会发到报名用的对话里。"
STATE_NAMES = {"asked": "待审核", "active": "在岗", "refused": "未通过", "ended": "已离岗"}


@dataclass(frozen=True, slots=True)
class Line:
    """One steward, with the name as it can be read."""

    steward: Listed
    name: str
    contact: str  # masked
    state: str


@dataclass(slots=True)
class Tour:
    """One round of the log with what was reported on it; `began_at` is None for what was seen on none."""

    began_at: datetime | None
    ended_at: datetime | None
    finds: list[Logged] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """How long it took."""
        if self.began_at is None or self.ended_at is None:
            return 0
        return max(1, round((self.ended_at - self.began_at) / timedelta(minutes=1)))


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


async def get_steward(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One steward: the log of their rounds, and what they have reported."""
    return await _one(request, session)


async def post_number(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Show the number to call; the look at it is noted."""
    who, world = await by(request, session), request.app[WORLD]
    steward_id = int(request.match_info["steward"])
    try:
        number = await run(request, lambda c: open_number(c, world, who, steward_id))
    except ActRefusedError:
        return missing(request, session)
    return await _one(request, session, number or NO_NUMBER)


async def _one(request: web.Request, session: StaffSession, number: str = "") -> web.StreamResponse:
    if not _may(request, session):
        return missing(request, session)
    steward_id, version = int(request.match_info["steward"]), request.app[WORLD].city.version
    async with request.app[POOL].acquire() as connection:
        told = await stewards.one(connection, steward_id, session.staff.unit_id or 0, version)
        logged = await stewards.log(connection, steward_id, LONGEST_LOG) if told else []
    if told is None:
        return missing(request, session)
    context = {
        "told": told,
        "name": request.app[KEYS].open(told.name) if told.name else "",
        "state": STATE_NAMES[told.state],
        "tours": tours(logged),
        "number": number,
    }
    return show(request, session, "console/steward.html", context)


def tours(logged: Sequence[Logged]) -> list[Tour]:
    """The log, round by round."""
    found = []
    for _, group in groupby(logged, key=lambda one: one.patrol_id or -(one.ticket_id or 0)):
        lines = list(group)
        first = lines[0]
        finds = [one for one in lines if one.ticket_id is not None]
        found.append(Tour(first.began_at, first.ended_at, finds))
    return found


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
        Line(
            one,
            keys.open(one.name) if one.name else "",
            _masked(request, one),
            STATE_NAMES[one.state],
        )
        for one in found
    ]
    context = {"lines": lines, "error": error}
    return show(request, session, "console/stewards.html", context, status=status)


def _masked(request: web.Request, one: Listed) -> str:
    """The number that was left, else that of a channel which is one."""
    if one.contact is not None:
        return mask_contact(request.app[KEYS].open(one.contact))
    channel = request.app[WORLD].channels.get(one.channel)
    return one.masked if channel is not None and channel.abilities.phone else "没有留"
