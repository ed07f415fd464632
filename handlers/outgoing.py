"""Messages to a resident become outbox rows here, the inline reply included."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from channels.base import Channel, Message
from dialogs.said import Reply
from dialogs.words import Delivery, Language
from store.turns import OutboxRow

OFFER_LEASE_SECONDS = 90  # no status callback for an inline reply by then: it is sent by REST

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Errand:
    """Why and how a message goes out. `inline`: the provider is waiting for it; `stopped`: the resident wants none."""

    purpose: str  # reply, notice, apology
    at: datetime
    wait: timedelta = timedelta(0)
    inline: bool = False
    stopped: bool = False
    ticket_id: int | None = None
    staff_id: int | None = None  # who wrote it
    urgent: bool = False  # does not wait for the morning
    instead_of: tuple[int, int] | None = None  # conversation and seq of the message it stands for
    elsewhere: bool = False  # the resident is told elsewhere; it only stands in the transcript
    gives_way: bool = False  # merely asks: a later reply of the same burst takes its place


def outbox_row(channel: Channel, address_id: int, message: Message, errand: Errand) -> OutboxRow:
    """The row of one message to an address."""
    state, due_at = Delivery.PENDING, errand.at + errand.wait
    sent_at = None
    given = channel.abilities.mailbox or (channel.abilities.voice and errand.inline)
    if errand.stopped or (errand.elsewhere and not given):
        state = Delivery.CANCELLED
    elif given:
        state, sent_at = Delivery.SENT, errand.at
    elif errand.inline:
        state, due_at = Delivery.OFFERED, errand.at + timedelta(seconds=OFFER_LEASE_SECONDS)
    return OutboxRow(
        conversation_id=message.conversation_id,
        seq=message.seq,
        channel=channel.name,
        address_id=address_id,
        ticket_id=errand.ticket_id,
        purpose=errand.purpose,
        reply=_encode(message.reply).decode(),
        parts=_encode(message.parts).decode(),
        part_states=("s" if given else "p") * len(message.parts),
        state=state,
        created_at=errand.at,
        due_at=due_at,
        sent_at=sent_at,
        staff_id=errand.staff_id,
        urgent=errand.urgent,
        instead_of=errand.instead_of[0] if errand.instead_of else None,
        instead_of_seq=errand.instead_of[1] if errand.instead_of else None,
        gives_way=errand.gives_way,
    )


def render(
    channel: Channel, language: Language, reply: Reply, conversation_id: int, seq: int
) -> Message:
    """Render a reply for its channel."""
    return Message(conversation_id, seq, reply, channel.render(reply, language))
