"""A caller in the queue: how long it takes, the way out of it, being fetched, and hanging up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from channels.base import CallEvent, Message
from channels.callers import is_hidden
from dialogs.phrases import phrase
from dialogs.words import CallAct, Language
from handlers.calls_said import room_of, said
from handlers.human_queue import expected_minutes, wait_ends
from handlers.world import World
from store import call_backs, call_desk, call_orders, conversations, human_talks
from store.call_backs import CallBackRow
from store.call_orders import Change, OrderRow
from store.database import Connection
from store.human_talks import CALL, ENDED, LEFT, RINGING, TAKEN, WAITING, TalkRow

SAID_EVERY_SECONDS = 30
FETCHED_WITHIN = timedelta(seconds=10)  # later the provider was not told to fetch the caller
WITH_THE_CALL = timedelta(seconds=5)  # who leaves the queue in this moment has hung up in it
HUNG_UP = "排队时挂断，请回电"
_MOMENT_SECONDS = 3
_RINGING_SECONDS = 10

NEXT = phrase("You are next, about {minutes} min.")
AHEAD = phrase("{count} before you, about {minutes} min.")
OFFER = phrase("To be called back instead, press 1.")
CONNECTING = phrase("Connecting you. One moment.")
CONNECTED = phrase("You are connected.")
WILL_CALL = phrase("All right, we will call you.")


async def waiting(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """The queue's next document: the place in it, a way out after a while, and the end of the set time."""
    talk = await call_desk.of_call(connection, event.call)
    if talk is None or talk.state not in (WAITING, RINGING, TAKEN):
        return said("", CallAct.LEAVE)
    language = Language(talk.language)
    if talk.state == TAKEN and talk.taken_at is not None and now - talk.taken_at > FETCHED_WITHIN:
        return said("", CallAct.LEAVE, language=language)
    if talk.state == TAKEN:
        return said("", CallAct.WAIT, language=language, seconds=_MOMENT_SECONDS)
    if talk.state == RINGING:
        text = world.phrases.speak(language, CONNECTING)
        return said(text, CallAct.WAIT, language=language, seconds=_RINGING_SECONDS)
    if now >= wait_ends(world, talk.asked_at, talk.experts_until):
        return said("", CallAct.LEAVE, language=language)
    text = await _place(connection, world, talk, now)
    return said(text, CallAct.WAIT, language=language, seconds=SAID_EVERY_SECONDS)


async def _place(connection: Connection, world: World, talk: TalkRow, now: datetime) -> str:
    places = await human_talks.places(connection, [talk.conversation_id])
    place = places[talk.conversation_id]
    minutes = expected_minutes(place, await human_talks.pace(connection, CALL, now, _experts(talk)))
    language, speak = Language(talk.language), world.phrases.speak
    text = (
        speak(language, AHEAD, count=place.ahead, minutes=minutes)
        if place.ahead
        else speak(language, NEXT, minutes=minutes)
    )
    if now - talk.asked_at < world.calling.offer_after:
        return text
    gap = "" if language is Language.CHINESE else " "
    return text + gap + speak(language, OFFER)


def _experts(talk: TalkRow) -> int | None:
    """The event whose experts alone were asked for at first."""
    alone = talk.experts_until is not None and talk.experts_until > talk.asked_at
    return talk.surge_id if alone else None


async def pressed(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """1 leads out of the queue, to a call-back; any other key changes nothing."""
    if event.digits != "1":
        return await waiting(connection, world, event, now)
    talk = await call_desk.of_call(connection, event.call)
    if talk is not None and talk.state == TAKEN:
        return await waiting(connection, world, event, now)
    language = Language(talk.language) if talk is not None else Language.CHINESE
    return said(world.phrases.speak(language, WILL_CALL), CallAct.LEAVE, language=language)


async def left(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Out of the queue: to the member of staff who has taken the talk, else back to the dialog (nothing is said)."""
    talk = await lock_of_call(connection, event.call)
    if event.outcome == "hangup":
        return await hung_up(connection, world, event, now)
    if talk is None or talk.state != TAKEN:
        return ()
    fetching = await call_orders.of_talks(connection, [talk.id])
    await call_orders.change(
        connection,
        [
            Change(one.id, "acknowledged", now)
            for one in fetching
            if one.kind == "redirect" and one.open
        ],
    )
    language = Language(talk.language)
    text = world.phrases.speak(language, CONNECTED)
    return said(text, CallAct.MEET, language=language, room=room_of(talk.id))


async def talked(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """The caller is out of the room and still there: the talk is over, the dialog goes on."""
    talk = await lock_of_call(connection, event.call)
    if talk is not None and talk.state == TAKEN:
        await human_talks.end(connection, [talk.id], ENDED, now)
    return ()


async def hung_up(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Whoever hangs up while waiting is called back; a member of staff who is alone in the room is told."""
    talk = await lock_of_call(connection, event.call)
    if talk is not None and talk.state in (WAITING, RINGING):
        await human_talks.end(connection, [talk.id], LEFT, now)
        await _call_back(connection, world, talk, now)
    elif talk is not None and talk.state == TAKEN:
        await human_talks.end(connection, [talk.id], ENDED, now)
        await fetch_staff(connection, talk, now)
    elif talk is not None and talk.state == LEFT and _just_now(talk, now):
        await _call_back(connection, world, talk, now)  # the dialog has heard it first
    return ()


def _just_now(talk: TalkRow, now: datetime) -> bool:
    return talk.ended_at is not None and now - talk.ended_at < WITH_THE_CALL


async def _call_back(connection: Connection, world: World, talk: TalkRow, now: datetime) -> None:
    _, sealed, _ = await call_desk.address(connection, talk.conversation_id)
    if not is_hidden(world.keys.open(sealed)):
        note = "：".join(filter(None, (HUNG_UP, talk.about)))
        await call_backs.add_call_backs(connection, [CallBackRow(talk.conversation_id, note, now)])


async def fetch_staff(connection: Connection, talk: TalkRow, now: datetime) -> None:
    """Fetch the member of staff out of a room that nobody else comes to; where the room has ended, nothing happens."""
    orders = await call_orders.of_talks(connection, [talk.id])
    alone = [one for one in orders if one.kind == "staff" and one.state == "acknowledged"]
    await call_orders.insert(
        connection,
        [
            OrderRow("redirect", f"order={one.id}", now, now, call_id=one.call_id)
            for one in alone[-1:]
            if one.call_id is not None
        ],
    )


async def lock_of_call(connection: Connection, call_id: str) -> TalkRow | None:
    """The newest talk of a call, its conversation locked before it is read again."""
    talk = await call_desk.of_call(connection, call_id)
    if talk is None:
        return None
    await conversations.lock_by_id(connection, [talk.conversation_id])
    return await human_talks.find(connection, talk.id)
