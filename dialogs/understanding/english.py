"""Names of places as English speakers write them: pinyin, joined or in syllables, with or without Road or Subdistrict."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from dialogs.catalogue import Catalogue, District
from dialogs.understanding.pinyin import spelled
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.spellings import is_generic
from dialogs.understanding.text import fold, is_chinese

# Parts of names that are translated as often as they are spelled.
_SPELLED = {
    "road": "lu", "rd": "lu", "street": "jie", "avenue": "dajie", "ave": "dajie", "lane": "hutong", "alley": "hutong",
    "north": "bei", "south": "nan", "east": "dong", "west": "xi", "middle": "zhong", "central": "zhong",
    "outer": "wai", "inner": "nei", "new": "xin", "old": "lao", "first": "yi", "second": "er", "third": "san",
    "village": "cun", "airport": "jichang", "capital": "shoudu", "bridge": "qiao", "gate": "men",
}  # fmt: skip
_SIDES = frozenset(("north", "south", "east", "west", "middle", "inner", "outer"))
_DISTRICT = frozenset(("district", "qu"))
_STREET = frozenset(
    ("subdistrict", "sub-district", "town", "township", "area", "jiedao", "zhen", "xiang", "diqu", "neighborhood")
)  # fmt: skip
_COMMUNITY = frozenset(
    (
        "community",
        "shequ",
        "village",
        "cun",
        "xiaoqu",
        "estate",
        "residential",
        "compound",
        "neighbourhood",
    )
)
_KINDS = ((_DISTRICT, 1), (_STREET, 2), (_COMMUNITY, 3))
_COMMUNITY_DEPTH = 3
# A name that goes on like this is a landmark or a road, which need not lie in the street of that name.
_LANDMARKS = frozenset(
    [
        "park",
        "hospital",
        "station",
        "subway",
        "metro",
        "line",
        "university",
        "college",
        "school",
        "kindergarten",
        "mall",
        "market",
        "hotel",
        "airport",
        "bridge",
        "software",
        "tower",
        "building",
        "plaza",
        "square",
        "museum",
        "stadium",
        "temple",
        "library",
        "bank",
        "cinema",
        "road",
        "rd",
        "avenue",
        "ave",
        "expressway",
        "lu",
        "jie",
        "dajie",
        "science",
        "technology",
        "gongyuan",
        "yiyuan",
        "ditie",
    ]
)
# Pinyin of a name that is as well an English word or a place elsewhere.
_OTHERWISE = frozenset(
    [
        "beijing",
        "shanghai",
        "tianjin",
        "hebei",
        "henan",
        "shandong",
        "shanxi",
        "jiangsu",
        "hubei",
        "hunan",
        "hainan",
        "china",
        "taiyuan",
        "nanjing",
        "taiping",
        "xinjiang",
        "fujian",
        "guangdong",
        "sichuan",
        "yunnan",
        "gansu",
        "jilin",
        "liaoning",
        "dalian",
        "dating",
        "hanging",
        "manga",
        "panda",
        "zhongguo",
    ]
)
_TOKEN = re.compile(r"[a-z]+")
_JOINS = frozenset((" ", "-", "'", "’", "  "))
_SUFFIX = re.compile(r"(?:街道|地区|镇|回族乡|满族乡|乡|社区|村)$")
_SHORTEST = 4
_SHORTEST_ALONE = 5
_LONG = 9  # letters of about three syllables


@dataclass(frozen=True, slots=True)
class _Letters:
    """The words of a text with nothing between them but marks where they cannot belong together."""

    text: str
    starts: dict[int, int]  # where a word begins here -> there
    ends: dict[int, int]


class EnglishNames:
    """Finds pinyin in folded text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._sites: defaultdict[str, dict[Place, bool]] = defaultdict(dict)  # True: a full name
        homes = {street.code: street.district_code for street in catalogue.streets}
        shorts = {street.short_name for street in catalogue.streets}
        for district in catalogue.districts:
            self._add((district.short_name,), Place(district.code))
        for street in catalogue.streets:
            bare = {_bare(one) for one in street.aliases}
            names = {street.short_name, *(bare - shorts), *(bare.intersection(street.aliases))}
            self._add(names, Place(street.district_code, street.code), street.name)
        for community in catalogue.communities:
            code = community.street_code
            place = Place(homes[code], code, community.code)
            short = "" if is_generic(community.short_name) else community.short_name
            self._add((short,), place, community.name)
        for area in catalogue.special_areas:
            self._add((), Place(homes[area.street_code], area.street_code), area.area)
        self._patterns = list(self._sites)
        self._automaton = AhoCorasick(self._patterns)

    def mentions(self, folded: str) -> list[Mention]:
        """Return the names in `folded` from left to right, without overlap; most texts have no letters at all."""
        words = [(found[0], found.start(), found.end()) for found in _TOKEN.finditer(folded)]
        if not any(len(word) > 1 for word, _, _ in words):
            return []
        letters = _joined(folded, words)
        hits = [
            hit
            for hit in self._automaton.find_matches_as_indexes(letters.text, overlapping=True)
            if hit[1] in letters.starts and hit[2] in letters.ends
        ]
        hits.sort(key=lambda hit: hit[1] - hit[2])
        taken: list[tuple[int, int, int]] = []
        for hit in hits:
            if all(hit[2] <= start or hit[1] >= end for _, start, end in taken):
                taken.append(hit)
        taken.sort(key=lambda hit: hit[1])
        found = (
            self._mention(folded, self._patterns[index], letters.starts[start], letters.ends[end])
            for index, start, end in taken
        )
        return [mention for mention in found if mention is not None]

    def _mention(self, folded: str, pinyin: str, start: int, end: int) -> Mention | None:
        sites = self._sites[pinyin]
        kind, kind_end = _next_word(folded, end)
        for kinds, depth in _KINDS:
            named = tuple(place for place in sites if place.depth == depth)
            if kind in kinds and named:
                return Mention(start, kind_end, named, Firmness.FULL)
        if kind in _SIDES:
            kind, _ = _next_word(folded, kind_end)
        if kind in _LANDMARKS:
            return Mention(start, end, (), Firmness.WORD)
        if all(word in _SPELLED for word in _TOKEN.findall(folded, start, end)):
            return None  # east road
        if pinyin in _OTHERWISE or (len(pinyin) < _SHORTEST_ALONE and not _is_led(folded, start)):
            return None
        return _bare_mention(sites, start, end, is_street_named=kind == "street")

    def _add(self, names: Iterable[str], place: Place, full_name: str = "") -> None:
        for name in names:
            for pinyin in _pinyin(name):
                self._sites[pinyin].setdefault(place, False)
        for pinyin in _pinyin(full_name):
            self._sites[pinyin][place] = True


