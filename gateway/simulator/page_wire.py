"""JSON as the simulator's page speaks it, and the headers that all of it carries."""

from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
WATCH_SECONDS = 20.0

T = TypeVar("T")
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9]\d{6,14}$")]


async def read(request: web.Request, kind: type[T]) -> T:
    """JSON only: a page of another site cannot post that without asking first."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def written(value: object) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers=HEADERS
    )


def version_after(request: web.Request) -> int:
    """The version that a watcher has seen already."""
    text = request.query.get("after", "0")
    if not text.isdecimal():
        raise web.HTTPBadRequest(text="after: a version number")
    return int(text)


def waits(request: web.Request) -> bool:
    """Whether a watcher wants to wait for a change."""
    return request.query.get("wait") != "0"
