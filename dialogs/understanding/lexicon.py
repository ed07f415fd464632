"""The words for topics: which ones, how much each weighs, and where they stand in a text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from dialogs.catalogue import Catalogue
from dialogs.understanding.english_matters import KEYWORDS
from dialogs.understanding.spoken import NOTHING, SPOKEN
from dialogs.understanding.text import fold, is_whole_word

_NEAR = 12  # characters between the two words of a pair
_PAIR = "+"
_OR = "/"


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that speak for topics, by what they weigh; those of a pair span both of its words."""

    words: str
    start: int
    end: int
    topics: frozenset[str]
    weight: int
    is_weak: bool = False


@dataclass(slots=True)
class _Sides:
    left: list[tuple[int, int]] = field(default_factory=list)
    right: list[tuple[int, int]] = field(default_factory=list)


class Lexicon:
    """All words of a catalogue in one automaton; `others` are words that a caller wants to be found beside them."""

    def __init__(self, catalogue: Catalogue, others: Iterable[str] = ()) -> None:
        strong: defaultdict[str, set[str]] = defaultdict(set)
        weak: defaultdict[str, set[str]] = defaultdict(set)
        sides: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
        self._pairs: list[str] = []
        for topic in catalogue.topics:
            for said in _sayings(topic.keywords):
                if _PAIR in said:
                    self._add_pair(said, topic.code, sides)
                else:
                    strong[said].add(topic.code)
            for keyword in topic.weak_keywords:
                weak[fold(keyword)].add(topic.code)
        covering = {*strong, *weak, *sides, *NOTHING.split()}
        self._covering = len(covering)
        self.words = [*sorted(covering), *sorted({*others} - covering)]
        self._strong = [frozenset(strong.get(word, ())) for word in self.words]
        self._weak = [frozenset(weak.get(word, ())) for word in self.words]
        self._sides = [tuple(sides.get(word, ())) for word in self.words]
        self._automaton = AhoCorasick(self.words)

    def _add_pair(
        self, said: str, code: str, sides: defaultdict[str, list[tuple[int, bool]]]
    ) -> None:
        left, _, right = said.partition(_PAIR)
        number = len(self._pairs)
        self._pairs.append(code)
        for part in left.split(_OR):
            sides[part].append((number, True))
        for part in right.split(_OR):
            sides[part].append((number, False))

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return (index into `words`, start, end) of the words in folded text, without those inside a longer one."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        found.sort(key=lambda span: (span[1], -span[2]))
        spans = []
        reached = 0
        for span in found:
            if span[2] > reached and is_whole_word(text, span[1], span[2]):
                spans.append(span)
                if (
                    span[0] < self._covering
                ):  # 宽带 in 移动宽带 stands beside the name, not within it
                    reached = span[2]
        return spans

    def hits(self, text: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[Hit]:
        """Weigh the words found: the longer, the heavier; each counts once, and pairs by both of their words."""
        sides: defaultdict[int, _Sides] = defaultdict(_Sides)
        seen: set[int] = set()
        for index, start, end in spans:
            for number, is_left in self._sides[index]:
                side = sides[number]
                (side.left if is_left else side.right).append((start, end))
            if index in seen:
                continue
            seen.add(index)
            word = self.words[index]
            weight = len(word) ** 2
            if self._strong[index]:
                yield Hit(word, start, end, self._strong[index], weight)
            if self._weak[index]:
                yield Hit(word, start, end, self._weak[index], weight, is_weak=True)
        for number, side in sides.items():
            if side.left and side.right and (pair := _nearest(side)):
                (start, end), weight = pair
                yield Hit(text[start:end], start, end, frozenset({self._pairs[number]}), weight)


def _nearest(side: _Sides) -> tuple[tuple[int, int], int] | None:
    """Return the span and the weight of the heaviest pair whose words stand near each other."""
    best: tuple[tuple[int, int], int] | None = None
    for left in side.left:
        for right in side.right:
            gap = max(left[0], right[0]) - min(left[1], right[1])
            if not 0 <= gap <= _NEAR:
                continue
            weight = (left[1] - left[0] + right[1] - right[0]) ** 2
            if best is None or weight > best[1]:
                best = (min(left[0], right[0]), max(left[1], right[1])), weight
    return best


def _sayings(keywords: Iterable[str]) -> Iterator[str]:
    for keyword in keywords:
        yield fold(keyword)
        yield from (fold(said) for said in SPOKEN.get(keyword, "").split())
        yield from (fold(said) for said in KEYWORDS.get(keyword, ()))
