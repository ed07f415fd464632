"""Where it is: asked freely, then by choices, and never more often than helps."""

import re

import msgspec

from dialogs.answers import BACK, NO, NONE, UNKNOWN, agrees, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.draft import (
    Intake,
    placed,
    says_nothing,
    tidy,
    with_matter,
    with_more,
    with_place_said,
)
from dialogs.intake.flow import MOST_CHOICES, go_on, intake_state
from dialogs.intake.pinned import outside_city
from dialogs.requests import AddToTicket
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.kind import NEEDS_NO_PLACE
from dialogs.understanding.outside import outside
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Understood
from dialogs.understanding.since import tells_only_when
from dialogs.understanding.text import fold

_MOST_TRIES = 2
_MOST_DISTRICTS = 16
_LONGEST_PLACE = 40
_ELSEWHERE = "elsewhere"
_NOWHERE = "nowhere"
_YES_AND = re.compile(r"\s*(?:对|是|嗯|没错|yes|right)的?[，,。\s]+\S", re.IGNORECASE)
_PLACELESS = re.compile(r"(?:与|和|跟)地[点方](?:无关|没关系)|不涉及地[点方]|not about a place")


def _ask_place(talk: Talk, intake: Intake) -> Reply:
    choices: tuple[Choice, ...] = ()
    if intake.draft.kind in NEEDS_NO_PLACE:
        choices = (Choice(_NOWHERE, talk.say("Not about a place")),)
    elsewhere = _elsewhere(intake)
    if elsewhere:
        question = talk.say(
            "{place} is not in this city: dial its area code and 12345. "
            "If it happened here, in which district and street?",
            place=elsewhere,
        )
    elif choices:
        question = talk.say("Which district and street is it about?")
    elif outside_city(talk.facts.reader, intake.draft.pin):
        away = talk.say("That is in another city: dial its area code and 12345.")
        here = talk.say("Where is it? District, street or estate, and building.")
        question = away + talk.gap + here
    elif intake.draft.pin is not None:
        question = talk.say("In which district and street or community is that?")
    else:
        question = talk.say("Where is it? District, street or estate, and building.")
    return Reply(question, choices, place=intake.draft.pin is None)


def _ask_which_place(talk: Talk, intake: Intake) -> Reply:
    if len(intake.candidates) == 1:
        return _ask_is_it_there(talk, intake.candidates[0])
    labels = [talk.facts.reader.candidates_label(place) for place in intake.candidates]
    choices = [Choice(str(n), label) for n, label in enumerate(labels[:MOST_CHOICES])]
    other = Choice(_ELSEWHERE, talk.say("Somewhere else"))
    return Reply(talk.say("Which one is it?"), (*choices, other))


def _ask_is_it_there(talk: Talk, guess: Place) -> Reply:
    name = talk.facts.reader.full_name(msgspec.structs.replace(guess, detail=""), talk.language)
    yes, no = Choice("0", talk.say("Yes, there")), Choice(_ELSEWHERE, talk.say("Somewhere else"))
    return Reply(talk.say("Do you mean {place}?", place=name), (yes, no))


def _ask_which_district(talk: Talk, intake: Intake) -> Reply:
    codes = _districts(intake)
    reader = talk.facts.reader
    choices = [
        Choice(code, district.short_name)
        for code in codes
        if (district := reader.district(code)) is not None
    ]
    return Reply(talk.say("There are several of that name. In which district?"), tuple(choices))


def _ask_street(talk: Talk, intake: Intake) -> Reply:
    name = talk.facts.reader.full_name(Place(intake.draft.place.district), talk.language)
    question = talk.say("Which street or estate in {district}?", district=name)
    return Reply(question, (Choice(_NOWHERE, talk.say("I do not know")),))


