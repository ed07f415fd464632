"""Ticket ids from blocks of the day's sequence, so that a turn needs no query for one."""

import asyncio
from collections import deque
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
        self._blocks: deque[range] = deque()  # sequences of that day that are ours
        self._held = 0  # promised to transactions under way
        self._filling = asyncio.Lock()

    @asynccontextmanager
    async def held(self, count: int, now: datetime) -> AsyncIterator[None]:
        """Have `count` ids of today at hand for what runs inside; others may hold theirs at the same time."""
        self._held += count
        try:
            if count:
                async with self._filling:
                    await self._fill(now.astimezone(self._timezone).date())
            yield
        finally:
            self._held -= count

    def take(self) -> int:
        """The next id: YYMMDD * 1,000,000 + sequence; only inside `held`, and no more than it was asked for.

        Raises `StoreError` when the day has no number left.
        """
        if self._day is None or not self._blocks:
            raise StoreError("no ticket number is at hand")
        block = self._blocks.popleft()
        if len(block) > 1:
            self._blocks.appendleft(block[1:])
        if block[0] > DAY_LIMIT:
            raise StoreError(f"{self._day} has had {DAY_LIMIT} ticket numbers")
        return int(self._day.strftime("%y%m%d")) * 1_000_000 + block[0]

    async def _fill(self, day: date) -> None:
        """Reserve what is short in a transaction of its own; what is left of a block stays at hand."""
        if day != self._day:
            self._day = day
            self._blocks.clear()
        short = self._held - sum(map(len, self._blocks))
        if short <= 0:
            return
        size = max(BLOCK, short)
        async with transaction(self._pool) as connection:
            first = await tickets.reserve_numbers(connection, day, size)
        self._blocks.append(range(first, first + size))
