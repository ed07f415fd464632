"""要改: the resident names the field to be mended and says it anew."""

import msgspec

from dialogs.answers import BACK, NONE, UNKNOWN, agrees, phone_in, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.draft import (
    Intake,
    corrected,
    tells,
    with_contact,
    with_matter,
    with_place,
    with_place_said,
)
from dialogs.intake.flow import go_on, intake_state
from dialogs.names import KINDS
from dialogs.phrases import phrase
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.words import Kind

_FIELDS = {
    "fix_matter": phrase("Matter"),
    "place": phrase("Place"),
    "fix_kind": phrase("Kind"),
    "fix_wanted": phrase("What I want"),
    "fix_contact": phrase("Phone"),
    "confidential": phrase("Confidential"),
}
_LONGEST_WISH = 200


def _ask_fix(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices = [Choice(state, talk.say(label)) for state, label in _FIELDS.items()]
    back = Choice("back", talk.say("Back"))
    return Reply(talk.say("What shall be changed?"), (*choices, back))


def _hear_fix(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if said.choice in _FIELDS:
        return Goto(said.choice, _reopened(intake, said.choice))
    if says(said, BACK | NONE, "back") or agrees(said) or UNKNOWN.search(said.text):
        return go_on(talk, intake)
    if understood is None:
        return Lost()
    placed = with_place_said(talk.facts.reader, intake, said.text)
    if placed is not None and understood.topic:
        placed = with_matter(placed, said.text, understood)
    if placed is not None:
        return go_on(talk, placed, talk.say("Changed."))
    if tells(said.text, understood):
        return go_on(talk, corrected(intake, said.text, understood), talk.say("Changed."))
    return Lost(talk.say("Pick the line that is wrong."))


def _reopened(intake: Intake, state: str) -> Intake:
    """Ask for the place as if for the first time."""
    if state != "place":
        return intake
    return msgspec.structs.replace(intake, place_tries=0)


def _ask_matter(talk: Talk, intake: Intake) -> Reply:
    del intake
    return Reply(talk.say("Please say again what happened."), photo=True)


def _hear_matter(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None or not said.text.strip():
        return Lost()
    if says(said, BACK):
        return Goto("fix", intake)
    if UNKNOWN.search(said.text) and not tells(said.text, understood):
        return go_on(talk, intake)  # it stays as it was told first
    if not tells(said.text, understood, least_letters=2):
        placed = with_place_said(talk.facts.reader, intake, said.text)
        if placed is not None:  # a place and nothing else: the matter stays
            return go_on(talk, placed, talk.say("Changed."))
    draft = msgspec.structs.replace(intake.draft, matter="")
    intake = msgspec.structs.replace(intake, draft=draft)
    if understood.place.place.street or understood.place.candidates:
        intake = with_place(intake, understood.place)
    return go_on(talk, corrected(intake, said.text, understood), talk.say("Changed."))


def _ask_kind(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices = [Choice(kind.value, talk.say(name)) for kind, name in KINDS.items()]
    return Reply(talk.say("Which kind is it?"), tuple(choices))


def _hear_kind(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, BACK):
        return Goto("fix", intake)
    kind = (
        understood.kind if understood else Kind(said.choice) if said.choice in list(Kind) else None
    )
    if kind is None and UNKNOWN.search(said.text):
        return go_on(talk, intake)
    if kind is None:
        return Lost(talk.say("Pick the line that fits best."))
    draft = msgspec.structs.replace(intake.draft, kind=kind)
    return go_on(talk, msgspec.structs.replace(intake, draft=draft), talk.say("Changed."))


def _ask_wanted(talk: Talk, intake: Intake) -> Reply:
    del intake
    return Reply(talk.say("What would you like to be done?"))


def _hear_wanted(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None or not said.text.strip():
        return Lost()
    if says(said, BACK):
        return Goto("fix", intake)
    if UNKNOWN.search(said.text) or says(said, NONE):
        return go_on(talk, intake)
    wanted = said.text.strip()[:_LONGEST_WISH]
    draft = msgspec.structs.replace(intake.draft, wanted=wanted)
    return go_on(talk, msgspec.structs.replace(intake, draft=draft), talk.say("Changed."))


def _ask_contact(talk: Talk, intake: Intake) -> Reply:
    del intake
    question = talk.say("Which phone number may the unit call?")
    return Reply(question, (Choice("none", talk.say("No number")),))


def _hear_contact(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    del understood
    if says(said, BACK):
        return Goto("fix", intake)
    if says(said, NONE, "none") or UNKNOWN.search(said.text):
        return go_on(talk, with_contact(intake, ""), talk.say("Changed."))
    phone, name = phone_in(said.text)
    if not phone:
        return Lost(talk.say("A number of 11 digits, or with area code."))
    return go_on(talk, with_contact(intake, phone, name), talk.say("Changed."))


STATES: dict[str, State] = {
    "fix": intake_state("fix", _ask_fix, _hear_fix),
    "fix_matter": intake_state("fix_matter", _ask_matter, _hear_matter),
    "fix_kind": intake_state("fix_kind", _ask_kind, _hear_kind),
    "fix_wanted": intake_state("fix_wanted", _ask_wanted, _hear_wanted),
    "fix_contact": intake_state("fix_contact", _ask_contact, _hear_contact),
}
