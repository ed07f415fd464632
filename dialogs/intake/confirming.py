"""The confirmation: everything in one view, any field to be mended, then the ticket is opened."""

import msgspec

from dialogs.answers import BACK, NO, UNKNOWN, agrees, phone_in, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.aloud import read_back
from dialogs.intake.consent import not_hidden
from dialogs.intake.correcting import correct
from dialogs.intake.draft import Intake, tells, with_contact
from dialogs.intake.flow import cancelled, intake_state, open_ticket
from dialogs.intake.reaching import invitation, is_invited
from dialogs.names import grade_hours, kind_name, within
from dialogs.requests import Draft
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.kind import NEEDS_NO_PLACE
from dialogs.understanding.reader import Understood
from dialogs.words import Kind

_DROPS = frozenset({"算了", "算了吧", "不弄了", "不报了", "forget it"})
_NO_CALL = frozenset(
    {"不用", "不用了", "不需要", "不留", "不留了", "没有", "不用打", "不用打电话", "no need"}
)
_LONGEST_SHOWN = 80


def _ask_confirm(talk: Talk, intake: Intake) -> Reply:
    if talk.facts.voice:
        return read_back(talk, intake)
    if talk.facts.brief:
        return _ask_briefly(talk, intake)
    choices = (Choice("submit", talk.say("Yes, submit")), Choice("fix", talk.say("Change")))
    lines = [talk.say("Please check:"), *_summary(talk, intake), talk.say("Is that right?")]
    if is_invited(talk, intake):
        lines[-1] += talk.gap + invitation(talk, intake)
    return Reply("\n".join(lines), choices, photo=True)


def _ask_briefly(talk: Talk, intake: Intake) -> Reply:
    slots = {
        "kind": _kind(talk, intake),
        "title": intake.draft.title,
        "place": _place(talk, intake),
        "time": within(talk, _hours(talk, intake.draft)),
    }
    if intake.draft.kind is Kind.PRAISE and not _names_place(intake):
        question = talk.say("{kind} “{title}”. Right?", **slots)
    elif intake.draft.kind is Kind.PRAISE:
        question = talk.say("{kind} “{title}”, {place}. Right?", **slots)
    elif _names_place(intake):
        question = talk.say("{kind} “{title}”, {place}, answer within {time}. Right?", **slots)
    else:
        question = talk.say("{kind} “{title}”, answer within {time}. Right?", **slots)
    if is_invited(talk, intake):
        question += talk.gap + invitation(talk, intake)
    return Reply(question, _right_or_not(talk))


def _hours(talk: Talk, draft: Draft) -> int:
    """The time to answer: an enterprise that may settle it first has its own."""
    return talk.facts.green_hours if not_hidden(draft).green else grade_hours(draft.grade)


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
    hours = _hours(talk, draft)
    lines = [
        talk.say("Kind: {kind}", kind=kind_name(talk, draft.kind)),
        talk.say("Matter: {matter}", matter=matter),
        talk.say("Place: {place}", place=_place(talk, intake)),
    ]
    if draft.kind is not Kind.PRAISE:
        lines.append(talk.say("Answer: within {time}", time=within(talk, hours)))
    if draft.wanted:
        lines.append(talk.say("You want: {wanted}", wanted=draft.wanted))
    lines += _who(talk, draft)
    return [*lines, *_enclosed(talk, draft)]


def _who(talk: Talk, draft: Draft) -> list[str]:
    """Whose matter it is, who may be called, and who may know."""
    lines = [talk.say("For somebody else")] if draft.on_behalf else []
    if draft.contact:
        lines.append(talk.say("Phone: {phone}", phone=draft.contact))
    if draft.anonymous:
        lines.append(talk.say("Without your name"))
    elif draft.confidential:
        lines.append(talk.say("Your name and phone stay hidden from them"))
    return lines


def _enclosed(talk: Talk, draft: Draft) -> list[str]:
    photos = sum(one.content_type.startswith("image/") for one in draft.attachments)
    others = len(draft.attachments) - photos
    lines = [talk.say("Photos: {count}", count=photos)] if photos else []
    return [*lines, talk.say("Recordings and files: {count}", count=others)] if others else lines


def _place(talk: Talk, intake: Intake) -> str:
    place = intake.draft.place
    if place.district:
        return talk.facts.reader.full_name(place, talk.language)
    if place.detail:
        return place.detail
    return talk.say("the shared location") if intake.draft.pin else talk.say("not given")


def _hear_confirm(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if agrees(said, "submit"):
        # On the phone a number is asked for by itself, and keyed in.
        return submit(intake, talk) if talk.facts.voice else open_ticket(intake, confirmed=True)
    if says(said, _DROPS):
        return cancelled(talk, intake)
    if is_invited(talk, intake) and says(said, _NO_CALL):  # no to the phone call, not to the rest
        return Goto("confirm", msgspec.structs.replace(intake, contact_done=True))
    if says(said, NO | BACK, "fix"):
        return Goto("fix", intake)
    return Lost() if understood is None else _hear_words(talk, intake, said.text, understood)


def _hear_words(talk: Talk, intake: Intake, text: str, understood: Understood) -> Move:
    phone, name = phone_in(text)
    if phone and not understood.topic:
        known = with_contact(intake, phone, name)
        if is_invited(talk, intake):  # the question said what a number means
            return open_ticket(known, confirmed=True)
        return Goto("confirm", known, talk.say("Changed."))
    if UNKNOWN.search(text) and not tells(text, understood):
        return Lost(talk.say("If nothing is wrong, submit it; it can be changed later, too."))
    return correct(talk, intake, text)


def submit(intake: Intake, talk: Talk) -> Move:
    """Open the ticket, after a last question for a phone number where none is known and none was asked for."""
    if is_invited(talk, intake):
        return Goto("contact", intake)
    return open_ticket(intake, confirmed=True)


STATES: dict[str, State] = {"confirm": intake_state("confirm", _ask_confirm, _hear_confirm)}
