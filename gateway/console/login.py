"""Logging in and out of the console."""

from urllib.parse import urlsplit

from aiohttp import web

from gateway import clock
from gateway.allowance import Allowance
from gateway.browser import is_local
from gateway.console.layout import plain
from gateway.console.session import COOKIE, current, remember, same_origin, text
from gateway.keys import CLOCK, KICK, POOL
from gateway.turns import AWAY
from handlers.login import Refused, log_in, log_out
from store import human_attention
from store.staff import StaffSession

# Each try costs a fifth of a second of a core: a flood of them must not take the gateway down.
LOGIN_ALLOWANCE = web.AppKey("LOGIN_ALLOWANCE", Allowance)

WRONG = "用户名或密码不对；连续错5次，15分钟内不能登录。"
OVER = "这个支援账号已经到期或停用，不能再登录；还要支援，请热线中心的管理员另开账号。"
TOO_OFTEN = "尝试太频繁，请稍等一分钟再登录。"


def setup(app: web.Application) -> None:
    """Limit how often a network may try."""
    app[LOGIN_ALLOWANCE] = Allowance(per_second=0.5, burst=30)


async def get_login(request: web.Request) -> web.StreamResponse:
    """The form; who is logged in already goes on."""
    try:
        if await current(request) is not None:
            raise web.HTTPSeeOther(_next(request.query.get("next", "")))
    except AWAY:
        return plain(request, "console/away.html", {}, status=503)
    return _form(request, request.query.get("next", ""))


async def post_login(request: web.Request) -> web.StreamResponse:
    """Check the password and go on to what was asked for."""
    login, password = await text(request, "login"), await text(request, "password")
    target = await text(request, "next")
    if not same_origin(request):
        return _form(request, target, login, "请从本页面登录。", 403)
    source = "" if is_local(request) else request.remote or ""
    if request.app[LOGIN_ALLOWANCE].take(source, clock.monotonic()):
        return _form(request, target, login, TOO_OFTEN, 429)
    try:
        async with request.app[POOL].acquire() as connection:
            now = request.app[CLOCK]()
            secrets = {"token": clock.token(), "csrf": clock.token()}
            done = await log_in(connection, login, password, now=now, **secrets)
    except AWAY:
        return plain(request, "console/away.html", {}, status=503)
    if isinstance(done, Refused):
        return _form(request, target, login, OVER if done.over else WRONG, 401)
    response = web.HTTPSeeOther(_next(target))
    remember(request, response, done.token)
    raise response


async def post_logout(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """End the session everywhere; the chats of somebody who is gone are the next one's."""
    async with request.app[POOL].acquire() as connection:
        await log_out(connection, request.cookies.get(COOKIE, ""))
        await human_attention.look_now(connection, [session.staff.id], request.app[CLOCK]())
    request.app[KICK]()
    response = web.HTTPSeeOther("/console/login")
    response.del_cookie(COOKIE, path="/console")
    raise response


def _form(
    request: web.Request, target: str, login: str = "", error: str = "", status: int = 200
) -> web.Response:
    context = {"next": target, "login": login, "error": error}
    return plain(request, "console/login.html", context, status=status)


def _next(target: str) -> str:
    """Only our own pages: a link in a mail must not lead elsewhere by way of our login."""
    parts = urlsplit(target)
    own = parts.path == "/console" or parts.path.startswith("/console/")
    if parts.scheme or parts.netloc or not own or "\\" in target:
        return "/console"
    return target
