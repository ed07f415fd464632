"""Messages to a resident become outbox rows here, the inline reply included (DESIGN, promise 7)."""

from datetime import datetime, timedelta

import msgspec

from channels.base import Channel, Message
from dialogs.said import Reply
from dialogs.words import Delivery, Language
from store.turns import OutboxRow

OFFER_LEASE = timedelta(seconds=90)  # no status callback for an inline reply by then: it is sent by REST

_encode = msgspec.json.Encoder().encode


def outbox_row(
    channel: Channel,
    message: Message,
    *,
    address_id: int,
    purpose: str,
    now: datetime,
    wait: timedelta = timedelta(0),
    inline: bool = False,
    stopped: bool = False,
    ticket_id: int | None = None,
) -> OutboxRow:
    """The row of one message. `inline`: the provider is waiting for it; `stopped`: the resident wants none."""
    state, due_at = Delivery.PENDING, now + wait
    sent_at = None
    if stopped:
        state = Delivery.CANCELLED
    elif channel.abilities.mailbox:
        state, sent_at = Delivery.SENT, now
    elif inline:
        state, due_at = Delivery.OFFERED, now + OFFER_LEASE
    return OutboxRow(
        conversation_id=message.conversation_id,
        seq=message.seq,
        channel=channel.name,
        address_id=address_id,
        ticket_id=ticket_id,
        purpose=purpose,
        reply=_encode(message.reply).decode(),
        parts=_encode(message.parts).decode(),
        part_states=("s" if channel.abilities.mailbox else "p") * len(message.parts),
        state=state,
        created_at=now,
        due_at=due_at,
        sent_at=sent_at,
    )


def render(
    channel: Channel, language: Language, reply: Reply, conversation_id: int, seq: int
) -> Message:
    """Render a reply for its channel."""
    return Message(conversation_id, seq, reply, channel.render(reply, language))
