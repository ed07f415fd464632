"""Notices a second out of the outbox to a local API: two real workers, the real Twilio library, leases and fsync on.

Beside it, in the same run: bare POSTs of the same form by the same HTTP client from as many processes, with nothing else.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import asyncpg
import msgspec
from redis import Redis
from rq import Queue

from gateway import jobs
from gateway.commands.catalogue import load_into
from gateway.embedded import Servers, running
from gateway.simulator.standin import DemoAccount
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.database import connect
from store.keys import load_keys
from store.migrate import upgrade

NOTICES = 12_000
WORKERS = 2
SECRET = "b" * 40
TEXT = "【12345】“暖气不热”已交田村路街道办理，工作人员会联系您，请接听来电。"
LONGEST_SECONDS = 120.0

# Each notice to a resident of its own, so that none waits for another.
SEED = """
    with people as (
        insert into residents (created_at) select $1 from generate_series(1, $2) returning id
    ), homes as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select p.id, 'sms', s.hash, s.sealed, '+86138****0000'
        from (select id, row_number() over (order by id) as place from people) p
        join unnest($3::bytea[], $4::bytea[]) with ordinality as s (hash, sealed, place) using (place)
        returning id, resident_id
    ), talks as (
        insert into conversations (address_id, resident_id, channel, seq)
        select id, resident_id, 'sms', 1 from homes returning id, address_id
    )
    insert into outbox (conversation_id, seq, channel, address_id, purpose, reply, parts, part_states, state,
        created_at, due_at)
    select id, 1, 'sms', address_id, 'reply', $5::json, $6::json, 'p', 'pending', $1, $1 from talks
"""
LEFT = "select count(*) from outbox where state in ('pending', 'sending')"


def main() -> None:
    """Measure both and print what came out."""
    print(f"{NOTICES} notices, {WORKERS} workers; cores here: {sorted(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-", dir=tempfile.gettempdir()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when we are root
        with running(Path(folder)) as servers, _provider() as url:
            upgrade(servers.database_url)
            day = date(2026, 1, 1)
            asyncio.run(load_into(servers.database_url, read_folder(SHIPPED), day, "bench"))
            bare = _bare(url)
            ours = _ours(servers, Path(folder), url)
    print(f"{'bare POSTs':<24}{bare:>8.0f} a second")
    print(f"{'out of the outbox':<24}{ours:>8.0f} a second ({ours / bare:.0%})")


def _bare(url: str) -> float:
    """POSTs a second of as many processes as there are workers, as fast as one client goes."""
    command = [sys.executable, "-m", "bench.provider", "post", url, str(NOTICES // WORKERS)]
    posting = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    spans = [float(one.communicate()[0]) for one in posting]
    return NOTICES / max(spans)


def _ours(servers: Servers, folder: Path, url: str) -> float:
    """Notices a second from the first to the last that was noted as sent."""
    asyncio.run(_seed(servers, WORKERS * 20))  # so that every worker has its connections open
    with _working(servers, folder, url):
        asyncio.run(_drained(servers))
        asyncio.run(_seed(servers, NOTICES))
        started = time.monotonic()
        asyncio.run(_drained(servers))
        return NOTICES / (time.monotonic() - started)


async def _seed(servers: Servers, count: int) -> None:
    pool = await connect(servers.database_url, size=1)
    async with pool.acquire() as connection:
        keys = await load_keys(connection, SECRET)
        first = await connection.fetchval("select count(*) from addresses")
        phones = [f"+86138{first + number:08d}" for number in range(count)]
        await connection.execute(
            SEED,
            await connection.fetchval("select clock_timestamp()"),
            count,
            [keys.lookup(f"sms:{phone}") for phone in phones],
            [keys.seal(phone) for phone in phones],
            msgspec.json.encode({"text": TEXT}).decode(),
            msgspec.json.encode([TEXT]).decode(),
        )
    await pool.close()


async def _drained(servers: Servers) -> None:
    """Put the workers to work, and return when nothing is left."""
    queue = Queue(jobs.QUEUE, connection=Redis.from_url(servers.redis_url))
    for _ in range(WORKERS):
        queue.enqueue(jobs.drain_outbox)
    connection = await asyncpg.connect(servers.database_url)
    async with asyncio.timeout(LONGEST_SECONDS):
        while await connection.fetchval(LEFT):  # noqa: ASYNC110 - other processes do the work
            await asyncio.sleep(0.05)
    await connection.close()


@contextmanager
def _working(servers: Servers, folder: Path, url: str) -> Iterator[None]:
    account = DemoAccount()
    environment = os.environ | {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(folder),
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.auth_token,
        "TWILIO_PHONE_NUMBER": account.phone_number,
        "TWILIO_API_URL": url,
        "SMS_PER_SECOND": "999999",
        "LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "gateway", "worker"]
    with children([command] * WORKERS, environment):
        yield


@contextmanager
def _provider() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.provider", "serve", str(port)]
    with children([command], dict(os.environ)):
        _await_port(port)
        yield f"http://127.0.0.1:{port}"


def _await_port(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def children(commands: Sequence[list[str]], environment: dict[str, str]) -> Iterator[None]:
    """Processes that run meanwhile."""
    started = [subprocess.Popen(command, env=environment) for command in commands]
    try:
        yield
    finally:
        for child in started:
            child.terminate()
        for child in started:
            child.wait(10)
