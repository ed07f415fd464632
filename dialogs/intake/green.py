"""Green channel (绿色通道): shall the enterprise settle it with the resident first, before its regulator is called?"""

import re

import msgspec

from dialogs.answers import NO, NONE, UNKNOWN, agrees, says
from dialogs.dialog import Lost, Move, State, Talk
from dialogs.intake.draft import Intake, with_matter
from dialogs.intake.flow import go_on, intake_state
from dialogs.names import within
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.words import Kind

_LONGEST_UNIT = 12
_WHICHEVER = re.compile(
    r"^\W*(?:随便|随[你您]们?|都行|都可以|无所谓|怎么都行|(?:你们?|您)?看着办)\w{0,2}\W*$|whichever|up to you|either",
    re.IGNORECASE,
)


def _ask(talk: Talk, intake: Intake) -> Reply:
    enterprise = talk.facts.reader.enterprise(intake.draft.enterprise)
    name = (enterprise.label or enterprise.name)[:_LONGEST_UNIT] if enterprise else ""
    question = talk.say(
        "Shall {unit} try to settle it with you first, within {time}? If not settled, it goes to the regulator.",
        unit=name,
        time=within(talk, talk.facts.green_hours),
    )
    return Reply(
        question, (Choice("yes", talk.say("Yes, they may call")), Choice("no", talk.say("No need")))
    )


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, NO | NONE, "no") or UNKNOWN.search(said.text):
        return go_on(talk, _agreed(intake, green=False))
    if agrees(said, "yes"):
        return go_on(talk, _agreed(intake, green=True))
    if _WHICHEVER.search(said.text):  # no consent either
        return go_on(talk, _agreed(intake, green=False))
    asks = understood is not None and understood.kind is Kind.QUESTION and not understood.topic
    if understood is not None and understood.has_matter and not asks:
        return go_on(talk, with_matter(intake, said.text, understood), talk.say("Added."))
    return Lost(talk.say("Yes: they call you first. No need: it goes to the regulator at once."))


def _agreed(intake: Intake, *, green: bool) -> Intake:
    return msgspec.structs.replace(intake, draft=msgspec.structs.replace(intake.draft, green=green))


STATES: dict[str, State] = {"green": intake_state("green", _ask, _hear)}
