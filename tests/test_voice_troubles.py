"""Calls that go otherwise than planned: words alone, and a database that is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.embedded import Postgres
from store.database import Pool, connect
from store.migrate import upgrade
from tests.patience import PATIENCE_SECONDS
from tests.telephone import Town, town

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        yield made


@pytest.fixture
def postgres(server_folder: Path) -> Iterator[Postgres]:
    """A server of one's own, to kill."""
    server = Postgres(server_folder, throwaway=True).start()
    upgrade(server.url)
    yield server
    server.stop()


async def until_served(city: Town) -> None:
    """Call until somebody listens; raises `TimeoutError`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            caller, _ = await city.call()
            listens = "keys" in caller.waits
            await caller.hang_up()
            if listens:
                return
            await asyncio.sleep(0.2)


async def until_kept(pool: Pool) -> None:
    """What was left is in the spool, and comes from there; raises `TimeoutError`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await pool.fetchval("select count(*) from media"):
                return
            await asyncio.sleep(0.1)


async def test_words_alone_lead_to_a_ticket(city: Town) -> None:
    caller, _ = await city.call()
    await caller.say("普通话")
    assert "暖气不热" in await caller.say(MATTER)
    assert "已受理" in await caller.say("对")
    assert await city.office.value("select count(*) from tickets") == 1


async def test_who_tells_the_matter_when_asked_for_a_language_is_heard(city: Town) -> None:
    caller, _ = await city.call()
    heard = await caller.say(MATTER)
    assert "暖气不热" in heard
    assert "已受理" in await caller.say("对")


async def test_while_the_database_is_away_a_caller_leaves_a_message_and_is_heard_again_later(
    postgres: Postgres, redis_url: str, tmp_path: Path
) -> None:
    pool = await connect(postgres.url, size=4)
    async with town(pool, postgres.url, redis_url, tmp_path) as city:
        caller, _ = await city.call()
        await caller.key("1")
        postgres.kill()
        sorry = await caller.say(MATTER)
        assert "留言" in sorry
        assert caller.waits == "message"
        await caller.say("暖气不热，请回电")
        await caller.hang_up()
        assert "RecordVerb" in [one.source for one in caller.leg.call.recordings]
        postgres.start()
        await until_served(city)
        await until_kept(pool)
    await pool.close()
