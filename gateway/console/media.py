"""Photos of tickets, for those who may see the ticket."""

import asyncio

from aiohttp import web

from gateway.chat_media import MEDIA, PHOTO_HEADERS
from gateway.console.layout import missing
from gateway.keys import POOL
from handlers.media import EXTENSIONS
from handlers.ticket_view import may_see_photo
from store import media
from store.staff import StaffSession


async def get_photo(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The file as it came; what is no photo is not shown."""
    media_id = request.match_info["id"]
    async with request.app[POOL].acquire() as connection:
        found = await media.find(connection, media_id)
        allowed = await may_see_photo(connection, session.staff.unit_id, media_id)
    if found is None or not allowed or found.content_type not in EXTENSIONS:
        return missing(request, session)
    path = request.app[MEDIA].path_of(found.sha256)
    if not await asyncio.to_thread(path.is_file):
        return missing(request, session)
    headers = {"Cache-Control": "no-store", "Content-Type": found.content_type}
    return web.FileResponse(path, headers={**PHOTO_HEADERS, **headers})
