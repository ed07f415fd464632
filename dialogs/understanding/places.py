"""Where it is: reads places out of messages and answers, by the catalogue in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from dialogs.catalogue import Catalogue, Community, District, Street
from dialogs.understanding.address import address_span, amended, detail_span
from dialogs.understanding.english import EnglishNames, english_name
from dialogs.understanding.gazetteer import Gazetteer
from dialogs.understanding.hearing import EMPTY_WORDS
from dialogs.understanding.homophones import Homophones
from dialogs.understanding.nearly import Nearly
from dialogs.understanding.place import (
    NOWHERE,
    Firmness,
    Mention,
    Place,
    PlaceFound,
    offered,
    resolve,
)
from dialogs.understanding.roles import meant
from dialogs.understanding.spellings import Spellings
from dialogs.understanding.text import fold
from dialogs.words import Language

_DENIED = re.compile(r"(?<!是)(?:不是|不在|不住|没在|别写)在?$")
# 牛街，哦不对，是白纸坊: what stands before is taken back.
_TAKEN_BACK = re.compile(
    r"(?:这边|那边|这儿|那儿)?[，,。 ]*(?:[哦噢啊呃诶哎]+[，, ]*)?(?:(?:我?[说讲写记搞]错了|不对|错了)[，,。 ]*)+(?:应该)?[是在]"
)
_DENIED_DOOR = re.compile(
    r"(?<!是)不是[^，,。不]{0,8}?(?:号楼|号院|单元|栋|幢|号|室|层)(?=[，,。 是])"
)
_SHORT_NAME = 2
_LETTERS = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """What a message says of the place; `mentions` are meant, `taken` are those that made `found`."""

    found: PlaceFound
    mentions: tuple[Mention, ...]
    taken: tuple[Mention, ...]
    denied: tuple[Mention, ...] = ()

    @property
    def hidden(self) -> list[tuple[int, int]]:
        """Where no matter is to be looked for: names that were read, and the long ones of landmarks."""
        landmarks = [one for one in self.mentions if one.end - one.start > _SHORT_NAME]
        return [(one.start, one.end) for one in (*self.taken, *self.denied, *landmarks)]

    def detail(self, folded: str, stop: int) -> tuple[int, int]:
        """Where the rest of the address (building, door) lies, before `stop`; empty when there is none."""
        return detail_span(folded, self.found, self.taken, stop)


class Places:
    """Knows the places of one catalogue; immutable."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.districts = {district.code: district for district in catalogue.districts}
        self.streets = {street.code: street for street in catalogue.streets}
        self.communities = {community.code: community for community in catalogue.communities}
        meanings = Spellings(catalogue).meanings()
        self._catalogue = catalogue
        self._gazetteer = Gazetteer(meanings)
        self._homophones = Homophones(meanings)
        self._nearly = Nearly(catalogue)

    def read(self, folded: str) -> PlaceRead:
        """Read the place out of a whole message, which is folded."""
        mentions, denied = _meant(self._mentions(folded), folded)
        about, groups = meant(folded, mentions)
        found, taken = _between(groups) if groups else resolve(about, NOWHERE)
        found, taken = self._or_guess(folded, mentions, found, taken)
        return PlaceRead(found, tuple(mentions), taken, tuple(denied))

    def answer(
        self, text: str, folded: str, earlier: Place | None, within: Sequence[Place]
    ) -> PlaceFound:
        """Read the answer to "where?", or a correction, together with what is known; see `Reader.place`."""
        known = earlier or NOWHERE
        folded = _DENIED_DOOR.sub(lambda found: "，" * len(found[0]), folded)
        mentions, denied = _meant(self._mentions(folded), folded)
        if any(option.holds(known) for mention in denied for option in mention.options):
            known = Place(known.district if known.street else "")
        area = msgspec.structs.replace(known, detail="")
        mentions = [_asked_for(mention, folded, area) for mention in mentions]
        chosen = _chosen_within(mentions, within)
        if chosen:
            return with_detail(chosen, known.detail)
        if not any(mention.firmness >= Firmness.SHORT for mention in mentions):
            continued = self._continued(folded, text, area, within)
            if continued:
                return continued
        found, taken = resolve(mentions, area)
        if not area.street:
            found, taken = self._or_guess(folded, mentions, found, taken, area)
        start, end = detail_span(folded, found, taken, len(folded))
        if not found.candidates and found.place.holds(area):
            found = PlaceFound(area)  # nothing deeper was said
        return with_detail(found, _joined(known, found, text[start:end], afresh=bool(taken)))

    def _continued(
        self, folded: str, text: str, area: Place, within: Sequence[Place]
    ) -> PlaceFound | None:
        """Read 东一区 as the rest of 天通苑, or 西园三区 as that of 望京, when that is what was asked about."""
        name = self._name_so_far(area, within)
        whole = name + folded
        mentions = [
            mention
            for mention in (self._gazetteer.mentions(whole) if name else ())
            if mention.start < len(name) < mention.end
        ]
        chosen = _chosen_within(mentions, within or (area,))
        if not chosen or (chosen.place.street == area.street and not chosen.place.community):
            return None
        _, end = address_span(whole, mentions[-1].end, len(whole))
        return with_detail(chosen, (name + text)[: max(end, mentions[-1].end)])

    def _name_so_far(self, area: Place, within: Sequence[Place]) -> str:
        if within:
            names = {place.detail for place in within}
            return fold(names.pop()) if len(names) == 1 else ""
        street = self.streets.get(area.street)
        return fold(street.short_name) if street and not area.community else ""

    def _mentions(self, folded: str) -> list[Mention]:
        mentions = self._gazetteer.mentions(folded)
        if not _LETTERS.search(folded):
            return mentions
        english = self._english.mentions(folded)
        return sorted((*mentions, *english), key=lambda mention: mention.start)

    @cached_property
    def _english(self) -> EnglishNames:
        """Built when the first message in English comes."""
        return EnglishNames(self._catalogue)

    def _or_guess(
        self,
        folded: str,
        mentions: Sequence[Mention],
        found: PlaceFound,
        taken: tuple[Mention, ...],
        area: Place = NOWHERE,
    ) -> tuple[PlaceFound, tuple[Mention, ...]]:
        """Offer what only sounds like a name where nothing was found by its characters, or less of the same words."""
        guess = self._homophones.guess(folded, mentions, area)
        if guess is None and not found.place.street and not found.candidates:
            guess = self._nearly.guess(folded, mentions, area)
        if guess is None or any(p.street == found.place.street for p in guess.options):
            return found, taken
        outside = tuple(m for m in taken if m.end <= guess.start or m.start >= guess.end)
        inside = [one for one in taken if one not in outside]
        is_open = outside == taken and not found.candidates and not found.place.street
        if not is_open and not (inside and all(guess.covers(one) for one in inside)):
            return found, taken
        known = found if outside == taken else resolve(outside, area)[0]
        if known.place.street:
            return found, taken
        return offered(guess.options, known.place), (*outside, guess)

    def full_name(self, place: Place, language: Language) -> str:
        """Write a place out: 海淀区田村路街道阜石路第一社区5号楼; in English the district in pinyin, comma-separated."""
        district = self.districts.get(place.district)
        parts = [unit.name for unit in self._units(place)[1:] if unit]
        if language is Language.CHINESE:
            return "".join([district.name if district else "", *parts, place.detail])
        english = english_name(district) if district else ""
        return ", ".join(part for part in (english, *parts, place.detail) if part)

    def label(self, place: Place) -> str:
        """Label a place on a button: 朝阳区 八里庄街道."""
        return " ".join(unit.name for unit in self._units(place) if unit)

    def _units(self, place: Place) -> tuple[District | None, Street | None, Community | None]:
        return (
            self.districts.get(place.district),
            self.streets.get(place.street),
            self.communities.get(place.community),
        )


