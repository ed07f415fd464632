"""A turn that fails alone is recorded, answered with an apology, and becomes a human task; it is not retried for ever."""

from datetime import datetime

import msgspec

from channels.base import Inbound
from dialogs.said import Reply
from handlers.media import wanted
from handlers.outgoing import Errand, outbox_row, render
from handlers.turn import GIVEN, Turned, lock_conversations
from handlers.visit import said, visit
from handlers.world import World
from store import human_tasks, media, turns
from store.database import Connection
from store.human_tasks import TaskRow
from store.turns import InboundRow, SessionUpdate


async def note_failed_turn(
    connection: Connection, world: World, inbound: Inbound, now: datetime
) -> Turned:
    """Keep the message and the conversation as they were; tell the resident and a person."""
    where = world.where(inbound.channel, inbound.address)
    rows, repeats = await lock_conversations(connection, world, [inbound], [where], now)
    row = rows[where]
    if repeats:
        return Turned(row.id, None, offered=False, repeated=True)
    event = said(world.keys, inbound)
    one = visit(world, row, event, inbound)
    text = world.phrases.say(
        one.before.language,
        "Sorry, something went wrong here. Your message is kept, and a person will look at it.",
    )
    seq = row.seq + 2
    message = render(one.channel, one.before.language, Reply(text), row.id, seq)
    errand = Errand("apology", now, inline=inbound.inline)
    sent = outbox_row(one.channel, row.address_id, message, errand)
    heard = InboundRow(
        inbound.channel,
        inbound.key,
        row.id,
        row.seq + 1,
        msgspec.json.encode(event).decode(),
        inbound.received_at,
        "failed",
        seq,
    )
    session = SessionUpdate(row.id, row.session, seq, now, row.wake_at, row.budget, row.budget_at)
    await turns.write(connection, [session], [heard], [sent])
    await media.insert_wanted(connection, wanted(world.keys, inbound, row.id, now))
    await human_tasks.insert(connection, [TaskRow("failed_turn", row.id, None, inbound.key, now)])
    return Turned(row.id, message, offered=sent.state in GIVEN)
