"""The web process: everything it runs beside the requests, started in order and drained in reverse."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp_remotes
import structlog
from aiohttp import web
from aiohttp_remotes import XForwardedRelaxed

from channels.base import Inbound
from gateway import (
    chat,
    clock,
    console,
    health,
    keys,
    live,
    scrape,
    webhooks,
)
from gateway.bootstrap import Core, follow_catalogue
from gateway.calling import CallMaker
from gateway.delivery import Deliverer
from gateway.fetching import Fetcher, open_fetcher
from gateway.metrics import Metrics
from gateway.placing import open_call_maker
from gateway.reports import Reports
from gateway.second_readings import SecondReadings, open_readings
from gateway.signs import Signs
from gateway.spool import Spool
from gateway.tidying import Tidying
from gateway.timers import TimerRunner
from gateway.turns import AWAY, PRODUCTION, Shape, Turns
from handlers.turn import Turned
from handlers.visit import Visit

log = structlog.get_logger()

LARGEST_REQUEST = 12 * 1024 * 1024  # a photo and its form
REPLAY_SECONDS = 1.0
LONG_SECONDS = 60.0
A_MOMENT = 0.01  # so that what is waited for is due by then


class Background:
    """Work that a committed turn leaves behind: sending, timers, hints, files to fetch. Asked for often, run once at a time."""

    def __init__(
        self,
        core: Core,
        deliverer: Deliverer,
        fetcher: Fetcher,
        readings: SecondReadings | None = None,
        calls: CallMaker | None = None,
    ) -> None:
        self._core = core
        self._fetcher = fetcher
        self._readings = readings
        self._calls = calls
        self._deliverer = deliverer
        self._timers = TimerRunner(core.pool, core.world, self.touched)
        self._hints: set[int] = set()
        self._send, self._time, self._hint = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._read, self._fetch = asyncio.Event(), asyncio.Event()
        self._ring = asyncio.Event()
        self._tidying, self._tidy = Tidying(core.pool, core.world.channels), asyncio.Event()

    def kick(self) -> None:
        """Look at timers, outbox and calls to make now."""
        self._time.set()
        self._send.set()
        self._ring.set()

    def send(self, after_seconds: float = 0.0) -> None:
        """Something is waiting to be sent, now or in a moment; a worker takes what waits for long."""
        if not after_seconds:
            self._send.set()
        elif after_seconds < LONG_SECONDS:
            asyncio.get_running_loop().call_later(after_seconds + A_MOMENT, self._send.set)

    def ring(self) -> None:
        """There may be a call to make."""
        self._ring.set()

    def read(self) -> None:
        """Something is waiting to be read a second time."""
        self._read.set()

    def fetch(self) -> None:
        """A file lies at a provider."""
        self._fetch.set()

    def tidy(self, inbound: Inbound, turned: Turned) -> None:
        """A message has come after which something may have to be cleared up."""
        if self._tidying.add(inbound, turned):
            self._tidy.set()

    def hint(self, conversation_id: int) -> None:
        """A conversation that is read from the store has something new."""
        self._hints.add(conversation_id)
        self._hint.set()

    def touched(self, visits: Sequence[Visit]) -> None:
        """Timers have spoken to these."""
        for visit in visits:
            if visit.channel.abilities.mailbox:
                self.hint(visit.row.id)
            elif visit.message is not None:
                self.send()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until left; what is under way then is taken up by the workers."""
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(self._loop(self._send, self._deliverer.drain)),
                tasks.create_task(self._loop(self._time, self._timers.run_due)),
                tasks.create_task(self._loop(self._hint, self._publish)),
                tasks.create_task(self._loop(self._fetch, self._fetcher.drain)),
                tasks.create_task(self._loop(self._tidy, self._tidying.drain)),
                tasks.create_task(follow_catalogue(self._core)),
            ]
            if self._readings is not None:
                running.append(tasks.create_task(self._loop(self._read, self._readings.drain)))
            if self._calls is not None:
                running.append(tasks.create_task(self._loop(self._ring, self._calls.drain)))
            try:
                yield
            finally:
                for task in running:
                    task.cancel()
                if self._readings is not None:
                    await self._readings.close()
                if self._calls is not None:
                    await self._calls.close()

    async def _publish(self) -> None:
        hints, self._hints = self._hints, set()
        await live.publish(self._core.redis, list(hints))

    async def _loop(
        self, wake: asyncio.Event, work: Callable[[], Coroutine[None, None, object]]
    ) -> None:
        while True:
            await wake.wait()
            wake.clear()
            try:
                await work()
            except AWAY as error:
                log.warning(
                    "background_put_off", work=work.__qualname__, error=type(error).__name__
                )
            except Exception:
                log.exception("background_failed", work=work.__qualname__)


