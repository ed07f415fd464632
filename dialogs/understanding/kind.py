"""What sort of matter it is (诉求类型): by what residents say they do, else by how they say it, else by its topic."""

import re
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from dialogs.catalogue import Topic
from dialogs.understanding.kind_frames import applies, asks_an_office, asks_nothing, proposes
from dialogs.understanding.kind_words import (
    FALSE_FRIENDS,
    HINTED,
    HINTED_ENGLISH,
    OF_CONDUCT,
    OF_LAW,
    OF_WORKS,
    OUTRIGHT,
    OUTRIGHT_ENGLISH,
    QUESTIONS,
    QUESTIONS_ENGLISH,
)
from dialogs.words import Kind

# What is said of the city at large goes on without a place.
NEEDS_NO_PLACE = frozenset({Kind.QUESTION, Kind.SUGGESTION, Kind.PRAISE})
_ORDER = (Kind.PRAISE, Kind.TIP_OFF, Kind.QUESTION, Kind.SUGGESTION, Kind.COMPLAINT)
# 怎么 asks, unless it wonders (怎么没人管) or despairs (暖气不热怎么办).
_NO_QUESTION = (
    "怎么没 怎么不 怎么还 怎么又 怎么回事 怎么这么 怎么能 怎么老 怎么样了 怎么搞 怎么也 怎么都 怎么一直 怎么就 怎么总 不怎么 怎么办 怎么才 什么时候能修 什么时候修 什么时候能来 什么时候有人 什么时候能解决 什么时候给修 有没有人管 没什么 有什么用 不是吗 不多少 哪里都"
    " 不知道多少 多少次 多少回 好多少 能上楼 能上去 能用了 不能用 没多久 什么事 不管是 不知道哪里 哪里来的 不是什么 好吗 可以吗 行不行啊 干什么吃 不是不管 能补救 能转身 能上来 多大 哪儿都 多少遍 没有什么 怎么追 不知道是不是 十几年 十几天 好几年 好几天 好几个月 几年了 几天了 几个月了 几年都 十几个月 几天没 几年没 谁知道"
)
_WHAT_NOW = "怎么办"
_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![啊呢呀吧哪才好了])")
# Papers have an office to go to: 居住证怎么办 asks which, and despairs of nothing.
_PAPERS = re.compile(
    r"(?:证|照|卡|手续|公积金|社保|医保|养老金|补贴|许可|许可证|低保|落户|户口|过户|签证|执照|津贴|报销|学位|用完了|忘了报|年报)(?:了|要|该|应该|不够|丢了|没了)?(?:在?\x00+)?怎么办"
)
# A question about what is broken asks for it to be mended.
_BROKEN = re.compile(
    r"坏|漏[水雨电气]|堵[了住着死]|没人|(?<!热)不热|没[水电暖]|停[水电气暖了]|臭|脏|[太很]吵|吵[得死]|不亮|没信号|信号都没|收不到|过期了|塌|裂|断[水电气]|不通|倒了|不管|返味|冒水"
)
_MENDING = re.compile(
    r"(?:能不能|可不可以|能否|可以|能|麻烦|请)[^，。？?]{0,6}?(?:修|管管|派人|处理|解决|清理|清走|换一|安排|催|查一?[下查]|来人|来看|剪|拆掉|挪|拖走|治理|帮我|协调|整治|快点|早点|上门(?:修|看))"
)
_COURTESY = frozenset({"感谢", "谢谢你们", "thank you for", "thanks for"})
# 感谢 before all else, with somebody to be thanked and no wish behind it.
_THANKS = re.compile(
    r"^[^，。,!！]{0,14}(?:感谢|谢谢|表扬|点赞|夸夸?|thanks?\b)[^，。！,!]{2,}|(?:特别|非常|真的?|太|十分|衷心)感谢|(?:很|真|太|特别)感动|好人"
)
_GRATEFUL = frozenset("谢扬赞夸感好")  # letters without which nobody is thanked
_WISHES = re.compile(
    r"请(?!允许)|希望(?!大家)|麻烦|尽快|赶紧|能不能|什么时候|但是|可是|就是(?:不|没)|投诉|\bplease\b|\bbut\b"
)
_HOPES = re.compile(
    r"希望[^，。]{0,12}(?:派|增[加设]|加[装设开]|设[置立]|开[设通]|建|装|恢复|延长|多[开放设修]|公示|推广)|应该[^，。]{0,4}(?:装|设|建|加|增|公示|安排)"
)
_LONG = 80
_LONG_ENGLISH = 240
_ENGLISH_QUESTION = re.compile(
    r"(?:^|[.!?,] *)(?:(?:hi|hello|excuse me)[, ]+)*(?:how|what|when|where|which|who|does|do|is there|are there|can i|may i|could i|should i)\b[^.!]*\?"
)


# Said to accuse, or of people whom one meets again or depends on: these may take a complaint ill.
_ACCUSES = re.compile(
    r"投诉|举报|检举|差评|complain|老板|领导|书记|干部|老师|校长|教师|医生|大夫|护士|房东(?![里村])|包工头|村委|村长|村干部|居委|主任|民警|城管|邻居|楼[上下][^，。]{0,4}(?:住户|人家|邻居|装修)|隔壁|对门|保安|态度|\b(?:neighbou?r|boss|landlord|teacher|doctor|employer)\b"
)


