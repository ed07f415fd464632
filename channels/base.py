"""The channel contract, free of the web server: a channel is a record of functions with typed abilities and errors.

A channel's file exports `channel(settings) -> Channel`. It reads wire requests into what was said, renders replies into
parts, and sends one part at a time. What it does not know (conversations, tickets, the store), it cannot touch.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from dialogs.said import Reply, Said
from dialogs.words import Delivery, Language

REFERENCE = re.compile(r"[0-9]{1,18}-[0-9]{1,18}-[0-9]{1,4}")


class ChannelError(Exception):
    """Root of this package's errors."""


class ForgedError(ChannelError):
    """The request does not carry its provider's signature: it is refused with 403 and changes nothing."""


class MalformedError(ChannelError):
    """The request is signed but cannot be read: it is refused with 400."""


class SendError(ChannelError):
    """A part was not taken. Every send error carries its own retry rule.

    `retry_seconds` is None when trying again is pointless. `blocked`: the resident has stopped us at the provider.
    `unknown`: it may have been taken all the same (a time-out after sending); it is counted as such.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_seconds: float | None,
        blocked: bool = False,
        unknown: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_seconds = retry_seconds
        self.blocked = blocked
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do; dialogs and handlers ask these, never the channel's name."""

    buttons: bool = False  # shows choices as buttons; otherwise they are numbered text
    brief: bool = False  # every character costs
    inline: bool = False  # the webhook's answer can carry the reply
    mailbox: bool = False  # residents fetch their messages from the store; nothing is sent
    phone: bool = False  # an address is a phone number
    opt_out: bool = False  # STOP, 退订 and TD mean something
    per_second: int = 100  # messages that one gateway may send in a second


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a resident as it came. `key` is the provider's own id of it, `address` the normalised sender.

    `inline`: the provider waits for the reply in the answer to this request.
    """

    channel: str
    key: str
    address: str
    said: Said
    received_at: datetime
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Names one part of one message to a resident: it travels through the provider and back as `C-S-P`."""

    conversation_id: int
    seq: int
    part: int

    @override
    def __str__(self) -> str:
        return f"{self.conversation_id}-{self.seq}-{self.part}"

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Read `C-S-P`; raises `MalformedError`."""
        if REFERENCE.fullmatch(text) is None:
            raise MalformedError(f"not a message reference: {text[:40]!r}")
        return cls(*map(int, text.split("-")))


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a provider says of one part; `error` is its code, empty when all is well."""

    reference: Reference
    delivery: Delivery
    provider_id: str = ""
    error: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a resident, rendered: an outbox row as a channel sees it."""

    conversation_id: int
    seq: int
    reply: Reply
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it came over the wire. `url` is the public one that the provider signed, with its query.

    Header names are lower-case.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    body: bytes = b""
    content_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Webhook:
    """One path that a provider calls.

    `read(wire, now)` verifies and parses (raises `ForgedError`, `MalformedError`); `answer(messages)` makes the
    response once everything is on disk: with the inline messages, or none.
    """

    path: str
    read: Callable[[Wire, datetime], Sequence[Inbound | DeliveryReport]]
    answer: Callable[[Sequence[Message]], Answer]


@dataclass(frozen=True, slots=True)
class Sent:
    """A part was taken by the provider under `provider_id`."""

    provider_id: str
    delivery: Delivery = Delivery.SENT


async def nothing_to_close() -> None:
    """For channels that hold no connection."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: its name, abilities and functions.

    `normalise(raw)` gives the one spelling of an address or None; `mask(address)` hides its middle for those who need
    not see it; `prefix(address)` is the group that rates are counted by; `render(reply, language)` makes the parts;
    `send(address, text, reference)` sends one part (raises `SendError`); `find(address, text, since)` asks the provider
    whether a part was taken although we did not hear so (None: cannot be asked or was not taken).
    """

    name: str
    abilities: Abilities
    normalise: Callable[[str], str | None]
    mask: Callable[[str], str]
    prefix: Callable[[str], str]
    render: Callable[[Reply, Language], tuple[str, ...]]
    webhooks: tuple[Webhook, ...] = ()
    send: Callable[[str, str, Reference], Awaitable[Sent]] | None = None
    find: Callable[[str, str, datetime], Awaitable[Sent | None]] | None = None
    close: Callable[[], Awaitable[None]] = nothing_to_close
