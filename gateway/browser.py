"""Who is talking on the resident's page: a browser, known by a secret of its own in a cookie."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from channels import webchat
from gateway import clock
from gateway.keys import KEYS, POOL, SETTINGS
from gateway.problem import Problem
from store import transcript

COOKIE = "jiesu_chat"
KEPT_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser. `hash` is what its address is found by; `fresh` that it has just been given its secret."""

    token: str
    hash: bytes
    fresh: bool

    @property
    def owner(self) -> str:
        """Its address in full."""
        return f"{webchat.NAME}:{self.token}"


def known(request: web.Request) -> Browser | None:
    """The browser by its cookie; None for a new one, and for a cookie that we did not make."""
    token = webchat.normalise(request.cookies.get(COOKIE, ""))
    return _browser(request, token, fresh=False) if token else None


def greeted(request: web.Request) -> Browser:
    """The browser by its cookie, or a new one that `remember` must then be called for."""
    return known(request) or _browser(request, clock.token(), fresh=True)


def _browser(request: web.Request, token: str, *, fresh: bool) -> Browser:
    return Browser(token, request.app[KEYS].lookup(f"{webchat.NAME}:{token}"), fresh)


def remember(request: web.Request, response: web.StreamResponse, browser: Browser) -> None:
    """Let the browser keep its secret for another half year; no script can read it."""
    response.set_cookie(
        COOKIE,
        browser.token,
        max_age=KEPT_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[SETTINGS].public_url.startswith("https://"),
    )


async def conversation_of(request: web.Request, browser: Browser) -> tuple[int, int] | None:
    """The conversation of a browser and what its resident has seen of it; None before the first message."""
    async with request.app[POOL].acquire() as connection:
        return await transcript.find_conversation(connection, webchat.NAME, browser.hash)


def check_same_origin(request: web.Request) -> None:
    """Refuse what a page of another site sends with our visitor's cookie; raises `Problem`.

    https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site; browsers without it send Origin with each POST.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin is not None and not _ours(request, origin)):
        raise Problem(
            403, "foreign-page", "请求不是从本页面发出的。", "This was not sent from our own page."
        )


def _ours(request: web.Request, origin: str) -> bool:
    public = urlsplit(request.app[SETTINGS].public_url)
    given = urlsplit(origin)
    return given.netloc == request.host or given[:2] == public[:2]


def is_local(request: web.Request) -> bool:
    """Whether the request comes from this very machine: a reverse proxy that nobody told us of, a simulation."""
    try:
        return request.remote is None or ip_address(request.remote).is_loopback
    except ValueError:  # a Unix socket
        return True
