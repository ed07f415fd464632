"""The page `/simulator`: SMS phones side by side that go through the real adapter; in `jiesu dev` alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

from channels.length import measure
from gateway.simulator import rest
from gateway.simulator.faults import Faults
from gateway.simulator.standin import TwilioStandIn
from gateway.simulator.texts import Text

API_BASE = "/simulator/twilio"  # TWILIO_API_URL in dev: the server's address with this
STATIC = Path(__file__).parent / "static"
FILES = {"sms.css": "text/css", "sms.js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
WATCH_SECONDS = 20.0

T = TypeVar("T")
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9]\d{6,14}$")]
Body = Annotated[str, msgspec.Meta(max_length=1600)]


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What is written on a phone of the page."""

    phone: Phone
    body: Body = ""
    pictures: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0


def mount(app: web.Application, standin: TwilioStandIn) -> None:
    """Serve the page, its JSON and Twilio's API from `app`; the stand-in runs as long as the app does."""

    async def run(_: web.Application) -> AsyncIterator[None]:
        async with standin.running():
            yield

    async def wake(_: web.Application) -> None:
        standin.texts.wake()

    page = _Page(standin)
    app.cleanup_ctx.append(run)
    app.on_shutdown.append(wake)
    app.router.add_get("/simulator", page.show)
    app.router.add_get("/simulator/static/{name}", page.file)
    app.router.add_get("/simulator/texts", page.watch)
    app.router.add_post("/simulator/texts", page.write)
    app.router.add_post("/simulator/faults", page.set_faults)
    rest.add_routes(app, standin, API_BASE)


class _Page:
    def __init__(self, standin: TwilioStandIn) -> None:
        self._standin = standin

    async def show(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "sms.html", headers=HEADERS)

    async def file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / name, headers=HEADERS)

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """What changed after a version, as soon as something has; with `wait=0` at once."""
        texts = self._standin.texts
        after = _whole(request.query.get("after", "0"))
        if request.query.get("wait") != "0":
            await texts.changed(after, WATCH_SECONDS)
        found = texts.since(after, frozenset(request.query.getall("phone", [])))
        return _json(
            {
                "version": texts.version,
                "service": self._standin.phone_number,
                "texts": [shown(text) for text in found],
            }
        )

    async def write(self, request: web.Request) -> web.StreamResponse:
        written = await _read(request, Written)
        exchange = await self._standin.receive(
            written.phone, written.body, pictures=written.pictures
        )
        return _json(exchange)

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        self._standin.faults = await _read(request, Faults)
        return _json(self._standin.faults)


def shown(text: Text) -> dict[str, object]:
    """A message as the page shows it."""
    length = measure(text.body)
    return {
        "number": text.number,
        "sid": text.sid,
        "phone": text.phone,
        "mine": text.direction == "inbound",
        "inline": text.direction == "outbound-reply",
        "body": text.body,
        "pictures": text.pictures,
        "status": text.status,
        "error_code": text.error_code,
        "segments": length.segments,
        "units": length.units,
        "encoding": length.encoding,
        "at": text.created_at.isoformat(),
    }


async def _read(request: web.Request, kind: type[T]) -> T:
    """JSON only: a page of another site cannot post that without asking first."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _json(value: object) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, content_type="application/json", headers=HEADERS)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise web.HTTPBadRequest(text="after: a version number")
    return int(text)
