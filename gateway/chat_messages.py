"""What the resident's page says: one JSON message, read and checked, turned into what was said."""

import re
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from channels import webchat
from channels.base import Inbound
from dialogs.said import Attachment, Pin, Said
from gateway.browser import Browser
from gateway.keys import CLOCK, KEYS
from gateway.problem import Problem
from handlers.media import own_attachment

LONGEST_TEXT = 4000
MOST_ATTACHMENTS = 10
# Four bytes a character, twice over for JSON's escapes, and the rest.
LONGEST_BODY = 64 * 1024

LONGEST_SEQUENCE = 18  # digits that always fit a bigint

# Control characters that no keyboard writes; PostgreSQL refuses NUL in text.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SharedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the browser says it is, WGS-84, and how far off that may be in metres (a desk computer: many)."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    accuracy: Annotated[float, Meta(ge=0)] = 0.0


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /chat/messages`. `id` is the page's own: the same one again has no second effect."""

    id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{8,64}$")]
    text: str = ""
    choice: Annotated[str, Meta(max_length=200)] = ""
    prompt: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    attachments: Annotated[tuple[str, ...], Meta(max_length=MOST_ATTACHMENTS)] = ()
    pin: SharedPlace | None = None
    line: Annotated[str, Meta(pattern=r"^(?:line-[0-9]{1,9})?$")] = ""  # the entry that it came by


_decoder = msgspec.json.Decoder(Sending)


def malformed(detail: str) -> Problem:
    """400; `detail` helps who writes a client, residents never see it."""
    return Problem(400, "malformed", "消息格式不对。", f"The message cannot be read: {detail}.")


def too_long() -> Problem:
    """413."""
    return Problem(
        413,
        "too-long",
        f"内容太长了，请分成几条发，每条不超过{LONGEST_TEXT}字。",
        f"Too long: please send several messages of at most {LONGEST_TEXT} characters.",
    )


async def read_body(request: web.Request) -> bytes:
    """The JSON body of a request; raises `Problem` for another type, and before too much is read."""
    if request.content_type != "application/json":
        raise Problem(415, "not-json", "只接受 JSON。", "Only JSON is accepted here.")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise too_long()
    return bytes(body)


def read_sending(body: bytes) -> Sending:
    """Parse and check the body of a message; raises `Problem`."""
    try:
        sending = _decoder.decode(body)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise malformed(str(error)) from error
    if len(sending.text) > LONGEST_TEXT:
        raise too_long()
    if not (sending.text.strip() or sending.choice or sending.attachments or sending.pin):
        raise malformed("it says nothing")
    return sending


def read_after(text: str) -> int:
    """The sequence that a page has read up to; raises `Problem`."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_SEQUENCE):
        raise malformed("`after` should be a sequence")
    return int(text)


def inbound_of(request: web.Request, browser: Browser, sending: Sending) -> Inbound:
    """The message as the turn takes it; raises `Problem` for a photo that is not this browser's own."""
    attachments = _own(request, browser, sending.attachments)
    place = sending.pin
    pin = (
        Pin(place.latitude, place.longitude, accuracy_meters=place.accuracy)
        if place is not None
        else None
    )
    said = Said(
        text=_UNSEEN.sub("", sending.text).strip(),
        choice=_UNSEEN.sub("", sending.choice),
        prompt=sending.prompt,
        attachments=attachments,
        pin=pin,
    )
    key = f"{browser.hash.hex()[:16]}:{sending.id}"  # no other browser can take this id away
    return Inbound(webchat.NAME, key, browser.token, said, request.app[CLOCK](), line=sending.line)


def _own(request: web.Request, browser: Browser, ids: tuple[str, ...]) -> tuple[Attachment, ...]:
    found = [own_attachment(request.app[KEYS], browser.owner, each) for each in ids]
    if None in found:
        raise malformed("an attachment is not known")
    return tuple(attachment for attachment in found if attachment is not None)