def _between(groups: Sequence[Sequence[Mention]]) -> tuple[PlaceFound, tuple[Mention, ...]]:
    """Ask which of several places is meant, unless they make one together."""
    everything = tuple(mention for group in groups for mention in group)
    places = [place for group in groups for place in _all_of(resolve(group, NOWHERE)[0])]
    if all(one.agrees(other) for one in places for other in places):
        return resolve(everything, NOWHERE)
    return offered(places, NOWHERE), everything


def _all_of(found: PlaceFound) -> tuple[Place, ...]:
    return found.candidates or (found.place,)


def with_detail(found: PlaceFound, detail: str) -> PlaceFound:
    """Put the rest of the address to what was found."""
    if not detail:
        return found
    return PlaceFound(msgspec.structs.replace(found.place, detail=detail), found.candidates)


def _meant(mentions: Sequence[Mention], folded: str) -> tuple[list[Mention], list[Mention]]:
    """Part the names that are meant from those denied: 不是田村路，是永定路; 牛街，不对，是白纸坊."""
    starts = {mention.start for mention in mentions}
    denied = [
        mention
        for mention in mentions
        if _DENIED.search(folded, 0, mention.start)
        or ((back := _TAKEN_BACK.match(folded, mention.end)) and back.end() in starts)
    ]
    return [mention for mention in mentions if mention not in denied], denied


def _joined(known: Place, found: PlaceFound, detail: str, *, afresh: bool) -> str:
    """Add a door to the building known already, unless the place has changed or is told anew."""
    if not found.place.agrees(known) and not found.candidates:
        return detail
    if not detail or not known.detail or afresh or detail in known.detail:
        return detail or known.detail
    return amended(known.detail, detail)


def _asked_for(mention: Mention, folded: str, known: Place) -> Mention:
    """A name that is nearly all of the answer to "where?" stands for itself."""
    rest = EMPTY_WORDS.sub("", folded[: mention.start] + folded[mention.end :])
    if rest or mention.firmness >= Firmness.SHORT or not mention.fitting(known):
        return mention
    firmness = Firmness.VAGUE if mention.rivals or len(mention.options) > 1 else Firmness.SHORT
    return replace(mention, firmness=firmness)


def _chosen_within(mentions: Sequence[Mention], within: Sequence[Place]) -> PlaceFound | None:
    """Return the one offered place that all names fit, or those left when some fall away."""
    left = [
        place
        for place in within
        if mentions
        and all(
            any(place.agrees(option) for option in (*mention.options, *mention.rivals))
            for mention in mentions
            if mention.options
        )
    ]
    if len(left) == 1:
        return PlaceFound(_deepened(left[0], mentions))
    return PlaceFound(NOWHERE, tuple(left)) if 0 < len(left) < len(within) else None


def _deepened(place: Place, mentions: Sequence[Mention]) -> Place:
    """Go down to the community that was named, when there is but one in `place`."""
    named = {
        option
        for mention in mentions
        for option in mention.options
        if option.depth > place.depth and place.holds(option)
    }
    bare = msgspec.structs.replace(place, detail="")
    return named.pop() if len(named) == 1 else bare
