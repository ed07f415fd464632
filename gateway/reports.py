"""Delivery reports of providers, applied in batches: whatever waits by now goes in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from channels.base import DeliveryReport
from gateway import clock
from gateway.turns import AGAIN
from handlers.delivery import apply_reports
from store.database import Pool, transaction

LARGEST_BATCH = 256


class Reports:
    """The queue in front of the outbox. A report that cannot be applied raises where it was submitted."""

    def __init__(
        self, pool: Pool, idle: Callable[[int], None], now: Callable[[], datetime] = clock.now
    ) -> None:
        self._pool = pool
        self._idle = idle
        self._now = now
        self._queue: list[tuple[DeliveryReport, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._draining = False

    async def submit(self, report: DeliveryReport) -> None:
        """Apply a report; returns when it is on disk."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((report, done))
        self._wake.set()
        await done

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Apply what comes; on leaving, what was submitted is still finished."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._run())
            try:
                yield
            finally:
                self._draining = True
                self._wake.set()

    async def _run(self) -> None:
        while self._queue or not self._draining:
            if not self._queue:
                await self._wake.wait()
                self._wake.clear()
                continue
            batch, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[DeliveryReport, asyncio.Future[None]]]) -> None:
        try:
            await self._apply([report for report, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        for _, done in batch:
            if not done.done():
                done.set_result(None)

    async def _apply(self, reports: list[DeliveryReport]) -> None:
        try:
            await self._apply_once(reports)
        except AGAIN:
            await self._apply_once(reports)

    async def _apply_once(self, reports: list[DeliveryReport]) -> None:
        async with transaction(self._pool) as connection:
            self._idle(await apply_reports(connection, reports, self._now()))
