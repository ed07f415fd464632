"""What a message is about: topic, enterprise, and the few words that name it."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dialogs.catalogue import Catalogue
from dialogs.understanding.lexicon import Hit, Lexicon
from dialogs.understanding.model import TopicModel, sure_topic
from dialogs.understanding.spoken import CALLED
from dialogs.understanding.text import fold, is_chinese

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
_BREAK = re.compile(r"[，。！？；,.!?;\n]")
_MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """`topic` is sure, or empty with two to four `candidates`; `keyword_span` is the telling words' place."""

    topic: str = ""
    candidates: tuple[str, ...] = ()
    enterprise: str = ""
    keyword_span: tuple[int, int] = (0, 0)
    hits: tuple[Hit, ...] = ()


class Matters:
    """Recognises topics and enterprises in folded text whose place is masked."""

    def __init__(self, catalogue: Catalogue, model: TopicModel | None = None) -> None:
        self._model = model
        self._codes = frozenset(topic.code for topic in catalogue.topics)
        self._enterprises = _enterprise_names(catalogue)
        self.lexicon = Lexicon(catalogue, self._enterprises)

    def of(self, text: str) -> Matter:
        """Ask the rules, and the model where they find nothing or are torn and it is sure."""
        spans = self.lexicon.spans(text)
        hits = tuple(self.lexicon.hits(text, spans))
        matter = replace(decided(text, hits), enterprise=self._enterprise(spans), hits=hits)
        if matter.topic or self._model is None:
            return matter
        topic = sure_topic(self._model, text, matter.candidates)
        if topic not in self._codes:  # learnt from a catalogue that has gone out of force
            return matter
        return replace(matter, topic=topic, candidates=())

    def topic_of(self, keyword: str) -> str:
        """Return the topic that a keyword of the catalogue speaks for, empty when there is none."""
        return self.of(fold(keyword)).topic

    def _enterprise(self, spans: Iterable[tuple[int, int, int]]) -> str:
        words = self.lexicon.words
        named = (self._enterprises.get(words[index]) for index, _, _ in spans)
        return next((code for code in named if code), "")


def scores(hits: Iterable[Hit]) -> dict[str, int]:
    """Add up what speaks for each topic; weak words count only where nothing else hits."""
    hits = tuple(hits)
    counting = [hit for hit in hits if not hit.is_weak] or hits
    found: defaultdict[str, int] = defaultdict(int)
    for hit in counting:
        for code in hit.topics:
            found[code] += hit.weight
    return found


def decided(text: str, hits: Iterable[Hit]) -> Matter:
    """Take the heaviest topic; of equal ones what weak words speak for, else the first told.

    Where one clause tells them all, it has to be asked.
    """
    hits = tuple(hits)
    found = scores(hits)
    if not found:
        return Matter()
    weak = {code for hit in hits if hit.is_weak for code in hit.topics}
    top = max(found.values())
    best = sorted(code for code, score in found.items() if score == top)
    best = [code for code in best if code in weak] or best
    telling = [_telling(hits, code) for code in best]
    if len(best) > 1 and len({_clause_of(text, span) for span in telling}) == len(best):
        first = min(range(len(best)), key=lambda index: telling[index])
        return Matter(best[first], (), "", telling[first])
    if len(best) > 1:
        return Matter("", tuple(best[:_MOST_CANDIDATES]), "", telling[0])
    return Matter(best[0], (), "", telling[0])


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


def _telling(hits: Iterable[Hit], code: str) -> tuple[int, int]:
    """Return where the heaviest words for a topic stand."""
    hit = max((hit for hit in hits if code in hit.topics), key=lambda hit: hit.weight)
    return hit.start, hit.end


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
