"""What tests of web chat say to the server, and how they read its answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from gateway.browser import COOKIE

Client = TestClient[web.Request, web.Application]


MakeClient = Callable[..., Awaitable[Client]]


COMPLAINT = {"id": "11111111-aaaa", "text": "田村路街道暖气不热"}


async def browser_at(aiohttp_client: MakeClient, app: web.Application) -> Client:
    client = await aiohttp_client(app, cookie_jar=aiohttp.CookieJar(unsafe=True))
    # The cookie is Secure here, and the test server speaks http: carry it by hand.
    token = (await client.get("/")).cookies[COOKIE].value
    client.session.headers["Cookie"] = f"{COOKIE}={token}"
    return client


async def problem_of(answer: ClientResponse) -> str:
    assert answer.content_type == "application/problem+json"
    document = json.loads(await answer.read())
    assert document["status"] == answer.status
    assert document["title_zh"]
    assert document["title_en"]
    return str(document["type"]).removeprefix("urn:jiesu:")


async def read(client: Client, after: int = 0) -> list[dict[str, Any]]:
    answer = await client.get(f"/chat/messages?after={after}")
    assert answer.status == 200
    return list((await answer.json())["messages"])


async def events(answer: ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The messages of a stream, as they come."""
    while not answer.content.at_eof():
        line = (await answer.content.readline()).decode().strip()
        if line.startswith("data: ") and line != "data: []":
            for message in json.loads(line.removeprefix("data: ")):
                yield message
