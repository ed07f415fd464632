"""The way back (9, 返回): the question before this one, up to five of them, never behind what has been carried out."""

from dialogs.call.memory import phone, remember
from dialogs.requests import (
    FindRelated,
    FindTickets,
    JoinQueue,
    LeaveQueue,
    RaiseAlert,
    SendText,
    SetLanguage,
)
from dialogs.session import Frame
from dialogs.stepping import Stepping

MOST_STEPS = 5
_HARMLESS = FindRelated | FindTickets | JoinQueue | LeaveQueue | RaiseAlert | SendText | SetLanguage


def step_back(stepping: Stepping) -> None:
    """Ask the question before this one as if it had not been answered."""
    known = phone(stepping)
    say = stepping.talk().say
    if known.page:
        remember(stepping, page=0)
    elif known.trail:
        *trail, before = known.trail
        remember(stepping, trail=tuple(trail))
        stepping.change(frames=before, misses=0)
    elif known.acted:
        stepping.said.append(say("That is done already and stays as it is."))
    else:
        stepping.said.append(say("This is the beginning."))
    stepping.ask()


def walked(stepping: Stepping, before: tuple[Frame, ...]) -> None:
    """Note where the talk stood before this answer; once something is carried out there is no way back behind it."""
    if any(not isinstance(request, _HARMLESS) for request in stepping.requests):
        remember(stepping, trail=(), acted=True)
    elif before and before != stepping.session.frames:
        known = phone(stepping).trail
        remember(stepping, trail=(*known, before)[-MOST_STEPS:])
