"""Pairs of words that mean something near each other: 水管/龙头+漏/爆, any word of the left and any of the right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PAIR = "+"
_OR = "/"
_NEAR = 12  # characters between the two words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words found near each other, in the order of the text."""

    meaning: str
    spans: tuple[tuple[int, int], tuple[int, int]]

    @property
    def letters(self) -> int:
        """How many characters both words have, without what stands between."""
        return sum(end - start for start, end in self.spans)


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
                Pair(self._meanings[number], (min(left, right), max(left, right)))
                for left in one.left
                for right in one.right
                if 0 <= max(left[0], right[0]) - min(left[1], right[1]) <= _NEAR
            ]
            if pairs:
                yield max(pairs, key=lambda pair: (pair.letters, -pair.spans[0][0]))
