"""Postcards: a channel of a provider that does not exist, for docs/adding-a-channel.md. Tests run it."""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from channels.base import (
    Abilities,
    Answer,
    Channel,
    ForgedError,
    Inbound,
    MalformedError,
    Message,
    Parcel,
    SendError,
    Sent,
    Webhook,
    Wire,
)
from dialogs.said import Reply, Said
from dialogs.words import Language

NAME = "postcard"
PATH = "/webhooks/postcard"
RETRY_SECONDS = 30.0

Post = Callable[[str, str, str], Awaitable[str]]  # address, text, reference -> the provider's id


class Card(msgspec.Struct, frozen=True):
    """What the provider posts to us."""

    id: str
    sender: str
    text: str


def channel(secret: bytes, post: Post) -> Channel:
    """Postcards under a secret shared with the provider; `post` sends one and raises OSError."""
    return Channel(
        name=NAME,
        abilities=Abilities(inline=True, per_second=5),
        normalise=normalise,
        mask=lambda address: f"{address[:2]}****",
        prefix=lambda address: address[:2],
        render=render,
        webhooks=(Webhook(PATH, partial(read, secret), answer),),
        send=partial(send, post),
    )


def normalise(raw: str) -> str | None:
    """Six digits, however they are spaced."""
    digits = re.sub(r"\s", "", raw)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def render(reply: Reply, language: Language) -> tuple[str, ...]:
    """One card; what can be picked is numbered."""
    del language
    choices = [f"{number} {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return ("\n".join([reply.text, *choices]),)


def read(secret: bytes, wire: Wire, now: datetime) -> Sequence[Inbound]:
    """Verify first, then read: a forged card changes nothing."""
    signed = hmac.new(secret, wire.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signed, wire.headers.get("x-signature", "")):
        raise ForgedError
    try:
        card = msgspec.json.decode(wire.body, type=Card)
    except msgspec.DecodeError as error:
        raise MalformedError(str(error)) from error
    address = normalise(card.sender)
    if address is None:
        raise MalformedError("a sender that cannot be answered")
    return (Inbound(NAME, card.id, address, Said(text=card.text), now, inline=True),)


def answer(_: Sequence[object], messages: Sequence[Message]) -> Answer:
    """The replies, each part under its reference."""
    cards = [(text, f"{m.conversation_id}-{m.seq}") for m in messages for text in m.parts]
    return Answer(msgspec.json.encode(cards), "application/json")


async def send(post: Post, parcel: Parcel) -> Sent:
    """Send one card; whether and when to try again is said by the error."""
    try:
        return Sent(await post(parcel.address, parcel.text, str(parcel.reference)))
    except ConnectionRefusedError as error:
        raise SendError("refused", retry_seconds=RETRY_SECONDS) from error
    except OSError as error:  # it may have been taken all the same
        raise SendError("lost", retry_seconds=RETRY_SECONDS, unknown=True) from error
