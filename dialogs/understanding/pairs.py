"""Pairs of words that mean something near each other: 水管/龙头+漏/爆, any word of the left and any of the right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

PAIR = "+"
_OR = "/"
_NEAR = 12  # characters between the two words


class Pair(msgspec.Struct, frozen=True):
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
        left, right = self._left, self._right
        told = [(words[index], start, end) for index, start, end in spans]
        lefts = [(left[word], start, end) for word, start, end in told if word in left]
        rights = [(right[word], start, end) for word, start, end in told if word in right]
        best: dict[int, tuple[int, int, int, int, int, int]] = {}
        for some, begin, end in lefts:
            for others, start, stop in rights:
                if not 0 <= max(begin, start) - min(end, stop) <= _NEAR or some.isdisjoint(others):
                    continue
                first, last = (
                    ((begin, end), (start, stop))
                    if begin < start
                    else ((start, stop), (begin, end))
                )
                pair = (end - begin + stop - start, -first[0], *first, *last)
                for number in some & others:
                    if number not in best or best[number][:2] < pair[:2]:
                        best[number] = pair
        for number in sorted(best):
            _, _, begin, end, start, stop = best[number]
            meaning, is_hint = self._meanings[number]
            yield Pair(meaning, ((begin, end), (start, stop)), is_hint)
