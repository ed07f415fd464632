"""Durable turns a second through the SMS webhook: real signatures, the real intake dialog, tickets, fsync on.

Beside it, in the same run: bare aiohttp, and the same gateway with a transaction for every turn (identical writes).
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import asyncpg

from bench.traffic import PHONE, SMS, TELEGRAM
from gateway.commands.catalogue import load_into
from gateway.embedded import Servers, running
from gateway.simulator.standin import DemoAccount
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.migrate import upgrade

CONNECTIONS = (1, 4, 32, 128)
SECONDS = 5.0
WARM_SECONDS = 2.0
SECRET = "b" * 40
ROWS = "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables"
WAL = "select wal_bytes::bigint from pg_stat_wal"
TICKETS = "select count(*) from tickets"  # by the store: on Telegram no answer to a webhook says it

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that answers webhooks."""

    name: str
    command: tuple[str, ...]
    processes: int = 1


BARE = Contender("bare aiohttp", ("bench.server", "bare"))
SINGLE = Contender("a transaction a turn", ("bench.server", "single"))
BATCHED = Contender("jiesu serve", ("gateway", "serve"))
TWO = Contender("two of jiesu serve", ("gateway", "serve", "--share-port"), 2)


def main() -> None:
    """By SMS."""
    compare("sms", " / ".join(SMS))


def voice() -> None:
    """By phone: the answer is what the caller hears next."""
    compare("voice", " / ".join(str(step) for step in PHONE))


def telegram() -> None:
    """By Telegram: replies go out by the API, to a server that only says yes, while turns come in."""
    compare("telegram", " / ".join(TELEGRAM))


def compare(channel: str, mix: str) -> None:
    """Run the contenders at every number of connections and print what came out."""
    print(f"turns by {channel}: {mix}")
    print(
        f"cores here: {sorted(os.sched_getaffinity(0))}, shared by server, PostgreSQL and generator"
    )
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=tempfile.gettempdir()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers:
            upgrade(servers.database_url)
            asyncio.run(_load(servers))
            results = {
                c.name: _measure(c, channel, servers, Path(folder))
                for c in (BARE, SINGLE, BATCHED, TWO)
            }
    _print(results)


async def _load(servers: Servers) -> None:
    await load_into(servers.database_url, read_folder(SHIPPED), date(2026, 1, 1), "bench")


def _measure(
    contender: Contender, channel: str, servers: Servers, folder: Path
) -> dict[int, Figures]:
    """Every number of connections, each with residents of its own."""
    found = {}
    port = _free_port()
    with _api() as api_url, _started(contender, servers, folder, port, api_url) as processes:
        _generate(port, 8, WARM_SECONDS, contender, channel)
        for connections in CONNECTIONS:
            before = _so_far(processes, servers)
            figures = _generate(port, connections, SECONDS, contender, channel)
            spent = _so_far(processes, servers) - before
            figures["tickets"] = spent.tickets
            figures["rows_a_turn"] = spent.rows / figures["turns"]
            figures["wal_bytes_a_turn"] = spent.wal_bytes / figures["turns"]
            figures["server_us_a_turn"] = spent.server_seconds / figures["turns"] * 1e6
            figures["database_us_a_turn"] = spent.database_seconds / figures["turns"] * 1e6
            figures["batch"] = spent.batched / spent.batches if spent.batches else 0.0
            found[connections] = figures
    return found


@contextmanager
def _started(
    contender: Contender, servers: Servers, folder: Path, port: int, api_url: str
) -> Iterator[Sequence[int]]:
    """The contender's processes, by pid, once they answer."""
    account = DemoAccount()
    environment = os.environ | {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.auth_token,
        "TWILIO_PHONE_NUMBER": account.phone_number,
        "TWILIO_API_URL": api_url,
        "TELEGRAM_BOT_TOKEN": "1:" + "b" * 35,
        "TELEGRAM_WEBHOOK_SECRET": account.auth_token,
        "TELEGRAM_API_URL": api_url,
        "SMS_ADDRESS_PER_HOUR": "999999",
        "SMS_PREFIX_PER_MINUTE": "999999",
        "SMS_PER_SECOND": "999999",
        "LOG_LEVEL": "error",
    }
    started = [
        subprocess.Popen([sys.executable, "-m", *contender.command], env=environment)
        for _ in range(contender.processes)
    ]
    try:
        for _ in range(20 * contender.processes):  # each connection may reach another process
            _await_ready(port)
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


