"""The resident's side of web chat: send a message, read what was said, note what was seen."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from aiohttp import web

from channels import webchat
from channels.base import Inbound
from gateway import chat_media, chat_page, chat_stream, clock, live, templating
from gateway.allowance import Allowance
from gateway.browser import (
    Browser,
    check_same_origin,
    conversation_of,
    greeted,
    is_local,
    known,
    remember,
)
from gateway.chat_messages import inbound_of, malformed, read_after, read_body, read_sending
from gateway.keys import CLOCK, POOL, TURNS, TurnOutcome
from gateway.problem import too_often, unavailable
from gateway.spool import SpoolFullError
from gateway.turns import AWAY, DrainingError
from handlers import transcript
from handlers.transcript import Entry
from store import transcript as lines

# A person types, a script floods; one address may stand for a whole mobile network.
BROWSER_ALLOWANCE = web.AppKey("BROWSER_ALLOWANCE", Allowance)
NETWORK_ALLOWANCE = web.AppKey("NETWORK_ALLOWANCE", Allowance)

NO_STORE = {"Cache-Control": "no-store"}

_encode = msgspec.json.Encoder().encode


class Posted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a message: its place in the conversation, and what is said to it at once."""

    seq: int | None = None
    messages: Sequence[Entry] = ()
    spooled: bool = False


class Transcript(msgspec.Struct, frozen=True):
    """What was said since the sequence that was asked for."""

    messages: Sequence[Entry]
    seen: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /chat/seen`."""

    seq: int


def routes(app: web.Application) -> None:
    """Add the resident's page and its endpoints; the keys of `gateway.keys` must be in the application."""
    templating.setup(app)
    live.setup(app)
    app[BROWSER_ALLOWANCE] = Allowance(per_second=0.5, burst=30)
    app[NETWORK_ALLOWANCE] = Allowance(per_second=20, burst=600)
    app.router.add_post("/chat/messages", post_message)
    app.router.add_get("/chat/messages", get_messages)
    app.router.add_post("/chat/seen", post_seen)
    chat_stream.routes(app)
    chat_media.routes(app)
    chat_page.routes(app)


async def post_message(request: web.Request) -> web.Response:
    """Take one message; answered when it is on disk, with the reply where that is known already."""
    check_same_origin(request)
    body = await read_body(request)
    browser = greeted(request)
    _check_rate(request, browser)
    inbound = inbound_of(request, browser, read_sending(body))
    outcome = await _submit(request, inbound)
    if outcome.spooled or outcome.conversation_id is None:
        response = _json(Posted(spooled=True), status=202)
    else:
        at = request.app[CLOCK]()
        messages = [transcript.from_reply(m.seq, at, m.reply) for m in outcome.messages]
        response = _json(Posted(await _place(request, inbound.key), messages))
    remember(request, response, browser)
    return response


async def _submit(request: web.Request, inbound: Inbound) -> TurnOutcome:
    """Neither database nor disk may have room for it, or the process is stopping: the page tries again."""
    try:
        return await request.app[TURNS].submit(inbound)
    except (DrainingError, SpoolFullError, *AWAY) as error:
        raise unavailable() from error


async def _place(request: web.Request, key: str) -> int | None:
    """The sequence of a message that has had its effect; None when the database has just gone."""
    with contextlib.suppress(*AWAY):
        async with request.app[POOL].acquire() as connection:
            return await lines.seq_of(connection, webchat.NAME, key)
    return None


def _check_rate(request: web.Request, browser: Browser) -> None:
    at = clock.monotonic()
    wait = 0.0
    if not is_local(request):
        wait = request.app[NETWORK_ALLOWANCE].take(request.remote or "", at)
    if not wait and not browser.fresh:
        wait = request.app[BROWSER_ALLOWANCE].take(browser.token, at)
    if wait:
        raise too_often(wait)


async def get_messages(request: web.Request) -> web.Response:
    """What was said since `after`; nothing for a browser that has never written."""
    after = read_after(request.query.get("after", "0"))
    browser = known(request)
    async with _store_at_hand():
        found = await conversation_of(request, browser) if browser else None
        if found is None:
            return _json(Transcript((), 0))
        conversation_id, seen = found
        async with request.app[POOL].acquire() as connection:
            return _json(
                Transcript(await transcript.read(connection, conversation_id, after), seen)
            )


async def post_seen(request: web.Request) -> web.Response:
    """Note up to where the page has shown the conversation."""
    check_same_origin(request)
    try:
        seen = msgspec.json.decode(await read_body(request), type=Seen)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise malformed(str(error)) from error
    browser = known(request)
    async with _store_at_hand():
        found = await conversation_of(request, browser) if browser else None
        if found is not None:
            async with request.app[POOL].acquire() as connection:
                await lines.see(connection, found[0], min(seen.seq, 2**62))
    return web.Response(status=204, headers=NO_STORE)


@asynccontextmanager
async def _store_at_hand() -> AsyncIterator[None]:
    try:
        yield
    except AWAY as error:
        raise unavailable() from error


def _json(value: msgspec.Struct, status: int = 200) -> web.Response:
    return web.Response(
        body=_encode(value), status=status, content_type="application/json", headers=NO_STORE
    )
