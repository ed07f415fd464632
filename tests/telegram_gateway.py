"""The real Telegram adapter behind real HTTP, with the stand-in on the other side, and nothing between."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import Channel, ForgedError, Heard, MalformedError, Message, Parcel, Sent, Wire
from channels.telegram import PATH, channel
from channels.telegram_api import TelegramBot
from dialogs.said import Reply
from dialogs.words import Language
from gateway import clock
from gateway.simulator import telegram_rest
from gateway.simulator.telegram import DemoBot, TelegramStandIn
from gateway.simulator.telegram_people import Person, person

DEMO = DemoBot()
LI = 700100200


@dataclass(slots=True)
class Gateway:
    """What came in; the next `fail_next` requests are answered with 503."""

    heard: list[Heard] = field(default_factory=list)
    refused: list[Exception] = field(default_factory=list)
    fail_next: int = 0
    channel: Channel | None = None

    async def serve(self, request: web.Request) -> web.Response:
        if self.fail_next > 0 or self.channel is None:
            self.fail_next -= 1
            return web.Response(status=503)
        webhook = self.channel.webhooks[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        wire = Wire(str(request.url), headers, await request.read())
        try:
            read = webhook.read(wire, clock.now())
        except (ForgedError, MalformedError) as error:
            self.refused.append(error)
            return web.Response(status=403 if isinstance(error, ForgedError) else 400)
        self.heard += read
        answer = webhook.answer(read, ())
        return web.Response(
            body=answer.body, content_type=answer.content_type, status=answer.status
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """The two of them, connected."""

    gateway: Gateway
    standin: TelegramStandIn
    telegram: Channel
    api_url: str

    @property
    def li(self) -> Person:
        return person(self.standin, LI)

    async def send(self, reply: Reply, part: int = 0, chat: int = LI) -> Sent:
        if self.telegram.send is None:
            raise TypeError
        parts = self.telegram.render(reply, Language.CHINESE)
        message = Message(5, 6, reply, parts)
        return await self.telegram.send(
            Parcel(str(chat), message, part, "reply", None, clock.now())
        )


@asynccontextmanager
async def connected(attempts: int = 1) -> AsyncIterator[Pair]:
    """Start both on free ports."""
    gateway = Gateway()
    app = web.Application()
    app.router.add_post(PATH, gateway.serve)
    standin = TelegramStandIn(
        token=DEMO.token, username=DEMO.username, attempts=attempts, retry_seconds=0.0
    )
    telegram_rest.add_routes(app, standin)
    server = TestServer(app)
    async with AsyncExitStack() as stack:
        await server.start_server()
        stack.push_async_callback(server.close)
        url = str(server.make_url("")).rstrip("/")
        await stack.enter_async_context(standin.running())
        standin.state.set_webhook({"url": url + PATH, "secret_token": DEMO.secret})
        gateway.channel = channel(TelegramBot(DEMO.token, DEMO.secret, url), "CN")
        stack.push_async_callback(gateway.channel.close)
        yield Pair(gateway, standin, gateway.channel, url)