class Watch:
    """Tells metrics and the background what turns did."""

    def __init__(self, core: Core, background: Background, numbers: Metrics) -> None:
        self._channels = core.world.channels
        self._background = background
        self._metrics = numbers

    def turned(self, inbound: Sequence[Inbound], turned: Sequence[Turned], seconds: float) -> None:
        """A batch is on disk: hint at mailboxes, send what cannot go inline, count."""
        self._metrics.batch(len(inbound), seconds)
        for one, done in zip(inbound, turned, strict=True):
            self._metrics.turned(one.channel, _outcome(done))
            if done.over_budget:
                log.warning("address_over_budget", conversation=done.conversation_id)
            if done.left_open:
                self._background.read()
            if not done.repeated:
                self._wake(one, done)

    def _wake(self, one: Inbound, done: Turned) -> None:
        """Wake what this message has left work for."""
        self._background.tidy(one, done)
        if one.media:
            self._background.fetch()
        if done.hurry:
            self._background.kick()
        if done.alerted or done.for_people:
            self._background.hint(live.CONSOLE)
        if done.alerted:
            self._background.send()
        if done.message is None:
            return
        if self._channels[one.channel].abilities.mailbox:
            self._background.hint(done.conversation_id)
        elif not done.offered:
            self._background.send(done.wait_seconds)

    def failed(self, inbound: Inbound) -> None:
        """A turn failed alone."""
        self._metrics.turned(inbound.channel, "failed")


def _outcome(turned: Turned) -> str:
    if turned.over_budget:
        return "over_budget"
    return "repeated" if turned.repeated else "turned"


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs beside the requests."""

    metrics: Metrics
    background: Background
    spool: Spool
    turns: Turns
    reports: Reports


def _parts(core: Core, shape: Shape) -> Parts:
    counts = Metrics()
    deliverer = Deliverer(core.pool, core.world, counts.delivered)
    fetcher, readings = open_fetcher(core, counts), open_readings(core, counts)
    background = Background(core, deliverer, fetcher, readings, open_call_maker(core))
    name = f"{socket.gethostname()}-{os.getpid()}"
    spool_folder = core.settings.data_dir / "spool"
    spool = Spool(spool_folder, core.world.keys.seal, core.world.keys.open, name)
    turns = Turns(core.pool, core.world, spool, Watch(core, background, counts), shape=shape)
    return Parts(counts, background, spool, turns, Reports(core.pool, counts.idle_reports))


async def application(core: Core, shape: Shape = PRODUCTION) -> web.Application:
    """Build the application; its parts start and stop with it."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    parts = _parts(core, shape)
    _hold(app, core, parts)
    if core.settings.trusted_proxies:
        forwarded = XForwardedRelaxed(num=core.settings.trusted_proxies)
        await aiohttp_remotes.setup(app, forwarded)
    live.setup(app)
    webhooks.routes(app, list(core.world.channels.values()))
    for module in (chat, console, health, scrape):
        module.routes(app)

    async def running(_: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(parts.spool.close)
            await stack.enter_async_context(parts.background.running())
            await stack.enter_async_context(parts.reports.running())
            await stack.enter_async_context(parts.turns.running())
            replaying = asyncio.get_running_loop().create_task(_replay(parts.spool, parts.turns))
            yield
            replaying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await replaying

    app.cleanup_ctx.append(running)
    return app


def _hold(app: web.Application, core: Core, parts: Parts) -> None:
    """Let requests find what they need."""
    app[keys.POOL], app[keys.REDIS], app[keys.SETTINGS] = core.pool, core.redis, core.settings
    app[keys.KEYS], app[keys.CLOCK], app[keys.WORLD] = core.world.keys, clock.now, core.world
    app[keys.TURNS], app[keys.REPORTS] = parts.turns, parts.reports
    app[keys.SIGNS] = Signs(core.pool, core.world, ordered=parts.background.ring)
    app[keys.METRICS], app[keys.SPOOL] = parts.metrics, parts.spool
    app[keys.KICK] = parts.background.kick


async def _replay(spool: Spool, turns: Turns) -> None:
    """Feed the spool back, as soon as the database takes it, until cancelled."""
    while True:
        await asyncio.sleep(REPLAY_SECONDS)
        try:
            count = await spool.replay(turns.replay)
        except AWAY:
            continue
        except Exception:
            log.exception("replay_failed")
            continue
        if count:
            log.info("spool_replayed", messages=count)
