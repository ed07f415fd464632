"""Files over web chat: uploaded by the resident's page, shown to nobody but the browser that sent them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
from aiohttp import web

from gateway import clock
from gateway.allowance import Allowance
from gateway.browser import Browser, check_same_origin, greeted, is_local, known, remember
from gateway.keys import CLOCK, KEYS, POOL, SETTINGS
from gateway.problem import Problem, too_often, unavailable
from gateway.turns import AWAY
from handlers.file_types import is_photo, is_sound, tidied
from handlers.keep_media import (
    LARGEST_PHOTO_BYTES,
    MEGABYTE,
    Kept,
    MediaShelf,
    TooLargeError,
    WrongTypeError,
)
from handlers.media import own_attachment
from store import media
from store.media_files import DiskFullError, MediaFolder

MEDIA = web.AppKey("MEDIA", MediaFolder)
UPLOADS = web.AppKey("UPLOADS", Allowance)

CHUNK_BYTES = 256 * 1024
UPLOAD_SECONDS = 300.0
DRAFTS_KEPT = timedelta(days=1)

# A photo is a photo: nothing in it is ever run, and its sender's browser alone may keep it.
FILE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def file_headers(content_type: str, name: str) -> dict[str, str]:
    """How a file goes to a browser: photos and sounds are shown in the page, all else is laid in its folder."""
    shown = is_photo(content_type) or is_sound(content_type)
    disposition = "inline" if shown else f'attachment; filename="{name}"'
    return {**FILE_HEADERS, "Content-Type": content_type, "Content-Disposition": disposition}


def routes(app: web.Application) -> None:
    """Add the endpoints for files; the folder is DATA_DIR/media unless the application brings one."""
    if MEDIA not in app:
        app[MEDIA] = MediaFolder(app[SETTINGS].data_dir / "media")
    app[UPLOADS] = Allowance(per_second=0.1, burst=30)
    app.router.add_post("/chat/media", post_file)
    app.router.add_get("/chat/media/{id}", get_file)
    app.on_startup.append(_sweep)


async def _sweep(app: web.Application) -> None:
    before = (app[CLOCK]() - DRAFTS_KEPT).timestamp()
    await asyncio.to_thread(app[MEDIA].sweep, before)


async def post_file(request: web.Request) -> web.Response:
    """Keep one file: the request's body is the file itself. Answers 201 with its id."""
    check_same_origin(request)
    if (request.content_length or 0) > request.app[SETTINGS].media_largest_mb * MEGABYTE:
        raise _too_large(request)
    browser = greeted(request)
    source = browser.token if is_local(request) else request.remote or ""
    wait = request.app[UPLOADS].take(source, clock.monotonic())
    if wait:
        raise too_often(wait)
    kept = await _keep(request, browser)
    response = web.json_response(
        msgspec.to_builtins(kept.attachment) | {"size": kept.size},
        status=201,
        headers={"Cache-Control": "no-store", "Location": f"/chat/media/{kept.attachment.id}"},
    )
    remember(request, response, browser)
    return response


async def _keep(request: web.Request, browser: Browser) -> Kept:
    app = request.app
    largest = app[SETTINGS].media_largest_mb * MEGABYTE
    shelf = MediaShelf(app[POOL], app[KEYS], app[MEDIA], largest)
    nonce, now = clock.new_id(), app[CLOCK]()
    claimed = tidied(request.headers.get("Content-Type", ""))
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await shelf.keep(
                _chunks(request), owner=browser.owner, nonce=nonce, now=now, claimed=claimed
            )
    except TooLargeError as error:
        raise _too_large(request) from error
    except WrongTypeError as error:
        raise Problem(
            415,
            "wrong-type",
            "只能发照片、录音和PDF文件。",
            "Only photos, recordings and PDF files can be sent.",
        ) from error
    except DiskFullError as error:
        raise Problem(
            507,
            "disk-full",
            "照片暂时存不下了，请先用文字说明，稍后再发照片。",
            "There is no room for photos now: please write, and send the photo later.",
            headers={"Retry-After": "600"},
        ) from error
    except TimeoutError as error:
        raise Problem(
            408,
            "too-slow",
            "上传太慢，请再试一次。",
            "The upload took too long: please try again.",
        ) from error
    except AWAY as error:
        raise unavailable() from error


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    async for chunk in request.content.iter_chunked(CHUNK_BYTES):
        yield chunk


def _too_large(request: web.Request) -> Problem:
    most = request.app[SETTINGS].media_largest_mb
    photo = min(LARGEST_PHOTO_BYTES // MEGABYTE, most)
    return Problem(
        413,
        "too-large",
        f"文件太大了，照片不能超过{photo}兆，录音和文件不能超过{most}兆。",
        f"The file is too large: photos {photo} MB at most, recordings and files {most} MB.",
        headers={"Connection": "close"},  # what is still coming is not read
    )


async def get_file(request: web.Request) -> web.StreamResponse:
    """A file that this very browser has sent; to any other it does not exist."""
    browser = known(request)
    attachment = None
    if browser is not None:
        attachment = own_attachment(request.app[KEYS], browser.owner, request.match_info["id"])
    if attachment is None:
        raise _unknown()
    try:
        async with request.app[POOL].acquire() as connection:
            found = await media.find(connection, attachment.id)
    except AWAY as error:
        raise unavailable() from error
    path = await request.app[MEDIA].find(found.sha256) if found else None
    if path is None or found is None:
        raise _unknown()
    return web.FileResponse(path, headers=file_headers(found.content_type, found.id))


def _unknown() -> Problem:
    return Problem(404, "no-file", "没有这个文件。", "There is no such file.")