def _hear_place(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if understood is None:
        return go_on(talk, _given_up(intake)) if said.choice == _NOWHERE else Lost()
    if says(said, BACK):
        return Goto("confirm", _given_up(intake)) if intake.draft.place.district else Lost()
    found = with_place_said(talk.facts.reader, intake, said.text)
    if found is not None:
        return go_on(talk, _with_details(_tried(intake, found), said.text, understood))
    if intake.candidates and not understood.topic:
        return go_on(talk, _with_proposal(intake, said))
    if _gives_up(said):
        return _unknown(talk, intake, said)
    return _not_found(talk, intake, said, understood)


def _with_proposal(intake: Intake, said: Said) -> Intake:
    """A second reading has brought a place meanwhile: it is asked about now, with what was said kept beside it."""
    intake = intake if _gives_up(said) else _noted(intake, said)
    detail = intake.draft.place.detail
    candidates = [msgspec.structs.replace(one, detail=detail) for one in intake.candidates]
    return msgspec.structs.replace(intake, candidates=tuple(candidates))


def _unknown(talk: Talk, intake: Intake, said: Said) -> Move:
    """Somebody who knows neither district nor street may know a road or a building nearby: ask once."""
    known = intake.draft.place.district or intake.draft.pin
    if known or intake.place_tries or not UNKNOWN.search(said.text):
        return go_on(talk, _given_up(intake))
    hint = talk.say("A road, an estate or a big building nearby will do.")
    return Goto("place", msgspec.structs.replace(intake, place_tries=1), hint)


def _tried(before: Intake, found: Intake) -> Intake:
    """The building alone, said when the street was asked, is as good as it gets the second time."""
    if found.place_done or found.candidates or found.draft.place.depth > before.draft.place.depth:
        return found
    tries = before.place_tries + 1
    return msgspec.structs.replace(found, place_tries=tries, place_done=tries >= _MOST_TRIES)


def _with_details(intake: Intake, text: str, understood: Understood) -> Intake:
    """Keep what else was told with the place."""
    if understood.has_matter and understood.topic and not intake.ticket_id:
        return with_matter(intake, text, understood)
    return intake


def _not_found(talk: Talk, intake: Intake, said: Said, understood: Understood) -> Move:
    """Ask once more in other words, then go on with what the resident calls the place."""
    more = understood.has_matter and understood.topic
    if more or tells_only_when(fold(said.text)):
        if intake.ticket_id:
            return Goto("place", intake, "", (AddToTicket(intake.ticket_id, said.text),))
        return _told_more(talk, intake, said, understood)
    tries = intake.place_tries + 1
    intake = msgspec.structs.replace(intake, place_tries=tries)
    if tries < _most_tries(talk):
        hint = talk.say("I cannot find that place. The name of the district or a street helps.")
        if _elsewhere(_noted(intake, said)):
            hint = ""  # the question says that it is not here
        return Goto(_state(talk, intake), _noted(intake, said), hint)
    return go_on(talk, _given_up(_noted(intake, said)))


def _told_more(talk: Talk, intake: Intake, said: Said, understood: Understood) -> Move:
    """More of the matter instead of the place: that is kept, and the place asked again."""
    tries = intake.place_tries + 1
    intake = with_more(talk.facts.reader, intake, said.text, understood)
    intake = msgspec.structs.replace(intake, place_tries=tries)
    added = talk.say("Added.")
    if tries < _most_tries(talk):
        return Goto(_state(talk, intake), intake, added)
    return go_on(talk, _given_up(intake), added)


def _noted(intake: Intake, said: Said) -> Intake:
    """Keep the resident's own words for the place, for people to read."""
    before = intake.draft.place
    if says(said, NO | NONE) or says_nothing(said.text) or said.text in before.detail:
        return intake
    place = msgspec.structs.replace(
        before, detail=f"{before.detail} {said.text}".strip()[:_LONGEST_PLACE]
    )
    draft = msgspec.structs.replace(intake.draft, place=place)
    return msgspec.structs.replace(intake, draft=draft)


def _elsewhere(intake: Intake) -> str:
    return outside(fold(intake.draft.matter + intake.draft.place.detail))


def _state(talk: Talk, intake: Intake) -> str:
    """Asked again: on the phone by keys, for what was made of a name once is no better the second time."""
    if talk.facts.voice:
        return "which_street" if intake.draft.place.district else "district"
    return "street" if intake.draft.place.district else "place"


def _most_tries(talk: Talk) -> int:
    return _MOST_TRIES + talk.facts.voice


def _hear_which_place(
    talk: Talk, intake: Intake, said: Said, understood: Understood | None
) -> Move:
    if understood is None:
        return _hear_choice(talk, intake, said)
    if len(intake.candidates) == 1 and (agrees(said) or _YES_AND.match(said.text)):
        return go_on(talk, _confirmed(talk, intake, said))
    if says(said, NO | NONE | BACK):
        return _none_of_these(talk, intake)
    if _gives_up(said):
        return go_on(talk, _given_up(intake))
    return _narrowed(talk, intake, said, understood)


def _hear_choice(talk: Talk, intake: Intake, said: Said) -> Move:
    if said.choice == _ELSEWHERE:
        return _none_of_these(talk, intake)
    place = _picked(intake, said.choice)
    if place is None:
        return Lost()
    return go_on(talk, placed(intake, tidy(talk.facts.reader, place)))


def _none_of_these(talk: Talk, intake: Intake) -> Move:
    return Goto(_state(talk, intake), msgspec.structs.replace(intake, candidates=()))


def _confirmed(talk: Talk, intake: Intake, said: Said) -> Intake:
    """Take the one guess that was agreed to; 对，3号楼 tells the building too."""
    intake = placed(intake, tidy(talk.facts.reader, intake.candidates[0]))
    deeper = with_place_said(talk.facts.reader, intake, said.text)
    return deeper if deeper is not None and deeper.draft.place.street else intake


def _picked(intake: Intake, choice: str) -> Place | None:
    if choice.isdecimal() and int(choice) < len(intake.candidates):
        return intake.candidates[int(choice)]
    return None


def _narrowed(talk: Talk, intake: Intake, said: Said, understood: Understood) -> Move:
    """Read an answer such as 朝阳的 against the candidates; another place replaces them."""
    found = with_place_said(talk.facts.reader, intake, said.text)
    if found is None:
        return _not_found(talk, _first_common(intake), said, understood)
    return go_on(talk, _with_details(found, said.text, understood))


def _first_common(intake: Intake) -> Intake:
    """Keep the candidates for the first retry, drop them afterwards."""
    if intake.place_tries + 1 < _MOST_TRIES:
        return intake
    return msgspec.structs.replace(intake, candidates=())


def _hear_which_district(
    talk: Talk, intake: Intake, said: Said, understood: Understood | None
) -> Move:
    if understood is None:
        if said.choice not in _districts(intake):
            return Lost()
        return go_on(talk, _in_district(talk, intake, said.choice))
    if says(said, NO | NONE | BACK):
        return Goto("place", msgspec.structs.replace(intake, candidates=()))
    if _gives_up(said):
        return go_on(talk, _given_up(intake))
    return _narrowed(talk, intake, said, understood)


def _in_district(talk: Talk, intake: Intake, code: str) -> Intake:
    within = tuple(place for place in intake.candidates if place.district == code)
    if len(within) == 1:
        return placed(intake, within[0])
    if len(within) <= MOST_CHOICES:
        return msgspec.structs.replace(intake, candidates=within)
    name = talk.facts.reader.candidates_label(within[0]).split()[-1]
    return placed(intake, Place(code, detail=intake.draft.place.detail or name))


def _districts(intake: Intake) -> list[str]:
    codes = dict.fromkeys(place.district for place in intake.candidates)
    return list(codes)[:_MOST_DISTRICTS]


def _gives_up(said: Said) -> bool:
    if said.choice:
        return said.choice == _NOWHERE
    return bool(UNKNOWN.search(said.text) or _PLACELESS.search(said.text)) or says(said, NONE)


def _given_up(intake: Intake) -> Intake:
    return msgspec.structs.replace(intake, candidates=(), place_done=True)


STATES: dict[str, State] = {
    "place": intake_state("place", _ask_place, _hear_place),
    "street": intake_state("street", _ask_street, _hear_place),
    "which_place": intake_state("which_place", _ask_which_place, _hear_which_place),
    "which_district": intake_state("which_district", _ask_which_district, _hear_which_district),
}
