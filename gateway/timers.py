"""Due timers, taken and run until none is left; one that fails is put off and, in the end, handed to a person."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from gateway import clock
from gateway.turns import AGAIN, AWAY
from handlers.timers import Ran, run_timers
from handlers.visit import Visit
from handlers.world import World
from store import conversations, human_tasks, timers
from store.database import Connection, Pool, transaction
from store.human_tasks import TaskRow
from store.timers import FiredTimer

log = structlog.get_logger()

AT_ONCE = 100
TRIES = 5
CONFLICTS = 3  # of batches in a row with others' writes, before each timer is run for itself
PAUSE_SECONDS = 0.1
NONE = Ran(0)
PUT_OFF = timedelta(minutes=1)


class TimerRunner:
    """Runs what is due. `touched` is told of every conversation that got a message."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        touched: Callable[[Sequence[Visit]], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._pool = pool
        self._world = world
        self._touched = touched
        self._now = now

    async def run_due(self) -> int:
        """Run due timers until none is left that can be run now; returns how many were."""
        count = conflicts = 0
        while conflicts < CONFLICTS:
            try:
                done = await self._run_batch()
            except AGAIN:
                conflicts += 1
                await asyncio.sleep(PAUSE_SECONDS * conflicts)
                continue
            if not done:
                return count
            count, conflicts = count + done, 0
        log.error("timers_conflict", count=count)
        await self._run_alone(self._now())
        return count

    async def _run_batch(self) -> int:
        now = self._now()
        try:
            async with transaction(self._pool) as connection:
                held = await timers.due(connection, now, AT_ONCE)
                ran = await self._run(connection, held, now) if held else NONE
        except (*AWAY, *AGAIN):
            raise
        except Exception:
            log.exception("timers_failed")
            return await self._run_alone(now)
        self._touched(ran.visits)
        return ran.count

    async def _run_alone(self, now: datetime) -> int:
        """A batch failed: each timer for itself, so that one harms no other. Returns how many are out of the way."""
        async with transaction(self._pool) as connection:
            held = await timers.due(connection, now, AT_ONCE)
        for timer in held:
            try:
                async with transaction(self._pool) as connection:
                    again = await timers.due_one(connection, timer.id, now)
                    ran = await self._run(connection, again, now)
            except AWAY:
                raise
            except Exception:
                log.exception("timer_failed", subject=timer.subject, id=timer.subject_id)
                async with transaction(self._pool) as connection:
                    await self._put_off(connection, timer, now)
            else:
                self._touched(ran.visits)
        return len(held)

    async def _run(self, connection: Connection, held: Sequence[FiredTimer], now: datetime) -> Ran:
        """Run timers; each conversation that wakes may turn its draft into a ticket."""
        waking = sum(timer.subject == "conversation" for timer in held)
        async with self._world.numbers.held(waking, now):
            return await run_timers(connection, self._world, held, now)

    async def _put_off(self, connection: Connection, timer: FiredTimer, now: datetime) -> None:
        if timer.attempts + 1 < TRIES:
            await timers.put_off(connection, timer.id, now + PUT_OFF * (timer.attempts + 1))
            return
        await timers.spend(connection, [timer.id])
        if timer.subject == "conversation":
            await conversations.set_wakes(connection, [(timer.subject_id, None)])
        note = f"{timer.subject}/{timer.kind} {timer.subject_id}"
        task = TaskRow("failed_timer", timer.conversation_id, None, note, now)
        await human_tasks.insert(connection, [task])