@contextmanager
def _api() -> Iterator[str]:
    """A provider's API that only says yes, in a process of its own."""
    port = _free_port()
    environment = os.environ | {"PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "bench.server", "api"], env=environment)
    try:
        _await_ready(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _await_ready(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not come up")


_residents = iter(range(10_000_000, 99_000_000, 1_000_000))


def _generate(
    port: int, connections: int, seconds: float, contender: Contender, channel: str
) -> Figures:
    account = DemoAccount()
    plan = {
        "port": port,
        "url": f"http://127.0.0.1:{port}",
        "token": account.auth_token,
        "account": account.sid,
        "number": account.phone_number,
        "connections": connections,
        "seconds": seconds,
        "first_phone": next(_residents),
        "channel": channel,
        "again": contender is BARE,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.generator"],
        input=json.dumps(plan).encode(),
        capture_output=True,
        check=True,
    )
    figures: Figures = json.loads(done.stdout)
    if figures["bad"] or (figures["dry"] and contender is not BARE):
        raise RuntimeError(f"{figures['bad']} bad answers, {figures['dry']} lanes ran dry")
    return figures


class Spent(NamedTuple):
    """What had been used up at a moment, or between two."""

    rows: int
    wal_bytes: int
    tickets: int
    server_seconds: float
    database_seconds: float
    batched: float
    batches: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(
            self.rows - other.rows,
            self.wal_bytes - other.wal_bytes,
            self.tickets - other.tickets,
            self.server_seconds - other.server_seconds,
            self.database_seconds - other.database_seconds,
            self.batched - other.batched,
            self.batches - other.batches,
        )


def _so_far(processes: Sequence[int], servers: Servers) -> Spent:
    rows, wal_bytes, opened = asyncio.run(_written(servers))
    database = sum(_cpu_seconds(pid) for pid in _pids_named("postgres"))
    seconds = sum(map(_cpu_seconds, processes))
    batched, batches = asyncio.run(_batches(servers))
    return Spent(rows, wal_bytes, opened, seconds, database, batched, batches)


async def _written(servers: Servers) -> tuple[int, int, int]:
    """Rows written, bytes of WAL and tickets so far."""
    connection = await asyncpg.connect(servers.database_url)
    try:
        await connection.execute("select pg_stat_force_next_flush()")
        rows, wal, tickets = [int(await connection.fetchval(q)) for q in (ROWS, WAL, TICKETS)]
        return rows, wal, tickets
    finally:
        await connection.close()


async def _batches(servers: Servers) -> tuple[float, float]:
    """Inbound messages and commits so far: their ratio is the mean batch."""
    connection = await asyncpg.connect(servers.database_url)
    try:
        inbound = "select n_tup_ins from pg_stat_user_tables where relname = 'inbound'"
        commits = "select xact_commit from pg_stat_database where datname = current_database()"
        return float(await connection.fetchval(inbound)), float(await connection.fetchval(commits))
    finally:
        await connection.close()


def _pids_named(name: str) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "comm").read_text("utf-8").strip() == name:
                    yield int(entry.name)


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


COLUMNS = {
    "turns/s": ("per_second", 8, 0),
    "p50 ms": ("p50_ms", 7, 2),
    "p99 ms": ("p99_ms", 7, 2),
    "batch": ("batch", 6, 1),
    "tickets": ("tickets", 8, 0),
    "rows/turn": ("rows_a_turn", 9, 2),
    "WAL B/turn": ("wal_bytes_a_turn", 10, 0),
    "server us/turn": ("server_us_a_turn", 14, 0),
    "database us/turn": ("database_us_a_turn", 16, 0),
    "generator cores": ("generator_core", 15, 2),
}


def _print(results: dict[str, dict[int, Figures]]) -> None:
    for name, found in results.items():
        print(f"\n{name}")
        print("  connections | " + " | ".join(COLUMNS))
        for connections, one in found.items():
            cells = [
                f"{one[key]:{max(width, len(head))}.{digits}f}"
                for head, (key, width, digits) in COLUMNS.items()
            ]
            print(f"  {connections:11d} | " + " | ".join(cells))
    print()
    for connections in CONNECTIONS:
        rates = {name: found[connections]["per_second"] for name, found in results.items()}
        base = rates[SINGLE.name]
        said = ", ".join(f"{name} {rate / base:.2f} x" for name, rate in rates.items())
        print(f"{connections:4d} connections, against a transaction a turn: {said}")
