"""The confirmation: everything in one view, any field to be mended, then the ticket is opened."""

import re

import msgspec

from dialogs.answers import BACK, NO, NONE, agrees, phone_number, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.correcting import correct
from dialogs.intake.draft import (
    Intake,
    confidential,
    with_matter,
)
from dialogs.intake.flow import (
    cancelled,
    go_on,
    intake_state,
    open_ticket,
)
from dialogs.names import grade_hours, kind_name, within
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.kind import NEEDS_NO_PLACE
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import command_word
from dialogs.words import Kind

_KEEP_SECRET = re.compile(
    r"(?:是|要|对|好|请|需要|嗯|的|[，,\s])*(?:给我|帮我)?保密(?:吧|一下|的)?"
)
_DROPS = frozenset({"算了", "算了吧", "不弄了", "不报了", "forget it"})
_LONGEST_SHOWN = 80


def _ask_confirm(talk: Talk, intake: Intake) -> Reply:
    if talk.facts.brief:
        return _ask_briefly(talk, intake)
    choices = (Choice("submit", talk.say("Yes, submit")), Choice("fix", talk.say("Change")))
    lines = [talk.say("Please check:"), *_summary(talk, intake)]
    return Reply("\n".join([*lines, talk.say("Is that right?")]), choices, photo=True)


def _ask_briefly(talk: Talk, intake: Intake) -> Reply:
    slots = {
        "kind": _kind(talk, intake),
        "title": intake.draft.title,
        "place": _place(talk, intake),
        "time": within(talk, grade_hours(intake.draft.grade)),
    }
    if intake.draft.kind is Kind.PRAISE and not _names_place(intake):
        question = talk.say("{kind} “{title}”. Right?", **slots)
    elif intake.draft.kind is Kind.PRAISE:
        question = talk.say("{kind} “{title}”, {place}. Right?", **slots)
    elif _names_place(intake):
        question = talk.say("{kind} “{title}”, {place}, answer within {time}. Right?", **slots)
    else:
        question = talk.say("{kind} “{title}”, answer within {time}. Right?", **slots)
    return Reply(question, _right_or_not(talk))


def _names_place(intake: Intake) -> bool:
    draft = intake.draft
    given = draft.place.district or draft.place.detail or draft.pin
    return bool(given) or draft.kind not in NEEDS_NO_PLACE


def _kind(talk: Talk, intake: Intake) -> str:
    """What it is, and that nobody is told who says so."""
    kind = kind_name(talk, intake.draft.kind)
    if intake.draft.anonymous:
        return talk.say("Anonymous: {kind}", kind=kind)
    return talk.say("Confidential: {kind}", kind=kind) if intake.draft.confidential else kind


def _right_or_not(talk: Talk) -> tuple[Choice, ...]:
    return Choice("submit", talk.say("Yes")), Choice("fix", talk.say("Change"))


def _summary(talk: Talk, intake: Intake) -> list[str]:
    draft = intake.draft
    matter = draft.matter.replace("\n", talk.say("; "))
    if len(matter) > _LONGEST_SHOWN:
        matter = matter[: _LONGEST_SHOWN - 1] + "…"
    hours = grade_hours(draft.grade)
    lines = [
        talk.say("Kind: {kind}", kind=kind_name(talk, draft.kind)),
        talk.say("Matter: {matter}", matter=matter),
        talk.say("Place: {place}", place=_place(talk, intake)),
    ]
    if draft.kind is not Kind.PRAISE:
        lines.append(talk.say("Answer: within {time}", time=within(talk, hours)))
    if draft.wanted:
        lines.append(talk.say("You want: {wanted}", wanted=draft.wanted))
    if draft.contact:
        lines.append(talk.say("Phone: {phone}", phone=draft.contact))
    if draft.anonymous:
        lines.append(talk.say("Without your name"))
    elif draft.confidential:
        lines.append(talk.say("Your name and phone stay hidden from them"))
    if draft.attachments:
        lines.append(talk.say("Photos: {count}", count=len(draft.attachments)))
    return lines


def _place(talk: Talk, intake: Intake) -> str:
    place = intake.draft.place
    if place.district:
        return talk.facts.reader.full_name(place, talk.language)
    if place.detail:
        return place.detail
    return talk.say("the shared location") if intake.draft.pin else talk.say("not given")


def _hear_confirm(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if agrees(said, "submit"):
        return submit(intake, talk)
    if says(said, _DROPS):
        return cancelled(talk, intake)
    if says(said, NO | BACK, "fix"):
        return Goto("fix", intake)
    if understood is None:
        return Lost()
    phone = phone_number(said.text)
    if phone:
        return Goto("confirm", with_contact(intake, phone))
    return correct(talk, intake, said.text)


def with_contact(intake: Intake, phone: str) -> Intake:
    """Keep the phone number to be called."""
    draft = msgspec.structs.replace(intake.draft, contact=phone, anonymous=False)
    return msgspec.structs.replace(intake, draft=draft, contact_done=True)


def submit(intake: Intake, talk: Talk) -> Move:
    """Open the ticket, after a last question for a phone number where none is known."""
    draft = intake.draft
    if draft.kind is Kind.PRAISE:  # nobody has to call back
        return open_ticket(intake, confirmed=True)
    if talk.facts.reachable or intake.contact_done or draft.contact or draft.anonymous:
        return open_ticket(intake, confirmed=True)
    return Goto("contact", intake)


def _ask_contact(talk: Talk, intake: Intake) -> Reply:
    del intake
    question = talk.say("Which phone number may the unit call? You can leave it out.")
    return Reply(question, (Choice("skip", talk.say("Leave it out")),))


def _hear_contact(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, NONE | NO, "skip"):
        return open_ticket(intake, confirmed=True)
    if says(said, BACK):
        return Goto("confirm", intake)
    phone = phone_number(said.text)
    if phone:
        return open_ticket(with_contact(intake, phone), confirmed=True)
    if understood is not None and understood.has_matter:
        added = with_matter(intake, said.text, understood)
        return Goto("contact", added, talk.say("Added."))
    return Lost(talk.say("A number of 11 digits, or with area code; or leave it out."))


def _ask_confidential(talk: Talk, intake: Intake) -> Reply:
    del intake
    question = talk.say(
        "Shall your name and phone be kept from those you complain about? They cannot see them then."
    )
    return Reply(
        question, (Choice("yes", talk.say("Yes, keep")), Choice("no", talk.say("No need")))
    )


def _hear_confidential(
    talk: Talk, intake: Intake, said: Said, understood: Understood | None
) -> Move:
    if agrees(said, "yes") or _KEEP_SECRET.fullmatch(command_word(said.text)):
        return go_on(talk, confidential(intake, chosen=True))
    if says(said, NO | NONE | {"不保密", "不用保密"}, "no"):
        return go_on(talk, confidential(intake, chosen=False))
    if understood is not None and (understood.topic or understood.has_matter):
        return Goto("confidential", with_matter(intake, said.text, understood), talk.say("Added."))
    return Lost(talk.say("Yes: they cannot see who you are. No: they may call you directly."))


STATES: dict[str, State] = {
    "confirm": intake_state("confirm", _ask_confirm, _hear_confirm),
    "contact": intake_state("contact", _ask_contact, _hear_contact),
    "confidential": intake_state("confidential", _ask_confidential, _hear_confidential),
}
