"""Files of tickets, for those who may see the ticket."""

from aiohttp import web

from gateway.chat_media import MEDIA, file_headers
from gateway.console.layout import missing
from gateway.keys import POOL
from handlers.file_types import EXTENSIONS
from handlers.ticket_view import may_see_file
from store import media
from store.staff import StaffSession


async def get_file(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The file as it came; what is neither photo nor sound is laid in the reader's folder, not shown."""
    media_id = request.match_info["id"]
    async with request.app[POOL].acquire() as connection:
        found = await media.find(connection, media_id)
        allowed = await may_see_file(connection, session.staff.unit_id, media_id)
    if found is None or not allowed or found.content_type not in EXTENSIONS:
        return missing(request, session)
    path = await request.app[MEDIA].find(found.sha256)
    if path is None:
        return missing(request, session)
    headers = file_headers(found.content_type, found.id)
    return web.FileResponse(path, headers={**headers, "Cache-Control": "no-store"})
