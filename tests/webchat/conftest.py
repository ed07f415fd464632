"""A city with web chat, and browsers that talk to it: two without a face, and a real one."""

from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from gateway.config import Settings
from store.database import Pool
from store.keys import Keys
from tests.webchat.client import Client, MakeClient, browser_at
from tests.webchat.phone import Site
from tests.webchat.small_city import SmallTurns, web_chat


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://12345.example"}
    return Settings.from_env(given, production=False)


@pytest.fixture
def turns(pool: Pool, valkey: Redis) -> SmallTurns:
    return SmallTurns(pool, Keys(b"s" * 32, b"f" * 32), valkey)


@pytest.fixture
def app(settings: Settings, pool: Pool, valkey: Redis, turns: SmallTurns) -> web.Application:
    return web_chat(settings, pool, valkey, turns)


@pytest.fixture
async def other(aiohttp_client: MakeClient, app: web.Application) -> Client:
    """Another browser, at the same server."""
    return await browser_at(aiohttp_client, app)


@pytest.fixture
async def browser(aiohttp_client: MakeClient, app: web.Application) -> Client:
    return await browser_at(aiohttp_client, app)


@pytest.fixture
def site(tmp_path: Path, pool: Pool, valkey: Redis, turns: SmallTurns) -> Site:
    settings = Settings.from_env({"DATA_DIR": str(tmp_path)}, production=False)
    return Site(settings, pool, valkey, turns)
