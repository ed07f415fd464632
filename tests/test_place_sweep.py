"""Sentences on every street and many communities are understood, asked about rightly, or left open; hardly one is guessed wrong."""

from collections import Counter, defaultdict
from enum import StrEnum
from functools import cache

import pytest

from dialogs.understanding.place import PlaceFound
from dialogs.understanding.places import Places
from dialogs.understanding.text import fold
from tests.catalogue import beijing
from tests.place_sentences import Sentence, sentences

STEP = 97  # every 97th community: a second's worth
MOST_CHOICES = 4

# The least share that is right, and right or asked about rightly (the right choice among four, else by district).
LEAST = {
    "district and street": (0.99, 1.0),
    "street": (0.98, 1.0),
    "short district and street": (0.99, 1.0),
    "district and short street": (0.97, 0.97),  # 丰台街道 is not said by 丰台区丰台
    "short district and short street": (0.97, 0.97),
    "short street": (0.75, 0.97),  # a fifth has namesakes, or is an everyday word
    "after the matter": (0.98, 1.0),
    "short, after the matter": (0.75, 0.97),
    "chatty": (0.98, 1.0),
    "short, chatty": (0.75, 0.97),
    "other spelling": (0.79, 1.0),  # former names and stations often belong to several
    "district and other spelling": (0.85, 1.0),
    "traditional": (0.99, 1.0),
    "English": (0.95, 0.97),
    "English with district": (0.98, 1.0),
    "English road": (1.0, 1.0),
    "street and community": (0.99, 1.0),
    "short street and community": (0.95, 0.99),
    "district and community": (0.96, 0.99),
    "community": (0.80, 0.99),  # one in seven stands in several streets
    "community, after the matter": (0.80, 0.99),
    "community, chatty": (0.80, 0.99),
    "community, traditional": (0.80, 0.99),
    "short community": (0.80, 0.96),
    "short community and 小区": (0.85, 0.95),
    "district and short community": (0.90, 0.96),
}
# Guesses by sound are asked about, never taken.
ASKED = {
    "misheard": 0.97,
    "misheard, bare": 0.94,
    "misheard, at the beginning": 0.92,
    "misheard, at the end": 0.94,
    "misheard, with district": 0.96,
    "misheard, two characters": 0.97,
    "misheard, two characters, bare": 0.95,
    "misheard, two characters, at the end": 0.95,
    "misheard, two characters, with district": 0.97,
}


class Verdict(StrEnum):
    """What came of a sentence."""

    RIGHT = "right"
    ASKED = "asked, the right one among the choices"
    OPEN = "left open"
    WRONG = "silently wrong"


def verdict(sentence: Sentence, found: PlaceFound) -> Verdict:
    if found.candidates:
        offered = {place.street for place in found.candidates}
        is_district = len(found.candidates) > MOST_CHOICES
        districts = {place.district for place in found.candidates}
        right = sentence.street in offered or (is_district and sentence.street[:6] in districts)
        return Verdict.ASKED if right else Verdict.OPEN
    place = found.place
    if not sentence.street:
        return Verdict.WRONG if place.street in sentence.among else Verdict.RIGHT
    if not place.street:
        wrong = place.district not in ("", sentence.street[:6])
        return Verdict.WRONG if wrong else Verdict.OPEN
    if place.street != sentence.street:
        return Verdict.WRONG
    wrong = bool(sentence.community) and place.community not in ("", sentence.community)
    return Verdict.WRONG if wrong else Verdict.RIGHT


@cache
def swept() -> dict[str, Counter[Verdict]]:
    places = Places(beijing())
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for sentence in sentences(beijing(), STEP):
        found = places.read(fold(sentence.text)).found
        counts[sentence.sort][verdict(sentence, found)] += 1
    return dict(counts)


@pytest.mark.parametrize("sort", LEAST)
def test_what_names_a_place_is_right_or_asked_about(sort: str) -> None:
    least_right, least_good = LEAST[sort]
    counts = swept()[sort]
    right, asked = counts[Verdict.RIGHT], counts[Verdict.ASKED]
    assert right / counts.total() >= least_right
    assert (right + asked) / counts.total() >= least_good


@pytest.mark.parametrize("sort", ASKED)
def test_what_was_misheard_is_asked_about(sort: str) -> None:
    counts = swept()[sort]
    assert counts[Verdict.ASKED] / counts.total() >= ASKED[sort]


def test_a_landmark_named_after_a_street_is_not_taken_for_it() -> None:
    counts = swept()["landmark"]
    assert counts[Verdict.WRONG] == 0


def test_hardly_any_place_is_silently_wrong() -> None:
    wrong = sum(counts[Verdict.WRONG] for counts in swept().values())
    assert wrong / sum(counts.total() for counts in swept().values()) <= 0.005
