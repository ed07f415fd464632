"""The course of an intake: what is asked next, and what every state of it hears alike."""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from dialogs.answers import CANCEL, says
from dialogs.danger import danger, despairs
from dialogs.dialog import Await, Finish, Goto, Lost, Move, State, Talk
from dialogs.intake.consent import may_settle, not_hidden
from dialogs.intake.draft import Intake, told, with_matter, with_media, with_place
from dialogs.intake.pinned import narrowed, outside_city, with_pin
from dialogs.requests import AddToTicket, Draft, FindRelated, OpenTicket
from dialogs.said import UNSEEN_PHOTO, Reply, Said
from dialogs.surges import surge_of
from dialogs.understanding.elsewhere import elsewhere
from dialogs.understanding.kind import NEEDS_NO_PLACE, accuses
from dialogs.understanding.knowledge import asks
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import fold
from dialogs.understanding.tone import is_mere_abuse
from dialogs.words import Kind, Language, stricter

MOST_CHOICES = 4
ABOUT_SOMEBODY = frozenset({Kind.TIP_OFF, Kind.COMPLAINT})

# Where a location answers the question, or brings it nearer.
_GOES_ON = frozenset({"listen", "matter", "place", "street", "which_place", "which_district"})

_NOT_ASKED = frozenset({"company", "green", "confirm"})  # of matters of an event

Heard = Callable[[Talk, Intake, Said, Understood | None], Move]


def intake_state(name: str, ask: Callable[[Talk, Intake], Reply], hear: Heard) -> State:
    """Make a state that, before its own answers, hears photos, locations, dangers and 取消.

    `hear` gets no `Understood` when a choice was picked.
    """

    def heard(talk: Talk, intake: Intake, said: Said) -> Move:
        intake = with_media(with_pin(talk.facts.reader, intake, said.pin, name), said)
        if says(said, CANCEL):
            return cancelled(talk, intake)
        if not said.text and not said.choice and (said.attachments or said.pin):
            return _only_media(talk, intake, said, name)
        if said.text == UNSEEN_PHOTO:
            return Lost(talk.say("Photos do not reach me here; please say it in words."), intake)
        if is_mere_abuse(fold(said.text)):
            return Lost(_patiently(talk, name), intake)
        understood = None if said.choice else _understood(talk, intake, said.text)
        if understood and understood.emergency and not intake.ticket_id:
            known = with_place(intake, understood.place)
            return emergency(talk, with_matter(known, said.text, understood))
        move = hear(talk, intake, said, understood)
        return replace(move, data=intake) if isinstance(move, Lost) and move.data is None else move

    return State(hear=heard, ask=ask, media=True)


def _patiently(talk: Talk, name: str) -> str:
    """Who has told all already is asked for nothing more."""
    if name == "confirm":
        return talk.say("If nothing is wrong, submit it; it can be changed later, too.")
    return talk.say("Tell me what happened, I take it down.")


def _understood(talk: Talk, intake: Intake, text: str) -> Understood:
    return narrowed(talk.facts.reader, intake, talk.facts.reader.understand(text))


def go_on(talk: Talk, intake: Intake, say: str = "") -> Move:
    """Ask for what is missing, or show all for confirmation."""
    intake = _by_line(talk, intake)
    draft = intake.draft
    if intake.ticket_id:
        return _complete_emergency(talk, intake, say)
    if not draft.matter:
        return Goto("matter" if draft.place.district or draft.pin else "listen", intake, say)
    if not intake.insisted and elsewhere(draft.matter):
        return Goto("elsewhere", intake, say)
    missing = _missing(intake)
    # A question is answered before anything is asked; other matters are compared when they are complete, or told
    # without a place by somebody whose ticket of the same may say where it is.
    known = missing == "place" and draft.topic and talk.session.last_ticket
    if (not missing or known or _asks(draft)) and intake.looked_for != _looked_for(intake):
        return look_for_related(intake, say)
    return Goto(missing, intake, say) if missing else _all_known(talk, intake, say)


