"""A phone that rings: answered by a person or a machine, busy, or not answered at all."""

from collections.abc import Awaitable, Callable

from gateway import clock
from gateway.simulator.acts import NotPickedUp, PickedUp, Silent
from gateway.simulator.calls import Call
from gateway.simulator.leg import HungUpError, Leg, RedirectedError, Step

Report = Callable[[Call, str], Awaitable[None]]

# What detection finds: https://www.twilio.com/docs/voice/answering-machine-detection#answeredby
ANSWERED_BY = {
    ("Enable", "human"): "human",
    ("Enable", "machine"): "machine_start",
    ("DetectMessageEnd", "human"): "human",
    ("DetectMessageEnd", "machine"): "machine_end_beep",
}


async def ring(
    leg: Leg,
    step: Step | None,
    detect: str,
    report: Report,
    answered: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Ring; once it is answered, perform the document, or do what `answered` does."""
    call = leg.call
    status = await _rung(leg, report)
    if status:
        call.status = status
        call.ended_at = clock.now()
        leg.note("note", status)
        await leg.network.finish(call)
        leg.over.set()
        return
    call.answered_by = ANSWERED_BY.get((detect, call.answered_by), "")
    await report(call, "answered")
    if answered is None:
        await leg.run(step)
    else:
        await leg.last(answered)


async def _rung(leg: Leg, report: Report) -> str:
    """How it ended unanswered; "" when it was answered."""
    call = leg.call
    call.status = "initiated"
    await report(call, "initiated")
    call.status = "ringing"
    leg.note("note", "ringing")
    await report(call, "ringing")
    try:
        while True:
            match await leg.next_act(call.ring_seconds, "ring"):
                case PickedUp(by):
                    call.status = "in-progress"
                    call.answered_at = clock.now()
                    call.answered_by = by
                    leg.note("note", f"answered by {by}")
                    return ""
                case NotPickedUp(status):
                    return status
                case Silent():
                    return "no-answer"
                case _:
                    pass
    except HungUpError as end:
        return end.status if end.status != "completed" else "canceled"
    except RedirectedError:
        return "canceled"