def accuses(folded: str) -> bool:
    """Tell whether a complaint is told of somebody who may take it ill, so that secrecy is worth a question."""
    return _ACCUSES.search(folded) is not None


@dataclass(frozen=True, slots=True)
class KindCue:
    """Words that speak for a kind; said outright, they decide."""

    start: int
    end: int
    kind: Kind
    is_outright: bool


class Kinds:
    """Recognises the kind of matter."""

    def __init__(self) -> None:
        cues: dict[str, tuple[Kind | None, bool]] = {}
        cues.update(
            (cue, (Kind.QUESTION, False)) for cue in (*QUESTIONS.split(), *QUESTIONS_ENGLISH)
        )
        for chinese, english, is_outright in (
            (HINTED, HINTED_ENGLISH, False),
            (OUTRIGHT, OUTRIGHT_ENGLISH, True),
        ):
            for kind, words in chinese.items():
                cues.update((cue, (kind, is_outright)) for cue in (*words.split(), *english[kind]))
        cues.update(dict.fromkeys((*FALSE_FRIENDS.split(), *_NO_QUESTION.split()), (None, False)))
        self._cues = list(cues)
        self._meanings = list(cues.values())
        self._automaton = AhoCorasick(self._cues, matchkind=MatchKind.LeftmostLongest)

    def cues(self, text: str) -> list[KindCue]:
        """Return the words in folded text that speak for kinds, for people to look at."""
        found = self._automaton.find_matches_as_indexes(text)
        meant = [(start, end, *self._meanings[index]) for index, start, end in found]
        return [KindCue(start, end, kind, said) for start, end, kind, said in meant if kind]

    def of(self, text: str, topic: Topic | None = None, *, in_trouble: bool) -> Kind | None:
        """Return the kind that folded `text` speaks of, if any; in trouble, 感谢 is only a courtesy."""
        hinted: set[Kind] = set()
        thanks = _is_thanks(text)
        for index, _, end in self._automaton.find_matches_as_indexes(text):
            kind, is_outright = self._meanings[index]
            cue = self._cues[index]
            if cue == _WHAT_NOW and _GOES_ON.match(text, end):
                kind = Kind.QUESTION
            if kind is None or (in_trouble and not thanks and cue in _COURTESY):
                continue
            if is_outright:
                return kind
            hinted.add(kind)
        if topic is not None and asks_an_office(text, topic.level2):
            hinted.add(Kind.QUESTION)
        return _hinted(text, hinted, is_praise=thanks) or _of_topic(topic, text)


def _is_thanks(text: str) -> bool:
    if _GRATEFUL.isdisjoint(text) and not text.isascii():
        return False
    return bool(_THANKS.search(text) and not _WISHES.search(text))


def _hinted(text: str, kinds: set[Kind], *, is_praise: bool) -> Kind | None:
    if is_praise:
        kinds.add(Kind.PRAISE)
    elif Kind.PRAISE in kinds and _WISHES.search(text):
        kinds.remove(Kind.PRAISE)
    if _HOPES.search(text) and not _BROKEN.search(text):
        kinds.add(Kind.SUGGESTION)
    if len(text) > _LONG and not text.isascii() and Kind.COMPLAINT in kinds:
        kinds.discard(Kind.TIP_OFF)
    kinds = _asked(text, kinds)
    if kinds <= {Kind.COMPLAINT} and applies(text):
        return Kind.REQUEST
    return next((kind for kind in _ORDER if kind in kinds), None)


def _asked(text: str, kinds: set[Kind]) -> set[Kind]:
    """Add the question that no single word tells, and take away the one that is a proposal, a wish or a sigh."""
    if _PAPERS.search(text) or _ENGLISH_QUESTION.search(text):
        kinds = kinds | {Kind.QUESTION}
    if Kind.QUESTION not in kinds:
        return kinds
    if proposes(text) and not _BROKEN.search(text):
        return (kinds - {Kind.QUESTION}) | {Kind.SUGGESTION}
    if not _is_question(text) or asks_nothing(text):
        return kinds - {Kind.QUESTION}
    return kinds


def _is_question(text: str) -> bool:
    """Tell a question from a wish in a question's dress: 能不能修一下, 坏了什么时候能修; a long story asks nothing."""
    if len(text) > (_LONG if not text.isascii() else _LONG_ENGLISH) or _MENDING.search(text):
        return False
    return not _BROKEN.search(text)


def _of_topic(topic: Topic | None, text: str) -> Kind | None:
    """Take what tells of somebody's conduct for a complaint, and of what the law forbids for a tip-off."""
    if topic is None:
        return None
    levels = {topic.level2, topic.level3}
    if levels & OF_LAW:
        return Kind.TIP_OFF
    if not levels & OF_CONDUCT or (levels & OF_WORKS and _BROKEN.search(text)):
        return None
    return Kind.COMPLAINT