def _all_known(talk: Talk, intake: Intake, say: str) -> Move:
    """Ask what is asked last; what is about an event may be taken down at once."""
    question = _last_question(talk, intake)
    surge = surge_of(talk.facts.surges, intake.draft, talk.facts.line.number)
    if surge is None:
        return Goto(question, intake, say)
    intake = msgspec.structs.replace(intake, draft=surge.graded(intake.draft))
    if talk.language in surge.short and question in _NOT_ASKED:
        return open_ticket(intake, confirmed=False, say=say)
    return Goto(question, intake, say)


def _by_line(talk: Talk, intake: Intake) -> Intake:
    """What the words leave open is what the hotline that was called is for."""
    topic = talk.facts.reader.topic(talk.facts.line.topic) if talk.facts.line.topic else None
    draft = intake.draft
    if topic is None or not draft.matter or draft.topic or intake.topics:
        return intake
    grade = stricter(draft.grade, topic.grade)
    draft = msgspec.structs.replace(draft, topic=topic.code, grade=grade)
    return msgspec.structs.replace(intake, draft=draft)


def _asks(draft: Draft) -> bool:
    """What asks may have an answer already, also when it sounds like a request: 今天限行吗."""
    return draft.kind is Kind.QUESTION or (draft.kind is Kind.REQUEST and asks(draft.matter))


def _missing(intake: Intake) -> str:
    """The state that asks for what a ticket cannot do without, "" when all is there."""
    if intake.topics and not intake.draft.topic and len(intake.topics) <= MOST_CHOICES:
        return "topic"
    return place_question(intake)


def _last_question(talk: Talk, intake: Intake) -> str:
    if is_to_be_hidden(intake):
        return "confidential"
    if _asks_company(talk, intake):
        return "company"
    return "green" if may_settle(talk.facts.reader, intake.draft) else "confirm"


def _asks_company(talk: Talk, intake: Intake) -> bool:
    """Whether several enterprises answer for it by themselves, and none of them is named."""
    draft, topic = intake.draft, talk.facts.reader.topic(intake.draft.topic)
    if topic is None or not topic.direct or intake.company_done or draft.emergency:
        return False
    if draft.kind in NEEDS_NO_PLACE:  # a proposal is for all of them
        return False
    return len(topic.enterprises) > 1 and draft.enterprise not in topic.enterprises


def is_to_be_hidden(intake: Intake) -> bool:
    """Tell whether it is still to be asked for secrecy: somebody is informed against, or complained of who may take it ill."""
    draft = intake.draft
    if intake.confidential_done or draft.anonymous or draft.kind not in ABOUT_SOMEBODY:
        return False
    return draft.kind is Kind.TIP_OFF or accuses(fold(draft.matter))


def look_for_related(intake: Intake, say: str = "") -> Move:
    """Ask the city what it knows of this matter already; heard in the state `related`."""
    return Await(FindRelated(intake.draft), "related", as_looked_for(intake), say)


def as_looked_for(intake: Intake) -> Intake:
    """Take what is known as weighed already: it is compared anew when more is known."""
    return msgspec.structs.replace(intake, looked_for=_looked_for(intake))


def _looked_for(intake: Intake) -> str:
    """What a look depends on: once it has changed, it is worth another."""
    draft = intake.draft
    place = draft.place
    return "/".join((draft.kind or "", draft.topic, place.district, place.street, place.community))


def place_question(intake: Intake) -> str:
    """The state that asks for what is missing of the place, "" when it is known or given up."""
    if intake.place_done:
        return ""
    if intake.candidates:
        return "which_place" if len(intake.candidates) <= MOST_CHOICES else "which_district"
    if intake.draft.place.district:
        return "street"
    return "place"


def open_ticket(intake: Intake, *, confirmed: bool, say: str = "") -> Move:
    """Hand the draft in; the city answers with the number. An unasked tip-off is confidential."""
    draft = intake.draft
    unasked = draft.kind is Kind.TIP_OFF and not intake.confidential_done
    draft = msgspec.structs.replace(
        draft,
        matter=told(intake),
        confirmed=confirmed,
        confidential=draft.confidential or (unasked and not draft.anonymous),
    )
    draft = not_hidden(draft)
    return Await(OpenTicket(draft), "opened", intake, say)


