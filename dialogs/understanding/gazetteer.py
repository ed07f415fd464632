"""All names of places, in every form residents use, found in one pass over the text."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from dialogs.understanding.place import Firmness, Mention
from dialogs.understanding.position import begins_clause, ends_clause, is_edge, is_led
from dialogs.understanding.spellings import HOUSING, Meaning
from dialogs.understanding.text import is_whole_word

# A short name that goes on like this is a road or a landmark, which need not lie in the street of that name.
_LANDMARK = re.compile(
    r"[东西南北中内外斜横]{0,2}(?:大街|路(?![口灯面边段上])|街(?![上边面道])|桥|胡同|站|高速|立交|门(?![口禁诊头面卫牌楼窗铃卡店市前外]))"
    r"|地铁|公交总?站|线(?!路|[杆缆])|号线|[一二三四五六七八九十0-9]{1,2}[中小](?!区|组)"
    r"|(?:人民|中心|妇幼|森林|湿地|郊野|体育|文化|国际|菜|早|批发|农贸|建材|交通)?(?:软件园|科技园|产业园|创业园|公园|植物园|动物园|幼儿园|游乐园|陵园|庄园|花园|家园|嘉园|佳园"
    r"|医院|卫生院|门诊|中学|小学|大学|学校|学院|大厦|商场|商城|广场|市场|超市|购物中心|饭店|宾馆|酒店|大楼"
    r"|体育馆|体育场|博物馆|图书馆|剧院|影院|机场|派出所|法院|检察院|水库|银行|支行|营业厅|电厂|热力厂|火车站|度假村|工业园|工业区|物流园|驾校|收费站"
    r"|养老院|敬老院|卫生服务|影城|建材城|家具城|大学城|枢纽|环岛|高架|隧道|夜市|土木|光(?!明)|省)"
)
# … and so is a short name with 路 that is spoken of as a road: 学院路早高峰. It is offered, not taken.
_TRAFFIC = re.compile(
    r"的?(?:[东西南北]段|全线|沿线|主路|辅路|早高峰|晚高峰|[早晚]上?堵|堵|车流|车道|修路|红绿灯|绿灯|红灯|过街|由|往|双向|单行|限[行速]|封路|拓宽|断头)"
)
# 北房间, 上地下室, 朝阳台: the last character belongs to the next word.
_WORDS_ACROSS = re.compile(r"房[间子屋东产租价]|地下[室车层]|阳台(?!湖)")
_ESTATE = re.compile(
    r"小区|新区|家属院|[东西南北]里(?!面|边|的|有)|里(?=小区|社区|[一二三四五六七八九十\d])|街坊"
)
# Names of provinces are villages too, but not where somebody is from.
_PROVINCES = frozenset(("河北", "河南", "山东", "山西", "江苏", "湖北", "湖南", "海南"))
# One may live in a 平房, or at the 前门, without meaning the street.
_NOUN_WORDS = "平房 温泉 新村 果园 花园 前门 天桥 机场 软件 空间 大院 校内 进口 化工 航天 三环 四环 总院 门楼 内务 水文 城北 城南"
_NOUNS = frozenset(_NOUN_WORDS.split())
# 第一，电梯坏了 counts; it names no 第一社区.
_ORDINAL = re.compile(r"第[一二三四五六七八九十]+")
_ROAD_THINGS = frozenset("灯面")
_SHORTEST_ALONE = 3
_COMMUNITY = 3


class Gazetteer:
    """Finds the names of districts, streets, communities and special areas in folded text."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._patterns = list(meanings)
        self._meanings = list(meanings.values())
        self._lengths = [len(name.removesuffix("小区")) for name in self._patterns]
        self._automaton = AhoCorasick(self._patterns)

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in `text`, which is folded, from left to right and without overlap."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return []
        spans = {(start, end) for _, start, end in hits}
        hits.sort(key=lambda hit: (-self._lengths[hit[0]], hit[1] - hit[2]))  # the longest first
        taken: list[tuple[int, int, int]] = []
        for hit in hits:
            is_free = all(hit[2] <= start or hit[1] >= end for _, start, end in taken)
            if (
                is_free
                and is_whole_word(text, hit[1], hit[2])
                and not _takes_too_much(text, hit, spans)
            ):
                taken.append(hit)
        taken.sort(key=lambda hit: hit[1])
        return list(self._as_mentions(text, taken))

    def _as_mentions(self, text: str, hits: Sequence[tuple[int, int, int]]) -> Iterator[Mention]:
        starts = {
            start for index, start, _ in hits if self._meanings[index].firmness >= Firmness.SHORT
        }
        last_end = 0
        for index, start, end in hits:
            meaning = self._meanings[index]
            if end not in starts and _goes_on(text, end, meaning):
                yield Mention(start, end, (), Firmness.WORD)
                continue
            at_edge = start == last_end or is_edge(text, start) or is_led(text, start)
            firmness = _firmness(text, start, end, meaning, at_edge=at_edge)
            if firmness >= Firmness.VAGUE or at_edge:
                last_end = end
                yield Mention(
                    start,
                    end,
                    meaning.options,
                    firmness,
                    meaning.rivals,
                    meaning.stem,
                    meaning.is_road and firmness < Firmness.SHORT,
                )


