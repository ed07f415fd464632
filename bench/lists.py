"""What the console's lists and figures take in a city of 100,000 tickets, of which one street has led 20,000, 7,000 still open.

Beside each, in the same run: how many times as long as a hundred tickets looked up by their numbers, with nothing else.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg

from dialogs.words import Role
from gateway import clock
from gateway.commands.catalogue import load_into
from gateway.console.worklist import FILTERS, PAGE
from gateway.embedded import running
from handlers.waiting import awaited
from store import calls, coordinations, supervisions, together, whistles, worklist
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.database import Connection, Pool, connect, report
from store.migrate import upgrade
from store.rates import three_rates
from store.worklist import Wanted

FULL_CITY = Path(__file__).with_name("full_city.sql")
STREET, DISTRICT = "110108021", "110108"
ROUNDS = 9
MILLISECONDS = 1_000
A_MONTH = timedelta(days=31)
BARE = "select * from tickets where id = any($1::bigint[])"

Work = Callable[[Connection], Awaitable[object]]


def main() -> None:
    """Fill a city, measure and print the median of a few rounds."""
    print(f"cores here: {sorted(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=tempfile.gettempdir()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers:
            upgrade(servers.database_url)
            day = date(2026, 1, 1)
            asyncio.run(load_into(servers.database_url, read_folder(SHIPPED), day, "bench"))
            asyncio.run(_compare(servers.database_url))


async def _compare(url: str) -> None:
    await _fill(url)
    pool = await connect(url, size=1)
    try:
        bare, looks, figures = await _works(pool)
        async with pool.acquire() as connection:
            base = await _median(connection, bare)
            print(f"{'a hundred tickets by number':<36}{base:>8.1f} ms")
            await _print(connection, looks, base)
        async with report(pool) as reporting:
            await _print(reporting, figures, base)
    finally:
        await pool.close()


async def _fill(url: str) -> None:
    """Over a connection of its own: those of the gateway join nothing by hashing."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(FULL_CITY.read_text("utf-8"))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def _print(connection: Connection, works: Mapping[str, Work], base: float) -> None:
    for name, work in works.items():
        spent = await _median(connection, work)
        print(f"{name:<36}{spent:>8.1f} ms{spent / base:>8.1f} x")


async def _median(connection: Connection, work: Work) -> float:
    await work(connection)  # its statement is planned, its pages are read
    spans = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await work(connection)
        spans.append(time.perf_counter() - started)
    return statistics.median(spans) * MILLISECONDS


async def _works(pool: Pool) -> tuple[Work, dict[str, Work], dict[str, Work]]:
    """The baseline, what looks rows up, and what is read as a report."""
    now = clock.now()
    ids = await pool.fetchval("select array(select id from tickets order by id limit 100)")
    street = await pool.fetchval("select id from units where code = $1", STREET)
    district = await pool.fetchval("select id from units where code = $1", DISTRICT)
    async with pool.acquire() as connection:
        below = tuple(await worklist.below(connection, district))
    lists = {"a big unit's": (street,), "a district's look": below, "the city's": None}
    looks: dict[str, Work] = {}
    for whose, units in lists.items():
        looks[f"{whose} list"] = _listed(units, "open", now)
        looks[f"{whose} counts"] = _counted(units, now)
        looks[f"{whose} ended ones"] = _listed(units, "ended", now)
    everything = frozenset(Role)
    looks |= {
        "waits for a big unit's head": lambda c: awaited(c, street, 1, everything, 12),
        "waits for the centre": lambda c: awaited(c, None, 1, everything, 12),
        "the city's coordination": lambda c: coordinations.listed(c, None, 200),
        "the city's supervision": lambda c: supervisions.listed(c, None, 200),
        "the city's whistles": lambda c: whistles.listed(c, None, 100),
    }
    since = now - A_MONTH
    figures: dict[str, Work] = {
        "three rates of a month, the city": lambda c: three_rates(c, since, now),
        "three rates of a month, a district": lambda c: three_rates(c, since, now, district),
        "matters of a month": lambda c: together.matters(c, since, now),
        "figures of lines": lambda c: calls.figures(c, since, now),
    }
    return lambda c: c.fetch(BARE, ids), looks, figures


def _listed(units: tuple[int, ...] | None, name: str, now: datetime) -> Work:
    wanted = Wanted(units, tuple(FILTERS[name][1]), apart=False if name == "open" else None)
    return lambda connection: worklist.page(connection, wanted, None, PAGE + 1, now)


def _counted(units: tuple[int, ...] | None, now: datetime) -> Work:
    return lambda connection: worklist.counts(connection, units, now)
