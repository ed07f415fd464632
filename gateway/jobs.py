"""Jobs on RQ: each drains rows, many a job, and is safe to run twice.

A worker process keeps one event loop and one pool for all its jobs: the jobs are run one after another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway import clock, live
from gateway.bootstrap import CATALOGUE_SECONDS, Core, open_core, refresh_catalogue
from gateway.calling import CallMaker
from gateway.config import Settings
from gateway.delivery import Deliverer
from gateway.fetching import Fetcher, open_fetcher
from gateway.metrics import Metrics
from gateway.metrics_port import serve_figures
from gateway.placing import open_call_maker
from gateway.second_readings import SecondReadings, open_readings
from gateway.timers import TimerRunner
from gateway.unit_sending import Poster, UnitSender
from handlers.succession import begin_successions
from handlers.visit import Visit
from store.database import transaction

QUEUE = "jiesu"


@dataclass(slots=True)
class Hands:
    """What jobs work with."""

    core: Core
    deliverer: Deliverer
    timers: TimerRunner
    hints: set[int]
    fetcher: Fetcher
    units: UnitSender
    readings: SecondReadings | None = None  # where a language model is set
    calls: CallMaker | None = None  # where there is an account for calls
    looked_at: float = 0.0


class _Workshop:
    """The loop and the hands of this process; opened by its first job."""

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None
        self._stack = AsyncExitStack()
        self._hands: Hands | None = None

    def run(self, work: Callable[[Hands], Awaitable[int]]) -> int:
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(self._run(work))

    def close(self) -> None:
        """Close what the jobs of this process have opened."""
        if self._runner is not None:
            self._runner.run(self._stack.aclose())
            self._runner.close()

    async def _run(self, work: Callable[[Hands], Awaitable[int]]) -> int:
        if self._hands is None:
            core = await self._stack.enter_async_context(
                open_core(Settings.load(production=True), connections=3)
            )
            self._hands = hands(core)
            if self._hands.readings is not None:
                self._stack.push_async_callback(self._hands.readings.close)
            self._stack.push_async_callback(self._hands.units.close)
            if self._hands.calls is not None:
                self._stack.push_async_callback(self._hands.calls.close)
        return await work(self._hands)


def hands(core: Core) -> Hands:
    """Hands on an open core."""
    hints: set[int] = set()

    def touched(visits: Sequence[Visit]) -> None:
        hints.update(v.row.id for v in visits if v.channel.abilities.mailbox)

    counts = Metrics()
    deliverer = Deliverer(core.pool, core.world, counts.delivered)
    timers = TimerRunner(core.pool, core.world, touched)
    fetcher, readings = open_fetcher(core, counts), open_readings(core, counts)
    serve_figures(core.settings, counts.registry)
    units = UnitSender(core.pool, core.world, Poster(core.settings.unit_networks))
    return Hands(core, deliverer, timers, hints, fetcher, units, readings, open_call_maker(core))


_workshop = _Workshop()
close = _workshop.close


async def send_messages(tools: Hands) -> int:
    """Send what is due."""
    return await tools.deliverer.drain()


async def run_timers(tools: Hands) -> int:
    """Run due timers, hint at the pages that wait, send what the timers had to say."""
    if clock.monotonic() - tools.looked_at > CATALOGUE_SECONDS:
        tools.looked_at = clock.monotonic()
        await _begin_successions(tools.core)
        await refresh_catalogue(tools.core)  # what timers open is dispatched by it
    count = await tools.timers.run_due()
    hinted = list(tools.hints)
    tools.hints.clear()
    await live.publish(tools.core.redis, hinted)
    if count:
        await send_messages(tools)
    return count


async def _begin_successions(core: Core) -> None:
    """Let the work of units that have ended go over to their successors."""
    now = clock.now()
    async with transaction(core.pool) as connection:
        await begin_successions(connection, now.astimezone(core.world.timezone).date(), now)


async def read_again(tools: Hands) -> int:
    """Read a second time what waits for it."""
    return await tools.readings.drain() if tools.readings is not None else 0


async def make_calls(tools: Hands) -> int:
    """Make the calls that are due."""
    return await tools.calls.drain() if tools.calls is not None else 0


async def fetch_files(tools: Hands) -> int:
    """Fetch from providers what residents have sent."""
    return await tools.fetcher.drain()


async def tell_units(tools: Hands) -> int:
    """Tell units what waits for them, do what they write back, and send what that made."""
    count = await tools.units.drain()
    if count:
        await send_messages(tools)
    return count


def drain_units() -> int:
    """RQ job: tell units what waits for them; returns how many messages and replies."""
    return _workshop.run(tell_units)


def drain_calls() -> int:
    """RQ job: make calls that are due; returns how many orders were looked at."""
    return _workshop.run(make_calls)


def drain_media() -> int:
    """RQ job: fetch what is wanted; returns how many files were tried."""
    return _workshop.run(fetch_files)


def drain_readings() -> int:
    """RQ job: read a second time what waits for it; returns how many messages."""
    return _workshop.run(read_again)


def drain_outbox() -> int:
    """RQ job: send what is due; returns how many messages were tried."""
    return _workshop.run(send_messages)


def drain_timers() -> int:
    """RQ job: run due timers; returns how many."""
    return _workshop.run(run_timers)
