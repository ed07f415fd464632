"""What the page's WhatsApp phones ask for: write, press, share a place, send a photo. They are watched with the texts."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.simulator import whatsapp
from gateway.simulator.page_wire import Phone, read, written
from gateway.simulator.standin import TwilioStandIn

Body = Annotated[str, msgspec.Meta(max_length=1600)]


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What is done on a phone: words, a pressed button or picked line, a place, a picture."""

    phone: Phone
    body: Body = ""
    payload: Annotated[str, msgspec.Meta(max_length=256)] = ""
    is_list: bool = False
    latitude: float | None = None
    longitude: float | None = None
    picture: bool = False


def add_routes(app: web.Application, standin: TwilioStandIn) -> None:
    """Serve the phones' JSON."""

    async def write(request: web.Request) -> web.StreamResponse:
        done = await read(request, Written)
        more = _more(done)
        phone = whatsapp.PREFIX + done.phone
        return written(
            await standin.receive(phone, done.body, pictures=int(done.picture), more=more)
        )

    app.router.add_post("/simulator/whatsapp", write)


def _more(done: Written) -> list[tuple[str, str]]:
    if done.payload:
        return whatsapp.pressed(done.payload, done.body, is_list=done.is_list)
    if done.latitude is not None and done.longitude is not None:
        place = [("Latitude", str(done.latitude)), ("Longitude", str(done.longitude))]
        return [("MessageType", "location"), *place]
    return [("MessageType", "image" if done.picture else "text")]
