"""Questions and the articles that may answer them: the words both are found by, and how well one fits the other.

A wrong answer told with confidence is worse than none: every word of a question that an article does not know, and every
aspect that it does not speak of (a price, a loss, a transfer), counts against it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from dialogs.understanding.text import fold

_OTHER_ASPECT = 0.6  # what is left of a fit when the article does not speak of what is asked
_OTHER_SORT = 0.7  # or answers another sort of question
T = TypeVar("T")

GOOD_FIT = 72  # of 100; tried on tests/questions.csv
_MOST_CLAUSES = 8
_LONGEST = 700
_SHORTEST_STEM = 3

# Said by everybody who asks, whatever is asked.
_FILLER = re.compile(
    r"你好|您好|请问|请教|麻烦|谢谢|咨询|想问|问问|问一?下|问(?!题)|打听|问题|了解|想知道|知道|告诉我?|我们?|我家|咱们?|您|你们?|他们?|她"
    r"|北京市?|全市|本市|在京|应该|必须|一般|现在|今年|明年|去年|目前|今天|明天|多久|多长时间|多少|多大|几点|几号|几月|几天|几个?|哪天|哪个|哪些|哪里|哪儿|哪|何时"
    r"|什么时候|什么|怎么样|怎么|怎样|如何|为什么|是不是|能不能|可不可以|要不要|有没有|可以|(?<![功节智])能(?!源|力)|吗|呢|吧|啊|呀|啦|嘛|么"
    r"|办理|办法|办|申请|申领|申报|手续|材料|条件|流程|规定|需要|要求|要|带|弄|去|到(?!期)|在|从|于|是|有|想|都|也|就(?![医业])|还|才|又|快(?=到期)|了|的|得|着|和|与|及|或|把|被|给|让|请"
    r"|这|那|个|一下|一|只|时间|时候|以后|之后|以前|开始|算|叫|啥|准备|家|自己|本人|具体|关于|(?<!社)会(?!计)|来|很|拿|上面|最近|打(?=电话)|(?<!上)上次|反映|证件"
    r"|\b(?:how|what|when|where|which|who|why|do|does|did|can|could|may|must|should|will|would|is|are|be|was|i|my|me|we|our|you|your|it|this|that|these|the|a|an|of|to|in|on|at|for"
    r"|from|by|with|and|or|if|have|has|had|need|want|like|please|tell|ask|know|about|there|any|some|get|am|as|year|beijing|city|much|many|foreigners?)\b"
)
_LATIN = re.compile(r"[a-z0-9]+")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_CLAUSE = re.compile(r"[，,。！!？?；;\n]+")
# One word for what has several; it is put in on both sides.
_SAME = {
    "暖气": "供暖",
    "取暖": "供暖",
    "供热": "供暖",
    "住房公积金": "公积金",
    "医疗保险": "医保",
    "社会保险": "社保",
    "社会保障卡": "社保卡",
    "老人卡": "老年卡",
    "老年证": "老年卡",
    "电瓶车": "电动车",
    "电动自行车": "电动车",
    "鞭炮": "烟花",
    "爆竹": "烟花",
    "烟花烟花": "烟花",
    "trash": "rubbish",
    "garbage": "rubbish",
}
# What is asked about a thing, and the words by which an article speaks of it.
_ASPECTS = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (r"多少钱|收费|费用|价格|几块|免费|要钱|罚|how much|cost|fee|price|\bpay", r"元|免费|收费|费用|价|罚|cost|fee|free|price|pay"),
        (
            r"几号|什么时候|哪天|何时|几月|多久|几天|多长时间|when|how long",
            r"几号|什么时候|时间|日期|[0-9年每]月|[0-9]日|[0-9]天|每年|每月|[0-9]小时|工作日|[0-9]时|时长|when|how long|date|day|until|from [0-9]",
        ),
        (r"丢|遗失|补办|补领|lost|lose", r"丢|遗失|补办|补领|补卡|lost|lose"),
        (r"(?<!手)续|过期|到期|renew|extend|expire", r"(?<!手)续|过期|到期|换领|签注|renew|extend|expire"),
        (r"注销|作废|取消|cancel", r"注销|作废|取消|cancel"),
        (r"转[让移到出入租学走]|transfer", r"转[让移到出入租学]|transfer"),
        (r"余额|密码|积分|额度|区别|照片", r"余额|密码|积分|额度|区别|照片"),
        (r"断缴|补交|补缴|停缴", r"断缴|补交|补缴|停缴"),
        (r"赔|责任|谁负责|归谁", r"赔|责任|负责|归"),
        (r"退(?!休|役)|取出来|refund", r"退(?!休|役)|提取|refund"),
        (r"投诉|举报|complain", r"投诉|举报|反映|complain"),
        (r"不给|不让|拒绝|不受理|没人|一直没", r"不给|不让|拒绝|不受理"),
    )
)  # fmt: skip
# Somebody wants to know something, whatever else is said.
_ASKS = re.compile(
    r"几号|几点|什么时候|啥时候|多少|怎么|如何|哪里|哪儿|哪个|能不能|可不可以|要不要|有没有|是不是|吗|呢\W*$|[？?]"
    r"|\b(?:how|what|when|where|which|can i|do i|is there|are there)\b"
)
# What sort of answer is wanted: 装修要办什么手续 is not answered by the hours in which 装修 is allowed.
_SORTS = tuple(
    map(
        re.compile,
        (
            r"怎么|如何|手续|材料|条件|流程|申请|报名|办理|带什么|准备什么|需要什么|哪里|哪儿|在哪|去哪|how do|how can|how to|where|which",
            r"几号|什么时候|啥时候|哪天|何时|几月|几点|多久|时间|日期|周末|when|how long|until|dates",
            r"多少钱|收费|费用|价格|how much|cost",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A question as it is compared: the runs of its telling characters, and the words made of them."""

    runs: tuple[str, ...]
    words: frozenset[str]
    sorts: frozenset[int] = frozenset()  # of answers that are wanted

    @property
    def length(self) -> float:
        """How much it says."""
        return sum(_weight(run) for run in self.runs)


