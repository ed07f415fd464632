"""Inbound messages wait here for the next batch: whatever is waiting by the time a writer is free runs in one commit.

No wait is added. Conversations are spread over the writers by their address, so that one conversation's messages stay
in order within the process; between processes the row lock does it. A batch that fails is rolled back and run message
by message, so that one bad message harms no other; while the database is away, messages go to the spool.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

import asyncpg
import structlog

from channels.base import Inbound, Message
from gateway import clock
from handlers.failed_turn import note_failed_turn
from handlers.turn import Turned, run_turns
from handlers.world import World
from store.database import Connection, Pool, transaction

log = structlog.get_logger()

T = TypeVar("T")

RUNS = 6  # of one batch that meets another process's writes
PAUSE_SECONDS = 0.02

AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
    asyncpg.InternalClientError,
)
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,  # a replica that has not been promoted yet
    asyncpg.InvalidCatalogNameError,  # dropped and not yet restored
    asyncpg.InvalidAuthorizationSpecificationError,
    TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How turns are spread: two writers keep the database busy while Python steps; more only wait for each other."""

    writers: int = 2
    largest_batch: int = 128


PRODUCTION = Shape()


class DrainingError(Exception):
    """The process is stopping and takes no more messages."""


class LineDeadError(Exception):
    """The database is away, and somebody is on the line: there is nobody to bring an answer to later."""


class Keeps(Protocol):
    """The spool, as far as turns need it."""

    @property
    def active(self) -> bool:
        """Something is in it, so that everything must queue behind that."""

    async def keep(self, inbound: Sequence[Inbound]) -> None:
        """Keep messages on disk; returns after fsync."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `messages` may be given inline; `spooled`: the reply comes later."""

    messages: tuple[Message, ...] = ()
    repeated: bool = False
    conversation_id: int | None = None
    spooled: bool = False


class Watches(Protocol):
    """Who is told what the turns did; called after the commit, must not wait."""

    def turned(self, inbound: Sequence[Inbound], turned: Sequence[Turned], seconds: float) -> None:
        """A batch is on disk."""

    def failed(self, inbound: Inbound) -> None:
        """One message failed alone and became a human task."""


@dataclass(slots=True)
class _Waiting:
    inbound: Inbound
    done: asyncio.Future[Outcome]


class Turns:
    """The queue in front of the database. `running()` must be entered before messages are submitted."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        spool: Keeps,
        watch: Watches,
        now: Callable[[], datetime] = clock.now,
        shape: Shape = PRODUCTION,
    ) -> None:
        self._pool = pool
        self._world = world
        self._spool = spool
        self._watch = watch
        self._now = now
        self._queues: list[list[_Waiting]] = [[] for _ in range(shape.writers)]
        self._wake = [asyncio.Event() for _ in range(shape.writers)]
        self._largest_batch = shape.largest_batch
        self._draining = False

    async def submit(self, inbound: Inbound) -> Outcome:
        """Take one message; returns when it is on disk.

        Raises whatever the spool raises when neither database nor disk will keep it: it must not be acknowledged then.
        """
        if self._draining:
            raise DrainingError
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        lane = zlib.crc32(inbound.address.encode()) % len(self._queues)
        self._queues[lane].append(_Waiting(inbound, done))
        self._wake[lane].set()
        return await done

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the writers; on leaving, what was submitted is still finished."""
        async with asyncio.TaskGroup() as tasks:
            for lane in range(len(self._queues)):
                tasks.create_task(self._write(lane))
            try:
                yield
            finally:
                self._draining = True
                for event in self._wake:
                    event.set()

    async def replay(self, inbound: Sequence[Inbound]) -> None:
        """Run messages from the spool, in order; raises when the database is still away."""
        await self._run(inbound)

    async def _write(self, lane: int) -> None:
        queue, wake = self._queues[lane], self._wake[lane]
        while queue or not self._draining:
            if not queue:
                await wake.wait()
                wake.clear()
                continue
            batch = queue[: self._largest_batch]
            del queue[: self._largest_batch]
            await self._settle(batch)

    async def _settle(self, batch: list[_Waiting]) -> None:
        inbound = [waiting.inbound for waiting in batch]
        try:
            outcomes = await self._keep_or_run(inbound)
        except Exception as error:  # noqa: BLE001 - the job shell of turns: whoever waits is told
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_exception(error)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if waiting.done.done():
                continue
            if isinstance(outcome, LineDeadError):
                waiting.done.set_exception(outcome)
            else:
                waiting.done.set_result(outcome)

    async def _keep_or_run(self, inbound: list[Inbound]) -> Sequence[Outcome | LineDeadError]:
        """What became of each; somebody on the line cannot be answered from the spool."""
        if not self._spool.active:
            try:
                return [_outcome(turned) for turned in await self._run(inbound)]
            except AWAY as error:
                log.warning("database_away", error=repr(error)[:200], messages=len(inbound))
        kept = [one for one in inbound if not one.live]
        if kept:
            await self._spool.keep(kept)
        return [LineDeadError() if one.live else Outcome(spooled=True) for one in inbound]

    async def _run(self, inbound: Sequence[Inbound]) -> list[Turned]:
        """Run a batch; what fails is run alone; a failure alone is noted and answered with an apology."""
        started = clock.monotonic()
        try:
            turned = await self._commit(
                lambda c, now: run_turns(c, self._world, inbound, now), len(inbound)
            )
        except AWAY:
            raise
        except Exception:
            if len(inbound) > 1:
                return [turned for one in inbound for turned in await self._run([one])]
            log.exception("turn_failed", channel=inbound[0].channel, key=inbound[0].key)
            self._watch.failed(inbound[0])
            failed = inbound[0]
            turned = [
                await self._commit(lambda c, now: note_failed_turn(c, self._world, failed, now), 0)
            ]
        self._watch.turned(inbound, turned, clock.monotonic() - started)
        return turned

    async def _commit(
        self, work: Callable[[Connection, datetime], Awaitable[T]], tickets: int
    ) -> T:
        for run in range(RUNS):
            now = self._now()
            try:
                async with (
                    self._world.numbers.held(tickets, now),
                    transaction(self._pool) as connection,
                ):
                    return await work(connection, now)
            except AGAIN:
                if run == RUNS - 1:
                    raise
                await asyncio.sleep(PAUSE_SECONDS * run)
        raise AssertionError("the last run returns or raises")


def _outcome(turned: Turned) -> Outcome:
    messages = (turned.message,) if turned.message is not None and turned.offered else ()
    return Outcome(messages, turned.repeated, turned.conversation_id)
