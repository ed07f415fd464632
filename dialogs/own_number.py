"""A phone number that the channel vouches for as the resident's own: whatever it is good for."""

import msgspec

from dialogs import sharing
from dialogs.dialog import Finish
from dialogs.intake.draft import Intake, with_contact
from dialogs.requests import AddToTicket, LinkPhone
from dialogs.said import Said
from dialogs.session import Frame
from dialogs.stepping import Stepping

_encode = msgspec.json.Encoder().encode


def shared(stepping: Stepping, said: Said) -> None:
    """Keep a number that the channel vouches for: the resident's, the draft's, and that of the ticket just opened."""
    stepping.requests.append(LinkPhone(said.phone))
    stepping.change(linked=True)
    top = stepping.top()
    is_answer = top is not None and top[0].name == sharing.NAME
    if is_answer and stepping.session.last_ticket:
        stepping.requests.append(AddToTicket(stepping.session.last_ticket, contact=said.phone))
    elif not is_answer:
        _into_draft(stepping, said.phone)
    say = stepping.talk().say
    stepping.said.append(say("Thank you. You can ask by SMS and phone now, too."))
    if is_answer:
        stepping.finish(Finish())
    else:
        stepping.ask()


def _into_draft(stepping: Stepping, phone: str) -> None:
    """Let the unit call the number about what is being told; who wants to be nobody stays so."""
    frames = list(stepping.session.frames)
    for at, frame in enumerate(frames):
        intake = frame.read(Intake) if frame.dialog == "intake" else None
        if intake is not None and not (intake.draft.anonymous or intake.draft.contact):
            kept = with_contact(intake, phone)
            frames[at] = Frame(frame.dialog, frame.state, msgspec.Raw(_encode(kept)))
    stepping.change(frames=tuple(frames))
