"""What the page's SMS phones ask for: write, watch, and faults of the provider behind them."""

from typing import Annotated

import msgspec
from aiohttp import web

from channels.length import measure
from gateway.simulator.faults import Faults
from gateway.simulator.page_wire import WATCH_SECONDS, Phone, read, version_after, waits, written
from gateway.simulator.standin import TwilioStandIn
from gateway.simulator.texts import Text

Body = Annotated[str, msgspec.Meta(max_length=1600)]


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What is written on a phone of the page."""

    phone: Phone
    body: Body = ""
    pictures: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0


def add_routes(app: web.Application, standin: TwilioStandIn) -> None:
    """Serve the phones' JSON."""
    phones = _Phones(standin)
    app.router.add_get("/simulator/texts", phones.watch)
    app.router.add_post("/simulator/texts", phones.write)
    app.router.add_post("/simulator/faults", phones.set_faults)


class _Phones:
    def __init__(self, standin: TwilioStandIn) -> None:
        self._standin = standin

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """What changed after a version, as soon as something has; with `wait=0` at once."""
        texts = self._standin.texts
        after = version_after(request)
        if waits(request):
            await texts.changed(after, WATCH_SECONDS)
        found = texts.since(after, frozenset(request.query.getall("phone", [])))
        return written(
            {
                "version": texts.version,
                "service": self._standin.phone_number,
                "texts": [shown(text) for text in found],
            }
        )

    async def write(self, request: web.Request) -> web.StreamResponse:
        text = await read(request, Written)
        return written(await self._standin.receive(text.phone, text.body, pictures=text.pictures))

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        self._standin.faults = await read(request, Faults)
        return written(self._standin.faults)


def shown(text: Text) -> dict[str, object]:
    """A message as the page shows it."""
    length = measure(text.body)
    return {
        "number": text.number,
        "sid": text.sid,
        "phone": text.phone,
        "mine": text.direction == "inbound",
        "inline": text.direction == "outbound-reply",
        "body": text.body,
        "pictures": text.pictures,
        "choices": text.choices,
        "is_list": text.is_list,
        "status": text.status,
        "error_code": text.error_code,
        "segments": length.segments,
        "units": length.units,
        "encoding": length.encoding,
        "at": text.created_at.isoformat(),
    }
