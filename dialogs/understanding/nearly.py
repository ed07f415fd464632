"""Names that only nearly sound so, 太师囤镇 and 太师屯镇: where the district before or the suffix behind tells of a place."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from dialogs.catalogue import Catalogue
from dialogs.understanding.everyday import is_word, splits_a_word
from dialogs.understanding.likeness import difference
from dialogs.understanding.pinyin import syllables
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.position import begins_clause, is_edge, is_led
from dialogs.understanding.standing import LONG, district_told
from dialogs.understanding.text import fold, is_chinese

_SHORTEST, _LONGEST = 2, 4
_LENGTHS = range(_SHORTEST, _LONGEST + 1)
_MOST = 4
_FARTHEST = 4  # one syllable near, and one alike
_FARTHEST_SHORT = 3
_SUFFIX = re.compile(r"街道(?!上|边|[两旁])|镇|乡")
_NO_NAME = re.compile(
    r"[这那哪各某每全我你他她咱俺几两个小古城村集建下返家老同外故本]|们|当地|北京|首都"
)


class Nearly:
    """Knows the streets by their bare names; made ready when first asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def guess(self, folded: str, mentions: Sequence[Mention], known: Place) -> Mention | None:
        """Return the nearest of what may be told behind a district or before a suffix; None when none is near."""
        nearest = _FARTHEST + 1
        options: dict[Place, None] = {}
        at = (0, 0)
        for start, end, suffix in _spots(folded, mentions):
            around = district_told(mentions, start, end) or known
            is_short = end - start + suffix <= LONG
            farthest = min(nearest, _FARTHEST_SHORT if is_short else _FARTHEST)
            for apart, place in self._near(syllables(folded[start:end]), around, farthest):
                if apart < nearest:
                    nearest, options = apart, {}
                if apart == nearest:
                    options[place] = None
                    at = (start, end + suffix)
        if not 0 < len(options) <= _MOST:
            return None
        return Mention(*at, tuple(options), Firmness.VAGUE)

    def _near(self, heard: list[str], around: Place, farthest: int) -> list[tuple[int, Place]]:
        """Return the streets of as many syllables, and how far apart they are; no further than `farthest`."""
        return [
            (apart, place)
            for name, place in self._streets[len(heard)]
            if place.agrees(around) and 0 < (apart := difference(heard, name)) <= farthest
        ]

    @cached_property
    def _streets(self) -> dict[int, list[tuple[list[str], Place]]]:
        """By length, without suffix."""
        found: dict[int, dict[tuple[str, Place], None]] = {n: {} for n in _LENGTHS}
        for street in self._catalogue.streets:
            place = Place(street.district_code, street.code)
            for name in (street.short_name, street.name, *street.aliases):
                bare = _SUFFIX.sub("", fold(name))
                if len(bare) in _LENGTHS:
                    found[len(bare)][bare, place] = None
        return {
            length: [(syllables(name), place) for name, place in names]
            for length, names in found.items()
        }


def _spots(folded: str, mentions: Sequence[Mention]) -> Iterator[tuple[int, int, int]]:
    """Yield where a bare name may begin and end, and how long the suffix behind it is."""
    told = {
        one.end
        for one in mentions
        if one.firmness >= Firmness.SHORT and any(option.depth == 1 for option in one.options)
    }
    for found in _SUFFIX.finditer(folded):
        end = found.start()
        for start in range(max(0, end - _LONGEST), end - _SHORTEST + 1):
            if (start in told or _may_begin(folded, start)) and _is_free(
                folded, start, end, mentions
            ):
                yield start, end, len(found[0])
    for start in told:
        for end in range(start + LONG, min(start + _LONGEST, len(folded)) + 1):
            if _is_free(folded, start, end, mentions):
                yield start, end, 0


def _may_begin(folded: str, start: int) -> bool:
    return begins_clause(folded, start) or is_led(folded, start) or is_edge(folded, start)


def _is_free(folded: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Tell whether these characters are no name, no everyday word and no part of one."""
    name = folded[start:end]
    if _NO_NAME.search(name) or is_word(name) or not is_chinese(name[-1]):
        return False
    if splits_a_word(folded, end):
        return False
    return not any(
        one.start < end and start < one.end and one.firmness >= Firmness.SHORT for one in mentions
    )
