"""A conversation followed live."""

import asyncio

from aiohttp import web
from redis.asyncio import Redis

from gateway.config import Settings
from store.database import Pool
from tests.webchat.client import COMPLAINT, Client, MakeClient, browser_at, events
from tests.webchat.small_city import SmallTurns, web_chat


async def test_a_stream_tells_what_was_missed_and_then_what_comes(
    browser: Client, turns: SmallTurns
) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=1") as answer:
        coming = events(answer)
        assert (await anext(coming))["seq"] == 2
        await turns.notice("已交田村路街道办理")
        told = await asyncio.wait_for(anext(coming), 5)
    assert (told["seq"], told["purpose"], told["text"]) == (3, "notice", "已交田村路街道办理")


async def test_a_stream_goes_on_after_the_last_event_that_the_browser_got(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "text": "谢谢"})
    headers = {"Last-Event-ID": "3"}
    async with browser.get("/chat/stream?after=0", headers=headers) as answer:
        assert (await anext(events(answer)))["seq"] == 4


async def test_a_browser_without_a_secret_is_told_to_stop_asking(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    assert (await (await aiohttp_client(app)).get("/chat/stream")).status == 204


async def test_a_stopping_process_ends_its_streams(browser: Client, app: web.Application) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=2") as answer:
        await answer.content.readline()
        await app.shutdown()
        await asyncio.wait_for(answer.content.read(), 5)
        assert answer.content.at_eof()


async def test_a_stream_goes_on_without_redis(
    aiohttp_client: MakeClient, settings: Settings, pool: Pool, turns: SmallTurns
) -> None:
    nowhere = Redis(host="127.0.0.1", port=1)
    turns.redis = nowhere
    browser = await browser_at(
        aiohttp_client, web_chat(settings, pool, nowhere, turns, poll_seconds=0.05)
    )
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=2") as answer:
        await turns.notice("已交田村路街道办理")
        assert (await asyncio.wait_for(anext(events(answer)), 5))["seq"] == 3
    await nowhere.aclose()
