"""Pairs of words that mean something near each other: 水管/龙头+漏/爆, any word of the left and any of the right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PAIR = "+"
_OR = "/"
_NEAR = 12  # characters between the two words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words found near each other, in the order of the text; `is_hint`: they may be said of other things too."""

    meaning: str
    spans: tuple[tuple[int, int], tuple[int, int]]
    is_hint: bool = False

    @property
    def letters(self) -> int:
        """How many characters both words have, without what stands between."""
        return sum(end - start for start, end in self.spans)


class Pairs:
    """The pairs of a vocabulary; its words are looked up elsewhere, in one pass together with others."""

    def __init__(self) -> None:
        self._meanings: list[tuple[str, bool]] = []
        self._left: defaultdict[str, set[int]] = defaultdict(set)
        self._right: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, said: str, meaning: str, *, is_hint: bool = False) -> None:
        """Take `left/left+right/right` for a meaning."""
        number = len(self._meanings)
        self._meanings.append((meaning, is_hint))
        for sides, side in zip((self._left, self._right), said.split(PAIR, 1), strict=True):
            for word in side.split(_OR):
                sides[word].add(number)

    @property
    def words(self) -> set[str]:
        """All words of either side."""
        return {*self._left, *self._right}

    def near(self, spans: Iterable[tuple[int, int, int]], words: list[str]) -> Iterator[Pair]:
        """Yield each pair at most once, as its longest words tell it; `spans` are (index into `words`, start, end)."""
        lefts = [(pairs, span[1:]) for span in spans if (pairs := self._left.get(words[span[0]]))]
        rights = [(pairs, span[1:]) for span in spans if (pairs := self._right.get(words[span[0]]))]
        if not lefts or not rights:
            return
        both: set[int] = set().union(*(pairs for pairs, _ in lefts))
        both &= set().union(*(pairs for pairs, _ in rights))
        for number in sorted(both):
            meaning, is_hint = self._meanings[number]
            found = [
                Pair(meaning, (min(left, right), max(left, right)), is_hint)
                for some, left in lefts
                if number in some
                for others, right in rights
                if number in others and _are_near(left, right)
            ]
            if found:
                yield max(found, key=lambda pair: (pair.letters, -pair.spans[0][0]))


def _are_near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two spans stand near each other and do not overlap."""
    return 0 <= max(one[0], other[0]) - min(one[1], other[1]) <= _NEAR