def emergency(talk: Talk, intake: Intake) -> Move:
    """A danger to life: say whom to call, record it at once, ask afterwards."""
    draft = intake.draft
    if draft.anonymous:  # who may have to be found is not left without a trace, but kept hidden
        draft = msgspec.structs.replace(draft, anonymous=False, confidential=True)
    intake = msgspec.structs.replace(intake, draft=draft, despairs=despairs(draft.matter))
    say = danger(talk, draft.matter)
    return open_ticket(_with_all_words(intake), confirmed=False, say=say)


def _with_all_words(intake: Intake) -> Intake:
    """What was still to be asked about goes with the emergency, for nobody asks about it now."""
    rest = (intake.pending, intake.another, *(() if intake.pending else intake.others))
    matter = "\n".join(part for part in (intake.draft.matter, *rest) if part)
    draft = msgspec.structs.replace(intake.draft, matter=matter)
    return msgspec.structs.replace(intake, draft=draft, pending="", another="", others=())


def cancelled(talk: Talk, intake: Intake) -> Move:
    """Drop the draft, and say so."""
    if intake.ticket_id:
        return Finish(talk.say("All right. What you told us so far has been passed on."))
    return Finish(talk.say("All right, nothing was submitted. Write again at any time."))


def _complete_emergency(talk: Talk, intake: Intake, say: str) -> Move:
    question = place_question(intake)
    if question:
        return Goto(question, intake, say)
    draft = intake.draft
    added = AddToTicket(intake.ticket_id, _where(talk, intake), place=draft.place, pin=draft.pin)
    thanks = talk.say("Thank you, I have passed on the place.")
    return Finish(f"{say}\n{thanks}".strip(), (added,), last_ticket=intake.ticket_id)


def _where(talk: Talk, intake: Intake) -> str:
    """The place in the language of those who read the ticket."""
    place = intake.draft.place
    name = talk.facts.reader.full_name(place, Language.CHINESE) or place.detail
    return talk.facts.phrases.say(Language.CHINESE, "Place: {place}", place=name) if name else ""


def _only_media(talk: Talk, intake: Intake, said: Said, name: str) -> Move:
    got = _got(talk, said)
    last = talk.session.last_ticket
    if name == "listen" and said.attachments and not intake.draft.matter and last:
        return Goto("addition", intake, got)
    if not said.attachments and outside_city(talk.facts.reader, said.pin):
        draft = msgspec.structs.replace(intake.draft, pin=None)
        intake = msgspec.structs.replace(intake, draft=draft)
        return Goto(
            name, intake, talk.say("That is in another city: dial its area code and 12345.")
        )
    if intake.ticket_id:
        return _passed_on(talk, intake, said, name, got)
    return go_on(talk, intake, got) if said.pin and name in _GOES_ON else Goto(name, intake, got)


def _passed_on(talk: Talk, intake: Intake, said: Said, name: str, got: str) -> Move:
    """What comes of an emergency goes to those who are on their way, before the next question."""
    question = place_question(intake)
    if said.pin and not question:
        return _complete_emergency(talk, intake, got)
    place = intake.draft.place if said.pin else Place()
    added = AddToTicket(intake.ticket_id, attachments=said.attachments, place=place, pin=said.pin)
    return Goto(question if said.pin else name, intake, got, (added,))


def _got(talk: Talk, said: Said) -> str:
    """What has arrived, and what it can tell by itself."""
    kinds = {attachment.content_type.partition("/")[0] for attachment in said.attachments}
    if "audio" in kinds:
        return talk.say(
            "I cannot listen to voice notes; it goes to those who handle this. Please type what and where."
        )
    if kinds - {"image"}:
        return talk.say("I have got it.")
    return talk.say("Got the photo.") if kinds else talk.say("Got your location.")
