"""`/health` while the loop turns, `/ready` with the name of whatever is down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from channels.base import Inbound
from dialogs.said import Said
from gateway import health
from gateway.config import Settings
from gateway.embedded import Servers
from gateway.keys import CLOCK, POOL, REDIS, SETTINGS, SPOOL
from gateway.spool import Spool
from store.catalogue.checks import read_folder
from store.catalogue.load import load
from store.database import Pool, connect
from store.keys import Keys
from tests.city import write
from tests.fresh import CHINESE_IS_UNKNOWN, MIGRATED, drop, execute, fresh_database

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEYS = Keys(b"1" * 32, b"2" * 32)


@dataclass(frozen=True, slots=True)
class Node:
    """A node with what readiness looks at, asked over HTTP."""

    client: TestClient[web.Request, web.Application]
    pool: Pool
    spool: Spool
    url: str

    async def ready(self) -> tuple[int, dict[str, str]]:
        answer = await self.client.get("/ready")
        body = await answer.json()
        assert body["ready"] is (answer.status == 200)
        return answer.status, {name: part["state"] for name, part in body["parts"].items()}


@asynccontextmanager
async def node(url: str, redis_url: str, folder: Path) -> AsyncIterator[Node]:
    spool = Spool(folder / "spool", KEYS.seal, KEYS.open, "node")
    app = web.Application()
    app[SETTINGS], app[CLOCK], app[SPOOL] = (
        Settings.from_env({}, production=False),
        lambda: NOW,
        spool,
    )
    async with await connect(url, size=1) as pool, Redis.from_url(redis_url) as redis:
        app[POOL], app[REDIS] = pool, redis
        health.routes(app)
        async with TestClient(TestServer(app)) as client:
            yield Node(client, pool, spool, url)
    spool.close()


@pytest.fixture
async def ready_node(
    servers: Servers, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Node]:
    """A node that lacks nothing."""
    del database_url  # the template is made for it
    (tmp_path / "city").mkdir()
    async with (
        fresh_database(servers, MIGRATED) as url,
        node(url, redis_url, tmp_path) as one,
    ):
        async with one.pool.acquire() as connection:
            await load(connection, read_folder(write(tmp_path / "city")), date(2026, 1, 1), NOW)
        yield one


async def test_a_node_that_lacks_nothing_is_ready(ready_node: Node) -> None:
    status, parts = await ready_node.ready()
    assert status == 200
    assert parts == dict.fromkeys(
        ("database", "migrations", "catalogue", "chinese_search", "redis", "spool"), "ok"
    )


async def test_a_node_without_its_database_lives_but_is_not_ready(
    ready_node: Node, servers: Servers
) -> None:
    await drop(servers, ready_node.url)
    status, parts = await ready_node.ready()
    assert (status, parts["database"]) == (503, "down")
    assert (await ready_node.client.get("/health")).status == 200


async def test_a_database_that_does_not_answer_in_time_is_down(ready_node: Node) -> None:
    async with ready_node.pool.acquire():  # the only connection
        status, parts = await ready_node.ready()
    assert (status, parts["database"]) == (503, "down")


async def test_a_database_behind_its_migrations_is_named(ready_node: Node) -> None:
    await execute(ready_node.url, "update alembic_version set version_num = '0000'")
    status, parts = await ready_node.ready()
    assert (status, parts["migrations"]) == (503, "down")


async def test_a_database_that_a_newer_release_has_migrated_still_serves(ready_node: Node) -> None:
    await execute(ready_node.url, "update alembic_version set version_num = '9999'")
    assert (await ready_node.ready())[0] == 200


async def test_a_missing_catalogue_is_named(ready_node: Node) -> None:
    await execute(ready_node.url, "delete from catalogue_versions")
    status, parts = await ready_node.ready()
    assert (status, parts["catalogue"]) == (503, "down")


async def test_a_full_spool_is_told_and_does_not_stop_the_node(ready_node: Node) -> None:
    await ready_node.spool.keep([Inbound("sms", "k", "+8613812345678", Said("喂"), NOW)])
    status, parts = await ready_node.ready()
    assert (status, parts["spool"]) == (200, "degraded")


async def test_without_redis_a_node_is_ready_but_degraded(
    servers: Servers, database_url: str, tmp_path: Path
) -> None:
    gone = f"unix://{tmp_path}/nobody.sock?db=0"
    del database_url  # the template is made for it
    async with fresh_database(servers, MIGRATED) as url, node(url, gone, tmp_path) as one:
        _, parts = await one.ready()
    assert parts["redis"] == "degraded"


async def test_a_database_that_cannot_read_chinese_is_named(
    servers: Servers, redis_url: str, tmp_path: Path
) -> None:
    async with (
        fresh_database(servers, CHINESE_IS_UNKNOWN) as url,
        node(url, redis_url, tmp_path) as one,
    ):
        status, parts = await one.ready()
    assert parts["chinese_search"] == "degraded"
    assert (status, parts["migrations"]) == (503, "down")
