"""Photos over web chat: uploaded by the resident's page, shown to nobody but the browser that sent them."""

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
from handlers.media import (
    LARGEST_BYTES,
    Kept,
    NotAPhotoError,
    PhotoShelf,
    TooLargeError,
    own_attachment,
)
from store import media
from store.media_files import DiskFullError, MediaFolder

MEDIA = web.AppKey("MEDIA", MediaFolder)
PHOTO_ALLOWANCE = web.AppKey("PHOTO_ALLOWANCE", Allowance)

CHUNK_BYTES = 256 * 1024
UPLOAD_SECONDS = 300.0
DRAFTS_KEPT = timedelta(days=1)

# A photo is a photo: nothing in it is ever run, and its sender's browser alone may keep it.
PHOTO_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def routes(app: web.Application) -> None:
    """Add the endpoints for photos; the folder is DATA_DIR/media unless the application brings one."""
    if MEDIA not in app:
        app[MEDIA] = MediaFolder(app[SETTINGS].data_dir / "media")
    app[PHOTO_ALLOWANCE] = Allowance(per_second=0.1, burst=30)
    app.router.add_post("/chat/media", post_photo)
    app.router.add_get("/chat/media/{id}", get_photo)
    app.on_startup.append(_sweep)


async def _sweep(app: web.Application) -> None:
    before = (app[CLOCK]() - DRAFTS_KEPT).timestamp()
    await asyncio.to_thread(app[MEDIA].sweep, before)


async def post_photo(request: web.Request) -> web.Response:
    """Keep one photo: the request's body is the file itself. Answers 201 with its id."""
    check_same_origin(request)
    if (request.content_length or 0) > LARGEST_BYTES:
        raise _too_large()
    browser = greeted(request)
    source = browser.token if is_local(request) else request.remote or ""
    wait = request.app[PHOTO_ALLOWANCE].take(source, clock.monotonic())
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
    shelf = PhotoShelf(app[POOL], app[KEYS], app[MEDIA])
    nonce, now = clock.new_id(), app[CLOCK]()
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await shelf.keep(_chunks(request), owner=browser.owner, nonce=nonce, now=now)
    except TooLargeError as error:
        raise _too_large() from error
    except NotAPhotoError as error:
        raise Problem(
            415,
            "not-a-photo",
            "只能发照片（JPEG、PNG、WebP、HEIC）。",
            "Only photos can be sent (JPEG, PNG, WebP, HEIC).",
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
            "照片上传太慢，请再试一次。",
            "The upload took too long: please try again.",
        ) from error
    except AWAY as error:
        raise unavailable() from error


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    async for chunk in request.content.iter_chunked(CHUNK_BYTES):
        yield chunk


def _too_large() -> Problem:
    return Problem(
        413,
        "too-large",
        "照片太大了，每张不能超过10兆。",
        "The photo is too large: 10 MB at most.",
        headers={"Connection": "close"},  # what is still coming is not read
    )


async def get_photo(request: web.Request) -> web.StreamResponse:
    """A photo that this very browser has sent; to any other it does not exist."""
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
    path = request.app[MEDIA].path_of(found.sha256) if found else None
    if path is None or not await asyncio.to_thread(path.is_file):
        raise _unknown()
    return web.FileResponse(path, headers=PHOTO_HEADERS | {"Content-Type": attachment.content_type})


def _unknown() -> Problem:
    return Problem(404, "no-photo", "没有这张照片。", "There is no such photo.")
