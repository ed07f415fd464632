"""A gateway that does nothing but answer: the real SMS adapter behind real HTTP, with the stand-in on the other side."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import (
    Channel,
    DeliveryReport,
    ForgedError,
    Heard,
    Inbound,
    MalformedError,
    Message,
    Parcel,
    Sent,
    Webhook,
    Wire,
)
from channels.sms import channel
from channels.twilio import TwilioAccount
from dialogs.said import Reply
from dialogs.words import Language
from gateway import clock
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn

DEMO = DemoAccount()


@dataclass(slots=True)
class Gateway:
    """What came in; it answers each message with `replies`, the next `fail_next` of all requests with 503."""

    public_url: str = ""
    replies: tuple[str, ...] = ("已受理。",)
    fail_next: int = 0
    messages: list[Inbound] = field(default_factory=list)
    reports: list[DeliveryReport] = field(default_factory=list)
    refused: list[Exception] = field(default_factory=list)
    channel: Channel | None = None

    async def serve(self, request: web.Request) -> web.Response:
        if self.fail_next > 0:
            self.fail_next -= 1
            return web.Response(status=503)
        webhook = self.webhook(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        wire = Wire(self.public_url + request.path_qs, headers, await request.read())
        try:
            read = webhook.read(wire, clock.now())
        except (ForgedError, MalformedError) as error:
            self.refused.append(error)
            return web.Response(status=403 if isinstance(error, ForgedError) else 400)
        answer = webhook.answer(read, self.take(read))
        return web.Response(
            body=answer.body, content_type=answer.content_type, status=answer.status
        )

    def webhook(self, path: str) -> Webhook:
        if self.channel is None:
            raise web.HTTPServiceUnavailable
        return next(w for w in self.channel.webhooks if w.path == path)

    def take(self, read: Sequence[Heard]) -> list[Message]:
        answers = []
        for item in read:
            if isinstance(item, DeliveryReport):
                self.reports.append(item)
            elif isinstance(item, Inbound):
                self.messages.append(item)
                answers += [self.message(text) for text in self.replies]
        return answers

    def message(self, text: str) -> Message:
        if self.channel is None:
            raise web.HTTPServiceUnavailable
        reply = Reply(text)
        parts = self.channel.render(reply, Language.CHINESE)
        return Message(1, len(self.messages), reply, parts)


def parcel(address: str, *parts: str, part: int = 0) -> Parcel:
    """One part of a message on its way."""
    message = Message(5, 6, Reply("\n".join(parts)), parts)
    return Parcel(address, message, part, "notice", None, clock.now())


@dataclass(frozen=True, slots=True)
class Pair:
    """The two of them, connected: `sms` is the gateway's channel."""

    gateway: Gateway
    standin: TwilioStandIn
    sms: Channel
    server: TestServer
    api_url: str

    async def send(self, text: str, address: str = "+8613812345678") -> Sent:
        if self.sms.send is None:
            raise TypeError
        return await self.sms.send(parcel(address, text))


@asynccontextmanager
async def connected(webhook_attempts: int = 1) -> AsyncIterator[Pair]:
    """Start both on free ports."""
    gateway = Gateway()
    app = web.Application()
    app.router.add_post("/webhooks/twilio/{kind}", gateway.serve)
    server = TestServer(app)
    async with AsyncExitStack() as stack:
        await server.start_server()
        stack.push_async_callback(server.close)
        gateway.public_url = str(server.make_url("")).rstrip("/")
        standin = TwilioStandIn(
            sid=DEMO.sid,
            auth_token=DEMO.auth_token,
            phone_number=DEMO.phone_number,
            public_url=gateway.public_url,
            webhook_attempts=webhook_attempts,
            retry_seconds=0.0,
        )
        api_url = await stack.enter_async_context(serving(standin))
        account = TwilioAccount(DEMO.sid, DEMO.auth_token, api_url, gateway.public_url)
        gateway.channel = channel(account, DEMO.phone_number, "CN")
        stack.push_async_callback(gateway.channel.close)
        yield Pair(gateway, standin, gateway.channel, server, api_url)