def _firmness(text: str, start: int, end: int, meaning: Meaning, *, at_edge: bool) -> Firmness:
    """Weigh a name by where it stands: one that may be any word needs the position of a place."""
    firmness = meaning.firmness
    if firmness == Firmness.FULL:
        return firmness
    if firmness == Firmness.VAGUE and HOUSING.match(text, end):
        return Firmness.SHORT
    is_told = _is_told(text, start, end, at_edge=at_edge)
    if firmness == Firmness.SHORT:
        is_sure = is_told or (at_edge and not _is_a_road(text, start, end))
        return firmness if is_sure else _by_chance(text[start:end], meaning)
    is_unique = len(meaning.options) == 1 and not meaning.rivals
    if firmness == Firmness.VAGUE and (meaning.is_road or not is_unique):
        is_chance = end - start < _SHORTEST_ALONE and not (at_edge or is_told)
        return Firmness.WORD if is_chance else firmness
    if not is_told or text[start:end] in _PROVINCES:
        return Firmness.WORD
    is_sure = is_unique and not meaning.is_road and text[start:end] not in _NOUNS
    return Firmness.SHORT if is_sure and is_led(text, start) else Firmness.VAGUE


def _is_a_road(text: str, start: int, end: int) -> bool:
    """Tell whether 学院路 is spoken of as the road, which runs on through other streets."""
    return (
        text[end - 1] == "路" and _TRAFFIC.match(text, end) is not None and not is_led(text, start)
    )


def _is_told(text: str, start: int, end: int, *, at_edge: bool) -> bool:
    """Tell whether the name stands where the place is told: 我住在光明，…; 德胜这边…"""
    if not ends_clause(text, end):
        return False
    return (
        is_led(text, start) or begins_clause(text, start) or (at_edge and text[start - 1] == "在")
    )


def _takes_too_much(text: str, hit: tuple[int, int, int], spans: set[tuple[int, int]]) -> bool:
    """海淀路灯 is a lamp in 海淀, not a lamp of 海淀路; 丰台镇国寺 is 镇国寺 in 丰台; 第一 only counts."""
    _, start, end = hit
    if _ORDINAL.fullmatch(text, start, end):
        return True
    if (start, end - 1) not in spans:
        return False
    if text[end - 1] == "路" and text[end : end + 1] in _ROAD_THINGS:
        return True
    return text[end - 1] == "镇" and any(
        begin == end - 1 and stop - begin >= _SHORTEST_ALONE for begin, stop in spans
    )


def _goes_on(text: str, end: int, meaning: Meaning) -> bool:
    """Tell whether a name ending here is the beginning of a landmark's, a road's or an estate's."""
    if _WORDS_ACROSS.match(text, end - 1):
        return True
    is_village = text[end - 1] == "村"
    if is_village and meaning.options[0].depth == _COMMUNITY and _ESTATE.match(text, end):
        return True
    may_go_on = is_village or meaning.firmness < Firmness.FULL
    return may_go_on and _LANDMARK.match(text, end) is not None


def _by_chance(name: str, meaning: Meaning) -> Firmness:
    """In the middle of a clause a name may be part of other words: 雍和宫门口, 物资学院路."""
    depth = meaning.options[0].depth
    if len(name) < _SHORTEST_ALONE and depth > 1:
        return Firmness.WORD
    is_part = len(name) == _SHORTEST_ALONE and (depth == _COMMUNITY or name[-1] in "路街")
    return Firmness.VAGUE if is_part else Firmness.SHORT
