"""Calls that we make: picked up, a key pressed, over. Staff and residents are brought together, duty is acknowledged."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from channels.base import CallEvent, Message
from dialogs.phrases import phrase
from dialogs.words import CallAct, Language
from handlers import duty
from handlers.calls_said import room_of, said
from handlers.calls_waiting import fetch_staff
from handlers.world import World
from store import call_desk, call_orders, conversations, human_talks
from store.call_orders import Change, Order, OrderRow
from store.database import Connection
from store.human_talks import ENDED, MISSED, RINGING, TAKEN, TalkRow

KEY_PATIENCE = timedelta(seconds=90)  # from picking up to the key
GONE = "市民已经挂断，或由同事接了，谢谢您。"
NO_ANSWER = "市民没有接听，请稍后再打。"
NO_KEY = "没有按键，这通电话转给其他同事。"
CONNECTING = "正在接通，请稍等。"
DONE = "通话结束，请在页面上记下处理情况。"
TAKE_KEY, DUTY_KEY = "接通", "表示收到"
CALLING_BACK = phrase("Hello, this is 12345, calling you back. One moment.")
MACHINE = phrase("Hello, this is 12345. We tried to call you back and will try again.")
_MACHINES = ("machine", "fax")


async def answered(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Somebody, or a machine, has picked up; or was fetched out of a room that nobody else came to."""
    order, talk = await _locked(connection, event.order)
    if order is None:
        return said("", CallAct.HANG_UP)
    machine = event.outcome.startswith(_MACHINES)
    if order.kind == "resident":
        return await _resident(connection, world, order, talk, now, machine=machine)
    if order.kind == "staff" and order.state == "acknowledged":
        return _again(talk)
    wanted = order.open if order.kind == "duty" else _rings_for(order, talk)
    if machine or not wanted:
        gone = order.kind == "staff" and not machine
        return said(GONE if gone else "", CallAct.HANG_UP)
    await _heard(connection, order, now)
    return said(order.words, key=DUTY_KEY if order.kind == "duty" else TAKE_KEY)


