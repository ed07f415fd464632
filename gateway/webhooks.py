"""Providers' webhooks: each channel reads its own wire; what it says is on disk before the answer goes back."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web

from channels.base import (
    Answer,
    CallEvent,
    Channel,
    DeliveryReport,
    ForgedError,
    Heard,
    Inbound,
    MalformedError,
    Message,
    Reachable,
    Webhook,
    Wire,
)
from gateway.keys import CLOCK, METRICS, REPORTS, SETTINGS, SIGNS, TURNS
from gateway.spool import SpoolFullError
from gateway.turns import AWAY, DrainingError, LineDeadError

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 5

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(app: web.Application, channels: list[Channel]) -> None:
    """Add every channel's webhooks; one that several share is added once."""
    shared: dict[str, Webhook] = {}
    for webhook in (webhook for channel in channels for webhook in channel.webhooks):
        if shared.setdefault(webhook.path, webhook) is not webhook:
            raise ValueError(f"two channels want {webhook.path}")
    for webhook in shared.values():
        app.router.add_post(webhook.path, _handler(app, webhook))


def _handler(app: web.Application, webhook: Webhook) -> Handler:
    public_url = app[SETTINGS].public_url
    now, metrics = app[CLOCK], app[METRICS]

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        wire = Wire(public_url + request.raw_path, headers, body)
        try:
            read = webhook.read(wire, now())
        except ForgedError:
            metrics.rejected(webhook.path, "forged")
            log.warning("webhook_forged", path=webhook.path)
            return web.Response(status=403, text="the signature does not match")
        except MalformedError as error:
            metrics.rejected(webhook.path, "malformed")
            return web.Response(status=400, text=str(error))
        try:
            messages = [message for one in read for message in await _heed(app, one)]
        except (DrainingError, LineDeadError, SpoolFullError, *AWAY) as error:
            metrics.rejected(webhook.path, "unavailable")
            log.warning("webhook_not_taken", path=webhook.path, error=type(error).__name__)
            return _not_taken() if webhook.sorry is None else _written(webhook.sorry(wire))
        return _written(webhook.answer(read, messages))

    return handle


async def _heed(app: web.Application, one: Heard) -> Sequence[Message]:
    """Take what was read; returns when it is on disk, with what goes back in the answer."""
    match one:
        case Inbound():
            return (await app[TURNS].submit(one)).messages
        case DeliveryReport():
            await app[REPORTS].submit(one)
        case Reachable():
            await app[SIGNS].reachable(one)
        case CallEvent():
            return await app[SIGNS].call(one)
    return ()


def _written(answer: Answer) -> web.Response:
    return web.Response(
        body=answer.body,
        status=answer.status,
        content_type=answer.content_type,
        charset="utf-8",
    )


def _not_taken() -> web.Response:
    """It is not on disk, so it must not be acknowledged: the provider tries again, or calls the fallback URL."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return web.Response(status=503, headers=headers, text="please send it again")
