"""Who is at the console: a session by its cookie, a form by its session's own secret."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from gateway.browser import check_same_origin
from gateway.console.layout import ALERTS, QUEUE, missing, plain, show
from gateway.keys import CLOCK, POOL, SETTINGS
from gateway.problem import Problem
from gateway.turns import AWAY
from handlers.call_orders import may_take_calls, takes_for_centre
from handlers.case import By
from handlers.inspected import only_inspects
from handlers.keep_media import MEGABYTE
from handlers.login import session_of
from handlers.settle_task import may_settle
from store import alerts, talk_desk
from store.alerts import OpenAlert
from store.human_talks import Taker
from store.staff import StaffSession

COOKIE = "jiesu_console"
KEY_LENGTH = 64
MOST_ALERTS = 20
# Several photos at once, as `desk.js` has it too; who is not logged in may send far less.
FILES_MB = 38
FORM_MB = FILES_MB + 2

Page = Callable[[web.Request, StaffSession], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def for_staff(page: Page, *, inspectors: bool = False) -> Handler:
    """Let a page be seen, and a form be sent, by those who are logged in alone.

    `inspectors`: it is for the discipline inspectors too, to whom no other page is there.
    """

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            session = await current(request)
            if session is None:
                raise _to_login(request)
            if request.method == "POST":
                request = _larger(request)
                if not await _own_form(request, session):
                    return show(request, session, "console/refused.html", {}, status=403)
            if only_inspects(session.staff.roles) and not inspectors:
                return _to_inspect(request, session)
            request[ALERTS] = await _alerts(request, session)
            await _count_queue(request, session)
            return await page(request, session)
        except web.HTTPRequestEntityTooLarge:
            too_large = {"most": FILES_MB}
            return plain(request, "console/too_large.html", too_large, status=413)
        except AWAY:
            return plain(request, "console/away.html", {}, status=503)

    return handler


def _larger(request: web.Request) -> web.Request:
    """The same request, which may bring files; raises `HTTPRequestEntityTooLarge` before too many are read."""
    most, length = FORM_MB * MEGABYTE, request.content_length or 0
    if length > most:
        raise web.HTTPRequestEntityTooLarge(most, length)
    return request.clone(client_max_size=most)


def _to_inspect(request: web.Request, session: StaffSession) -> web.StreamResponse:
    if request.path == "/console":
        raise web.HTTPSeeOther("/console/discipline")
    return missing(request, session)


async def _alerts(request: web.Request, session: StaffSession) -> list[OpenAlert]:
    """Alerts that nobody has taken, for whoever may take them: they stand on every page."""
    if not may_take(session):
        return []
    async with request.app[POOL].acquire() as connection:
        return await alerts.untaken(connection, MOST_ALERTS)


async def _count_queue(request: web.Request, session: StaffSession) -> None:
    """How many wait in chats stands in the menu of those who talk with residents."""
    if may_take_calls(session.staff.unit_id, session.staff.roles):
        async with request.app[POOL].acquire() as connection:
            request[QUEUE] = await talk_desk.queue(connection, taker_of(request, session))


def taker_of(request: web.Request, session: StaffSession) -> Taker:
    """Which queues for a person the reader takes from."""
    staff = session.staff
    return Taker(staff.id, takes_for_centre(staff.unit_id, staff.roles), request.app[CLOCK]())


def may_take(session: StaffSession) -> bool:
    """Whether alerts are for these eyes: those of the centre."""
    return session.staff.at_centre and may_settle(None, session.staff.roles)


async def current(request: web.Request) -> StaffSession | None:
    """The session of a request, None when there is none (any more)."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    async with request.app[POOL].acquire() as connection:
        return await session_of(connection, token, request.app[CLOCK]())


async def text(request: web.Request, name: str) -> str:
    """A field of the form, "" when it is not there or no text. The store knows no NUL."""
    value = (await request.post()).get(name, "")
    return value.replace("\0", " ") if isinstance(value, str) else ""


async def by(request: web.Request, session: StaffSession) -> By:
    """Who sends this form. A form without a key of its own is none of ours."""
    key = await text(request, "key")
    if not key or len(key) > KEY_LENGTH:
        raise web.HTTPBadRequest
    staff = session.staff
    key = f"form:{staff.id}:{key}"  # so that nobody can use up the key of somebody else's form
    return By(staff.id, staff.name, staff.unit_id, staff.roles, key, request.app[CLOCK]())


def remember(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the session's secret to the browser; no script and no other site can use it."""
    secure = request.app[SETTINGS].public_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, path="/console", httponly=True, samesite="Strict", secure=secure
    )


def same_origin(request: web.Request) -> bool:
    """Whether a form comes from one of our own pages."""
    try:
        check_same_origin(request)
    except Problem:
        return False
    return True


async def _own_form(request: web.Request, session: StaffSession) -> bool:
    given = await text(request, "csrf")
    return same_origin(request) and hmac.compare_digest(given.encode(), session.csrf.encode())


def _to_login(request: web.Request) -> web.HTTPSeeOther:
    target = "/console/login"
    if request.method == "GET" and request.path_qs not in ("/console", "/console/"):
        target += "?next=" + quote(request.path_qs, safe="")
    return web.HTTPSeeOther(target)
