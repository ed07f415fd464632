"""The residents' page at `/`: the chat itself is drawn by `static/chat.js`."""

from aiohttp import web

from gateway.browser import greeted, remember
from gateway.keys import WORLD
from gateway.templating import page


def routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/", chat)


async def chat(request: web.Request) -> web.Response:
    """The chat, and a secret for a browser that is here for the first time; `?line=` is a line that has an entry here."""
    world = request.app.get(WORLD)
    line = world.lines.get(request.query.get("line", "")) if world is not None else None
    greeting = dict(line.greeting) if line is not None else {}
    own = {"greeting": greeting, "line_name": line.name if line is not None else ""}
    response = page(request, "chat.html", own)
    remember(request, response, greeted(request))
    return response
