"""The channel contract, free of the web server: a channel is a record of functions with typed abilities and errors.

A channel's file exports `channel(settings) -> Channel`. It reads wire requests into what was said, renders replies into
parts, and sends one part at a time. What it does not know (conversations, tickets, the store), it cannot touch.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    `unknown`: it may have been taken all the same (a time-out after sending); it is counted as such. `textless`: the
    number takes no texts at all, a land line.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_seconds: float | None,
        blocked: bool = False,
        unknown: bool = False,
        textless: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_seconds = retry_seconds
        self.blocked = blocked
        self.unknown = unknown
        self.textless = textless


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do; dialogs and handlers ask these, never the channel's name."""

    buttons: bool = False  # shows choices as buttons; otherwise they are numbered text
    brief: bool = False  # every character costs
    inline: bool = False  # the webhook's answer can carry the reply
    mailbox: bool = False  # residents fetch their messages from the store; nothing is sent
    phone: bool = False  # an address is a phone number
    opt_out: bool = False  # STOP, 退订 and TD mean something
    voice: bool = False  # spoken: the answer to the request is the one way to bring a reply, and a repeat gets it again
    contact: bool = False  # a resident can share the own phone number, vouched for by the provider
    burst_seconds: float = (
        0.0  # a reply waits so long for the next message of somebody who writes in pieces
    )
    per_second: int = 100  # messages that one gateway may send in a second


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """A photo, recording or file that lies at the provider; `source` is what the channel's `fetch` finds it by."""

    source: str
    content_type: str
    name: str = ""
    size: int = 0  # bytes, 0 unknown


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a resident as it came. `key` is the provider's own id of it, `address` the normalised sender.

    `inline`: the provider waits for the reply in the answer to this request. `live`: somebody is on the line, so that it
    cannot be kept for later. `media` is fetched by a job; `name` is what the resident is called there; `line` is our
    number that was called or written to; `mark` is the channel's own note for `tidy`; `language` is what the resident's
    app speaks, a hint for the first message.
    """

    channel: str
    key: str
    address: str
    said: Said
    received_at: datetime
    inline: bool = False
    live: bool = False
    media: tuple[RemoteMedia, ...] = ()
    name: str = ""
    line: str = ""
    mark: str = ""
    language: Language | None = None
    machine: bool = False  # an answering machine has picked up, and takes down what is said


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
    """What a provider says of one part; `error` is its code, empty when all is well.

    `textless`: the number takes no texts at all, a land line.
    """

    reference: Reference
    delivery: Delivery
    provider_id: str = ""
    error: str = ""
    blocked: bool = False
    retry_seconds: float | None = (
        None  # not brought, but worth another try then (busy, switched off)
    )
    textless: bool = False


@dataclass(frozen=True, slots=True)
class Reachable:
    """A resident has blocked us at the provider, or lets us in again."""

    channel: str
    address: str
    blocked: bool


class CallSign(StrEnum):
    """What a provider asks or tells of a call besides what is said in it."""

    WAITING = "waiting"  # a queued caller's next document is asked for
    PRESSED = "pressed"  # a key while waiting, or on a call of ours: `digits`
    LEFT = "left"  # out of the queue: `outcome` is bridged, hangup, leave, redirected, error …
    ANSWERED = (
        "answered"  # a call of ours was picked up: `outcome` is human, machine, fax or unknown
    )
    DIALED = "dialed"  # a number that was handed to has ended: `outcome` is completed, busy, no-answer, failed, canceled
    RECORDED = "recorded"  # a recording is ready: `url`, `seconds`
    ENDED = "ended"  # the call is over: `outcome` is completed, busy, no-answer, failed, canceled


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One sign of a call. `order` names the outgoing call it belongs to (0: an incoming one), `step` the resident's last step.

    `key` is the same for every repeat.
    """

    channel: str
    call: str  # the provider's id of the call
    key: str
    sign: CallSign
    at: datetime
    address: str = ""  # the resident's, normalised, where there is one
    order: int = 0
    step: int = 0
    digits: str = ""
    outcome: str = ""
    url: str = ""
    seconds: int = 0
    purpose: str = ""  # of a recording: talk or message


Heard = Inbound | DeliveryReport | Reachable | CallEvent


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

    `read(wire, now)` verifies and parses (raises `ForgedError`, `MalformedError`); `answer(heard, messages)` makes the
    response once everything is on disk: to what was read, with the inline messages, or none. `sorry(wire)` is the answer
    when it could not be kept; without it that is a 503, so that the provider comes again. Two channels may share a
    path (delivery reports) by giving the very same webhook.
    """

    path: str
    read: Callable[[Wire, datetime], Sequence[Heard]]
    answer: Callable[[Sequence[Heard], Sequence[Message]], Answer]
    sorry: Callable[[Wire], Answer] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A part was taken by the provider under `provider_id`."""

    provider_id: str
    delivery: Delivery = Delivery.SENT


@dataclass(frozen=True, slots=True)
class Parcel:
    """One part of a message on its way. `heard_at` is when the resident last wrote to us there, None never."""

    address: str
    message: Message
    part: int
    purpose: str
    heard_at: datetime | None
    now: datetime

    @property
    def text(self) -> str:
        """The text of this part."""
        return self.message.parts[self.part]

    @property
    def is_last(self) -> bool:
        """Whether this is the part that buttons hang on."""
        return self.part == len(self.message.parts) - 1

    @property
    def reference(self) -> Reference:
        """What names it to the provider and back."""
        return Reference(self.message.conversation_id, self.message.seq, self.part)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on its way from the provider: stream `chunks` within the time and size that the caller allows."""

    chunks: AsyncIterator[bytes]
    content_type: str
    size: int = 0  # bytes as the provider says, 0 unknown


async def nothing_to_close() -> None:
    """For channels that hold no connection."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: its name, abilities and functions.

    `normalise(raw)` gives the one spelling of an address or None; `mask(address)` hides its middle for those who need
    not see it; `prefix(address)` is the group that rates are counted by; `render(reply, language)` makes the parts;
    `send(parcel)` sends one part (raises `SendError`); `find(address, text, since)` asks the provider whether a part was
    taken although we did not hear so (None: cannot be asked or was not taken). `home(address)` names the channel whose
    conversation an address shares: a call from a mobile phone belongs to the SMS of that number. `number(address)` is the
    phone number that an address proves (E.164), None where it proves none. `fetch(source)` opens a file at the provider
    (raises `SendError`), `discard(source)` has the provider delete its copy; `tidy(inbound)` clears up after a message
    (takes away used buttons), best effort.
    """

    name: str
    abilities: Abilities
    normalise: Callable[[str], str | None]
    mask: Callable[[str], str]
    prefix: Callable[[str], str]
    render: Callable[[Reply, Language], tuple[str, ...]]
    webhooks: tuple[Webhook, ...] = ()
    send: Callable[[Parcel], Awaitable[Sent]] | None = None
    find: Callable[[str, str, datetime], Awaitable[Sent | None]] | None = None
    home: Callable[[str], str] | None = None
    number: Callable[[str], str | None] | None = None
    fetch: Callable[[str], Awaitable[Fetched]] | None = None
    discard: Callable[[str], Awaitable[None]] | None = None
    tidy: Callable[[Inbound], Awaitable[None]] | None = None
    close: Callable[[], Awaitable[None]] = nothing_to_close

    def home_of(self, address: str) -> str:
        """The channel whose conversation this address shares, mostly this one."""
        return self.name if self.home is None else self.home(address)
