"""A second reading of words that the rules left open: taken into the draft in silence, or let go.

A language model answers when the talk has gone on, so it is believed little: it fills what is empty, raises what is
known and lowers nothing; a place it only proposes. It makes us say nothing; the next question shows what it has changed.
"""

import msgspec

from dialogs.dialog import Talk
from dialogs.intake.draft import Intake
from dialogs.intake.flow import place_question
from dialogs.requests import Draft, SecondReading
from dialogs.session import Session
from dialogs.understanding.place import Place
from dialogs.words import Kind, stricter

INTAKE = "intake"
_LONGEST_TITLE = 8
_SHORTEST_TITLE = 2
_FREE = frozenset({"place", "street"})  # asked without choices, so that none can change its meaning
_PLACE = _FREE | {"which_place", "which_district"}


class LeftOpen(msgspec.Struct, frozen=True):
    """What the rules could not tell of a draft. `topics` are the codes to choose from, empty for all of them.

    `place` are the resident's words for the place, where they stand apart from the matter.
    """

    text: str
    prompt: int
    place: str = ""
    topics: tuple[str, ...] = ()


def left_open(session: Session) -> LeftOpen | None:
    """Return what the draft under way leaves open, None when that is nothing, or is nobody else's to read.

    What is said in confidence stays here, and a danger is not left to a second opinion.
    """
    frame = session.frames[-1] if session.frames else None
    if frame is None or frame.dialog != INTAKE or session.alerted:
        return None
    try:
        intake = msgspec.json.decode(frame.data, type=Intake)
    except msgspec.ValidationError:  # of another version
        return None
    draft = intake.draft
    if not draft.matter or intake.ticket_id or _is_secret(draft):
        return None
    if draft.topic and not place_question(intake):
        return None
    topics = (draft.topic,) if draft.topic else intake.topics
    return LeftOpen(draft.matter, session.prompt, draft.place.detail, topics)


def _is_secret(draft: Draft) -> bool:
    secret = draft.confidential or draft.anonymous or draft.emergency
    return secret or draft.kind is Kind.TIP_OFF


def taken(talk: Talk, intake: Intake, reading: SecondReading) -> Intake:
    """Take a reading into the draft while its place is being asked; at any other question nothing changes."""
    state = talk.session.frames[-1].state
    if state not in _PLACE:
        return intake
    intake = _with_topic(talk, intake, reading)
    return _with_place(talk, intake, reading) if state in _FREE else intake


def _with_topic(talk: Talk, intake: Intake, reading: SecondReading) -> Intake:
    draft = intake.draft
    topic = talk.facts.reader.topic(reading.topic)
    if topic is None or draft.topic:
        return intake
    draft = msgspec.structs.replace(
        draft,
        topic=topic.code,
        title=_title(draft, reading.title),
        grade=stricter(draft.grade, topic.grade),
    )
    return msgspec.structs.replace(intake, draft=draft, topics=())


def _title(draft: Draft, title: str) -> str:
    """The model may choose among the resident's own words, no others are ever sent to anybody."""
    fits = _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE and title in draft.matter
    return title if fits else draft.title


def _with_place(talk: Talk, intake: Intake, reading: SecondReading) -> Intake:
    """Keep the place as a candidate: it is asked about when the resident's own answer does not settle it."""
    if not reading.place or intake.candidates:
        return intake
    known = msgspec.structs.replace(intake.draft.place, detail="")
    found = talk.facts.reader.place(reading.place).place
    if not found.district or not found.agrees(known) or found.depth <= known.depth:
        return intake
    place = Place(found.district, found.street, found.community, intake.draft.place.detail)
    return msgspec.structs.replace(intake, candidates=(place,))
