"""The corpus holds every sort of message, its answers stand in the catalogue, and enough of them are understood."""

import re
from collections import Counter
from functools import cache

import pytest

from dialogs.understanding.reader import Reader
from dialogs.understanding.reading import reading
from dialogs.understanding.text import fold
from tests.catalogue import beijing
from tests.corpus.messages import HALVES, Half, Message, corpus, messages
from tests.corpus.scoring import Score, Where, judged
from tests.corpus.summary import Summary, summary

LEAST_PER_TAG = {
    "traditional": 30,
    "english": 40,
    "speech_error": 40,
    "emergency": 40,
    "near_miss": 60,
    "ambiguous": 40,
    "landmark": 25,
    "old_name": 15,
    "community": 20,
    "no_place": 15,
    "two_matters": 10,
    "spoken": 40,
    "long": 15,
}
KINDS = {"question", "request", "complaint", "tip_off", "suggestion", "praise"}
ASKED = {"", "place", "street", "district", "any"}


@cache
def scores(half: Half) -> tuple[Score, ...]:
    reader = Reader(beijing())
    return tuple(judged(message, reading(reader, message.text)) for message in messages(half))


@cache
def figures(half: Half) -> Summary:
    return summary(scores(half))


def missed(half: Half, what: str) -> str:
    """List what went wrong, for the one who reads the failure."""
    return "; ".join(
        f"{score.message.id} {score.message.text[:30]}"
        for score in scores(half)
        if any(one.startswith(what) for one in score.missed)
    )


@pytest.mark.parametrize("half", HALVES)
def test_a_named_place_is_right_and_hardly_ever_silently_wrong(half: Half) -> None:
    assert figures(half).place[Where.RIGHT] >= 0.95, missed(half, "place")
    assert figures(half).silently_wrong <= 0.01, missed(half, f"place: {Where.WRONG}")


@pytest.mark.parametrize("half", HALVES)
def test_a_name_of_several_places_is_asked_about_with_the_right_choice(half: Half) -> None:
    assert figures(half).asked >= 0.9, missed(half, "place")


@pytest.mark.parametrize("half", HALVES)
def test_the_first_level_of_the_topic_is_heard(half: Half) -> None:
    assert figures(half).level1 >= 0.85, missed(half, "level 1")


@pytest.mark.parametrize("half", HALVES)
def test_every_emergency_is_heard_and_few_alarms_are_false(half: Half) -> None:
    assert figures(half).recall == 1, missed(half, "emergency")
    assert figures(half).false_alarms <= 0.02, missed(half, "emergency")


def test_it_is_large_and_of_every_sort() -> None:
    assert len(corpus()) >= 420
    tags = Counter(tag for message in corpus() for tag in message.tags)
    assert {tag: tags[tag] for tag, least in LEAST_PER_TAG.items() if tags[tag] < least} == {}
    assert sum(len(message.text) <= 8 for message in corpus()) >= 10
    assert sum(len(message.text) >= 180 for message in corpus()) >= 20


def test_both_halves_hold_every_sort_alike() -> None:
    for tag, least in LEAST_PER_TAG.items():
        for half in HALVES:
            assert sum(tag in message.tags for message in messages(half)) >= least // 3, (half, tag)
    assert {message.id for message in messages("tuning")}.isdisjoint(
        message.id for message in messages("test")
    )
    assert len({message.text for message in corpus()}) == len(corpus())


def test_every_district_topic_and_kind_is_told_of() -> None:
    catalogue = beijing()
    means = [message.means or message.district for message in corpus()]
    for district in catalogue.districts:
        assert sum(one.startswith(district.name) for one in means) >= 8, district.name
    topics = {topic for message in corpus() for topic in message.topics}
    assert topics == {topic.code for topic in catalogue.topics}
    assert Counter(kind for message in corpus() for kind in message.kinds).keys() == KINDS


@pytest.mark.parametrize("half", HALVES)
def test_every_answer_stands_in_the_catalogue(half: Half) -> None:
    catalogue = beijing()
    topics = {topic.code: topic for topic in catalogue.topics}
    for message in messages(half):
        assert message.ask in ASKED, message.id
        assert set(message.kinds) <= KINDS, message.id
        assert {topics[code].level1 for code in message.topics} == set(message.level1), message.id
        if not message.emergency:
            assert {topics[code].grade for code in message.topics} == set(message.grades)
        _places_exist(message)


def _places_exist(message: Message) -> None:
    names = _names()
    assert message.district in (*names, ""), message.id
    if message.street:
        assert message.means == message.district + message.street
        assert message.community in (*names[message.district][message.street], ""), message.id
    for choice in (message.means, *message.choices):
        assert choice in _addresses(), (message.id, choice)


@cache
def _names() -> dict[str, dict[str, set[str]]]:
    """Districts, their streets, and the communities of these."""
    catalogue = beijing()
    communities: dict[str, set[str]] = {street.code: set() for street in catalogue.streets}
    for community in catalogue.communities:
        communities[community.street_code].add(community.name)
    return {
        district.name: {
            street.name: communities[street.code]
            for street in catalogue.streets
            if street.district_code == district.code
        }
        for district in catalogue.districts
    }


@cache
def _addresses() -> set[str]:
    streets = {district + street for district, within in _names().items() for street in within}
    return streets | set(_names()) | {""}


@cache
def _streets_by_name() -> dict[str, set[str]]:
    """Where each short name of a street or a community is at home; a street's beginning names it too."""
    catalogue = beijing()
    districts = {district.code: district.name for district in catalogue.districts}
    address = {s.code: districts[s.district_code] + s.name for s in catalogue.streets}
    homes: dict[str, set[str]] = {}
    for street in catalogue.streets:
        for name in {street.short_name, street.short_name[:-1], *street.aliases}:
            homes.setdefault(name, set()).add(address[street.code])
    for community in catalogue.communities:
        for name in (community.short_name, community.name):
            homes.setdefault(name, set()).add(address[community.street_code])
    return homes


def test_what_is_called_ambiguous_is_so_in_the_data() -> None:
    for message in corpus():
        if "ambiguous" in message.tags and message.language != "en":
            text = fold(message.text)
            homes = [where for name, where in _streets_by_name().items() if name in text]
            offered = set(message.choices) or {message.means}
            assert any(offered <= where and len(where) > 1 for where in homes), message.id


def test_what_is_called_a_community_is_named_without_street_and_district() -> None:
    for message in corpus():
        if "community" in message.tags:
            rest = fold(message.text).replace(re.sub("(社区|村)$", "", message.community), "")
            assert message.district.removesuffix("区") not in rest, message.id
