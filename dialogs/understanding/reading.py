"""One message as names and codes, with what would be asked back: for batches, and for the page that shows it."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

import msgspec

from dialogs.catalogue import Topic
from dialogs.understanding.kind import NEEDS_NO_PLACE
from dialogs.understanding.place import Place, PlaceFound
from dialogs.understanding.reader import Reader, Understood
from dialogs.words import Grade, Kind, Language

T = TypeVar("T")

MOST_CHOICES = 4


class Ask(msgspec.Struct, frozen=True):
    """The question that is due next. Without choices it is an open one, or there are more than four."""

    field: Literal["place", "district", "street", "topic"]
    choices: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What `jiesu understand` says of a message; null is what is not known, names are whole.

    `emergency` is danger to life now; `grade` is the time that the unit has, and I for other reasons too.
    """

    kind: Kind | None = None
    topic: str | None = None
    level1: str | None = None
    grade: Grade | None = None
    district: str | None = None
    street: str | None = None
    community: str | None = None
    ask: Ask | None = None
    emergency: bool = False


def reading(reader: Reader, text: str) -> Reading:
    """Read a message; one that says nothing at all has neither kind nor question."""
    if not any(character.isalnum() for character in text):
        return Reading()
    understood = reader.understand(text)
    place = understood.place.place
    topics = _topics(reader, understood)
    return Reading(
        kind=understood.kind or Kind.REQUEST,
        topic=understood.topic or None,
        level1=_shared(topic.level1 for topic in topics),
        grade=understood.grade or _grade(understood, topics),
        district=_name(reader, Place(place.district)),
        street=_name(reader, Place("", place.street)),
        community=_name(reader, Place("", "", place.community)),
        ask=_question(reader, understood, topics),
        emergency=understood.emergency,
    )


def _topics(reader: Reader, understood: Understood) -> list[Topic]:
    codes = (understood.topic,) if understood.topic else understood.topic_candidates
    return [topic for topic in map(reader.topic, codes) if topic is not None]


def _grade(understood: Understood, topics: Sequence[Topic]) -> Grade | None:
    """What is open between topics has the grade they share; a matter that no topic knows, the usual one."""
    usual = Grade.III if understood.has_matter else None
    return _shared(topic.grade for topic in topics) or usual


def _shared(values: Iterable[T]) -> T | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _question(reader: Reader, understood: Understood, topics: Sequence[Topic]) -> Ask | None:
    """The place goes first: without it nobody can be sent."""
    needed = understood.emergency or understood.kind not in NEEDS_NO_PLACE
    question = _place_question(reader, understood.place, needed=needed)
    if question or understood.topic or not topics:
        return question
    return Ask("topic", tuple(topic.level3 for topic in topics[:MOST_CHOICES]))


def _place_question(reader: Reader, found: PlaceFound, *, needed: bool) -> Ask | None:
    if found.candidates:
        return _which(reader, found)
    if found.place.street or not needed:
        return None
    return Ask("street" if found.place.district else "place")


def _which(reader: Reader, found: PlaceFound) -> Ask:
    """Offer the streets; where there are too many, their districts."""
    streets = [Place(one.district, one.street) for one in found.candidates]
    if len(set(streets)) <= MOST_CHOICES:
        field: Literal["district", "street"] = (
            "street" if any(s.street for s in streets) else "district"
        )
        return Ask(field, _names(reader, streets))
    if found.place.district:
        return Ask("street")
    districts = _names(reader, [Place(one.district) for one in streets])
    return Ask("district", districts if len(districts) <= MOST_CHOICES else ())


def _names(reader: Reader, places: Sequence[Place]) -> tuple[str, ...]:
    named = (reader.full_name(place, Language.CHINESE) for place in dict.fromkeys(places))
    return tuple(name for name in named if name)


def _name(reader: Reader, place: Place) -> str | None:
    return reader.full_name(place, Language.CHINESE) or None
