"""What the verbs do that bring a caller to somebody else: queues, numbers that are dialled, conferences."""

from gateway import clock
from gateway.simulator.acts import Connected, Keyed, NotPickedUp, Parted, Silent, Spoken
from gateway.simulator.calls import Form
from gateway.simulator.leg import (
    DequeuedError,
    HungUpError,
    LeftError,
    Leg,
    RedirectedError,
    Step,
    where,
)
from gateway.simulator.rooms import Queue, Room
from gateway.simulator.twiml import Verb


async def enqueue(leg: Leg, verb: Verb, here: str) -> Step | None:
    """https://www.twilio.com/docs/voice/twiml/enqueue: its document is asked for again and again."""
    queue = leg.network.queue(verb.text or "default")
    action = where(verb, "action", here)
    if queue.is_full:
        return Step(action, (("QueueResult", "queue-full"),)) if action else None
    queue.join(leg)
    leg.queue = queue
    try:
        result = await _waited(leg, verb, here)
    except (HungUpError, RedirectedError) as end:
        hung_up = isinstance(end, HungUpError)
        leg.call.status = "completed" if hung_up else leg.call.status
        form = _result(leg, queue, "hangup" if hung_up else "redirected")
        if action:
            await leg.request(action, form)
        raise
    form = _result(leg, queue, result)
    return Step(action, form) if action else None


async def _waited(leg: Leg, verb: Verb, here: str) -> str:
    url = where(verb, "waitUrl", here)
    step: Step | None = None
    try:
        while True:
            if url:
                step = await leg.follow(step or Step(url), "wait")
            else:
                await leg.next_act(None, "queue")
    except LeftError:
        return "leave"
    except DequeuedError as taken:
        await talk(leg, taken.room)
        return "bridged"


def _result(leg: Leg, queue: Queue, result: str) -> tuple[tuple[str, str], ...]:
    leg.queue = None
    seconds = queue.leave(leg)
    return (("QueueResult", result), ("QueueSid", queue.sid), ("QueueTime", str(seconds)))


async def leave(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/leave."""
    del verb, here
    if leg.queue is not None:
        raise LeftError


async def dial(leg: Leg, verb: Verb, here: str) -> Step | None:
    """https://www.twilio.com/docs/voice/twiml/dial: the action is asked for when the other end is gone."""
    action = where(verb, "action", here)
    noun = verb.children[0] if verb.children else Verb("Number", {}, verb.text, ())
    if len(verb.children) > 1:
        leg.note("complaint", "this stand-in rings the first of several only")
    try:
        form = await _dialled(leg, verb, noun, here)
    except HungUpError:
        leg.call.status = "completed"
        if action:
            await leg.request(action, (("DialCallStatus", "completed"),))
        raise
    return Step(action, tuple(form)) if action else None


async def _dialled(leg: Leg, verb: Verb, noun: Verb, here: str) -> Form:
    if noun.name == "Conference":
        return await _conference(leg, noun)
    if noun.name == "Queue":
        return await _from_queue(leg, noun)
    return await _number(leg, verb, noun, here)


async def _conference(leg: Leg, noun: Verb) -> Form:
    """https://www.twilio.com/docs/voice/twiml/conference."""
    room = leg.network.room(noun.text)
    ends = noun.says("endConferenceOnExit", default=False)
    await talk(leg, room, ends=ends)
    return [("DialCallStatus", "answered")]


async def _from_queue(leg: Leg, noun: Verb) -> Form:
    """https://www.twilio.com/docs/voice/twiml/queue: whoever has waited longest is taken."""
    queue = leg.network.queue(noun.text)
    if not queue.waiting:
        return [("DialCallStatus", "no-answer")]
    room = Room(f"queue {noun.text}", bridge=True)
    waiting = queue.waiting[0][0]
    waiting.connect(room)
    await talk(leg, room)
    return [("DialCallStatus", "completed"), ("DialBridged", "true")]


async def _number(leg: Leg, verb: Verb, noun: Verb, here: str) -> Form:
    """https://www.twilio.com/docs/voice/twiml/number; it rings until it is answered or the time is over."""
    other = leg.network.dial(leg, noun, here, verb)
    leg.note("note", f"dialling {noun.text}")
    form = [("DialCallSid", other.call.sid)]
    try:
        while True:
            act = await leg.next_act(None, "dial")
            match act:
                case Connected(room):
                    begun_at = clock.monotonic()
                    await talk(leg, room)
                    seconds = round(clock.monotonic() - begun_at)
                    return [
                        ("DialCallStatus", "completed"),
                        *form,
                        ("DialCallDuration", str(seconds)),
                        ("DialBridged", "true"),
                    ]
                case NotPickedUp(status):
                    return [("DialCallStatus", status), *form, ("DialBridged", "false")]
                case _:
                    pass
    except (HungUpError, RedirectedError):
        other.hang_up("canceled")
        raise


async def talk(leg: Leg, room: Room, *, ends: bool = False) -> None:
    """Be in a room until it is over."""
    leg.note("note", f"connected: {room.name}")
    room.enter(leg, ends=ends)
    try:
        while True:
            act = await leg.next_act(None, "talk")
            match act:
                case Spoken(text):
                    room.say(leg, text)
                case Keyed(keys):
                    room.say(leg, f"[{keys}]")
                case Parted():
                    return
                case Silent() | _:
                    pass
    finally:
        room.leave(leg)
