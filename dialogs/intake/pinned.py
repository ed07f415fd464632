"""A shared location in an intake: what it tells of the place, beside what the words say."""

from collections.abc import Sequence

import msgspec

from dialogs.intake.draft import Intake, placed, tidy
from dialogs.said import Pin
from dialogs.understanding.place import NOWHERE, Place, PlaceFound
from dialogs.understanding.reader import Reader, Understood


def with_pin(reader: Reader, intake: Intake, pin: Pin | None, state: str) -> Intake:
    """Take over the place of a pin. Words that named a place go before it, unless it answers "where is it?"."""
    found = reader.locate(pin) if pin is not None else None
    options = _options(found)
    if not options:
        return intake
    before = _by_words(reader, intake)
    known = NOWHERE if state == "place" else before.draft.place
    if before.candidates and state != "place":
        left = _agreeing(before.candidates, options)
        return (
            before
            if len(before.candidates) == 1
            else _set(reader, before, left or before.candidates)
        )
    left = _agreeing(options, (known,))
    if left:
        return _set(reader, before, left)
    if (
        not known.street and state == "street"
    ):  # the district was told, and it is not there: which is meant?
        return _set(reader, before, (Place(known.district), *options))
    return before


def outside_city(reader: Reader, pin: Pin | None) -> bool:
    """Tell whether a location was shared that is in another city."""
    return pin is not None and reader.locate(pin) is None


def narrowed(reader: Reader, intake: Intake, understood: Understood) -> Understood:
    """Let what is known already choose among the places that an ambiguous name may mean."""
    found, known = understood.place, intake.draft.place
    around = intake.candidates or ((known,) if known.district else ())
    left = _agreeing(found.candidates, around)
    if not 0 < len(left) < len(found.candidates):
        return understood
    one = msgspec.structs.replace(left[0], detail=found.place.detail or left[0].detail)
    chosen = PlaceFound(tidy(reader, one)) if len(left) == 1 else PlaceFound(found.place, left)
    return msgspec.structs.replace(understood, place=chosen)


def _options(found: PlaceFound | None) -> tuple[Place, ...]:
    if found is None:
        return ()
    return found.candidates or ((found.place,) if found.place.district else ())


def _by_words(reader: Reader, intake: Intake) -> Intake:
    """Forget what only an earlier pin told: somebody who sends another has put it right."""
    former = intake.draft.pin
    options = _options(reader.locate(former)) if former is not None else ()
    bare = msgspec.structs.replace(intake.draft.place, detail="")
    if intake.candidates and {_bare(one) for one in intake.candidates} == set(options):
        intake = msgspec.structs.replace(intake, candidates=())
    if options != (bare,):
        return intake
    place = Place(detail=intake.draft.place.detail)
    return msgspec.structs.replace(
        intake, draft=msgspec.structs.replace(intake.draft, place=place), place_done=False
    )


def _agreeing(places: Sequence[Place], others: Sequence[Place]) -> tuple[Place, ...]:
    """Return those of `places` that may be one of `others`, as deep as either says."""
    agreeing: dict[Place, None] = {}
    for place in places:
        for other in others:
            if place.agrees(other):
                agreeing[place if place.depth >= other.depth else other] = None
                break
    return tuple(agreeing)


def _set(reader: Reader, intake: Intake, options: Sequence[Place]) -> Intake:
    """Put the only one in, or keep them to be asked about; the building told with the place stays."""
    detail = intake.draft.place.detail
    places = tuple(msgspec.structs.replace(one, detail=one.detail or detail) for one in options)
    if len(places) == 1:
        return placed(intake, tidy(reader, places[0]))
    return msgspec.structs.replace(intake, candidates=places, place_done=False)


def _bare(place: Place) -> Place:
    return msgspec.structs.replace(place, detail="")
