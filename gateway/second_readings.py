"""The drain of second readings: claim under a lease, ask the model, bring the answers in. Safe to run in many processes."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from dialogs.catalogue import Topic
from dialogs.understanding.reader import Reader
from gateway import clock
from gateway.bootstrap import Core
from gateway.metrics import Metrics
from gateway.second_reader import AT_ONCE, SECONDS, SecondReader
from gateway.turns import AGAIN, AWAY
from handlers.second_reading import Answered, arrive
from handlers.world import World
from store import second_readings
from store.database import Pool, transaction
from store.second_readings import ClaimedReading, SettledReading

log = structlog.get_logger()

LEASE = timedelta(seconds=5 * SECONDS)
KEPT = timedelta(days=90)
RUNS = 3


class SecondReadings:
    """Works off what waits to be read."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        reader: SecondReader,
        counted: Callable[[str], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._pool = pool
        self._world = world
        self._reader = reader
        self._counted = counted
        self._now = now

    async def drain(self) -> int:
        """Read until nothing waits; returns how many messages were."""
        count = 0
        while claimed := await self._claim():
            answers = await asyncio.gather(*map(self._ask, claimed))
            for one in await self._arrive(answers):
                if one.state == "late":
                    self._counted("late")
            count += len(claimed)
        return count

    async def close(self) -> None:
        """Close the connections to the model."""
        await self._reader.close()

    async def _claim(self) -> list[ClaimedReading]:
        async with transaction(self._pool) as connection:
            return await second_readings.claim(connection, self._now(), LEASE, AT_ONCE)

    async def _ask(self, message: ClaimedReading) -> Answered:
        topics = topics_for(self._world.city.reader, message.topics)
        return Answered(message, await self._reader.read(message, topics))

    async def _arrive(self, answers: Sequence[Answered]) -> list[SettledReading]:
        """Bring answers in; each for itself when they cannot be brought together."""
        for _ in range(RUNS):
            try:
                return await self._together(answers)
            except AGAIN:
                continue
            except AWAY:
                raise
            except Exception:
                log.exception("second_readings_failed", count=len(answers))
                break
        if len(answers) == 1:
            return []  # its lease ends, and it is tried again until it is given up
        return [settled for one in answers for settled in await self._arrive([one])]

    async def _together(self, answers: Sequence[Answered]) -> list[SettledReading]:
        async with transaction(self._pool) as connection:
            return await arrive(connection, self._world, answers, self._now())


def open_readings(core: Core, counts: Metrics) -> SecondReadings | None:
    """What reads a second time in this process; None where no language model is set."""
    if core.settings.understanding_url is None:
        return None
    reader = SecondReader(core.settings, counts.second_reading, counts.circuit)
    return SecondReadings(core.pool, core.world, reader, counts.second_reading)


def topics_for(reader: Reader, codes: Sequence[str]) -> list[Topic]:
    """The topics to choose from: those that the rules were torn between, or all."""
    if not codes:
        return list(reader.topics)
    return [topic for topic in map(reader.topic, codes) if topic is not None]
