"""The residents' page at `/`: the chat itself is drawn by `static/chat.js`."""

from aiohttp import web

from gateway.browser import greeted, remember
from gateway.templating import page


def routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/", chat)


async def chat(request: web.Request) -> web.Response:
    """The chat, and a secret for a browser that is here for the first time."""
    response = page(request, "chat.html", {})
    remember(request, response, greeted(request))
    return response
