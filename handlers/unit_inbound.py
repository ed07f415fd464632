"""What a unit writes back is not told to the dialog: it is kept for `handlers/unit_replies.py`, which answers it.

A desk clerk is a resident too: only what is meant for the city's desk is taken, all else goes on as ever.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from channels.base import Inbound
from handlers.effects import Effects
from handlers.unit_words import Command, Want, parse
from handlers.visit import said
from handlers.world import World
from store import unit_contacts, unit_sendings
from store.conversations import ConversationRow
from store.database import Connection
from store.turns import InboundRow, SessionUpdate
from store.unit_contacts import Address, Speaker

OUTCOME = "silent:unit"
CODE_VALID = timedelta(days=1)

Message = tuple[ConversationRow, Inbound]


async def take_replies(
    connection: Connection, world: World, effects: Effects, messages: Sequence[Message]
) -> set[int]:
    """Keep those of these messages that units have written as such; returns their places among them.

    One query, and only where a unit's contact has written what reads like one.
    """
    likely = {
        place: command
        for place, (row, one) in enumerate(messages)
        if (row.of_unit or Want.BIND in one.said.text)
        and (command := parse(one.said.text)) is not None
        and (row.of_unit or command.want is Want.BIND)
    }
    if not likely:
        return set()
    rows = [messages[place][0] for place in likely]
    speakers = await unit_contacts.speakers(connection, [row.id for row in rows])
    kept: list[tuple[int, str, Inbound]] = []
    taken: set[int] = set()
    for place, command in likely.items():
        row, inbound = messages[place]
        contact_id = await _writer(connection, world, row, inbound, command, speakers.get(row.id))
        if contact_id is not None:
            kept.append((contact_id, inbound.said.text, inbound))
            _note(world, effects, row, inbound)
            taken.add(place)
    if kept:
        replies = [(contact_id, text, one.received_at) for contact_id, text, one in kept]
        await unit_sendings.add_replies(connection, replies)
    return taken


async def _writer(
    connection: Connection,
    world: World,
    row: ConversationRow,
    inbound: Inbound,
    command: Command,
    speaker: Speaker | None,
) -> int | None:
    """The contact in whose name this is written, None where it is a resident's word.

    Without a number it is meant for us only where our last words there were for the unit.
    """
    if row.held_by is not None or inbound.said.attachments or inbound.live:
        return None
    if command.want is Want.BIND:
        return await _bound(connection, world, row, inbound, command.code)
    if speaker is None:
        return None
    if command.want is Want.CONFIRM:
        asked = speaker.told and not speaker.verified
        return speaker.contact_id if asked else None
    meant = speaker.verified and (command.named or speaker.told)
    return speaker.contact_id if meant else None


async def _bound(
    connection: Connection, world: World, row: ConversationRow, inbound: Inbound, code: str
) -> int | None:
    """Give the contact that waits for this code the chat that has sent it, unless it speaks for a unit already."""
    hashed, at = code_hash(world, code), inbound.received_at
    found = await unit_contacts.waiting(connection, row.channel, hashed, at - CODE_VALID)
    if found is None or await unit_contacts.taken(connection, row.channel, row.hash):
        return None
    sealed = world.keys.seal(inbound.address)
    address = Address(row.channel, row.hash, sealed, row.masked, row.id, at)
    await unit_contacts.bind(connection, found, address)
    return found


def code_hash(world: World, code: str) -> bytes:
    """What a contact is found by until its chat has sent the code."""
    return world.keys.lookup(f"unit code {code}")


def _note(world: World, effects: Effects, row: ConversationRow, inbound: Inbound) -> None:
    """The message is written down without a reply: that comes when it has been carried out."""
    heard = msgspec.json.encode(said(world.keys, inbound)).decode()
    seq, at = row.seq + 1, inbound.received_at
    effects.inbound.append(
        InboundRow(inbound.channel, inbound.key, row.id, seq, heard, at, OUTCOME, None)
    )
    effects.sessions[row.id] = SessionUpdate(
        row.id, row.session, seq, at, row.wake_at, row.budget, row.budget_at
    )
    if row.queued:
        effects.reached.append(row.address_id)
