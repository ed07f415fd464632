"""Due timers, taken and run until none is left; one that fails is put off and, in the end, handed to a person."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from gateway import clock
from gateway.bootstrap import Core
from gateway.turns import AGAIN, AWAY
from handlers.timers import run_timers
from handlers.visit import Visit
from store import human_tasks, timers
from store.database import Connection, transaction
from store.human_tasks import TaskRow
from store.timers import FiredTimer

log = structlog.get_logger()

AT_ONCE = 100
TRIES = 5
PUT_OFF = timedelta(minutes=1)


class TimerRunner:
    """Runs what is due. `touched` is told of every conversation that got a message."""

    def __init__(
        self,
        core: Core,
        touched: Callable[[Sequence[Visit]], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._core = core
        self._touched = touched
        self._now = now

    async def run_due(self) -> int:
        """Run due timers until none is left; returns how many were taken."""
        count = 0
        while taken := await self._run_batch():
            count += taken
        return count

    async def _run_batch(self) -> int:
        now = self._now()
        taken: list[FiredTimer] = []
        try:
            async with self._transaction(AT_ONCE, now) as connection:
                taken = await timers.take(connection, now, AT_ONCE)
                visits = await run_timers(connection, self._core.world, taken, now) if taken else []
        except AWAY:
            raise
        except AGAIN:
            return len(taken)
        except Exception:
            log.exception("timers_failed", count=len(taken))
            await self._run_alone(taken, now)
            return len(taken)
        self._touched(visits)
        return len(taken)

    async def _run_alone(self, taken: Sequence[FiredTimer], now: datetime) -> None:
        """The batch failed: each timer for itself, so that one harms no other."""
        for timer in taken:
            try:
                async with self._transaction(1, now) as connection:
                    again = await timers.take_one(connection, timer.id, now)
                    visits = await run_timers(connection, self._core.world, again, now)
            except AWAY:
                raise
            except Exception:
                log.exception(
                    "timer_failed", subject=timer.subject, id=timer.subject_id, kind=timer.kind
                )
                async with transaction(self._core.pool) as connection:
                    await self._put_off(connection, timer, now)
            else:
                self._touched(visits)

    @asynccontextmanager
    async def _transaction(self, tickets: int, now: datetime) -> AsyncIterator[Connection]:
        """A transaction in which timers may open up to so many tickets."""
        async with (
            self._core.world.numbers.held(tickets, now),
            transaction(self._core.pool) as connection,
        ):
            yield connection

    async def _put_off(self, connection: Connection, timer: FiredTimer, now: datetime) -> None:
        if timer.attempts + 1 < TRIES:
            await timers.put_off(connection, timer.id, now + PUT_OFF * (timer.attempts + 1))
            return
        await timers.take_one(connection, timer.id, now)
        note = f"{timer.subject}/{timer.kind} {timer.subject_id}"
        task = TaskRow("failed_timer", timer.conversation_id, None, note, now)
        await human_tasks.insert(connection, [task])
