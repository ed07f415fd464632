"""Ticket ids from blocks of the day's sequence, so that a turn needs no query for one."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from store import tickets
from store.database import Pool, StoreError

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

    async def ensure(self, count: int, now: datetime) -> None:
        """Have at least `count` ids of today at hand; reserved in a short transaction of its own."""
        day = now.astimezone(self._timezone).date()
        if day == self._day and self._end - self._next >= count:
            return
        size = max(BLOCK, count)
        async with self._pool.acquire() as connection:
            first = await tickets.reserve_numbers(connection, day, size)
        if first + size - 1 > DAY_LIMIT:
            raise StoreError(f"more than {DAY_LIMIT} ticket numbers were asked for on {day}")
        self._day, self._next, self._end = day, first, first + size

    def take(self) -> int:
        """The next id: YYMMDD * 1,000,000 + sequence. `ensure` must have been called for enough."""
        if self._day is None or self._next >= self._end:
            raise StoreError("no ticket number is at hand")
        sequence, self._next = self._next, self._next + 1
        return int(self._day.strftime("%y%m%d")) * 1_000_000 + sequence
