"""The words for topics: which ones, how much each weighs, and where they stand in a text."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

import msgspec
from ahocorasick_rs import AhoCorasick

from dialogs.catalogue import Catalogue, Topic
from dialogs.understanding.english_matters import KEYWORDS
from dialogs.understanding.pairs import PAIR, Pairs
from dialogs.understanding.passing import is_general, passing
from dialogs.understanding.spoken import NOTHING, SPOKEN
from dialogs.understanding.spoken_scenes import SCENES
from dialogs.understanding.text import fold, is_whole_word

_begin = itemgetter(1)
_ASIDE = 4
_HINT = 2


class Hit(msgspec.Struct, frozen=True):
    """Words that speak for topics, by what they weigh, and where they stand: one span, or two of a pair."""

    words: str
    spans: tuple[tuple[int, int], ...]
    topics: frozenset[str]
    weight: int
    is_weak: bool = False


class Lexicon:
    """All words of a catalogue in one automaton; `others` are words that a caller wants to be found beside them."""

    def __init__(self, catalogue: Catalogue, others: Iterable[str] = ()) -> None:
        strong: defaultdict[str, set[str]] = defaultdict(set)
        weak: defaultdict[str, set[str]] = defaultdict(set)
        hints: defaultdict[str, set[str]] = defaultdict(set)
        self._pairs = Pairs()
        for topic in catalogue.topics:
            self._take(_sayings(topic.keywords), topic.code, strong)
            self._take(_scenes(topic.keywords), topic.code, hints, is_hint=True)
            for keyword in (*topic.weak_keywords, *_own_names(topic)):
                weak[fold(keyword)].add(topic.code)
        for word in strong.keys() & hints.keys():  # what names a thing says nothing of another
            del hints[word]
        self._hints = frozenset(hints)
        strong.update(hints)
        covering = {*strong, *weak, *self._pairs.words, *NOTHING.split()}
        self._covering = len(covering)
        self.words = [*sorted(covering), *sorted({*others} - covering)]
        self._strong = [frozenset(strong.get(word, ())) for word in self.words]
        self._weak = [frozenset(weak.get(word, ())) for word in self.words]
        self._automaton = AhoCorasick(self.words)
        self._latin = [word[0].isascii() for word in self.words]
        self._general = [is_general(word) for word in self.words]
        self.matters = [
            word for word, topics in zip(self.words, self._strong, strict=True) if topics
        ]

    def _take(
        self,
        sayings: Iterable[str],
        code: str,
        words: defaultdict[str, set[str]],
        *,
        is_hint: bool = False,
    ) -> None:
        for said in sayings:
            if PAIR in said:
                self._pairs.add(said, code, is_hint=is_hint)
            else:
                words[said].add(code)

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return (index into `words`, start, end) of the words in folded text, without those inside a longer one."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        found.reverse()  # they come by their ends: of those that begin together the longest first
        found.sort(key=_begin)
        spans = []
        latin = self._latin
        reached = 0
        for span in found:
            if span[2] > reached and (not latin[span[0]] or is_whole_word(text, *span[1:])):
                spans.append(span)
                if (
                    span[0] < self._covering
                ):  # 宽带 in 移动宽带 stands beside the name, not within it
                    reached = span[2]
        return spans

    def hits(self, text: str, spans: Collection[tuple[int, int, int]]) -> Iterator[Hit]:
        """Weigh the words found: the longer, the heavier; each counts once, and pairs by both of their words."""
        seen: set[int] = set()
        aside = passing(text)
        for index, start, end in spans:
            if index in seen:
                continue
            seen.add(index)
            word = self.words[index]
            is_hint = word in self._hints
            passes = _passes(aside, start)
            weight = _weight(end - start, is_hint=is_hint, passes=passes)
            if self._strong[index]:
                is_weak = is_hint or passes or self._general[index]
                yield Hit(word, ((start, end),), self._strong[index], weight, is_weak=is_weak)
            if self._weak[index]:
                yield Hit(word, ((start, end),), self._weak[index], weight, is_weak=True)
        for pair in self._pairs.near(spans, self.words):
            words = "+".join(text[start:end] for start, end in pair.spans)
            passes = _passes(aside, pair.spans[0][0])
            weight = _weight(pair.letters, is_hint=pair.is_hint, passes=passes)
            is_weak = pair.is_hint or passes or is_general(words)
            yield Hit(words, pair.spans, frozenset({pair.meaning}), weight, is_weak=is_weak)


def _passes(aside: Collection[tuple[int, int]], start: int) -> bool:
    return bool(aside) and any(begin <= start < end for begin, end in aside)


def _weight(letters: int, *, is_hint: bool, passes: bool) -> int:
    """Weigh by length; less what is said in passing, or of other things too."""
    return letters**2 // ((_HINT if is_hint else 1) * (_ASIDE if passes else 1))


def _sayings(keywords: Iterable[str]) -> Iterator[str]:
    for keyword in keywords:
        yield fold(keyword)
        yield from (fold(said) for said in SPOKEN.get(keyword, "").split())
        yield from (fold(said) for said in KEYWORDS.get(keyword, ()))


def _scenes(keywords: Iterable[str]) -> Iterator[str]:
    for keyword in keywords:
        yield from (fold(said) for said in SCENES.get(keyword, "").split())


def _own_names(topic: Topic) -> list[str]:
    """Return what the catalogue itself calls a topic; of the lowest level only what is not a word of many meanings."""
    return [
        *(name for name in topic.level2.split("/") if len(name) > 1),
        *(name for name in topic.level3.split("/") if len(name) > 2),  # noqa: PLR2004 - 登记, 更新, 安全
    ]
