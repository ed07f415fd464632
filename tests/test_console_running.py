"""A form's transaction is run again when the database asks for it; a lost commit is found by the form's own key."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from aiohttp.test_utils import make_mocked_request
from redis.asyncio import Redis

from gateway.console.running import TRIES, run
from handlers.reply import reply
from store.database import Connection, Pool
from tests.console_site import console_site
from tests.office import Office, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


Run = Callable[[Callable[[Connection], Awaitable[None]]], Awaitable[object]]


@pytest.fixture
def send(office: Office, valkey: Redis, tmp_path: Path) -> Run:
    request = make_mocked_request("POST", "/", app=console_site(office, valkey, tmp_path).app)
    return lambda act: run(request, act)


async def test_a_conflict_is_run_again_and_acts_once(office: Office, send: Run) -> None:
    ticket, who, tries = await office.open(), office.by("tiancun"), []

    async def act(connection: Connection) -> None:
        tries.append(1)
        await reply(connection, office.world, who, ticket, "今晚上门。")
        if len(tries) < TRIES:
            raise asyncpg.SerializationError

    await send(act)
    assert len(tries) == TRIES
    assert len(await office.notices()) == 1


async def test_a_connection_lost_at_the_commit_does_not_act_twice(
    office: Office, send: Run
) -> None:
    ticket, who, tries = await office.open(), office.by("tiancun"), []

    async def act(connection: Connection) -> None:
        tries.append(1)
        if (
            len(tries) == 1
        ):  # another connection commits the same form, and this one never hears of it
            async with office.pool.acquire() as other, other.transaction():
                await reply(other, office.world, who, ticket, "今晚上门。")
            raise ConnectionResetError
        await reply(connection, office.world, who, ticket, "今晚上门。")

    assert await send(act) == ""
    assert len(await office.notices()) == 1


async def test_a_database_that_stays_away_is_told(send: Run) -> None:
    async def act(connection: Connection) -> None:
        raise asyncpg.CannotConnectNowError

    with pytest.raises(asyncpg.CannotConnectNowError):
        await send(act)
