"""Who may call the resident, and who may see who it was."""

from dialogs.answers import BACK, NO, NONE, UNKNOWN, agrees, phone_in, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.draft import Intake, anonymous, confidential, with_contact, with_matter
from dialogs.intake.flow import go_on, intake_state, open_ticket
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import command_word, fold
from dialogs.words import Kind

PHONE_DIGITS = 12  # a mobile has 11, a land line with its area code up to 12; # ends it earlier
_OPENLY = frozenset({"不保密", "不用保密", "公开", "无所谓", "都行", "随便", "openly"})


def is_invited(talk: Talk, intake: Intake) -> bool:
    """Tell whether a phone number is worth naming: none is known, or it is another person's matter."""
    draft = intake.draft
    if draft.contact or draft.anonymous or intake.contact_done or draft.kind is Kind.PRAISE:
        return False
    known = talk.facts.reachable or talk.facts.contact  # there the number is shared, not written
    return not known or (draft.on_behalf and not talk.facts.voice)


def invitation(talk: Talk, intake: Intake) -> str:
    """What stands below a confirmation: a number sent there submits it."""
    if intake.draft.on_behalf and (talk.facts.reachable or talk.facts.contact):
        return talk.say("To have the person concerned called, send their number.")
    if intake.draft.on_behalf:
        return talk.say("To have you or the person concerned called, send that number.")
    return talk.say("To be called about it, send your phone number instead.")


def _ask_contact(talk: Talk, intake: Intake) -> Reply:
    if intake.draft.on_behalf:
        question = talk.say("Whom may the unit call, you or them? You can leave it out.")
    else:
        question = talk.say("Which phone number may the unit call? You can leave it out.")
    return Reply(question, (Choice("skip", talk.say("Leave it out")),), digits=PHONE_DIGITS)


def _hear_contact(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, NONE | NO, "skip") or UNKNOWN.search(said.text):
        return open_ticket(intake, confirmed=True)
    if says(said, BACK):
        return Goto("confirm", intake)
    phone, name = phone_in(said.text)
    if phone:
        return open_ticket(with_contact(intake, phone, name), confirmed=True)
    if understood is not None and understood.has_matter:
        added = with_matter(intake, said.text, understood)
        return Goto("contact", added, talk.say("Added."))
    return Lost(talk.say("A number of 11 digits, or with area code; or leave it out."))


def _ask_confidential(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices: tuple[Choice, ...] = (
        Choice("no", talk.say("No need")),
        Choice("yes", talk.say("Confidential")),
        Choice("anonymous", talk.say("Anonymous")),
    )
    if talk.facts.voice:  # to be anonymous has to be asked for there
        choices = choices[1], choices[0]
    if talk.facts.brief:
        question = talk.say(
            "Stay hidden? Confidential: they cannot see who you are. Anonymous: no survey."
        )
    else:
        question = talk.say(
            "Shall they not learn who you are? Confidential: 12345 passes everything on, they see no "
            "name or number. Anonymous: we keep no number either, and nobody can tell you the result."
        )
    return Reply(question, choices)


def _hear_confidential(
    talk: Talk, intake: Intake, said: Said, understood: Understood | None
) -> Move:
    word = command_word(said.text)
    if says(said, NO | NONE | _OPENLY, "no"):
        return go_on(talk, confidential(intake, chosen=False))
    if said.choice == "anonymous" or (not said.choice and "匿名" in fold(said.text)):
        return go_on(talk, anonymous(intake))
    if agrees(said, "yes") or "保密" in word or word == "confidential":
        return go_on(talk, confidential(intake, chosen=True))
    if UNKNOWN.search(said.text):
        say = talk.say("Then they will not see who you are.")
        return go_on(talk, confidential(intake, chosen=True), say)
    if understood is not None and (understood.topic or understood.has_matter):
        return Goto("confidential", with_matter(intake, said.text, understood), talk.say("Added."))
    return Lost(talk.say("Confidential: they cannot see who you are. No need: they may call you."))


STATES: dict[str, State] = {
    "contact": intake_state("contact", _ask_contact, _hear_contact),
    "confidential": intake_state("confidential", _ask_confidential, _hear_confidential),
}
