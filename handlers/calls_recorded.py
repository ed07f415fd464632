"""Recordings of calls are noted, to be fetched by a job; a message that was left is called back."""

from collections.abc import Sequence
from datetime import datetime

from channels.base import CallEvent, Message
from handlers.media import recording
from handlers.world import World
from store import call_backs, call_desk, calls, conversations, media
from store.call_backs import CallBackRow
from store.database import Connection

LEFT_MESSAGE = "电话留言"


async def keep_recording(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Note a recording. A message that the dialog has heard already lies in the talk: there it gets its length."""
    known = await calls.find(connection, event.call)
    conversation_id = known.conversation_id if known is not None else None
    if conversation_id is None and event.address:
        where = world.where(event.channel, event.address)
        conversation_id = await call_desk.conversation_at(connection, *where)
    if conversation_id is not None:  # the turn that has heard it may be under way
        await conversations.lock_by_id(connection, [conversation_id])
    row = recording(world.keys, event, conversation_id, now)
    if event.purpose == "message":
        if conversation_id is not None:
            note = f"{LEFT_MESSAGE}{event.seconds}秒"
            await call_backs.add_call_backs(connection, [CallBackRow(conversation_id, note, now)])
        if await call_backs.name_message(connection, row):
            return ()
    await media.insert_wanted(connection, [row])
    return ()
