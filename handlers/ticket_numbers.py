"""Ticket ids from blocks of the day's sequence, so that a turn needs no query for one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from store import tickets
from store.database import Pool, StoreError, transaction

BLOCK = 64
DAY_LIMIT = 999_999


class TicketNumbers:
    """Ids of one process: date and sequence. A process that ends leaves a gap, which is fine."""

    def __init__(self, pool: Pool, timezone: ZoneInfo) -> None:
        self._pool = pool
        self._timezone = timezone
        self._day: date | None = None
        self._next = 1
        self._end = 1  # first sequence that is not ours
        self._held = 0  # promised to transactions under way
        self._filling = asyncio.Lock()

    @asynccontextmanager
    async def held(self, count: int, now: datetime) -> AsyncIterator[None]:
        """Have `count` ids of today at hand for what runs inside; others may hold theirs at the same time."""
        self._held += count
        try:
            async with self._filling:
                await self._fill(now)
            yield
        finally:
            self._held -= count

    def take(self) -> int:
        """The next id: YYMMDD * 1,000,000 + sequence; only inside `held`, and no more than it was asked for."""
        if self._day is None or self._next >= self._end:
            raise StoreError("no ticket number is at hand")
        sequence, self._next = self._next, self._next + 1
        return int(self._day.strftime("%y%m%d")) * 1_000_000 + sequence

    async def _fill(self, now: datetime) -> None:
        """Reserve a block in a short transaction of its own, when there is not enough for all who hold."""
        day = now.astimezone(self._timezone).date()
        if day == self._day and self._end - self._next >= self._held:
            return
        size = max(BLOCK, self._held)
        async with transaction(self._pool) as connection:
            first = await tickets.reserve_numbers(connection, day, size)
        if first + size - 1 > DAY_LIMIT:
            raise StoreError(f"more than {DAY_LIMIT} ticket numbers were asked for on {day}")
        self._day, self._next, self._end = day, first, first + size
