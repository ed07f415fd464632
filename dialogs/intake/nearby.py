"""Others have told the same matter close by: join theirs (并案), or submit it alone; the question confirms either way."""

import re

import msgspec

from dialogs.answers import NO, agrees, phone_in, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.confirming import submit
from dialogs.intake.correcting import correct
from dialogs.intake.draft import Intake, tells, with_contact
from dialogs.intake.flow import go_on, intake_state, is_to_be_hidden, open_ticket
from dialogs.names import kind_name
from dialogs.requests import RelatedFound
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import fold
from dialogs.words import Kind, Language

_ALONE = re.compile(r"(?:不|别).{0,3}(?:并|一起|加入)|单独|分开|自己办|alone|separate")
_JOIN = re.compile(r"并(?:案|进|到|入|吧|了|$)|合并|一起|一块|加入|一样|together|join")
_REFUSES = frozenset({"不", "不要", "不用", "不行", "no"})
_NOT_COUNTED = 100
_SHORT = 12  # letters of an answer; what is longer tells something


def offer(intake: Intake, found: RelatedFound) -> Move | None:
    """Tell that others wait for the same, None when there are none."""
    if found.nearby is None:
        return None
    return Goto("nearby", msgspec.structs.replace(intake, nearby=found.nearby))


def _ask(talk: Talk, intake: Intake) -> Reply:
    others = intake.nearby
    if others is None:
        return Reply(talk.say("Shall I submit it?"))
    slots = {
        "kind": kind_name(talk, intake.draft.kind),
        "title": intake.draft.title,
        "count": _how_many(talk, others.residents),
        "unit": others.unit or talk.say("the centre"),
    }
    if talk.facts.brief or talk.facts.voice:
        return _ask_briefly(talk, _short_place(talk, others.place), slots)
    place = talk.facts.reader.full_name(intake.draft.place, talk.language)
    text = talk.say(
        "{kind} “{title}”, {place}. {count} residents nearby have told the same, and {unit} is working "
        "on it. Shall yours be handled together with theirs?",
        place=place,
        **slots,
    )
    join = Choice("join", talk.say("Together; tell me how it goes"))
    return Reply(text, (join, Choice("alone", talk.say("Submit it alone"))), photo=True)


def _ask_briefly(talk: Talk, place: str, slots: dict[str, str]) -> Reply:
    choices = Choice("join", talk.say("Together")), Choice("alone", talk.say("Alone"))
    if talk.facts.voice:
        text = talk.say("{count} residents have told “{title}”, {place}.", place=place, **slots)
        return Reply(text, choices)
    text = talk.say(
        "{kind} “{title}”, {place}: {count} told it, {unit} is on it. Together?",
        place=place,
        **slots,
    )
    return Reply(text, choices)


def _how_many(talk: Talk, residents: int) -> str:
    if residents < _NOT_COUNTED:
        return str(residents)
    return talk.say("over {count}", count=_NOT_COUNTED - 1)


def _short_place(talk: Talk, place: Place) -> str:
    """The common place without the names above it."""
    reader = talk.facts.reader
    if place.detail:
        return place.detail
    known = reader.community(place.community) or reader.street(place.street)
    if known is None or talk.language is not Language.CHINESE:
        return reader.full_name(place, talk.language)
    return known.name


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    others = intake.nearby
    if others is not None and (agrees(said, "join") or _means(said, _JOIN, but=_ALONE)):
        draft = msgspec.structs.replace(intake.draft, joined_to=others.ticket_id)
        # The news come here; whom to call is asked of those who are handled alone.
        return open_ticket(msgspec.structs.replace(intake, draft=draft), confirmed=True)
    if others is None or says(said, _REFUSES, "alone") or _means(said, _ALONE):
        return _alone(talk, intake)
    return Lost() if understood is None else _hear_words(talk, intake, said.text, understood)


def _means(said: Said, words: re.Pattern[str], *, but: re.Pattern[str] | None = None) -> bool:
    """Whether a short answer holds such words."""
    text = fold(said.text)
    if said.choice or len(text) > _SHORT or (but is not None and but.search(text)):
        return False
    return words.search(text) is not None


def _hear_words(talk: Talk, intake: Intake, text: str, understood: Understood) -> Move:
    """A number is kept, anything else mends what is to be submitted, and is compared anew."""
    if says(Said(text), NO):  # 要改, 不对
        return Goto("fix", intake)
    phone, name = phone_in(text)
    if phone and not understood.topic:
        return Goto("nearby", with_contact(intake, phone, name), talk.say("Changed."))
    if not tells(text, understood) and not understood.place.place.district:
        return Lost(
            talk.say("Together: their unit answers you too. Alone: you are answered apart.")
        )
    return correct(talk, msgspec.structs.replace(intake, looked_for=""), text)


def _alone(talk: Talk, intake: Intake) -> Move:
    """All was shown in the question: it is submitted, unless something is still to be asked."""
    intake = msgspec.structs.replace(intake, nearby=None)
    if intake.draft.kind is Kind.COMPLAINT and is_to_be_hidden(intake):
        return go_on(talk, intake)
    return submit(intake, talk)


STATES: dict[str, State] = {"nearby": intake_state("nearby", _ask, _hear)}
