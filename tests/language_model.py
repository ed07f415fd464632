"""A language model that stands in: a real server on this machine that answers as a test wants it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

GOOD = {
    "kind": "complaint",
    "topic": "T048",
    "district": "",
    "street": "",
    "title": "公鸡天天半夜打鸣",
    "emergency": False,
}


@dataclass
class LanguageModel:
    """`answer` is what it says: an object, or any text; `status` how; while `held`, it does not answer at all."""

    answer: object = field(default_factory=lambda: dict(GOOD))
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    held: bool = False
    url: str = ""

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(orjson.loads(await request.read()))
        self.proofs.append(request.headers.get("Authorization", ""))
        self.was_asked.set()
        if self.held:
            await self.released.wait()
        content = (
            self.answer if isinstance(self.answer, str) else orjson.dumps(self.answer).decode()
        )
        body = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        return web.json_response(body, status=self.status)

    async def list_models(self, request: web.Request) -> web.StreamResponse:
        self.proofs.append(request.headers.get("Authorization", ""))
        return web.json_response({"data": [{"id": "reader-1"}]}, status=self.status)

    @property
    def told(self) -> dict[str, Any]:
        """What the last message said to it."""
        told: dict[str, Any] = orjson.loads(self.asked[-1]["messages"][1]["content"])
        return told


@asynccontextmanager
async def language_model() -> AsyncIterator[LanguageModel]:
    """A model under way; what it holds back is let go at the end."""
    model = LanguageModel()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.complete)
    app.router.add_get("/v1/models", model.list_models)
    async with TestServer(app) as server:
        model.url = str(server.make_url("/v1"))
        yield model
        model.released.set()
