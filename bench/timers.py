"""10,000 timers that are due at once: clocks of units, time limits with their surveys, until two real workers are through.

What they tell is written and sent to mailboxes; ended limits ask residents, clocks ring desks, heads and districts.
"""

import asyncio
import os
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import asyncpg
from redis import Redis
from rq import Queue

from bench.outbox import children
from dialogs.requests import Draft
from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind
from gateway import clock, jobs
from gateway.bootstrap import open_core
from gateway.commands.catalogue import load_into
from gateway.config import Settings
from gateway.embedded import Servers, running
from handlers.effects import Effects
from handlers.open_ticket import Origin, open_ticket
from handlers.world import World
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.database import Pool, transaction
from store.migrate import upgrade

TIMERS = 10_000
WORKERS = 2
AT_ONCE = 1000  # tickets a transaction while seeding
AGO = timedelta(
    hours=30
)  # of grade II: all limits are over, and so is what the unit above hears of
LONGEST_SECONDS = 120.0
SECRET = "b" * 40

# Each ticket of a resident of its own.
PEOPLE = """
    with people as (
        insert into residents (created_at) select $1 from generate_series(1, $2) returning id
    ), homes as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select id, 'webchat', sha256(('bench' || id)::bytea), ''::bytea, '****' from people returning id, resident_id
    )
    insert into conversations (address_id, resident_id, channel, seq)
    select id, resident_id, 'webchat', 0 from homes returning id, resident_id
"""
DUE = "select count(*) from timers where due_at <= now()"
DONE = "select count(*) from unit_notices"
ASKED = "select count(*) from outbox"


def main() -> None:
    """Measure and print what came out."""
    print(f"{TIMERS} timers, {WORKERS} workers; cores here: {sorted(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=tempfile.gettempdir()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers:
            upgrade(servers.database_url)
            day = date(2026, 1, 1)
            asyncio.run(load_into(servers.database_url, read_folder(SHIPPED), day, "bench"))
            _measure(servers, Path(folder))


def _measure(servers: Servers, folder: Path) -> None:
    environment = {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "error",
    }
    worker = [sys.executable, "-m", "gateway", "worker"]
    with children([worker] * WORKERS, os.environ | environment):
        asyncio.run(_drained(servers))  # so that every worker has its world
        due = asyncio.run(_seed(environment))
        started = time.monotonic()
        asyncio.run(_drained(servers))
        seconds = time.monotonic() - started
    told, asked = asyncio.run(_told(servers))
    print(f"{due} due timers in {seconds:.1f} s: {due / seconds:.0f} a second")
    print(f"{told} notices to units, {asked} messages to residents")


async def _seed(environment: dict[str, str]) -> int:
    """Tickets of thirty hours ago with all that their opening arms; returns how many timers are due."""
    settings = Settings.from_env(environment, production=True)
    async with open_core(settings) as core:
        places = await _places(core.pool)
        opened_at = clock.now() - AGO
        due, spans = 0, []
        while due < TIMERS:
            spans.append(
                await _open(core.pool, core.world, list(islice(places, AT_ONCE)), opened_at)
            )
            due = await core.pool.fetchval(DUE)
        print(
            f"{min(spans) / AT_ONCE * 1000:.2f} ms a ticket opened and dispatched, {AT_ONCE} at once"
        )
        spare = (
            "delete from timers where id in (select id from timers where due_at <= now() limit $1)"
        )
        await core.pool.execute(spare, due - TIMERS)
    return TIMERS


async def _places(pool: Pool) -> "cycle[Place]":
    rows = await pool.fetch(
        "select distinct parent_code, code from places where level = 'street' order by code"
    )
    return cycle(Place(district, street) for district, street in rows)


async def _open(pool: Pool, world: World, places: list[Place], opened_at: datetime) -> float:
    """Open a batch; returns the seconds from the first draft to the commit."""
    people = await pool.fetch(PEOPLE, opened_at, len(places))
    started, effects = time.monotonic(), Effects()
    topics = cycle(topic.code for topic in world.city.reader.topics)
    async with world.numbers.held(len(places), opened_at), transaction(pool) as connection:
        for (conversation, resident), place, topic in zip(people, places, topics, strict=False):
            draft = Draft(
                matter="楼道里的灯坏了，一直没人修",
                kind=Kind.REQUEST,
                topic=topic,
                grade=Grade.II,
                place=place,
            )
            origin = Origin(conversation, resident, "webchat")
            open_ticket(world, effects, draft, origin, opened_at)
        await effects.write(connection, opened_at)
    return time.monotonic() - started


async def _drained(servers: Servers) -> None:
    """Put the workers to work, and return when nothing is due."""
    queue = Queue(jobs.QUEUE, connection=Redis.from_url(servers.redis_url))
    for _ in range(WORKERS):
        queue.enqueue(jobs.drain_timers)
    connection = await asyncpg.connect(servers.database_url)
    async with asyncio.timeout(LONGEST_SECONDS):
        while await connection.fetchval(DUE):  # noqa: ASYNC110 - other processes do the work
            await asyncio.sleep(0.05)
    await connection.close()


async def _told(servers: Servers) -> tuple[int, int]:
    connection = await asyncpg.connect(servers.database_url)
    told, asked = await connection.fetchval(DONE), await connection.fetchval(ASKED)
    await connection.close()
    return told, asked
