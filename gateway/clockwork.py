"""`jiesu clock`: puts the periodic jobs on RQ, and does them itself while Redis or the workers are away."""

import asyncio
import signal
from dataclasses import dataclass
from datetime import timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronScheduler

from gateway import clock, jobs
from gateway.bootstrap import Core, open_core
from gateway.config import Settings
from gateway.second_readings import KEPT
from gateway.turns import AWAY
from handlers.surge import end_late_accounts
from handlers.unheard import tell_of_unheard
from store import (
    call_orders,
    link_codes,
    media,
    outbox,
    second_readings,
    staff,
    timers,
    unit_sendings,
)

log = structlog.get_logger()

TICK_SECONDS = 1.0
OUTBOX_SECONDS = 2
TIMERS_SECONDS = 1
READINGS_SECONDS = 2
MEDIA_SECONDS = 5
CALLS_SECONDS = 2
UNITS_SECONDS = 2
SWEEP_SECONDS = 3600.0
CODES_KEPT = timedelta(days=1)  # longer than the hour in which they are counted
PATIENCE_SECONDS = 10.0  # rows that are due for longer have no worker: the clock helps itself


def schedule(connection: Redis, *, reads_twice: bool = False) -> CronScheduler:
    """The periodic jobs. Those that no worker takes within their interval are dropped, not piled up."""
    cron = CronScheduler(connection)
    periodic = [
        (jobs.drain_outbox, OUTBOX_SECONDS),
        (jobs.drain_timers, TIMERS_SECONDS),
        (jobs.drain_media, MEDIA_SECONDS),
        (jobs.drain_calls, CALLS_SECONDS),
        (jobs.drain_units, UNITS_SECONDS),
    ]
    if reads_twice:
        periodic.append((jobs.drain_readings, READINGS_SECONDS))
    for job, seconds in periodic:
        cron.register(
            job,
            jobs.QUEUE,
            interval=seconds,
            ttl=seconds,
            result_ttl=0,
            failure_ttl=3600,
            job_timeout=120,
        )
    return cron


@dataclass(slots=True)
class Clockwork:
    """One clock; several may run, everything is safe to do twice."""

    core: Core
    cron: CronScheduler
    tools: jobs.Hands
    swept_at: float = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until told to stop."""
        while not stop.is_set():
            try:
                await self.tick()
            except AWAY as error:
                log.warning("clock_waits", error=type(error).__name__)
            except Exception:
                log.exception("clock_failed")
            try:
                await asyncio.wait_for(stop.wait(), TICK_SECONDS)
            except TimeoutError:
                continue

    async def tick(self) -> None:
        """Enqueue what is due; where that fails, or nobody works it off, do it here."""
        try:
            await asyncio.to_thread(self.cron.enqueue_jobs)
            helped = await self._is_late()
        except RedisError:
            log.warning("redis_away")
            helped = True
        if helped:
            await jobs.run_timers(self.tools)
            await jobs.send_messages(self.tools)
            await jobs.read_again(self.tools)
            await jobs.fetch_files(self.tools)
            await jobs.make_calls(self.tools)
            await jobs.tell_units(self.tools)
        if clock.monotonic() - self.swept_at > SWEEP_SECONDS:
            self.swept_at = clock.monotonic()
            await self._sweep()

    async def _is_late(self) -> bool:
        now = clock.now()
        async with self.core.pool.acquire() as connection:
            _, late_seconds = await timers.late(connection, now)
            due_seconds = await outbox.overdue_seconds(connection, now)
            wanted_seconds = await media.overdue_seconds(connection, now)
            called_seconds = await call_orders.overdue_seconds(connection, now)
            units_seconds = await unit_sendings.overdue_seconds(connection, now)
        waited = (late_seconds, due_seconds, wanted_seconds, called_seconds, units_seconds)
        return max(waited) > PATIENCE_SECONDS

    async def _sweep(self) -> None:
        """Take away what has expired, accounts for a time too; tell the centre whose tickets nobody can see."""
        async with self.core.pool.acquire() as connection:
            async with connection.transaction():
                await tell_of_unheard(connection, clock.now(), self.core.world.timezone)
                await end_late_accounts(connection, clock.now())
            await staff.delete_expired(connection, clock.now())
            await second_readings.forget(connection, clock.now() - KEPT)
            await link_codes.forget(connection, clock.now() - CODES_KEPT)


async def run(settings: Settings) -> None:
    """Run the clock until SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connection = Redis.from_url(
        settings.redis_url or "", socket_timeout=2, socket_connect_timeout=1
    )
    async with open_core(settings, connections=3) as core:
        tools = jobs.hands(core)
        cron = schedule(connection, reads_twice=tools.readings is not None)
        try:
            await Clockwork(core, cron, tools).run(stop)
        finally:
            if tools.readings is not None:
                await tools.readings.close()
            await tools.units.close()
            if tools.calls is not None:
                await tools.calls.close()
