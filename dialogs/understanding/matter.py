"""What a message is about: topic and enterprise."""

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from dialogs.catalogue import Catalogue
from dialogs.understanding.lexicon import Hit, Lexicon
from dialogs.understanding.misheard import Misheard
from dialogs.understanding.model import TopicModel, sure_topic
from dialogs.understanding.spoken import CALLED
from dialogs.understanding.text import fold

_LEGAL = re.compile(r"北京市?|有限责任公司|股份有限公司|有限公司|股份|[（(].*?[)）]|分公司$")
_BREAK = re.compile(r"[，。！？；,.!?;\n]")
_MOST_CANDIDATES = 4


class Matter(msgspec.Struct, frozen=True):
    """`topic` is sure, or empty with two to four `candidates`; `telling` are the words that decided, one or a pair."""

    topic: str = ""
    candidates: tuple[str, ...] = ()
    enterprise: str = ""
    telling: tuple[tuple[int, int], ...] = ()
    hits: tuple[Hit, ...] = ()


class Matters:
    """Recognises topics and enterprises in folded text whose place is masked."""

    def __init__(self, catalogue: Catalogue, model: TopicModel | None = None) -> None:
        self._model = model
        self._codes = frozenset(topic.code for topic in catalogue.topics)
        self._enterprises = _enterprise_names(catalogue)
        self.lexicon = Lexicon(catalogue, self._enterprises)
        self._misheard = Misheard(self.lexicon.matters)

    def of(self, text: str) -> Matter:
        """Ask the rules, and the model where they find nothing or are torn and it is sure."""
        spans = self.lexicon.spans(text)
        hits = tuple(self.lexicon.hits(text, spans))
        if all(hit.is_weak for hit in hits) and (meant := self._misheard.put_right(text)) != text:
            spans = self.lexicon.spans(meant)
            hits = tuple(self.lexicon.hits(meant, spans))
        matter = decided(text, hits, self._enterprise(spans))
        if matter.topic or self._model is None:
            return matter
        topic = sure_topic(self._model, text, matter.candidates)
        if topic not in self._codes:  # learnt from a catalogue that has gone out of force
            return matter
        return msgspec.structs.replace(matter, topic=topic, candidates=())

    def topic_of(self, keyword: str) -> str:
        """Return the topic that a keyword of the catalogue speaks for, empty when there is none."""
        return self.of(fold(keyword)).topic

    def _enterprise(self, spans: Iterable[tuple[int, int, int]]) -> str:
        words = self.lexicon.words
        named = (self._enterprises.get(words[index]) for index, _, _ in spans)
        return next((code for code in named if code), "")


def scores(hits: tuple[Hit, ...]) -> dict[str, int]:
    """Add up what speaks for each topic; weak words count only where nothing else hits."""
    counting = [hit for hit in hits if not hit.is_weak] or hits
    found: defaultdict[str, int] = defaultdict(int)
    for hit in counting:
        for code in hit.topics:
            found[code] += hit.weight
    return found


def decided(text: str, hits: tuple[Hit, ...], enterprise: str = "") -> Matter:
    """Take the heaviest topic; of equal ones what weak words speak for, else the first told.

    Where one clause tells them all, it has to be asked.
    """
    found = scores(hits)
    if not found:
        return Matter(enterprise=enterprise, hits=hits)
    top = max(found.values())
    best = [code for code, score in found.items() if score == top]
    if len(best) > 1:
        weak = {code for hit in hits if hit.is_weak for code in hit.topics}
        best = sorted(code for code in best if code in weak) or sorted(best)
    telling = [_telling(hits, code) for code in best]
    if len(best) == 1:
        return Matter(best[0], (), enterprise, telling[0], hits)
    if len({_clause_of(text, spans[0]) for spans in telling}) == len(best):
        first = min(range(len(best)), key=lambda index: telling[index])
        return Matter(best[first], (), enterprise, telling[first], hits)
    return Matter("", tuple(best[:_MOST_CANDIDATES]), enterprise, telling[0], hits)


def _telling(hits: Iterable[Hit], code: str) -> tuple[tuple[int, int], ...]:
    """Return where the heaviest words for a topic stand."""
    return max((hit for hit in hits if code in hit.topics), key=lambda hit: hit.weight).spans


def _clause_of(text: str, span: tuple[int, int]) -> int:
    """Number the clause a span begins in."""
    return len(_BREAK.findall(text, 0, span[0]))


def _enterprise_names(catalogue: Catalogue) -> dict[str, str]:
    names: dict[str, str] = {}
    for enterprise in catalogue.enterprises:
        called = [
            said for part, words in CALLED.items() if part in enterprise.name for said in words
        ]
        for name in (
            enterprise.name,
            _LEGAL.sub("", enterprise.name),
            *enterprise.short_names,
            *called,
        ):
            if len(name) > 1:
                names.setdefault(fold(name), enterprise.code)
    return names
