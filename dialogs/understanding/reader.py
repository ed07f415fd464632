"""Reads what a resident says: kind, topic, grade, danger, place, all from the catalogue in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from dialogs.catalogue import Catalogue, Community, District, Street, Topic
from dialogs.understanding.address import amended, detail_span
from dialogs.understanding.emergency import Alarm, Dangers
from dialogs.understanding.english import DISTRICTS
from dialogs.understanding.gazetteer import Gazetteer
from dialogs.understanding.kind import Kinds
from dialogs.understanding.matter import Matter, Matters, title
from dialogs.understanding.place import (
    NOWHERE,
    Firmness,
    Mention,
    Place,
    PlaceFound,
    resolve,
)
from dialogs.understanding.text import fold, is_chinese
from dialogs.understanding.tone import ABUSE, DENIED_MATTER
from dialogs.words import AlertKind, Grade, Kind, Language

__all__ = ["Place", "PlaceFound", "Reader", "Understood"]

# What may stand around a place or a kind without saying that anything happened.
_EMPTY_WORDS = re.compile(
    r"你好|您好|喂|有人吗|在吗|反映|请问|那个|我们?家?|俺|住在?|位于|地址|这[里边儿]|就?在|来自|是|的|啊|呢|吧|嗯|哦|了|一下|想要?|要|投诉|举报|咨询|反映|建议|求助|表扬"
    r"|情况|问题|事情?|有个|有|个|附近|旁边|北京市?|人工|谢谢|帮我|\b(?:i|live|in|at|the|hello|hi|want|to|complain|my|address|is|beijing|am|we|district)\b|[\W\d_零一二三四五六七八九十]"
)
_ESTATE = re.compile(r"(?:小区|家园|花园|社区|公寓|号楼|路口|大厦|胡同|院|村|苑|里)$")
_LEAST_MATTER = 2
_READ = (
    1_500  # of a longer text only so much is searched: forwarded pages must not hold up the batch
)
_LIFT = "电梯困人"
_DENIED = re.compile(r"(?<!是)(?:不是|不在|不住|没在|别写)在?$")
_MASK = "\x00"


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

    def __init__(self, catalogue: Catalogue) -> None:
        self._districts = {district.code: district for district in catalogue.districts}
        self._streets = {street.code: street for street in catalogue.streets}
        self._communities = {community.code: community for community in catalogue.communities}
        self._topics = {topic.code: topic for topic in catalogue.topics}
        self._gazetteer = Gazetteer(catalogue)
        self._matters = Matters(catalogue)
        self._kinds = Kinds()
        self._dangers = Dangers()
        fold("")  # makes the folding table now rather than in the first message

    def understand(self, text: str) -> Understood:
        """Read a whole message; the named place is masked before the matter is looked for."""
        folded = fold(text := text[:_READ])
        mentions, denied = _meant(self._gazetteer.mentions(folded), folded)
        found, taken = resolve(mentions, NOWHERE)
        masked = _mask(folded, _hidden(mentions, [*taken, *denied]))
        alarm = self._dangers.read(masked)
        masked = _mask(masked, alarm.unreal)
        masked = _mask(masked, _unmeant(masked))
        matter = self._matter(masked, alarm)
        span = detail_span(folded, found, taken, _begin(matter, len(text)))
        masked = _mask(masked, [span])
        has_topic = bool(matter.topic or matter.candidates)
        has_matter = alarm.danger is not None or has_topic or _says_something(masked)
        return self._understood(
            matter,
            kind=self._kinds.of(masked, in_trouble=has_topic),
            emergency=alarm.danger is not None,
            place=_with_detail(found, text[span[0] : span[1]]),
            title=title(masked, matter.keyword_span, text) if has_matter else "",
            has_matter=has_matter,
        )

    def _matter(self, masked: str, alarm: Alarm) -> Matter:
        """Let a danger name the topic where the words leave it open, and people in a lift always."""
        matter = self._matters.of(masked)
        if alarm.danger is None:
            return matter
        keyword = alarm.danger.keyword(masked)
        if matter.topic and keyword != _LIFT:
            return matter
        topic = self._matters.topic_of(keyword)
        return replace(matter, topic=topic, candidates=(), keyword_span=alarm.span)

    def _understood(
        self,
        matter: Matter,
        *,
        kind: Kind | None,
        emergency: bool,
        place: PlaceFound,
        title: str,
        has_matter: bool,
    ) -> Understood:
        topic = self._topics.get(matter.topic)
        grade = Grade.I if emergency else topic.grade if topic else None
        return Understood(
            kind=kind or (Kind.REQUEST if has_matter else None),
            topic=matter.topic,
            topic_candidates=matter.candidates,
            grade=grade,
            emergency=emergency,
            place=place,
            enterprise=matter.enterprise,
            title=title,
            has_matter=has_matter,
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
        matter = self._matters.of(fold(text))
        codes = (matter.topic,) if matter.topic else matter.candidates
        return tuple(self._topics[code] for code in codes)


def _english(district: District) -> str:
    pinyin = DISTRICTS.get(district.short_name)
    return f"{pinyin} District" if pinyin else district.name


def _begin(matter: Matter, otherwise: int) -> int:
    """Return where the telling words begin; an address ends before them."""
    start, end = matter.keyword_span
    return start if end else otherwise


def _hidden(mentions: Sequence[Mention], read: Sequence[Mention]) -> list[tuple[int, int]]:
    """Hide the names that were read, and the long ones of landmarks; a short one may be any word."""
    landmarks = [one for one in mentions if one.end - one.start > _LEAST_MATTER]
    return [(mention.start, mention.end) for mention in (*read, *landmarks)]


def _unmeant(masked: str) -> list[tuple[int, int]]:
    """Find the abuse, and what is said not to be the matter."""
    return [found.span() for said in (ABUSE, DENIED_MATTER) for found in said.finditer(masked)]


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text


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
    rest = _EMPTY_WORDS.sub("", folded[: mention.start] + folded[mention.end :])
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


def _says_something(masked: str) -> bool:
    rest = _EMPTY_WORDS.sub("", masked)
    if _ESTATE.search(rest):
        return False
    return len(rest) >= _LEAST_MATTER if is_chinese(rest) else len(rest) > 2 * _LEAST_MATTER
