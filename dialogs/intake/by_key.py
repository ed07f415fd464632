"""Matter and place by keys alone, for callers whom speech recognition does not understand: heading, topic, district, street.

Where there is no phone, the same questions are asked in words.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from dialogs.dialog import Goto, Move, State, Talk
from dialogs.intake.draft import Intake, placed, with_matter
from dialogs.intake.flow import emergency, go_on
from dialogs.intake.listening import STATES as LISTENING
from dialogs.intake.place import STATES as PLACES
from dialogs.said import Choice, Reply, Said
from dialogs.stepping import HUMAN
from dialogs.understanding.place import Place

# The question by key for one in words, and the other way round for who goes on without a phone.
BY_KEY = {"listen": "by_key", "matter": "by_key", "place": "district", "street": "which_street"}
WRITTEN = {
    "by_key": "listen",
    "heading": "listen",
    "sort": "listen",
    "district": "place",
    "which_street": "street",
}
_HEADINGS, _UNKNOWN = "headings", "nowhere"
MESSAGE = "command:message"  # heard by the call itself

Ask = Callable[[Talk, Intake], Reply]
Hear = Callable[[Talk, Intake, Said], Move]


def _state(state: State, ask: Ask, hear: Hear) -> State:
    """A question by key in place of `state`, which hears all that is said in words and stands alone in writing."""

    def asked(talk: Talk, intake: Intake) -> Reply:
        if not talk.facts.voice and state.ask is not None:
            return state.ask(talk, intake)
        return ask(talk, intake)

    def heard(talk: Talk, intake: Intake, said: Said) -> Move:
        if not said.choice or not talk.facts.voice:
            return state.hear(talk, intake, said)
        return hear(talk, intake, said)

    return State(hear=heard, ask=asked, media=True)


def _ask_by_key(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices = (
        Choice(_HEADINGS, talk.say("Choose by keys")),
        Choice(MESSAGE, talk.say("Leave a message")),
        Choice(HUMAN, talk.say("Talk to a person")),
    )
    return Reply(talk.say("What would you like?"), choices)


def _hear_by_key(talk: Talk, intake: Intake, said: Said) -> Move:
    del talk, said
    return Goto("heading", intake)


def _ask_heading(talk: Talk, intake: Intake) -> Reply:
    del intake
    headings = dict.fromkeys(topic.level1 for topic in talk.facts.reader.topics)
    return Reply(talk.say("What is it about?"), tuple(Choice(one, one) for one in headings))


def _hear_heading(talk: Talk, intake: Intake, said: Said) -> Move:
    codes = tuple(one.code for one in talk.facts.reader.topics if one.level1 == said.choice)
    return Goto("sort" if codes else "heading", msgspec.structs.replace(intake, topics=codes))


def _ask_sort(talk: Talk, intake: Intake) -> Reply:
    known = (talk.facts.reader.topic(code) for code in intake.topics)
    choices = [Choice(one.code, one.level3.split("/")[0]) for one in known if one is not None]
    return Reply(talk.say("Which of these?"), tuple(choices))


def _hear_sort(talk: Talk, intake: Intake, said: Said) -> Move:
    """What is picked counts as said."""
    topic = talk.facts.reader.topic(said.choice)
    intake = msgspec.structs.replace(intake, topics=())
    if topic is None:
        return Goto("heading", intake)
    words = topic.level3.split("/")[0]
    understood = talk.facts.reader.understand(words)
    intake = with_matter(intake, words, understood)
    draft = msgspec.structs.replace(
        intake.draft, topic=topic.code, grade=topic.grade, title=words[:8]
    )
    intake = msgspec.structs.replace(intake, draft=draft, topics=())
    return emergency(talk, intake) if understood.emergency else _by_keys(go_on(talk, intake))


def _by_keys(move: Move) -> Move:
    """Who uses keys goes on by keys."""
    if isinstance(move, Goto) and move.state in {"place", "street"}:
        return replace(move, state=BY_KEY[move.state])
    return move


def _ask_district(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices = [Choice(one.code, one.short_name) for one in talk.facts.reader.districts]
    return Reply(talk.say("Which district?"), tuple(choices))


def _hear_district(talk: Talk, intake: Intake, said: Said) -> Move:
    if talk.facts.reader.district(said.choice) is None:
        return Goto("district", intake)
    detail = intake.draft.place.detail
    known = msgspec.structs.replace(intake, place_tries=0)
    return _by_keys(go_on(talk, placed(known, Place(said.choice, detail=detail))))


def _ask_which_street(talk: Talk, intake: Intake) -> Reply:
    streets = talk.facts.reader.streets_of(intake.draft.place.district)
    unknown = Choice(_UNKNOWN, talk.say("I do not know"))
    choices = (*(Choice(one.code, one.short_name) for one in streets), unknown)
    return Reply(talk.say("Which street?"), choices)


def _hear_which_street(talk: Talk, intake: Intake, said: Said) -> Move:
    street = talk.facts.reader.street(said.choice)
    if street is None:
        return go_on(talk, msgspec.structs.replace(intake, place_done=True))
    place = Place(street.district_code, street.code, detail=intake.draft.place.detail)
    return go_on(talk, placed(intake, place))


_LISTEN, _PLACE, _STREET = LISTENING["listen"], PLACES["place"], PLACES["street"]
STATES: dict[str, State] = {
    "by_key": _state(_LISTEN, _ask_by_key, _hear_by_key),
    "heading": _state(_LISTEN, _ask_heading, _hear_heading),
    "sort": _state(_LISTEN, _ask_sort, _hear_sort),
    "district": _state(_PLACE, _ask_district, _hear_district),
    "which_street": _state(_STREET, _ask_which_street, _hear_which_street),
}
