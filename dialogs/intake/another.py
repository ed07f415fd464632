"""Another matter told before the first is submitted: both become tickets, one after the other, if that is meant."""

import msgspec

from dialogs.answers import NO, YES, says
from dialogs.dialog import Goto, Lost, Move, Start, Talk
from dialogs.intake.confirming import submit
from dialogs.intake.correcting import take_as_correction
from dialogs.intake.draft import Intake
from dialogs.intake.flow import intake_state
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood


def _ask(talk: Talk, intake: Intake) -> Reply:
    question = talk.say(
        "That sounds like another matter. Submit “{title}” first, then take this one?",
        title=intake.draft.title,
    )
    both, mend = talk.say("Yes, both"), talk.say("No, a correction")
    return Reply(question, (Choice("both", both), Choice("mend", mend)))


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, YES, "both"):
        return submit(intake, talk)
    if says(said, NO, "mend"):
        first = msgspec.structs.replace(intake, another="")
        return take_as_correction(talk, first, intake.another)
    if understood is not None and understood.topic:
        both = f"{intake.another}\n{said.text}"
        return Goto("another", msgspec.structs.replace(intake, another=both))
    return Lost(talk.say("Both: I open two tickets. A correction: I change the first."))


def go_on_with(intake: Intake, say: str) -> Start:
    """The first is open: hear the other one, with the phone number that was left."""
    draft = msgspec.structs.replace(
        Intake().draft, contact=intake.draft.contact, confidential=intake.draft.confidential
    )
    following = Intake(draft=draft, contact_done=intake.contact_done)
    return Start("intake", "listen", following, heard=Said(text=intake.another), say=say)


STATES = {"another": intake_state("another", _ask, _hear)}
