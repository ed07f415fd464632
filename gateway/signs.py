"""Signs: what a provider tells besides messages. Who can be reached is noted; what becomes of calls is heeded."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from channels.base import CallEvent, CallSign, Message, Reachable
from gateway import clock
from gateway.turns import AGAIN
from handlers.calls import heed_call
from handlers.reachable import note_reachable
from handlers.world import World
from store.database import Pool, transaction

TRIES = 4
PAUSE_SECONDS = 0.05

# What may leave a call to make.
_ORDERING = frozenset({CallSign.PRESSED, CallSign.ENDED, CallSign.LEFT, CallSign.ANSWERED})


def _nothing() -> None:
    """Nobody waits to make calls."""


class Signs:
    """Heeds signs, each in a transaction of its own. `ordered` is told when there may be a call to make."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        now: Callable[[], datetime] = clock.now,
        ordered: Callable[[], None] = _nothing,
    ) -> None:
        self._pool = pool
        self._world = world
        self._now = now
        self._ordered = ordered

    async def reachable(self, report: Reachable) -> None:
        """Note that a resident has blocked us, or lets us in again."""
        async with transaction(self._pool) as connection:
            await note_reachable(connection, self._world, report, self._now())

    async def call(self, event: CallEvent) -> Sequence[Message]:
        """Heed a sign of a call; returns what is said to whoever is on the line."""
        said = await self._heed(event, TRIES)
        if event.sign in _ORDERING:
            self._ordered()
        return said

    async def _heed(self, event: CallEvent, tries: int) -> Sequence[Message]:
        try:
            async with transaction(self._pool) as connection:
                return await heed_call(connection, self._world, event, self._now())
        except AGAIN:
            if tries == 1:
                raise
        await asyncio.sleep(PAUSE_SECONDS)
        return await self._heed(event, tries - 1)
