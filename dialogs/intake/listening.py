"""The beginning of an intake: what happened, and where."""

import re

import msgspec

from dialogs.answers import (
    BACK,
    GREETINGS,
    NO,
    NONE,
    UNKNOWN,
    YES,
    phone_in,
    says,
    thanks,
)
from dialogs.dialog import Finish, Goto, Lost, Move, Start, State, Talk
from dialogs.follow_up import FollowUp
from dialogs.intake import several
from dialogs.intake.draft import Intake, tells, with_matter, with_more, with_place
from dialogs.intake.flow import as_looked_for, go_on, intake_state
from dialogs.intake.several import told_several
from dialogs.opinion import has_enough
from dialogs.requests import AddToTicket
from dialogs.said import Choice, Reply, Said
from dialogs.status import Status
from dialogs.ticket_number import format_number
from dialogs.understanding.numerals import choice_number
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import fold
from dialogs.understanding.tone import is_opener
from dialogs.wishes import wish
from dialogs.words import Kind

_SHORT = 8
_OTHER_TOPIC = "other"
_ADDS = re.compile(r"^\s*(?:我?[要想]?补充|还是(?:这|那|刚才)|就是(?:这|那|刚才))")
_AGAIN = re.compile(r"还是|仍|依然|依旧|又|一直没|再次|\b(?:still|again)\b", re.IGNORECASE)


def _ask_listen(talk: Talk, intake: Intake) -> Reply:
    if any(one.content_type.startswith("image/") for one in intake.draft.attachments):
        return Reply(talk.say("What does the photo show, and where is it?"), place=True)
    # The phone's words name the key, too.
    choices = (Choice("command:status", talk.say("See progress")),) if talk.facts.voice else ()
    text = talk.say("Please say where it is and what happened.")
    return Reply(text, choices, place=True, photo=True)


