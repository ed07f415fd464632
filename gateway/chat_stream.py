"""A conversation followed live: server-sent events, read from the store at every hint and every 15 seconds."""

import asyncio
import contextlib
from collections.abc import Sequence

import msgspec
from aiohttp import web
from aiohttp_sse import EventSourceResponse

from gateway.browser import Browser, conversation_of, known
from gateway.chat_messages import read_after
from gateway.keys import POOL
from gateway.live import LIVE
from gateway.turns import AWAY
from handlers import transcript
from handlers.transcript import Entry

# How often a stream reads without a hint; 15 unless the application says otherwise.
POLL_SECONDS = web.AppKey("POLL_SECONDS", float)
PING_SECONDS = 15.0
RECONNECT_MILLISECONDS = 3000

_encode = msgspec.json.Encoder().encode


def routes(app: web.Application) -> None:
    """Add the stream."""
    if POLL_SECONDS not in app:
        app[POLL_SECONDS] = 15.0
    app.router.add_get("/chat/stream", stream)


async def stream(request: web.Request) -> web.StreamResponse:
    """Everything said since `after` (or the last event the browser got), and then whatever comes, as it comes."""
    after = read_after(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
    browser = known(request)
    if browser is None:  # 204 tells an EventSource to stop asking
        return web.Response(status=204, headers={"Cache-Control": "no-store"})
    response = EventSourceResponse(ping_interval=PING_SECONDS)
    await response.prepare(request)
    async with response:
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            await response.send("[]", retry=RECONNECT_MILLISECONDS)
            await _follow(request, response, browser, after)
    return response


async def _follow(
    request: web.Request, response: EventSourceResponse, browser: Browser, after: int
) -> None:
    conversation_id = await _await_conversation(request, response, browser)
    if conversation_id is None:
        return
    hub = request.app[LIVE]
    with hub.watching(conversation_id) as hint:
        while response.is_connected() and not hub.closed.is_set():
            hint.clear()
            for entry in await _read_or_nothing(request, conversation_id, after):
                await response.send(_encode([entry]).decode(), id=str(entry.seq))
                after = entry.seq
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hint.wait(), request.app[POLL_SECONDS])


async def _await_conversation(
    request: web.Request, response: EventSourceResponse, browser: Browser
) -> int | None:
    """The browser's conversation, as soon as there is one: its first message may wait in the spool."""
    hub = request.app[LIVE]
    while response.is_connected() and not hub.closed.is_set():
        with contextlib.suppress(*AWAY):
            found = await conversation_of(request, browser)
            if found is not None:
                return found[0]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(hub.closed.wait(), request.app[POLL_SECONDS])
    return None


async def _read_or_nothing(
    request: web.Request, conversation_id: int, after: int
) -> Sequence[Entry]:
    """While the database is away nothing is new; the next round reads again."""
    with contextlib.suppress(*AWAY):
        async with request.app[POOL].acquire() as connection:
            return await transcript.read(connection, conversation_id, after)
    return ()