def asks(text: str) -> bool:
    """Tell whether a text asks something; a cry for help may do so too: 暖气不热怎么办."""
    return _ASKS.search(fold(text[:_LONGEST])) is not None


def words(text: str) -> frozenset[str]:
    """Return the words that a text is found by: pairs of ideographs and whole Latin words."""
    return phrase_of(text).words


def phrase_of(text: str) -> Phrase:
    """Read a question, leaving out what everybody says who asks."""
    folded = fold(text[:_LONGEST])
    for said, meant in _SAME.items():
        folded = folded.replace(said, meant)
    runs = tuple(map(_stem, _RUN.findall(_FILLER.sub(" ", folded))))
    found = frozenset(word for run in runs for word in _words_of(run))
    return Phrase(runs, found, frozenset(n for n, sort in enumerate(_SORTS) if sort.search(folded)))


_article_phrase = lru_cache(maxsize=8192)(phrase_of)  # what residents say is kept nowhere
_article_text = lru_cache(maxsize=1024)(fold)


def fit(asked: str, phrasings: Sequence[str], answer: str) -> int:
    """Return how well an article answers a question, in percent: the clause of it that fits best counts."""
    known = [_article_phrase(phrasing) for phrasing in phrasings]
    told = _all(phrase.words for phrase in (*known, _article_phrase(answer)))
    best = max((_covered(clause, known, told) for clause in _clauses(asked)), default=0.0)
    if not _speaks_of(fold(asked), _article_text("\n".join([*phrasings, answer]))):
        best *= _OTHER_ASPECT
    wanted = phrase_of(asked).sorts
    given = _all(phrase.sorts for phrase in known)
    if wanted and given and not wanted & given:
        best *= _OTHER_SORT
    return round(100 * best)


def clauses(asked: str) -> list[frozenset[str]]:
    """Return the words of each clause that `fit` looks at; none when nothing telling is asked."""
    return [clause.words for clause in _clauses(asked)]


def _clauses(asked: str) -> list[Phrase]:
    """The clauses that ask for something; where none does so by itself, all that say something."""
    parts = [(part, phrase_of(part)) for part in _CLAUSE.split(asked)[-_MOST_CLAUSES:]]
    said = [(part, phrase) for part, phrase in parts if phrase.words]
    return [phrase for part, phrase in said if asks(part)] or [phrase for _, phrase in said]


def _all(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset[T]().union(*sets)


def _stem(run: str) -> str:
    """Leave the plural and the third person out: starts, bins."""
    is_longer = _LATIN.match(run) and len(run) > _SHORTEST_STEM
    return run[:-1] if is_longer and run.endswith("s") and not run.endswith("ss") else run


def _covered(asked: Phrase, known: Sequence[Phrase], told: frozenset[str]) -> float:
    """How much of the question the article knows, and how much of one of its phrasings was asked."""
    in_phrasings = _all(phrase.words for phrase in known)
    of_question = 0.8 * _share(asked, in_phrasings) + 0.2 * _share(asked, told)
    of_phrasing = max((_share(phrase, asked.words) for phrase in known), default=0.0)
    return of_question * (0.6 + 0.4 * of_phrasing)


def _share(phrase: Phrase, among: frozenset[str]) -> float:
    """The share of a phrase's telling characters that stand in words of `among`."""
    if not phrase.length:
        return 0.0
    return sum(_known(run, among) for run in phrase.runs) / phrase.length


def _known(run: str, among: frozenset[str]) -> float:
    if _LATIN.match(run) or len(run) == 1:
        return _weight(run) if run in among else 0
    pairs = [run[at : at + 2] in among for at in range(len(run) - 1)]
    return sum(
        (at > 0 and pairs[at - 1]) or (at < len(pairs) and pairs[at]) for at in range(len(run))
    )


def _weight(run: str) -> float:
    """A Latin word says as much as three ideographs, a lone ideograph (没, 打) little."""
    if run.isdigit():
        return 1
    if len(run) == 1:
        return 0.4
    return 3 if _LATIN.match(run) else len(run)


def _words_of(run: str) -> Iterable[str]:
    if _LATIN.match(run) or len(run) == 1:
        return (run,)
    return (run[at : at + 2] for at in range(len(run) - 1))


def _speaks_of(asked: str, told: str) -> bool:
    """Tell whether the article speaks of every aspect that was asked for."""
    return all(known.search(told) for wanted, known in _ASPECTS if wanted.search(asked))
