"""`/health` says that the process lives, `/ready` what it lacks; both are open to whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec
from aiohttp import web
from redis.exceptions import RedisError

from gateway import clock
from gateway.keys import CLOCK, POOL, REDIS, SETTINGS, SPOOL
from store import condition
from store.catalogue.read import current_version
from store.migrate import newest

LIMIT_SECONDS = 1.0
KEPT_SECONDS = 1.0


class State(StrEnum):
    """How a part is. Only `down` keeps the process from serving."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that serving needs; `note` says what is wrong with it."""

    state: State
    note: str = ""


OK = Part(State.OK)


class Readiness(msgspec.Struct, frozen=True):
    """The body of `/ready`."""

    ready: bool
    parts: dict[str, Part]


@dataclass(slots=True)
class Recent:
    """The last answer: anybody may ask, and it must cost nothing."""

    answer: Readiness | None = None
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


RECENT = web.AppKey("RECENT_READINESS", Recent)


def routes(app: web.Application) -> None:
    """Add `/health` and `/ready`."""
    app[RECENT] = Recent()
    app.router.add_get("/health", get_health)
    app.router.add_get("/ready", get_ready)


async def get_health(_: web.Request) -> web.Response:
    """The event loop turns."""
    return web.json_response({"alive": True}, headers={"Cache-Control": "no-store"})


async def get_ready(request: web.Request) -> web.Response:
    """200 when the process can serve, 503 when something that it cannot do without is down."""
    recent = request.app[RECENT]
    async with recent.lock:
        if recent.answer is None or clock.monotonic() >= recent.until:
            recent.answer = await readiness(request.app)
            recent.until = clock.monotonic() + KEPT_SECONDS
        answer = recent.answer
    return web.Response(
        body=msgspec.json.encode(answer),
        status=200 if answer.ready else 503,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def readiness(app: web.Application) -> Readiness:
    """Look at every part, for a second at most."""
    store, redis = await asyncio.gather(_store(app), _redis(app))
    parts = {**store, "redis": redis, "spool": _spool(app)}
    return Readiness(all(part.state is not State.DOWN for part in parts.values()), parts)


async def _store(app: web.Application) -> dict[str, Part]:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            return {name: part async for name, part in _looked_into(app)}
    except condition.UNANSWERED:
        note = "the database does not answer; messages go to the spool"
        return {"database": Part(State.DOWN, note)}


async def _looked_into(app: web.Application) -> AsyncIterator[tuple[str, Part]]:
    today = app[CLOCK]().astimezone(app[SETTINGS].timezone).date()
    async with app[POOL].acquire() as connection:
        server = await condition.server(connection)
        version = await current_version(connection, today) if server.revision else None
    yield "database", OK
    yield "migrations", _migrations(server.revision)
    loaded = Part(State.DOWN, "none is in force: run `jiesu load`")
    yield "catalogue", OK if version is not None else loaded
    slow = Part(State.DEGRADED, "LC_CTYPE knows no Chinese letters: searches read every row")
    yield "chinese_search", OK if server.knows_chinese else slow


def _migrations(revision: str) -> Part:
    """A newer release may have migrated already: old and new share a schema for a while."""
    if revision >= newest():
        return OK
    return Part(State.DOWN, f"at {revision or 'none'}, needs {newest()}: run `jiesu migrate`")


async def _redis(app: web.Application) -> Part:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await app[REDIS].ping()
    except (TimeoutError, OSError, RedisError):
        return Part(State.DEGRADED, "does not answer; pages ask again instead of being told")
    return OK


def _spool(app: web.Application) -> Part:
    if app[SPOOL].active:
        return Part(State.DEGRADED, "messages wait on this node's disk to be replayed")
    return OK
