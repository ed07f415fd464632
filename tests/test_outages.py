"""The web process when its database freezes, its disk is full, or it is told to stop: an answer in time, and a true one."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from channels.twilio import FORM, signature
from gateway import clock
from gateway.simulator.standin import MESSAGE_PATH, WEBHOOK_SECONDS, Exchange, message_form
from gateway.simulator.texts import Text
from store.database import Pool
from tests.patience import PATIENCE_SECONDS
from tests.processes import DEMO, Process, Site, site, until
from tests.residents import HEATING, Resident

if sys.platform == "linux":
    import resource

linux = pytest.mark.skipif(sys.platform != "linux", reason="uses Linux's own signals and limits")


@pytest.fixture
async def city(server_folder: Path) -> AsyncIterator[Site]:
    """Everything but the gateway itself; webhooks are posted once."""
    async with site(server_folder) as made:
        yield made


def residents(city: Site, count: int) -> list[Resident]:
    return [Resident(city, f"+86139{number:04d}8000") for number in range(count)]


async def post_all(city: Site, people: list[Resident], text: str) -> list[Exchange]:
    """Let all of them say it at once."""
    return await asyncio.gather(*(city.standin.receive(one.phone, text) for one in people))


@contextlib.asynccontextmanager
async def frozen(city: Site, pool: Pool) -> AsyncIterator[None]:
    """Stop all processes of the database where they stand, as a machine does that hangs."""
    pid_file = city.folder / "postgres" / "cluster" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split()[0])
    async with pool.acquire() as connection:
        os.kill(postmaster, signal.SIGSTOP)
        rows = await connection.fetch("select pid from pg_stat_activity")
    pids = [postmaster, *(row["pid"] for row in rows)]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@linux
async def test_webhooks_are_answered_in_time_while_the_database_is_frozen_and_replayed_in_order(
    city: Site,
) -> None:
    people = residents(city, 6)
    async with city.running("serve"), city.core() as core:
        await asyncio.gather(*(one.ask(HEATING, "对吗") for one in people))
        async with frozen(city, core.pool):
            started = clock.monotonic()
            exchanges = await post_all(city, people, "1")
            assert clock.monotonic() - started < WEBHOOK_SECONDS
            exchanges += await post_all(city, people, "催办")
            assert [exchange.status for exchange in exchanges] == [200] * 12
            assert city.spooled_bytes() > 0
        for one in people:
            await one.hear("已受理")
            await one.hear("催办")
        await until(lambda: not city.spooled_bytes(), PATIENCE_SECONDS, "the spool is empty")
        heard = await core.pool.fetch(
            "select array_agg(said::jsonb ->> 'text' order by seq) from inbound group by conversation_id"
        )
        assert [row[0] for row in heard] == [[HEATING, "1", "催办"]] * 6
        assert await core.pool.fetchval("select count(*) from tickets where urged = 1") == 6


@linux
async def test_a_web_process_that_is_told_to_stop_answers_what_is_under_way(city: Site) -> None:
    web = city.process("serve")
    web.start()
    await city.ready()
    async with city.core() as core:
        async with core.pool.acquire() as connection, connection.transaction():
            await connection.execute("lock table conversations in access exclusive mode")
            posting = asyncio.ensure_future(post_all(city, residents(city, 20), HEATING))
            await _until_connected(city, 20)
            await _until_waiting(city, core.pool)
            web.stop()
            await _until_closed(city)
        exchanges = await posting
        await until(lambda: web.exit_code is not None, PATIENCE_SECONDS, "the process ends")
        assert [exchange.status for exchange in exchanges] == [200] * 20
        assert all("对吗" in exchange.replies[0] for exchange in exchanges)
        assert web.exit_code == 0
        assert await core.pool.fetchval("select count(*) from inbound") == 20


@linux
async def test_what_neither_database_nor_disk_can_keep_is_not_acknowledged_and_may_come_again(
    city: Site,
) -> None:
    web = city.process("serve")
    async with city.running("serve"), city.core() as core:
        city.postgres.kill()
        with full_disk(web, after_bytes=4096):
            people = residents(city, 20)
            exchanges = [await city.standin.receive(one.phone, HEATING) for one in people]
            texts = [_text(city, exchange) for exchange in exchanges]
            assert {exchange.status for exchange in exchanges} == {200, 503}
            await _check_refusals(city, texts[0])
        city.postgres.start()
        await until(lambda: not city.spooled_bytes(), PATIENCE_SECONDS, "the spool is empty")
        taken = {exchange.sid for exchange in exchanges if exchange.status == 200}
        assert await _keys(core.pool) == sorted(taken)
        again = [await city.standin.post(text) for text in texts]
        assert {exchange.status for exchange in again} == {200}
        # The first ones may find that nobody has tried the database again: they are kept, and follow.
        await until(lambda: not city.spooled_bytes(), PATIENCE_SECONDS, "the spool is empty again")
        assert await _keys(core.pool) == sorted(exchange.sid for exchange in exchanges)


@contextlib.contextmanager
def full_disk(process: Process, *, after_bytes: int) -> Iterator[None]:
    """Let no file of the process grow beyond this."""
    unlimited = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (after_bytes, unlimited[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)


async def _check_refusals(city: Site, text: Text) -> None:
    """A provider is told when to try again; the page gets a problem that it can show."""
    url, form = city.settings.public_url + MESSAGE_PATH, message_form(text, DEMO.sid)
    signed = {"Content-Type": FORM, "X-Twilio-Signature": signature(DEMO.auth_token, url, form)}
    async with city.http.post(url, data=urlencode(form), headers=signed) as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
    page = f"{city.settings.public_url}/chat/messages"
    origin = {"Origin": city.settings.public_url}
    said = {"id": "12345678", "text": HEATING}
    async with city.http.post(page, json=said, headers=origin) as response:
        assert response.status == 503
        assert response.content_type == "application/problem+json"
        assert int(response.headers["Retry-After"]) > 0


def _text(city: Site, exchange: Exchange) -> Text:
    text = city.standin.texts.get(exchange.sid)
    if text is None:
        raise LookupError(exchange.sid)
    return text


async def _keys(pool: Pool) -> list[str]:
    return [row["key"] for row in await pool.fetch("select key from inbound order by key")]


async def _until_connected(city: Site, count: int) -> None:
    """Return when so many hold a connection to the web process."""
    port = f":{urlsplit(city.settings.public_url).port:04X}"

    def connected() -> bool:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        return sum(row[1].endswith(port) and row[3] == "01" for row in rows) >= count

    await until(connected, PATIENCE_SECONDS, "all have connected")


async def _until_waiting(city: Site, pool: Pool) -> None:
    """Return when turns wait for the lock that the test holds, and requests that came later are read."""
    deadline = clock.monotonic() + PATIENCE_SECONDS
    while not await pool.fetchval("select count(*) from pg_locks where not granted"):
        if clock.monotonic() > deadline:
            raise TimeoutError("no turn waits")
    async with city.http.get(f"{city.settings.public_url}/health") as response:
        assert response.status == 200


async def _until_closed(city: Site) -> None:
    """Return when nobody listens any more."""
    address = urlsplit(city.settings.public_url)
    deadline = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection(address.hostname, address.port)
        except ConnectionError:
            return
        writer.close()
    raise TimeoutError("still listening")
