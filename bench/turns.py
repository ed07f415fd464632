"""Durable turns a second through the SMS webhook: real signatures, the real intake dialog, tickets, fsync on.

Beside it, in the same run: bare aiohttp, and the same gateway with a transaction for every turn (identical writes).
"""

import asyncio
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
from pathlib import Path

import asyncpg

from bench.generator import TEXTS
from gateway.commands.catalogue import load_into
from gateway.embedded import Servers, running
from gateway.simulator.standin import DemoAccount
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.migrate import upgrade

CONNECTIONS = (4, 32, 128)
SECONDS = 5.0
WARM_SECONDS = 2.0
SECRET = "b" * 40
ROWS = "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables"
WAL = "select wal_bytes::bigint from pg_stat_wal"

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that answers webhooks."""

    name: str
    command: tuple[str, ...]


BARE = Contender("bare aiohttp", ("bench.server", "bare"))
SINGLE = Contender("a transaction a turn", ("bench.server", "single"))
BATCHED = Contender("jiesu serve (batched)", ("gateway", "serve"))


def main() -> None:
    """Run the contenders at every number of connections and print what came out."""
    print(f"mix of turns: {' / '.join(TEXTS)}")
    print(
        f"cores here: {sorted(os.sched_getaffinity(0))}, shared by server, PostgreSQL and generator"
    )
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=_short()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers:
            upgrade(servers.database_url)
            asyncio.run(_load(servers))
            results = {c.name: _measure(c, servers, Path(folder)) for c in (BARE, SINGLE, BATCHED)}
    _print(results)


def _short() -> str:
    return tempfile.gettempdir()


async def _load(servers: Servers) -> None:
    from datetime import date  # noqa: PLC0415 - only here

    await load_into(servers.database_url, read_folder(SHIPPED), date(2026, 1, 1), "bench")


def _measure(contender: Contender, servers: Servers, folder: Path) -> dict[int, Figures]:
    """Every number of connections, each with residents of its own."""
    found = {}
    port = _free_port()
    with _started(contender, servers, folder, port) as process:
        _generate(port, 8, WARM_SECONDS, contender)
        for connections in CONNECTIONS:
            before, cpu = asyncio.run(_written(servers)), _cpu_seconds(process.pid)
            started = time.perf_counter()
            figures = _generate(port, connections, SECONDS, contender)
            took = time.perf_counter() - started
            after = asyncio.run(_written(servers))
            turns = figures["turns"]
            figures["rows_a_turn"] = (after[0] - before[0]) / turns
            figures["wal_bytes_a_turn"] = (after[1] - before[1]) / turns
            figures["server_us_a_turn"] = (_cpu_seconds(process.pid) - cpu) / turns * 1e6
            figures["seconds"] = took
            found[connections] = figures
        if contender is BATCHED:
            found[0] = _batches(port)
    return found


@contextmanager
def _started(
    contender: Contender, servers: Servers, folder: Path, port: int
) -> Iterator[subprocess.Popen[bytes]]:
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
        "TWILIO_API_URL": f"http://127.0.0.1:{port}",
        "SMS_ADDRESS_PER_HOUR": "999999",
        "SMS_PREFIX_PER_MINUTE": "999999",
        "SMS_PER_SECOND": "999999",
        "LOG_LEVEL": "error",
    }
    process = subprocess.Popen([sys.executable, "-m", *contender.command], env=environment)
    try:
        _await_ready(port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _await_ready(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not come up")


_residents = iter(range(10_000_000, 99_000_000, 1_000_000))


def _generate(port: int, connections: int, seconds: float, contender: Contender) -> Figures:
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


async def _written(servers: Servers) -> tuple[int, int]:
    """Rows written and bytes of WAL so far."""
    connection = await asyncpg.connect(servers.database_url)
    try:
        await connection.execute("select pg_stat_force_next_flush()")
        return int(await connection.fetchval(ROWS)), int(await connection.fetchval(WAL))
    finally:
        await connection.close()


def _batches(port: int) -> Figures:
    """Mean batch size, from the server's own metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    named = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    sizes = {
        k: float(v) for k, v in named.items() if "batch_size_sum" in k or "batch_size_count" in k
    }
    total = next(v for k, v in sizes.items() if "sum" in k)
    count = next(v for k, v in sizes.items() if "count" in k)
    return {"mean_batch": total / count}


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _print(results: dict[str, dict[int, Figures]]) -> None:
    head = (
        "connections",
        "turns/s",
        "p50 ms",
        "p99 ms",
        "tickets",
        "rows/turn",
        "WAL B/turn",
        "server µs/turn",
        "generator cores",
    )
    for name, found in results.items():
        print(f"\n{name}")
        print("  " + " | ".join(head))
        for connections in CONNECTIONS:
            one = found[connections]
            print("  " + " | ".join(_row(connections, one)))
        if 0 in found:
            print(f"  mean batch {found[0]['mean_batch']:.1f} turns")
    print()
    for connections in CONNECTIONS:
        rates = {name: found[connections]["per_second"] for name, found in results.items()}
        print(
            f"{connections:4d} connections: batched is {rates[BATCHED.name] / rates[SINGLE.name]:.2f} × a transaction a turn, "
            f"{rates[BATCHED.name] / rates[BARE.name]:.2f} × bare aiohttp"
        )


def _row(connections: int, one: Figures) -> Sequence[str]:
    return (
        f"{connections:11d}",
        f"{one['per_second']:7.0f}",
        f"{one['p50_ms']:6.2f}",
        f"{one['p99_ms']:6.2f}",
        f"{one['tickets']:7.0f}",
        f"{one['rows_a_turn']:9.2f}",
        f"{one['wal_bytes_a_turn']:10.0f}",
        f"{one['server_us_a_turn']:14.0f}",
        f"{one['generator_core']:15.2f}",
    )
