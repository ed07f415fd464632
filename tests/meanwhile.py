"""Two at the same moment, made certain: the second begins before the first has committed, and waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from store.database import Connection, Pool, transaction
from tests.patience import PATIENCE_SECONDS

T = TypeVar("T")
Work = Callable[[Connection], Awaitable[T]]

WAITING = """
    select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
"""


async def meanwhile(
    pool: Pool, first: Work[object], second: Work[T], then: Work[object] | None = None
) -> T:
    """What comes of the second; raises what it raises, and `AssertionError` where it does not wait for the first.

    `then` is what the first goes on with while the second waits.
    """
    try:
        async with asyncio.TaskGroup() as group, transaction(pool) as connection:
            await first(connection)
            other = group.create_task(_run(pool, second))
            await _until_it_waits(pool, other)
            if then is not None:
                await then(connection)
    except ExceptionGroup as raised:
        raise raised.exceptions[0] from None
    return other.result()


async def _run(pool: Pool, work: Work[T]) -> T:
    async with transaction(pool) as connection:
        return await work(connection)


async def _until_it_waits(pool: Pool, other: "asyncio.Task[T]") -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), pool.acquire() as watcher:
        while not await watcher.fetchval(WAITING):
            if other.done():
                raise AssertionError("it did not wait for the first")
            await asyncio.sleep(0)