def _pinyin(name: str) -> list[str]:
    """Spell a name, and its suffix apart, for there are but a few of those."""
    if not is_chinese(name):
        return []
    suffix = _suffix(name)
    stem = fold(name.removesuffix(suffix))
    found = (first + last for first in spelled(stem) for last in _spelled_suffix(suffix))
    return [pinyin for pinyin in found if len(pinyin) >= _SHORTEST and pinyin.isascii()]


def _suffix(name: str) -> str:
    found = _SUFFIX.search(name)
    return found[0] if found else ""


@cache
def _spelled_suffix(suffix: str) -> list[str]:
    return spelled(suffix)


def _bare_mention(
    sites: Mapping[Place, bool], start: int, end: int, *, is_street_named: bool
) -> Mention:
    """Weigh a name that no Town or Community follows: what is highest is meant, unless a village is called just so."""
    full = tuple(place for place, is_full in sites.items() if is_full)
    highest = min(place.depth for place in sites)
    if full and full[0].depth == highest:
        return Mention(start, end, full, Firmness.FULL)
    options = tuple(place for place in sites if place.depth == highest)
    if full:
        return Mention(start, end, (*options, *full), Firmness.VAGUE)
    rivals = tuple(place for place in sites if highest > 1 and place.depth > highest)
    is_sure = highest < _COMMUNITY_DEPTH or end - start >= _LONG
    firmness = Firmness.SHORT if is_sure and not is_street_named else Firmness.VAGUE
    return Mention(start, end, options, firmness, rivals)


def english_name(district: District) -> str:
    """Write a district as on road signs: Haidian District."""
    return f"{spelled(district.short_name)[0].capitalize()} District"


def _bare(name: str) -> str:
    return _SUFFIX.sub("", name)


def _joined(folded: str, words: Iterable[tuple[str, int, int]]) -> _Letters:
    """Put the words together, those that are translations of parts of names in pinyin."""
    text = ""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    last = 0
    for word, start, end in words:
        if text and folded[last:start] not in _JOINS:
            text += ","
        starts[len(text)] = start
        text += _SPELLED.get(word, word).replace("lv", "lu").replace("nv", "nu")
        ends[len(text)] = end
        last = end
    return _Letters(text, starts, ends)


def _is_led(folded: str, start: int) -> bool:
    return folded.endswith((" in ", " at ", " near ", " of "), 0, start)


def _next_word(folded: str, end: int) -> tuple[str, int]:
    """Return the word right after `end` and where it ends."""
    found = _TOKEN.search(folded, end)
    if found is None or folded[end : found.start()] not in _JOINS:
        return "", end
    return found[0], found.end()
