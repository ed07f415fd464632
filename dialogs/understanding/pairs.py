"""Pairs of words that mean something near each other: 水管/龙头+漏/爆, any word of the left and any of the right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PAIR = "+"
_OR = "/"
_NEAR = 12  # characters between the two words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words found near each other: where the first begins, the last begins, and all ends."""

    meaning: str
    start: int
    last: int
    end: int
    letters: int  # of both words, without what stands between


@dataclass(slots=True)
class _Found:
    left: list[tuple[int, int]] = field(default_factory=list)
    right: list[tuple[int, int]] = field(default_factory=list)


class Pairs:
    """The pairs of a vocabulary; its words are looked up elsewhere, in one pass together with others."""

    def __init__(self) -> None:
        self._meanings: list[str] = []
        self.sides: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)

    def add(self, said: str, meaning: str) -> None:
        """Take `left/left+right/right` for a meaning."""
        number = len(self._meanings)
        self._meanings.append(meaning)
        for is_left, side in zip((True, False), said.split(PAIR, 1), strict=True):
            for word in side.split(_OR):
                self.sides[word].append((number, is_left))

    def near(self, spans: Iterable[tuple[int, int, int]], words: list[str]) -> Iterator[Pair]:
        """Yield each pair at most once, as its longest words tell it; `spans` are (index into `words`, start, end)."""
        found: defaultdict[int, _Found] = defaultdict(_Found)
        for index, start, end in spans:
            for number, is_left in self.sides.get(words[index], ()):
                one = found[number]
                (one.left if is_left else one.right).append((start, end))
        for number, one in found.items():
            pairs = [
                _pair(self._meanings[number], left, right)
                for left in one.left
                for right in one.right
                if 0 <= max(left[0], right[0]) - min(left[1], right[1]) <= _NEAR
            ]
            if pairs:
                yield max(pairs, key=lambda pair: (pair.letters, -pair.start))


def _pair(meaning: str, left: tuple[int, int], right: tuple[int, int]) -> Pair:
    first, last = sorted((left, right))
    letters = left[1] - left[0] + right[1] - right[0]
    return Pair(meaning, first[0], last[0], last[1], letters)
