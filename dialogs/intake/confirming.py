"""The confirmation: everything in one view, any field to be mended, then the ticket is opened."""

import re

import msgspec

from dialogs.answers import BACK, NO, NONE, YES, phone_number, says
from dialogs.dialog import Finish, Goto, Lost, Move, State, Talk
from dialogs.intake.accepted import accepted
from dialogs.intake.draft import (
    Intake,
    confidential,
    corrected,
    tells,
    with_matter,
    with_place_said,
)
from dialogs.intake.flow import go_on, intake_state, open_ticket, place_question
from dialogs.names import grade_hours, kind_name, within
from dialogs.requests import TicketOpened
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.address import amended
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import fold
from dialogs.understanding.tone import DENIED_MATTER
from dialogs.words import Kind

_WRONG = re.compile(
    r"^\s*(?:不对|不是|错了|错|搞错了|no|wrong|not)[，,。.!！、\s]*(?:应该是|是|it'?s|it is)?\s*",
    re.IGNORECASE,
)
_INSTEAD = (
    re.compile(
        r"(?:不对[，,]?|错了[，,]?)?(?:不是|把)?(?P<old>[^，,。]{2,12}?)[，,\s]*"
        r"(?:应该是|应该为|应为|改成|改为|换成|而是|是)(?P<new>[^，,。]{2,12})[。！!]?$"
    ),
    re.compile(r"(?:应该)?是?(?P<new>[^，,。]{2,12}?)[，,\s]*不是(?P<old>[^，,。]{2,12})[。！!]?$"),
)
_ENDS = " \t，,。.！!"
_LONGEST_SHOWN = 80


def _ask_confirm(talk: Talk, intake: Intake) -> Reply:
    if talk.facts.brief:
        return _ask_briefly(talk, intake)
    choices = (Choice("submit", talk.say("Yes, submit")), Choice("fix", talk.say("Change")))
    lines = [talk.say("Please check:"), *_summary(talk, intake)]
    return Reply("\n".join([*lines, talk.say("Is that right?")]), choices, photo=True)


def _ask_briefly(talk: Talk, intake: Intake) -> Reply:
    draft = intake.draft
    if draft.kind is Kind.PRAISE:
        question = talk.say(
            "Praise “{title}”, {place}. Right?", title=draft.title, place=_place(talk, intake)
        )
        return Reply(question, _right_or_not(talk))
    question = talk.say(
        "{kind} “{title}”, {place}, answer within {time}. Right?",
        kind=kind_name(talk, draft.kind),
        title=draft.title,
        place=_place(talk, intake),
        time=within(talk, grade_hours(draft.grade)),
    )
    return Reply(question, _right_or_not(talk))


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
    if says(said, YES, "submit"):
        return _submit(intake, talk)
    if says(said, NO, "fix"):
        return Goto("fix", intake)
    if understood is None:
        return Lost()
    if says(said, BACK):
        return Goto("fix", intake)
    phone = phone_number(said.text)
    if phone:
        return Goto("confirm", with_contact(intake, phone))
    return _hear_correction(talk, intake, said)


def _hear_correction(talk: Talk, intake: Intake, said: Said) -> Move:
    """不对，是永定路: a place replaces the place, other words join the matter or replace its topic."""
    mended = _with_door(intake, said.text)
    if mended is not None:
        return Goto("confirm", mended, talk.say("Changed."))
    denies = bool(DENIED_MATTER.match(fold(said.text)))
    text = said.text if denies else _WRONG.sub("", said.text)
    is_wrong = denies or text != said.text
    if not text.strip():
        return Goto("fix", intake)
    reader = talk.facts.reader
    understood = reader.understand(text)
    placed = with_place_said(reader, intake, text)
    intake = placed or intake
    has_place = placed is not None
    if is_wrong and not has_place and not understood.topic:
        return Goto("fix", intake)
    if tells(text, understood):
        replaces = is_wrong and not has_place
        intake = (corrected if replaces else with_matter)(intake, text, understood)
    elif not has_place:
        return Lost(talk.say("Say what is wrong, for example “the place is Yongding Road”."))
    mends = is_wrong or has_place
    return go_on(talk, intake, talk.say("Changed.") if mends else talk.say("Added."))


def _with_door(intake: Intake, text: str) -> Intake | None:
    """5号楼应该是6号楼, and 不是5号楼，是6号楼: change that part of the address, None when it is not in it."""
    place = intake.draft.place
    for words in _INSTEAD:
        said = words.match(text.strip())
        if said and said["old"] in place.detail:
            detail = place.detail.replace(said["old"], said["new"].strip(_ENDS))
            if amended(said["old"], said["new"]) != said["old"] + said["new"]:
                place = msgspec.structs.replace(place, detail=detail)
                draft = msgspec.structs.replace(intake.draft, place=place)
                return msgspec.structs.replace(intake, draft=draft)
    return None


def with_contact(intake: Intake, phone: str) -> Intake:
    """Keep the phone number to be called."""
    draft = msgspec.structs.replace(intake.draft, contact=phone, anonymous=False)
    return msgspec.structs.replace(intake, draft=draft, contact_done=True)


def _submit(intake: Intake, talk: Talk) -> Move:
    draft = intake.draft
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
    if says(said, YES | {"保密", "要保密"}, "yes"):
        return go_on(talk, confidential(intake, chosen=True))
    if says(said, NO | NONE | {"不保密", "不用保密"}, "no"):
        return go_on(talk, confidential(intake, chosen=False))
    if understood is not None and (understood.topic or understood.has_matter):
        return Goto("confidential", with_matter(intake, said.text, understood), talk.say("Added."))
    return Lost(talk.say("Yes: they cannot see who you are. No: they may call you directly."))


def _hear_opened(talk: Talk, intake: Intake, opened: TicketOpened) -> Move:
    said = accepted(talk, intake.draft, opened)
    if intake.draft.emergency and place_question(intake):
        intake = msgspec.structs.replace(intake, ticket_id=opened.ticket_id)
        return go_on(talk, intake, said)
    # Nobody's ticket takes additions: it is not remembered as this resident's last one.
    return Finish(said, last_ticket=0 if intake.draft.anonymous else opened.ticket_id)


STATES: dict[str, State] = {
    "confirm": intake_state("confirm", _ask_confirm, _hear_confirm),
    "contact": intake_state("contact", _ask_contact, _hear_contact),
    "confidential": intake_state("confidential", _ask_confidential, _hear_confidential),
    "opened": State(hear=_hear_opened),
}
