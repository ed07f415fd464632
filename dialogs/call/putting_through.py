"""Help in danger by one key, once the ticket about it is open."""

from dialogs.call.calling import Calling
from dialogs.call.memory import begin, phone, remember
from dialogs.requests import OpenTicket
from dialogs.stepping import Stepping


def offer_help(stepping: Stepping) -> None:
    """A danger to life has just been handed in: who is on the line can be put through at once."""
    if not phone(stepping).danger:
        return
    remember(stepping, danger=False)
    if stepping.facts.line.emergency and stepping.awaited is None:
        place_open = any(frame.dialog == "intake" for frame in stepping.session.frames)
        stepping.question = None
        begin(stepping, "danger", Calling(place_open=place_open))


def note_danger(stepping: Stepping) -> None:
    """Remember that the ticket which is being opened tells of a danger."""
    order = stepping.awaited
    if isinstance(order, OpenTicket) and order.draft.emergency and not order.draft.confirmed:
        remember(stepping, danger=True)
