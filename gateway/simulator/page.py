"""The page `/simulator`: phones side by side that go through the real adapters; in `jiesu dev` alone.

The page is put together from kinds of phones (`static/README.md` tells how to add one). Whoever stands in for a provider
brings its kinds as a `Stand`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from gateway.simulator import (
    rest,
    sms_phone,
    telegram_phone,
    telegram_rest,
    voice_phone,
    voice_rest,
    whatsapp_phone,
)
from gateway.simulator.page_wire import HEADERS
from gateway.simulator.standin import TwilioStandIn
from gateway.simulator.telegram import TelegramStandIn

API_BASE = "/simulator/twilio"  # TWILIO_API_URL in dev: the server's address with this
TELEGRAM_BASE = "/simulator/telegram/api"  # and TELEGRAM_API_URL
STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Stand:
    """A provider's stand-in as the page knows it.

    `phones` names its kinds of phones: each has `static/<kind>.html` (templates), `.js` (a module) and, where it needs one,
    `.css`. `add_routes(app)` serves what they ask for; `running()` holds as long as the app runs; `wake()` lets every
    watcher go on, so that the app can end.
    """

    phones: tuple[str, ...]
    add_routes: Callable[[web.Application], None]
    running: Callable[[], AbstractAsyncContextManager[object]]
    wake: Callable[[], None]


def twilio(standin: TwilioStandIn) -> Stand:
    """Twilio's stand-in: its API, and the phones that go through it."""

    def add_routes(app: web.Application) -> None:
        sms_phone.add_routes(app, standin)
        whatsapp_phone.add_routes(app, standin)
        rest.add_routes(app, standin, API_BASE)
        voice_phone.add_routes(app, standin)
        voice_rest.add_routes(app, standin, API_BASE)

    def wake() -> None:
        standin.texts.wake()
        standin.voice.calls.changes.wake()

    return Stand(("sms", "voice", "whatsapp"), add_routes, standin.running, wake)


def telegram(standin: TelegramStandIn) -> Stand:
    """Telegram's stand-in: the Bot API, and chats that go through it."""

    def add_routes(app: web.Application) -> None:
        telegram_phone.add_routes(app, standin)
        telegram_rest.add_routes(app, standin, TELEGRAM_BASE)

    return Stand(("telegram",), add_routes, standin.running, standin.state.chats.changes.wake)


def mount(app: web.Application, *stands: Stand) -> None:
    """Serve the page and what its phones need from `app`; the stand-ins run as long as the app does."""
    for stand in stands:
        stand.add_routes(app)
        app.cleanup_ctx.append(_running(stand))
        app.on_shutdown.append(_waking(stand))
    page = _Page([kind for stand in stands for kind in stand.phones])
    app.router.add_get("/simulator", page.show)
    app.router.add_get("/simulator/static/{name}", page.file)


def _running(stand: Stand) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(_: web.Application) -> AsyncIterator[None]:
        async with stand.running():
            yield

    return run


def _waking(stand: Stand) -> Callable[[web.Application], Awaitable[None]]:
    async def wake(_: web.Application) -> None:
        stand.wake()

    return wake


class _Page:
    def __init__(self, kinds: list[str]) -> None:
        self._document = document(kinds)
        self._files = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}

    async def show(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=self._document, content_type="text/html", headers=HEADERS)

    async def file(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)


def document(kinds: list[str]) -> str:
    """The page with the templates, styles and modules of these kinds of phones, in this order."""
    styles = [f"{kind}.css" for kind in kinds if (STATIC / f"{kind}.css").exists()]
    scripts = [*(f"{kind}.js" for kind in kinds), "start.js"]
    parts = {
        "styles": "\n".join(
            f'  <link rel="stylesheet" href="/simulator/static/{name}">' for name in styles
        ),
        "scripts": "\n".join(
            f'  <script type="module" src="/simulator/static/{name}"></script>' for name in scripts
        ),
        "phones": "\n".join((STATIC / f"{kind}.html").read_text("utf-8") for kind in kinds),
    }
    text = (STATIC / "page.html").read_text("utf-8")
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text
