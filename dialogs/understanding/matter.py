"""What a message is about: topic, enterprise, and the few words that name it."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ahocorasick_rs import AhoCorasick

from dialogs.catalogue import Catalogue
from dialogs.understanding.english_matters import KEYWORDS
from dialogs.understanding.model import TopicModel, sure_topic
from dialogs.understanding.spoken import CALLED, SPOKEN
from dialogs.understanding.text import fold, is_chinese, is_whole_word

_LEGAL = re.compile(r"北京市?|有限责任公司|股份有限公司|有限公司|股份|[（(].*?[)）]|分公司$")
_FILLER = re.compile(
    r"^(?:匿名|第?[一二三四五]是|其[一二三]|[①②③]|你好|您好|喂|请问|那个|我要|我想|想要?|投诉|举报|咨询|反映|建议|求助|一下|我们?家的?|我们的?|我的|[我你]?[这那][里边儿]|小区里?的?|楼里的?|附近|现在"
    r"|[\u4e00-\u9fff]{1,6}(?:路|街|胡同|桥)[上边口]?有一?[个家]|今天|昨天|最近|一直|都|总是|老是|就是|有(?![人条个只])|关于|是|的|家里|里|了)+"
)
_TITLE = 8
_ENGLISH_TITLE = 24
_WORD = re.compile(r"[a-z0-9'-]+")
_LEADING_WORDS = re.compile(
    r"^(?:(?:there|here|is|are|a|an|the|my|our|i|we|have|has|hi|hello|please|want|to|report) )+"
)
_SHORTEST_TITLE = 2
_EXPLAINS = re.compile(
    r"已经|需要|什么|怎么|一直|比例|找不到|好几|[一两三四五六七八九十0-9]+[个天年月次]|从|还没|也没|都没|多少"
)
_CLAUSE = re.compile(r"[^，。！？、；：,.!?;:\n\x00 ]+")
_MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """`topic` is sure, or empty with two to four `candidates`; `keyword_span` is the telling words' place."""

    topic: str = ""
    candidates: tuple[str, ...] = ()
    enterprise: str = ""
    keyword_span: tuple[int, int] = (0, 0)


class Matters:
    """Recognises topics and enterprises in folded text whose place is masked."""

    def __init__(self, catalogue: Catalogue, model: TopicModel | None = None) -> None:
        self._model = model
        self._codes = frozenset(topic.code for topic in catalogue.topics)
        strong: defaultdict[str, set[str]] = defaultdict(set)
        weak: defaultdict[str, set[str]] = defaultdict(set)
        for topic in catalogue.topics:
            for keyword in topic.keywords:
                for said in (
                    keyword,
                    *SPOKEN.get(keyword, "").split(),
                    *KEYWORDS.get(keyword, ()),
                ):
                    strong[fold(said)].add(topic.code)
            for keyword in topic.weak_keywords:
                weak[fold(keyword)].add(topic.code)
        self._enterprises = _enterprise_names(catalogue)
        self._words = list({*strong, *weak, *self._enterprises})
        self._strong = [strong.get(word, set()) for word in self._words]
        self._weak = [weak.get(word, set()) for word in self._words]
        self._automaton = AhoCorasick(self._words)

    def of(self, text: str) -> Matter:
        """Ask the rules, and the model where they find nothing or are torn and it is sure."""
        matter = self._by_rules(text)
        if matter.topic or self._model is None:
            return matter
        topic = sure_topic(self._model, text, matter.candidates)
        if topic not in self._codes:  # learnt from a catalogue that has gone out of force
            return matter
        return replace(matter, topic=topic, candidates=())

    def _by_rules(self, text: str) -> Matter:
        """Weigh what is said: longer words weigh more, weak ones only where nothing else hits."""
        hits = self._hits(text)
        enterprise = next(
            (code for index, _, _ in hits if (code := self._enterprises.get(self._words[index]))),
            "",
        )
        for meanings in (self._strong, self._weak):
            scores: defaultdict[str, int] = defaultdict(int)
            for index in {index for index, _, _ in hits}:
                for code in meanings[index]:
                    scores[code] += len(self._words[index]) ** 2
            if scores:
                return _decided(scores, enterprise, _telling(hits, meanings, scores))
        return Matter(enterprise=enterprise)

    def topic_of(self, keyword: str) -> str:
        """Return the topic that a keyword of the catalogue speaks for, empty when there is none."""
        return self.of(fold(keyword)).topic

    def _hits(self, text: str) -> list[tuple[int, int, int]]:
        """Return the words found, without those inside a longer one."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        hits = [hit for hit in found if is_whole_word(text, hit[1], hit[2])]
        return [
            hit
            for hit in hits
            if not any(
                other[1] <= hit[1] and hit[2] <= other[2] and other[2] - other[1] > hit[2] - hit[1]
                for other in hits
            )
        ]


def title(text: str, span: tuple[int, int], original: str) -> str:
    """Name the matter in at most 8 characters of the clause around `span`; `text` is folded and masked."""
    if span[1] and not is_chinese(original):
        return original[span[0] : span[1]].lower()
    if not is_chinese(original):
        return _in_words(text)
    for clause in _CLAUSE.finditer(text):
        lead = _FILLER.match(clause[0])
        start = clause.start() + (lead.end() if lead else 0)
        if clause.end() < span[1] or clause.end() - start < _SHORTEST_TITLE:
            continue
        if clause.end() - start > _TITLE and span[1] > span[0]:
            start = max(start, span[0])
        return _shortened(original[start : clause.end()])
    return original[span[0] : span[1]][:_TITLE]


def _in_words(text: str) -> str:
    """Name an English matter by its first whole words: as short as Chinese cannot be."""
    words = _LEADING_WORDS.sub("", " ".join(_WORD.findall(text)))
    return textwrap.shorten(words, _ENGLISH_TITLE, placeholder="") or words[:_ENGLISH_TITLE]


def _shortened(words: str) -> str:
    """Cut to 8 characters, where possible before a word that only begins an explanation."""
    if len(words) <= _TITLE:
        return words.strip()
    cuts = [found.start() for found in _EXPLAINS.finditer(words, 3, _TITLE + 2)]
    return words[: min([cut for cut in cuts if cut <= _TITLE], default=_TITLE)].strip()


def _telling(
    hits: Iterable[tuple[int, int, int]], meanings: list[set[str]], scores: dict[str, int]
) -> tuple[int, int]:
    """Return where the longest word of the best topic stands."""
    best = max(scores, key=lambda code: scores[code])
    spans = [(start, end) for index, start, end in hits if best in meanings[index]]
    return max(spans, key=lambda span: span[1] - span[0])


def _decided(scores: dict[str, int], enterprise: str, span: tuple[int, int]) -> Matter:
    top = max(scores.values())
    best = tuple(sorted(code for code, score in scores.items() if score == top))
    if len(best) == 1:
        return Matter(best[0], (), enterprise, span)
    return Matter("", best[:_MOST_CANDIDATES], enterprise, span)


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
