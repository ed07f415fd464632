"""Reads what a resident says: kind, topic, grade, danger, place, all from the catalogue in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from dialogs.catalogue import Catalogue, Community, District, Street, Topic
from dialogs.understanding.address import amended, detail_span
from dialogs.understanding.english import DISTRICTS
from dialogs.understanding.gazetteer import Gazetteer
from dialogs.understanding.hearing import EMPTY_WORDS, Hearing, mask
from dialogs.understanding.model import TopicModel
from dialogs.understanding.place import (
    NOWHERE,
    Firmness,
    Mention,
    Place,
    PlaceFound,
    resolve,
)
from dialogs.understanding.text import fold
from dialogs.words import AlertKind, Grade, Kind, Language

__all__ = ["Place", "PlaceFound", "Reader", "Understood"]

_LONG_NAME = 2
_READ = (
    1_500  # of a longer text only so much is searched: forwarded pages must not hold up the batch
)
_DENIED = re.compile(r"(?<!是)(?:不是|不在|不住|没在|别写)在?$")


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message says. `topic` is a code or empty; `title` names the matter in ≤ 8 characters.

    `affected` counts people or households, 0 when unknown; `since_words` say when it began (上周三晚上); `parts`
    are the texts of several matters told at once, none when there is one; `on_behalf`: another person's matter.
    """

    kind: Kind | None
    topic: str
    topic_candidates: tuple[str, ...]
    grade: Grade | None
    emergency: bool
    place: PlaceFound
    enterprise: str
    title: str
    has_matter: bool
    affected: int = 0
    since_words: str = ""
    alert: AlertKind | None = None
    parts: tuple[str, ...] = ()
    on_behalf: bool = False


class Reader:
    """Understands messages by one catalogue; immutable, shared by all conversations."""

    def __init__(self, catalogue: Catalogue, model: TopicModel | None = None) -> None:
        self._districts = {district.code: district for district in catalogue.districts}
        self._streets = {street.code: street for street in catalogue.streets}
        self._communities = {community.code: community for community in catalogue.communities}
        self._topics = {topic.code: topic for topic in catalogue.topics}
        self._gazetteer = Gazetteer(catalogue)
        self._hearing = Hearing(catalogue, model)
        fold("")  # makes the folding table now rather than in the first message

    def understand(self, text: str) -> Understood:
        """Read a whole message; the named place is masked before the matter is looked for."""
        folded = fold(text := text[:_READ])
        mentions, denied = _meant(self._gazetteer.mentions(folded), folded)
        found, taken = resolve(mentions, NOWHERE)
        gist = self._hearing.gist(mask(folded, _hidden(mentions, [*taken, *denied])))
        begin = len(text) if gist.begin is None else gist.begin
        span = detail_span(folded, found, taken, begin)
        heard = self._hearing.heard(gist, span, text)
        return Understood(
            kind=heard.kind,
            topic=heard.topic,
            topic_candidates=heard.topic_candidates,
            grade=heard.grade,
            emergency=heard.emergency,
            place=_with_detail(found, text[span[0] : span[1]]),
            enterprise=heard.enterprise,
            title=heard.title,
            has_matter=heard.has_matter,
            affected=heard.affected,
            since_words=heard.since_words,
            alert=heard.alert,
            parts=heard.parts,
            on_behalf=heard.on_behalf,
        )

    def place(
        self, text: str, earlier: Place | None = None, within: Sequence[Place] = ()
    ) -> PlaceFound:
        """Read the answer to "where?", or a correction, together with what is known.

        `earlier` is the place so far: what agrees with it deepens it, what does not replaces it. `within`
        are the candidates just offered: one name that fits only one of them settles it.
        """
        known = earlier or NOWHERE
        folded = fold(text := text[:_READ])
        mentions, denied = _meant(self._gazetteer.mentions(folded), folded)
        if any(option.holds(known) for mention in denied for option in mention.options):
            known = Place(known.district if known.street else "")
        area = msgspec.structs.replace(known, detail="")
        mentions = [_asked_for(mention, folded, area) for mention in mentions]
        chosen = _chosen_within(mentions, within)
        if chosen:
            return _with_detail(chosen, known.detail)
        found, taken = resolve(mentions, area)
        span = detail_span(folded, found, taken, len(text))
        if not found.candidates and found.place.holds(area):
            found = PlaceFound(area)  # nothing deeper was said
        return _with_detail(
            found, _joined(known, found, text[span[0] : span[1]], afresh=bool(taken))
        )

    def full_name(self, place: Place, language: Language) -> str:
        """Write a place out: 海淀区田村路街道阜石路第一社区5号楼; in English the district in pinyin, comma-separated."""
        district = self._districts.get(place.district)
        street = self._streets.get(place.street)
        community = self._communities.get(place.community)
        parts = [unit.name for unit in (street, community) if unit]
        if language is Language.CHINESE:
            return "".join([district.name if district else "", *parts, place.detail])
        english = _english(district) if district else ""
        return ", ".join(part for part in (english, *parts, place.detail) if part)

    def candidates_label(self, place: Place) -> str:
        """Label a place on a button: 朝阳区 八里庄街道."""
        units = (
            self._districts.get(place.district),
            self._streets.get(place.street),
            self._communities.get(place.community),
        )
        return " ".join(unit.name for unit in units if unit)

    @property
    def districts(self) -> tuple[District, ...]:
        """All districts, in the catalogue's order."""
        return tuple(self._districts.values())

    def streets_of(self, district: str) -> tuple[Street, ...]:
        """Return the streets of a district by its code."""
        return tuple(s for s in self._streets.values() if s.district_code == district)

    def district(self, code: str) -> District | None:
        """Find a district by its code."""
        return self._districts.get(code)

    def street(self, code: str) -> Street | None:
        """Find a street by its code."""
        return self._streets.get(code)

    def community(self, code: str) -> Community | None:
        """Find a community by its code."""
        return self._communities.get(code)

    def topic(self, code: str) -> Topic | None:
        """Find a topic by its code."""
        return self._topics.get(code)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All topics, in the catalogue's order."""
        return tuple(self._topics.values())

    def topics_like(self, text: str) -> tuple[Topic, ...]:
        """Return the topics (at most 4) that `text` speaks of, best first; empty when none."""
        return tuple(self._topics[code] for code in self._hearing.topics_like(fold(text)))


def _english(district: District) -> str:
    pinyin = DISTRICTS.get(district.short_name)
    return f"{pinyin} District" if pinyin else district.name


def _hidden(mentions: Sequence[Mention], read: Sequence[Mention]) -> list[tuple[int, int]]:
    """Hide the names that were read, and the long ones of landmarks; a short one may be any word."""
    landmarks = [one for one in mentions if one.end - one.start > _LONG_NAME]
    return [(mention.start, mention.end) for mention in (*read, *landmarks)]


def _with_detail(found: PlaceFound, detail: str) -> PlaceFound:
    if not detail:
        return found
    return PlaceFound(msgspec.structs.replace(found.place, detail=detail), found.candidates)


def _meant(mentions: Sequence[Mention], folded: str) -> tuple[list[Mention], list[Mention]]:
    """Part the names that are meant from those denied: 不是田村路，是永定路."""
    denied = [mention for mention in mentions if _DENIED.search(folded, 0, mention.start)]
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
        return PlaceFound(left[0])
    return PlaceFound(NOWHERE, tuple(left)) if 0 < len(left) < len(within) else None