async def pressed(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """1 puts staff through, or says that duty knows of it; nothing pressed leaves it to others."""
    order, talk = await _locked(connection, event.order)
    if order is None:
        return said("", CallAct.HANG_UP)
    if order.kind == "duty":
        return await duty.pressed(connection, order, event.digits, now)
    if order.state == "acknowledged":
        return _again(talk)
    if talk is None or not _rings_for(order, talk):
        return said(GONE, CallAct.HANG_UP)
    if event.digits != "1":
        await _give_back(connection, order, talk, "no key", now)
        return said(NO_KEY, CallAct.HANG_UP)
    await human_talks.take(connection, talk.id, order.staff_id or 0, now)
    await call_orders.change(connection, [Change(order.id, "acknowledged", now)])
    await call_orders.insert(connection, [await _other_leg(connection, world, talk, now)])
    return said(CONNECTING, CallAct.MEET, room=room_of(talk.id))


async def met(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """The staff's leg, or that of a resident who was called back, has left the room: the talk is over."""
    order, talk = await _locked(connection, event.order)
    await _end(connection, talk, now)
    if order is not None and order.kind == "staff":
        return said(DONE, CallAct.HANG_UP)
    return said("", CallAct.HANG_UP)


async def over(
    connection: Connection, world: World, order_id: int, outcome: str, now: datetime
) -> None:
    """A call of ours has ended, was not answered, could not be made, or nothing was heard of it any more."""
    order, talk = await _locked(connection, order_id)
    if order is None or order.state == "given_up":
        return
    if order.kind == "duty":
        if order.open:
            await duty.unanswered(connection, world, order, outcome, now)
    elif order.open:
        await _UNDONE[order.kind](connection, order, talk, outcome, now)
    elif order.kind != "redirect":  # a leg of the talk has gone; who was fetched has come
        await _end(connection, talk, now)


async def _end(connection: Connection, talk: TalkRow | None, now: datetime) -> None:
    if talk is not None and talk.state == TAKEN:
        await human_talks.end(connection, [talk.id], ENDED, now)


async def _resident(
    connection: Connection,
    world: World,
    order: Order,
    talk: TalkRow | None,
    now: datetime,
    *,
    machine: bool,
) -> Sequence[Message]:
    """A resident who is called back comes straight to the member of staff who waits."""
    if talk is None or talk.state != TAKEN:
        return said("", CallAct.HANG_UP)
    language = Language(talk.language)
    if machine:
        await _no_answer(connection, order, talk, "machine", now)
        text = world.phrases.speak(language, MACHINE)
        return said(text, CallAct.HANG_UP, language=language)
    await call_orders.change(connection, [Change(order.id, "acknowledged", now)])
    text = world.phrases.speak(language, CALLING_BACK)
    return said(text, CallAct.MEET, language=language, room=room_of(talk.id))


async def _other_leg(
    connection: Connection, world: World, talk: TalkRow, now: datetime
) -> OrderRow:
    """Whom staff meet: the caller who waits is fetched, one who is called back is called."""
    if talk.call_id is not None:
        step = await call_desk.last_step(connection, talk.channel, talk.call_id) + 1
        words = f"queued={step}"
        return OrderRow("redirect", words, now, now, human_talk_id=talk.id, call_id=talk.call_id)
    _, sealed, masked = await call_desk.address(connection, talk.conversation_id)
    return OrderRow("resident", "", now, now, human_talk_id=talk.id, phone=sealed, callee=masked)


async def _not_fetched(
    connection: Connection, order: Order, talk: TalkRow | None, outcome: str, now: datetime
) -> None:
    """The waiting caller could not be fetched: the line is dead, and staff are told so."""
    await call_orders.change(connection, [Change(order.id, "given_up", now, outcome)])
    if talk is not None and talk.state == TAKEN:
        await human_talks.end(connection, [talk.id], ENDED, now)
        await fetch_staff(connection, talk, now)


async def _no_answer(
    connection: Connection, order: Order, talk: TalkRow | None, outcome: str, now: datetime
) -> None:
    """A resident did not answer our call-back: it stays on the list, and staff are told."""
    await call_orders.change(connection, [Change(order.id, "given_up", now, outcome)])
    if talk is not None and talk.state == TAKEN:
        await human_talks.end(connection, [talk.id], MISSED, now, note=f"回电：{outcome}")
        await fetch_staff(connection, talk, now)


async def _give_back(
    connection: Connection, order: Order, talk: TalkRow | None, outcome: str, now: datetime
) -> None:
    """Staff did not take it: the caller waits on at the old place; a call-back stays on the list."""
    await call_orders.change(connection, [Change(order.id, "given_up", now, outcome)])
    if talk is None or not _rings_for(order, talk):
        return
    if talk.call_id is None:
        await human_talks.end(connection, [talk.id], MISSED, now)
    else:
        await human_talks.put_back(connection, talk.id)


Undone = Callable[[Connection, Order, TalkRow | None, str, datetime], Awaitable[None]]
_UNDONE: dict[str, Undone] = {
    "staff": _give_back,
    "resident": _no_answer,
    "redirect": _not_fetched,
}


async def _heard(connection: Connection, order: Order, now: datetime) -> None:
    if order.state != "answered":
        await call_orders.change(connection, [Change(order.id, "answered", now + KEY_PATIENCE)])


def _rings_for(order: Order, talk: TalkRow | None) -> bool:
    """Whether this caller is (still) meant for the one whose phone rings."""
    return talk is not None and talk.state == RINGING and talk.staff_id == order.staff_id


def _again(talk: TalkRow | None) -> Sequence[Message]:
    """Staff who have pressed the key already: into the room while the talk lasts, else why nobody is there."""
    if talk is not None and talk.state == TAKEN:
        return said(CONNECTING, CallAct.MEET, room=room_of(talk.id))
    missed = talk is not None and talk.state == MISSED
    return said(NO_ANSWER if missed else GONE, CallAct.HANG_UP)


async def _locked(connection: Connection, order_id: int) -> tuple[Order | None, TalkRow | None]:
    """An order and its talk, the talk's conversation locked before both."""
    talk = await call_desk.of_order(connection, order_id)
    if talk is not None:
        await conversations.lock_by_id(connection, [talk.conversation_id])
        talk = await human_talks.find(connection, talk.id)
    order = (await call_orders.lock(connection, [order_id])).get(order_id)
    return order, talk
