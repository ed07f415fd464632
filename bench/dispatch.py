"""What it takes to open and dispatch a ticket in a batch of 1,000: decide, clocks, events, timers, all rows, fsync on.

Beside it, in the same run: a bare insert of the same ticket rows, with nothing else.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from dialogs.requests import Draft
from dialogs.understanding.place import Place
from dialogs.words import Kind
from gateway.embedded import running
from handlers.effects import Effects
from handlers.open_ticket import Origin, open_ticket
from handlers.world import World
from store import tickets
from store.database import Pool, connect, transaction
from store.migrate import upgrade
from store.tickets import INSERT_TICKETS
from tests.world import START, make_world

BATCH = 1_000
ROUNDS = 5
TEN_MINUTES = timedelta(minutes=10)
MILLISECOND = 1_000


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds a ticket."""

    deciding: float
    opening: float
    bare: float


def main() -> None:
    """Measure and print the best of a few rounds."""
    print(f"batches of {BATCH}; cores here: {sorted(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=tempfile.gettempdir()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers:
            upgrade(servers.database_url)
            rounds = asyncio.run(_measure(servers.database_url))
    for name in ("deciding", "bare", "opening"):
        print(f"{name:<12}{min(getattr(one, name) for one in rounds):>8.3f} ms a ticket")
    ratio = min(one.opening / one.bare for one in rounds)
    print(f"opening and dispatching takes {ratio:.1f} times a bare insert of the ticket alone")


async def _measure(url: str) -> list[Spent]:
    pool = await connect(url, size=4)
    try:
        world = await make_world(pool)
        drafts = list(islice(_drafts(world), BATCH))
        return [await _round(pool, world, drafts, turn) for turn in range(ROUNDS)]
    finally:
        await pool.close()


def _drafts(world: World) -> Iterator[Draft]:
    """All topics in all streets, in turn."""
    catalogue = world.city.catalogue
    for topic, street in zip(cycle(catalogue.topics), cycle(catalogue.streets), strict=False):
        yield Draft(
            matter=f"{street.name}{topic.level3}",
            kind=Kind.COMPLAINT,
            topic=topic.code,
            grade=topic.grade,
            place=Place(street.district_code, street.code),
            enterprise=topic.enterprises[0] if topic.enterprises else "",
        )


async def _round(pool: Pool, world: World, drafts: list[Draft], turn: int) -> Spent:
    now = START + turn * TEN_MINUTES
    decide = world.city.responsibilities.decide
    begun = time.perf_counter()
    for draft in drafts:
        decide(draft.topic, draft.place, draft.enterprise)
    decided = time.perf_counter()
    async with world.numbers.held(BATCH, now), transaction(pool) as connection:
        effects = Effects()
        for draft in drafts:
            open_ticket(world, effects, draft, Origin(None, None, "web"), now)
        await effects.write(connection, now)
    opened = time.perf_counter()
    async with world.numbers.held(BATCH, now):
        rows = [row._replace(id=world.numbers.take()) for row in effects.tickets]
    bare = time.perf_counter()
    async with transaction(pool) as connection:
        await tickets.insert_rows(connection, INSERT_TICKETS, rows)
    spent = time.perf_counter() - bare
    each = MILLISECOND / BATCH
    return Spent((decided - begun) * each, (opened - decided) * each, spent * each)
