"""Signs: what a provider tells besides messages. Who can be reached is noted; calls go to `handlers.calls`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from channels.base import CallEvent, Message, Reachable
from gateway import clock
from handlers.reachable import note_reachable
from handlers.world import World
from store.database import Pool, transaction


class Signs:
    """Heeds signs, each in a transaction of its own."""

    def __init__(self, pool: Pool, world: World, now: Callable[[], datetime] = clock.now) -> None:
        self._pool = pool
        self._world = world
        self._now = now

    async def reachable(self, report: Reachable) -> None:
        """Note that a resident has blocked us, or lets us in again."""
        async with transaction(self._pool) as connection:
            await note_reachable(connection, self._world, report, self._now())

    async def call(self, event: CallEvent) -> Sequence[Message]:
        """Heed a sign of a call; returns what is said to whoever is on the line."""
        del event
        return ()
