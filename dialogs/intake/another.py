"""Another matter told before the first is submitted: each becomes a ticket, one after the other, if that is meant."""

import msgspec

from dialogs.answers import BACK, NO, UNKNOWN, agrees, says
from dialogs.dialog import Goto, Lost, Move, Start, State, Talk
from dialogs.intake.correcting import take_as_correction
from dialogs.intake.draft import Intake, with_matter, with_place
from dialogs.intake.flow import go_on, intake_state, open_ticket
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
    if agrees(said, "both") or UNKNOWN.search(said.text):
        return open_ticket(intake, confirmed=True)
    if says(said, NO, "mend"):
        first = msgspec.structs.replace(intake, another="")
        return take_as_correction(talk, first, intake.another)
    if says(said, BACK):
        return Goto("confirm", msgspec.structs.replace(intake, another=""))
    if understood is not None and understood.topic:
        both = f"{intake.another}\n{said.text}"
        return Goto("another", msgspec.structs.replace(intake, another=both))
    return Lost(talk.say("Both: I open two tickets. A correction: I change the first."))


def go_on_with(intake: Intake, say: str) -> Start:
    """The first is open: hear the next one, at the same place, by the same person."""
    before = intake.draft
    others = (intake.another, *intake.others) if intake.another else intake.others
    draft = msgspec.structs.replace(
        Intake().draft,
        place=before.place,
        pin=before.pin,
        contact=before.contact,
        contact_name=before.contact_name,
        confidential=before.confidential,
        anonymous=before.anonymous,
        on_behalf=before.on_behalf,
    )
    following = Intake(
        draft=draft,
        others=others[1:],
        place_done=intake.place_done,
        contact_done=intake.contact_done,
        confidential_done=intake.confidential_done,
    )
    return Start("intake", "next", following, heard=Said(text=others[0]), say=say)


def _hear_next(talk: Talk, intake: Intake, said: Said) -> Move:
    understood = talk.facts.reader.understand(said.text)
    placed = with_place(intake, understood.place)
    return go_on(talk, with_matter(placed, said.text, understood))


STATES = {"another": intake_state("another", _ask, _hear), "next": State(hear=_hear_next)}
