"""`/metrics`: what this process has counted, and what waits in the database at this moment; never public."""

import asyncio
import hmac
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from gateway import clock
from gateway.browser import is_local
from gateway.keys import CLOCK, METRICS, POOL, SETTINGS, SPOOL, WORLD
from store import condition
from store.condition import Backlog
from store.human_figures import Figures

KEPT_SECONDS = 5.0
DATABASE_SECONDS = 1.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True)
class Recent:
    """The last look into the database: many scrapers cost no more than one."""

    backlog: Backlog | None = None  # None: the database is away
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


RECENT = web.AppKey("RECENT", Recent)


def routes(app: web.Application) -> None:
    """Add `/metrics`."""
    app[RECENT] = Recent()
    app.router.add_get("/metrics", get_metrics)


async def get_metrics(request: web.Request) -> web.Response:
    """Answer whoever holds METRICS_TOKEN; where none is set, this very machine in development."""
    _check_reader(request)
    waiting = _waiting(request.app, await _backlog(request.app))
    body = generate_latest(request.app[METRICS].registry) + generate_latest(waiting)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


def _check_reader(request: web.Request) -> None:
    settings = request.app[SETTINGS]
    if settings.metrics_token is None:
        # A proxy on this machine would make everybody local; in development nobody has one.
        if urlsplit(settings.public_url).hostname in LOOPBACK and is_local(request):
            return
        raise web.HTTPNotFound
    wanted = f"Bearer {settings.metrics_token}".encode()
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, wanted):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})


async def _backlog(app: web.Application) -> Backlog | None:
    recent = app[RECENT]
    async with recent.lock:
        if clock.monotonic() >= recent.until:
            try:
                async with asyncio.timeout(DATABASE_SECONDS), app[POOL].acquire() as connection:
                    recent.backlog = await condition.backlog(connection, app[CLOCK]())
            except condition.UNANSWERED:
                recent.backlog = None
            recent.until = clock.monotonic() + KEPT_SECONDS
        return recent.backlog


def _waiting(app: web.Application, backlog: Backlog | None) -> CollectorRegistry:
    """What is read rather than counted, in a registry of this one answer."""
    registry = CollectorRegistry()
    gauge = partial(_gauge, registry)
    gauge("database_up", "Whether the database answered.", backlog is not None)
    gauge("spool_active", "Whether messages wait on this node's disk.", app[SPOOL].active)
    deferred = app[WORLD].limits.deferred
    gauge("limits_deferred_total", "Messages that had to wait for their rate.", deferred)
    if backlog is not None:  # nothing is said of it while the database is away
        _outbox(registry, backlog)
        gauge("dead_letters", "Messages that were given up.", backlog.dead_letters)
        gauge("timers_late", "Timers that are due.", backlog.late_timers)
        gauge("timers_late_seconds", "How late the oldest of them is.", backlog.late_seconds)
        gauge("human_tasks", "Tasks that wait for a person.", backlog.tasks)
        _people(registry, backlog.people)
    return registry


def _outbox(registry: CollectorRegistry, backlog: Backlog) -> None:
    depth = Gauge("jiesu_outbox_depth", "Messages not sent yet.", ["channel"], registry=registry)
    for channel, (count, _) in backlog.outbox.items():
        depth.labels(channel).set(count)
    about = "Parts that may have arrived twice."
    doubtful = Gauge("jiesu_outbox_doubtful", about, ["channel"], registry=registry)
    for channel, parts in backlog.doubtful.items():
        doubtful.labels(channel).set(parts)
    oldest = max((age for _, age in backlog.outbox.values()), default=0.0)
    _gauge(registry, "outbox_age_seconds", "Age of the oldest message not sent yet.", oldest)


def _people(registry: CollectorRegistry, figures: Figures) -> None:
    """The queue for a person, chats and calls apart."""
    for name, about, values in (
        ("waiting", "Residents who wait for a person.", figures.waiting),
        ("wait_seconds", "How long the first of them has waited.", figures.longest_seconds),
        ("held", "Talks that somebody has.", figures.held),
        ("taken_in_a_day", "Talks that somebody took within 24 hours.", figures.taken),
        ("missed_in_a_day", "Residents for whom nobody came within 24 hours.", figures.missed),
    ):
        gauge = Gauge(f"jiesu_human_talks_{name}", about, ["kind"], registry=registry)
        for kind, value in values.items():
            gauge.labels(kind).set(value)


def _gauge(registry: CollectorRegistry, name: str, about: str, value: float) -> None:
    Gauge(f"jiesu_{name}", about, registry=registry).set(value)