def _hear_listen(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None:
        return Lost()
    begun = intake != Intake()
    phone, name = phone_in(said.text)
    if phone and not begun and talk.session.last_ticket and not understood.topic:
        left = AddToTicket(talk.session.last_ticket, contact=phone, contact_name=name)
        return Finish(talk.say("They call that number about it."), (left,))
    move = None if begun else _small_talk(talk, said) or _wish(said, understood)
    if not begun and move is None and talk.session.last_ticket and _only_a_door(said, understood):
        return Goto("addition", msgspec.structs.replace(intake, pending=said.text))
    return move or _taken_down(talk, with_place(intake, understood.place), said, understood)


def _taken_down(talk: Talk, intake: Intake, said: Said, understood: Understood) -> Move:
    if tells(said.text, understood):
        return _told(talk, intake, said, understood)
    if understood.place.place.district or understood.place.candidates:
        return go_on(talk, intake)
    if understood.kind is not None and not understood.has_matter:
        return Goto("listen", _of_kind(intake, understood.kind))
    if is_opener(fold(said.text)):
        return Goto("listen", intake, talk.say("Go ahead, I am listening."))
    return Lost(_hint(talk))


def _told(talk: Talk, intake: Intake, said: Said, understood: Understood) -> Move:
    is_new = intake == Intake()
    if is_new and talk.session.last_ticket and _is_vague(said.text, understood):
        return Goto("addition", msgspec.structs.replace(intake, pending=said.text))
    if told_several(said.text, understood):
        return several.begin(talk, intake, said.text, understood)
    return go_on(talk, with_matter(intake, said.text, understood))


def _only_a_door(said: Said, understood: Understood) -> bool:
    """第一单元 or 3号楼也不热, said after the ticket, belongs to its address."""
    place = understood.place.place
    if not place.detail or place.street:
        return False
    return not understood.has_matter or ("也" in said.text and not place.district)


def _is_vague(text: str, understood: Understood) -> bool:
    """Words without a topic, or with 还是 and 又 and no place, may belong to the ticket before."""
    return not understood.topic or bool(_AGAIN.search(text))


def _hint(talk: Talk) -> str:
    example = talk.say("For example: “Haidian, Tiancun Road, building 5: the heating is cold”.")
    if talk.session.prompt:
        return example
    return talk.say("Hello, this is the 12345 hotline.") + talk.gap + example


def _of_kind(intake: Intake, kind: Kind) -> Intake:
    return msgspec.structs.replace(intake, draft=msgspec.structs.replace(intake.draft, kind=kind))


def _small_talk(talk: Talk, said: Said) -> Move | None:
    if says(said, GREETINGS):
        welcome = talk.say("Hello, this is the 12345 hotline.")
        return Goto("listen", Intake(), welcome)
    assents = says(said, YES)
    if (thanks(said) and not (assents and talk.session.prompt)) or (
        talk.session.last_ticket and assents
    ):
        return Finish(talk.say("You are welcome. Write here whenever something happens."))
    if talk.session.last_ticket and choice_number(said.text) is not None:  # pressed once too often
        return Finish(talk.say("To see how it stands, reply “status” at any time."))
    nothing_more = talk.session.last_ticket and says(said, NONE)
    if nothing_more or (len(said.text) <= _SHORT and has_enough(said.text)):
        return Finish(talk.say("All right."))
    return None


def _wish(said: Said, understood: Understood) -> Move | None:
    wished = wish(said.text)
    place = understood.place
    if wished is None or (understood.topic and (place.place.district or place.candidates)):
        return None
    dialog, state = wished
    other = FollowUp() if dialog == "follow_up" else Status()
    return Start(dialog, state, other, heard=said)


def _ask_matter(talk: Talk, intake: Intake) -> Reply:
    place = intake.draft.place
    if not place.district:
        return Reply(talk.say("What happened there?"), photo=True)
    name = talk.facts.reader.full_name(place, talk.language)
    return Reply(talk.say("What happened at {place}?", place=name), photo=True)


def _hear_matter(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None:
        return Lost()
    intake = with_place(intake, understood.place)
    if told_several(said.text, understood):
        return several.begin(talk, intake, said.text, understood)
    if tells(said.text, understood, least_letters=2):
        return go_on(talk, with_more(talk.facts.reader, intake, said.text, understood))
    if understood.place.place.district or understood.place.candidates:
        return Goto("matter", intake)
    return Lost(talk.say("In a few words, please: “no water since morning”, for example."))


def _ask_topic(talk: Talk, intake: Intake) -> Reply:
    reader = talk.facts.reader
    topics = [topic for topic in map(reader.topic, intake.topics) if topic is not None]
    choices = [Choice(topic.code, topic.level3.split("/")[0]) for topic in topics]
    other = Choice(_OTHER_TOPIC, talk.say("None of these"))
    return Reply(talk.say("Which is closest?"), (*choices, other))


def _hear_topic(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None:
        topic = "" if said.choice == _OTHER_TOPIC else said.choice
        return go_on(talk, _with_topic(talk, intake, topic))
    if says(said, NONE | NO) or UNKNOWN.search(said.text):
        return go_on(talk, _with_topic(talk, intake, ""))
    if tells(said.text, understood):
        intake = with_place(intake, understood.place)
        if understood.topic in intake.topics:
            intake = _with_topic(talk, intake, understood.topic)
        return go_on(talk, with_matter(_with_topic(talk, intake, ""), said.text, understood))
    return Lost(talk.say("Pick the line that fits best, or “none of these”."))


def _with_topic(talk: Talk, intake: Intake, code: str) -> Intake:
    topic = talk.facts.reader.topic(code) if code else None
    if topic is None:
        return msgspec.structs.replace(intake, topics=())
    draft = msgspec.structs.replace(intake.draft, topic=code, grade=topic.grade)
    return msgspec.structs.replace(intake, draft=draft, topics=())


def _ask_addition(talk: Talk, intake: Intake) -> Reply:
    del intake
    number = format_number(talk.session.last_ticket)
    add, new = talk.say("Add to it"), talk.say("New matter")
    question = talk.say("Does this belong to your ticket {number}?", number=number)
    return Reply(question, (Choice("add", add), Choice("new", new)))


def _hear_addition(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, BACK):
        return Finish(talk.say("All right, nothing is changed."))
    if says(said, YES, "add") or UNKNOWN.search(said.text):
        return _added(talk, intake, intake.pending)
    if says(said, NO, "new"):
        return _as_new(talk, intake, intake.pending)
    pending = "\n".join(part for part in (intake.pending, said.text) if part)
    if _ADDS.search(fold(said.text)):
        return _added(talk, intake, pending)
    if understood is not None and tells(said.text, understood):
        return _as_new(talk, intake, pending)
    return Lost(talk.say("Please say whether it belongs to that ticket or is new."))


def _added(talk: Talk, intake: Intake, text: str) -> Move:
    ticket_id = talk.session.last_ticket
    number = format_number(ticket_id)
    added = AddToTicket(ticket_id, text, intake.draft.attachments)
    return Finish(talk.say("Added to ticket {number}.", number=number), (added,))


def _as_new(talk: Talk, intake: Intake, text: str) -> Move:
    intake = msgspec.structs.replace(intake, pending="")
    if not text:
        return go_on(talk, intake)
    understood = talk.facts.reader.understand(text)
    intake = with_matter(with_place(intake, understood.place), text, understood)
    if not intake.draft.place.district:  # that it is new has just been said
        intake = as_looked_for(intake)
    return go_on(talk, intake)


STATES: dict[str, State] = {
    "listen": intake_state("listen", _ask_listen, _hear_listen),
    "matter": intake_state("matter", _ask_matter, _hear_matter),
    "topic": intake_state("topic", _ask_topic, _hear_topic),
    "addition": intake_state("addition", _ask_addition, _hear_addition),
}
