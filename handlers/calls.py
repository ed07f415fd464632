"""What becomes of phone calls besides what is said in them: the queue's documents, calls of ours, and their ends.

Every sign is answered by what stands in the store, so that a repeated one gets the same answer and changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from channels.base import CallEvent, CallSign, Message
from handlers import calls_ours, calls_waiting
from handlers.calls_recorded import keep_recording
from handlers.calls_whisper import whisper
from handlers.world import World
from store import calls
from store.database import Connection


async def heed_call(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Heed one sign in the caller's transaction; returns what is said to whoever is on the line.

    Nothing to say: the call goes back to the dialog, or ends.
    """
    heeding = _OURS if event.order else _RESIDENTS
    return await heeding[event.sign](connection, world, event, now)


async def _ended(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """A call is over, whoever made it."""
    order_id = event.order or None
    if not event.order:
        known = await calls.find(connection, event.call)
        order_id = known.order_id if known is not None else None
    await calls.end(connection, event.call, event.at, event.outcome, event.seconds, order_id)
    if order_id is not None:
        await calls_ours.over(connection, world, order_id, event.outcome, now)
        return ()
    return await calls_waiting.hung_up(connection, world, event, now)


Heeding = Callable[[Connection, World, CallEvent, datetime], Awaitable[Sequence[Message]]]

_RESIDENTS: dict[CallSign, Heeding] = {
    CallSign.WAITING: calls_waiting.waiting,
    CallSign.PRESSED: calls_waiting.pressed,
    CallSign.LEFT: calls_waiting.left,
    CallSign.ANSWERED: whisper,
    CallSign.DIALED: calls_waiting.talked,
    CallSign.RECORDED: keep_recording,
    CallSign.ENDED: _ended,
}
_OURS: dict[CallSign, Heeding] = _RESIDENTS | {
    CallSign.PRESSED: calls_ours.pressed,
    CallSign.ANSWERED: calls_ours.answered,
    CallSign.DIALED: calls_ours.met,
}
