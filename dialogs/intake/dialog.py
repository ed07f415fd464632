"""The intake as a dialog: its states, and what is done when the resident falls silent."""

from dialogs.dialog import Dialog, Finish, Goto, Move, Talk
from dialogs.intake import (
    another,
    answering,
    by_key,
    caring,
    company,
    confirming,
    elsewhere,
    fixing,
    green,
    listening,
    opening,
    place,
    reaching,
    related,
    repeated,
    second_reading,
    several,
)
from dialogs.intake.alike import alike
from dialogs.intake.draft import Intake, with_media
from dialogs.intake.flow import open_ticket
from dialogs.requests import AddToTicket, Request
from dialogs.said import Said

HALF_AN_HOUR = 1800
A_DAY = 86_400


def _silent(talk: Talk, intake: Intake, stage: int) -> Move:
    """Nudge once; a day later, open what is known rather than lose it."""
    draft = intake.draft
    state = talk.session.frames[-1].state
    # A question that was answered is done when it is not pressed, and so is what others answer for.
    if state in {answering.ANSWERED, elsewhere.REFERRED}:
        return Finish()
    if state == "contact":  # all is confirmed, only a number was asked for
        return open_ticket(intake, confirmed=True)
    has_something = bool(draft.matter or draft.attachments or intake.pending or intake.kept)
    if intake.ticket_id or (not has_something and not draft.place.district):
        return Finish(last_ticket=intake.ticket_id)
    if stage == 0:
        return Goto(state, intake, talk.say("Are you still there? I have kept what you said."))
    return _given_up(talk, intake, state) if has_something else Finish()


def _given_up(talk: Talk, intake: Intake, state: str) -> Move:
    """What was said goes to the ticket that it belongs to, else it becomes one as it stands."""
    draft = intake.draft
    if state == "repeated" and intake.same is not None:
        return repeated.left_alone(intake, intake.same)
    if state == "addition":  # it came soon after that ticket and most likely belongs to it
        return Finish(
            do=(AddToTicket(talk.session.last_ticket, intake.pending, draft.attachments),)
        )
    if state == "several":
        intake = several.together(talk, intake)
    return open_ticket(intake, confirmed=False)


_STATES = {
    **listening.STATES,
    **several.STATES,
    **place.STATES,
    **related.STATES,
    **confirming.STATES,
    **reaching.STATES,
    **company.STATES,
    **green.STATES,
    **fixing.STATES,
    **another.STATES,
    **elsewhere.STATES,
    **opening.STATES,
    **caring.STATES,
    **by_key.STATES,
}


def _enclose(intake: Intake, said: Said) -> tuple[Intake, tuple[Request, ...]]:
    """Photos that come while something else is asked belong to the draft, or to the ticket that is open already."""
    if not intake.ticket_id:
        return with_media(intake, said), ()
    return intake, (AddToTicket(intake.ticket_id, "", said.attachments, pin=said.pin),)


INTAKE = Dialog(
    name="intake",
    data=Intake,
    states={name: alike(name, state) for name, state in _STATES.items()},
    first="listen",
    commands=dict.fromkeys(("new", "新诉求", "反映问题"), "listen"),
    patience=(HALF_AN_HOUR, A_DAY - HALF_AN_HOUR),
    silent=_silent,
    encloses=_enclose,
    reread=second_reading.taken,
    keeps=True,
)
