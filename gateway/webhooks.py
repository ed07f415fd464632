"""Providers' webhooks: each channel reads its own wire; what it says is on disk before the answer goes back."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from channels.base import (
    Channel,
    DeliveryReport,
    ForgedError,
    Inbound,
    MalformedError,
    Message,
    Webhook,
    Wire,
)
from gateway.keys import CLOCK, METRICS, REPORTS, SETTINGS, TURNS
from gateway.spool import SpoolFullError
from gateway.turns import AWAY, DrainingError

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 5

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(app: web.Application, channels: list[Channel]) -> None:
    """Add every channel's webhooks."""
    for channel in channels:
        for webhook in channel.webhooks:
            app.router.add_post(webhook.path, _handler(app, webhook))


def _handler(app: web.Application, webhook: Webhook) -> Handler:
    public_url = app[SETTINGS].public_url
    now, turns, reports, metrics = app[CLOCK], app[TURNS], app[REPORTS], app[METRICS]

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            read = webhook.read(Wire(public_url + request.raw_path, headers, body), now())
        except ForgedError:
            metrics.rejected(webhook.path, "forged")
            log.warning("webhook_forged", path=webhook.path)
            return web.Response(status=403, text="the signature does not match")
        except MalformedError as error:
            metrics.rejected(webhook.path, "malformed")
            return web.Response(status=400, text=str(error))
        messages: list[Message] = []
        try:
            for one in read:
                match one:
                    case Inbound():
                        messages += (await turns.submit(one)).messages
                    case DeliveryReport():
                        await reports.submit(one)
        except (DrainingError, SpoolFullError, *AWAY) as error:
            metrics.rejected(webhook.path, "unavailable")
            log.warning("webhook_not_taken", path=webhook.path, error=type(error).__name__)
            return _not_taken()
        answer = webhook.answer(messages)
        return web.Response(
            body=answer.body,
            status=answer.status,
            content_type=answer.content_type,
            charset="utf-8",
        )

    return handle


def _not_taken() -> web.Response:
    """It is not on disk, so it must not be acknowledged: the provider tries again, or calls the fallback URL."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return web.Response(status=503, headers=headers, text="please send it again")
