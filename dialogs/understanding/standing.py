"""Whether a misheard name may stand where it was heard; a guess at other words is worse than none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.understanding.everyday import is_word, splits_a_word
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.position import begins_clause, ends_clause, is_edge, is_led
from dialogs.understanding.spellings import is_everyday

LONG = 3  # as many syllables in a row are seldom chance
_KIND_OF_PLACE = re.compile(
    r"街道|社区|小区|村|镇|乡|地区|路|[东西南北]里|[一二三四五六七八九十0-9]+(?:区|号)|的?路[边口灯面]|门口|周边|有人"
)
_AT = (
    "在", "我家", "我们家", "俺家", "我们", "咱们", "俺们", "我住", "家住", "那个", "就是", "就在", "嗯", "啊", "呃", "说的是", "这边", "这是", "说",
)  # fmt: skip
_TELLING = (
    "一下",
    "投诉",
    "举报",
    "反映",
    "听说",
    "现在",
    "最近",
    "请问",
    "刚才",
    "有",
    "了",
    "吧",
    "呢",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a name is heard and how well: `whole` with its suffix; `exact` of the same sound, not only alike."""

    start: int
    end: int
    is_street: bool
    is_whole: bool
    is_exact: bool


def may_stand(folded: str, heard: Heard, mentions: Sequence[Mention]) -> bool:
    """Tell whether a place may be told where this was heard, and no other words."""
    before = heard.start - folded.endswith("的", 0, heard.start)  # 朝阳的望经
    is_next = any(
        one.end in (before, heard.start) and one.firmness >= Firmness.SHORT for one in mentions
    )
    if any(_speaks_against(folded, one, heard, is_next=is_next) for one in mentions):
        return False
    if not heard.is_whole and _is_of_words(folded, heard.start, heard.end):
        return False
    if is_next:
        return True
    is_cut = splits_a_word(folded, heard.start) and not begins_clause(folded, heard.start)
    return not is_cut and _is_told(folded, heard)


def district_told(mentions: Sequence[Mention], start: int, end: int) -> Place | None:
    """Return the only district that is named outside of the guess."""
    districts = {
        option
        for mention in mentions
        if mention.firmness >= Firmness.SHORT and (mention.end <= start or mention.start >= end)
        for option in mention.options
        if option.depth == 1
    }
    return districts.pop() if len(districts) == 1 else None


def _is_told(folded: str, heard: Heard) -> bool:
    """Two syllables need the words of a place on both sides; a street of three, hardly any."""
    start, end = heard.start, heard.end
    begins = begins_clause(folded, start)
    is_at = begins or is_led(folded, start) or folded.endswith(_AT, 0, start)
    goes_with = ends_clause(folded, end) or _KIND_OF_PLACE.match(folded, end) is not None
    if end - start < LONG:
        has_matter = begins and heard.is_exact and is_word(folded[end : end + 2])  # 望经电梯坏了
        return (is_at and goes_with) or (has_matter and heard.is_street)
    at_edge = is_at or is_edge(folded, start)
    if heard.is_street:
        return at_edge or goes_with or heard.is_exact or folded.endswith(_TELLING, 0, start)
    is_named_so = any(_KIND_OF_PLACE.match(folded, end - length) for length in (0, 1, 2))
    is_bare = begins and not is_led(folded, start)  # 嘶嘶响，
    goes_with = is_named_so or (goes_with and not is_bare)
    return at_edge and (heard.is_exact or heard.is_whole or goes_with)


def _is_of_words(folded: str, start: int, end: int) -> bool:
    return splits_a_word(folded, end) or is_word(folded[start:end])


def _speaks_against(folded: str, one: Mention, heard: Heard, *, is_next: bool) -> bool:
    """Tell whether `one` says by its characters that these are other words; `is_next`: a name stands right before."""
    start, end = heard.start, heard.end
    if one.end <= start or end <= one.start:
        return False
    is_plain = one.end == end and is_edge(folded, one.start)
    if is_plain and one.firmness > Firmness.WORD and not (is_next and heard.is_exact):
        return True  # 在辛庄 is not 寨辛庄
    is_common = one.firmness < Firmness.SHORT and is_everyday(folded[one.start : one.end])
    if one.firmness < Firmness.SHORT and not is_common:
        return False
    is_inside = start <= one.start and one.end <= end and one.end - one.start < end - start
    if not is_inside:
        return True
    is_much_longer = end - start > one.end - one.start + 1  # 崇文们外
    may_be_first = is_common or is_next or is_much_longer or ends_clause(folded, end)
    return not _is_outdone(one, heard, may_be_first=may_be_first)


def _is_outdone(one: Mention, heard: Heard, *, may_be_first: bool) -> bool:
    """Tell whether the longer name that is heard goes before `one`, a word or district at its beginning or within."""
    if heard.is_whole and one.firmness < Firmness.FULL:
        return True
    if not heard.is_exact:
        return False
    if one.start > heard.start:
        return heard.is_whole  # 叭宝山街道 is not 宝山
    is_district = any(option.depth == 1 for option in one.options)
    is_weak = one.firmness < Firmness.SHORT
    return may_be_first and (is_district or is_weak)  # 大兴装那边
