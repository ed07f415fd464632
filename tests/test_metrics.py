"""What is counted can be read by whoever holds the token, and by nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from gateway import scrape
from gateway.config import Settings
from gateway.keys import CLOCK, METRICS, POOL, SETTINGS, SPOOL, WORLD
from gateway.metrics import Metrics
from gateway.spool import Spool
from store.database import Pool
from tests.world import START, Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
TOKEN = {"Authorization": "Bearer secret"}
Samples = dict[tuple[str, tuple[str, ...]], float]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that is scraped."""

    client: TestClient[web.Request, web.Application]
    metrics: Metrics
    city: Town

    async def scrape(self, headers: dict[str, str] = TOKEN) -> Samples:
        answer = await self.client.get("/metrics", headers=headers)
        assert answer.status == 200
        families = text_string_to_metric_families(await answer.text())
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }


@asynccontextmanager
async def serving(pool: Pool, folder: Path, **env: str) -> AsyncIterator[Node]:
    city, metrics = await town(pool), Metrics()
    spool = Spool(folder / "spool", city.world.keys.seal, city.world.keys.open, "node")
    app = web.Application()
    app[SETTINGS] = Settings.from_env(env | {"DATA_DIR": str(folder)}, production=False)
    app[POOL], app[SPOOL], app[METRICS], app[WORLD] = pool, spool, metrics, city.world
    app[CLOCK] = lambda: city.now
    scrape.routes(app)
    async with TestClient(TestServer(app)) as client:
        yield Node(client, metrics, city)
    spool.close()


@pytest.fixture
async def node(pool: Pool, tmp_path: Path) -> AsyncIterator[Node]:
    """A node with METRICS_TOKEN set."""
    async with serving(pool, tmp_path, METRICS_TOKEN="secret") as one:
        yield one


async def test_what_was_counted_is_told(node: Node) -> None:
    node.metrics.batch(3, 0.004)
    for outcome in ("turned", "repeated", "failed"):
        node.metrics.turned("sms", outcome)
    node.metrics.idle_reports(2)
    node.metrics.rejected("/webhooks/twilio/sms", "forged")
    node.metrics.delivered("sms", "sent")
    told = await node.scrape()
    assert told["jiesu_turns_total", ("sms", "turned")] == 1
    assert told["jiesu_failed_turns_total", ("sms",)] == 1
    assert told["jiesu_repeated_total", ("message",)] == 1
    assert told["jiesu_repeated_total", ("report",)] == 2
    assert told["jiesu_batch_size_sum", ()] == 3
    assert told["jiesu_turn_seconds_count", ()] == 1
    assert told["jiesu_webhook_rejected_total", ("/webhooks/twilio/sms", "forged")] == 1
    assert told["jiesu_delivery_total", ("sms", "sent")] == 1


async def test_what_waits_in_the_database_is_told(node: Node) -> None:
    await node.city.say(HEATING, "1")
    async with node.city.pool.acquire() as connection:
        await connection.execute(
            "update outbox set state = 'pending', created_at = $1, doubtful = 1",
            START - timedelta(minutes=5),
        )
        waiting = await connection.fetchval("select count(*) from outbox")
        await connection.execute("update timers set due_at = $1", START - timedelta(minutes=2))
    told = await node.scrape()
    assert told["jiesu_outbox_depth", ("sms",)] == waiting
    assert told["jiesu_outbox_age_seconds", ()] == 300
    assert told["jiesu_outbox_doubtful", ("sms",)] == waiting
    assert told["jiesu_timers_late", ()] > 0
    assert told["jiesu_timers_late_seconds", ()] == 120
    assert told["jiesu_human_talks_waiting", ("chat",)] == 0
    assert told["jiesu_database_up", ()] == 1
    assert told["jiesu_spool_active", ()] == 0


async def test_who_waits_for_a_person_is_told(node: Node) -> None:
    await node.city.say("人工")
    node.city.now += timedelta(minutes=2)
    told = await node.scrape()
    assert told["jiesu_human_talks_waiting", ("chat",)] == 1
    assert told["jiesu_human_talks_waiting", ("call",)] == 0
    assert told["jiesu_human_talks_held", ("chat",)] == 0
    assert told["jiesu_human_talks_missed_in_a_day", ("chat",)] == 0


async def test_while_the_database_is_away_the_rest_is_told(node: Node) -> None:
    connections = [await node.city.pool.acquire() for _ in range(4)]  # all there are
    told = await node.scrape()
    for connection in connections:
        await node.city.pool.release(connection)
    assert told["jiesu_database_up", ()] == 0
    assert ("jiesu_timers_late", ()) not in told


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic secret", "Bearer 秘密"])
async def test_without_the_token_nothing_is_told(node: Node, given: str) -> None:
    assert (await node.client.get("/metrics", headers={"Authorization": given})).status == 401


@pytest.mark.parametrize(
    ("public_url", "status"), [("http://127.0.0.1:8080", 200), ("https://12345.example", 404)]
)
async def test_where_no_token_is_set_only_development_answers(
    pool: Pool, tmp_path: Path, public_url: str, status: int
) -> None:
    async with serving(pool, tmp_path, PUBLIC_URL=public_url) as one:
        assert (await one.client.get("/metrics")).status == status
