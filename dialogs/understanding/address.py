"""The rest of an address: estate, building, door."""

import re
from collections.abc import Sequence

from dialogs.understanding.place import Firmness, Mention, PlaceFound

_FIGURE = "[0-9a-z零〇一二三四五六七八九十百甲乙丙丁东西南北中#-]"
_FIRST = re.compile(
    r"[的地里，, /、-]{0,2}(?P<part>[0-9a-z\u4e00-\u9fff#-]{0,8}?"
    r"(?:号院|号楼|楼栋|单元|小区|社区|家园|花园|公寓|嘉园|家属院|大院|大厦|广场|胡同|大街|路口|村口|医院|公园|商场|市场"
    r"|学校|小学|中学|大学城|大学|幼儿园|地铁站|公交站|火车站|软件园|科技园|产业园|soho|环岛|号(?!线)|栋|幢|座|弄|巷|里(?=[0-9]))"
    r"(?:[东西南北]?(?:门口|门|侧|边|口(?!味)))?)"
)
# With no place before it, only an estate or landmark with a name of its own, or a number, begins an address.
_LEADING = re.compile(
    rf"(?P<part>[0-9a-z\u4e00-\u9fff#-]{{2,8}}?(?:小区|社区|家园|花园|公寓|嘉园|家属院|大厦|广场|胡同|大街|路口|地铁站|医院"
    rf"|软件园|科技园|产业园)(?:[东西南北]?(?:门口|门|侧|边|口(?!味)))?|{_FIGURE}{{1,8}}(?:号院|号楼|号(?!线)|单元|栋|幢|座|室|层|楼(?![道下上顶梯])))"
)
# Words that merely end in such a noun, or the noun alone, are no address.
_NAMELESS = re.compile(
    r".*(?:有|希望|能|今天|早上|晚上|在|怎么|想|给|把|被|没).*|(?:我们|这个?|那个?|整个|全|老旧?|本|各个?|很?多个?|去|到|在|附近的?|新)?(?:小区|社区|医院)"
)
_NEXT = re.compile(
    rf"(?P<part>{_FIGURE}{{0,6}}(?:号院|号楼|单元|楼栋|门口|南门|北门|东门|西门|楼门|号(?!线)|栋|幢|座|室|层|楼(?![道下上顶梯])|门(?![口禁]))"
    r"(?:附近|对面|旁边|楼下|门口)?|[一二三四五六七八九十0-9a-z东西南北中]{1,3}区(?![域别里分内])|附近|对面|旁边|路口|[0-9]{2,4}(?![0-9天年月日个元块次户人点:%度多分小]))"
)
_ENGLISH = re.compile(
    r"(?:\b(?:building|bldg|block|tower|unit|room|apartment|apt|flat|floor|no\.?|gate)\s*#?[0-9]{1,4}[a-z]?\b[, ]*)+"
)
_NUMBERED = re.compile(rf"{_FIGURE}+(?P<sort>号院|号楼|单元|栋|幢|座|室|层)")
_LEAD = re.compile(
    r"(?:你好|您好|喂|请问|那个|对的?|没错|嗯|我们?(?:家|是|这|这里|这边|这儿)?|俺|家|就?住?在|住|位于|地址是?|是|这里是?|[，,。 :：])*"
)
_STOP = re.compile(r"[。！？!?；;\n\x00]|，(?![0-9])")
_LONGEST = 40
_DANCE = ("舞", "午")  # 广场舞 is no square, nor as it is misheard


def address_span(text: str, start: int, stop: int, *, leading: bool = False) -> tuple[int, int]:
    """Return where the address that begins at `start` lies in the folded text; empty when there is none.

    It ends before `stop` (where the matter begins) and at the end of the clause. `leading`: skip 我家住在 first.
    """
    if leading:
        found = _LEAD.match(text, start)
        start = found.end() if found else start
    end_of_clause = _STOP.search(text, start, min(stop, start + _LONGEST))
    stop = min(stop, start + _LONGEST, end_of_clause.start() if end_of_clause else len(text))
    beginning = _LEADING if leading else _FIRST
    first = beginning.match(text, start, stop)
    if not first and not leading:
        first = _NEXT.match(text, start, stop)
    if not first or _NAMELESS.fullmatch(first["part"]):
        return start, start
    if first["part"].endswith("广场") and text.startswith(_DANCE, first.end()):
        return start, start
    end = first.end()
    while found := _NEXT.match(text, end, stop):
        end = found.end()
    return first.start("part"), end


def amended(known: str, said: str) -> str:
    """Put 6号楼 in the place of 5号楼; what is of another sort (3单元) is added."""
    added = 0
    for part in _NUMBERED.finditer(said):
        same = re.search(rf"{_FIGURE}+{re.escape(part['sort'])}", known)
        if same is None:
            return known + said[added:]
        added = part.end()
        known = known[: same.start()] + part[0] + known[same.end() :]
    return known if _NUMBERED.search(said) else known + said


def is_door(said: str) -> bool:
    """Tell whether nothing but numbered parts is said: 6号楼3单元."""
    return bool(said) and not _NUMBERED.sub("", said).strip("的 ")


def detail_span(
    folded: str, found: PlaceFound, taken: Sequence[Mention], stop: int
) -> tuple[int, int]:
    """Find the address text behind the last name taken; what the codes do not say stays in it."""
    english = _ENGLISH.search(folded)
    if english:
        return english.start(), english.start() + len(english[0].rstrip(" ,"))
    if not taken:
        return address_span(folded, 0, stop, leading=True)
    last = taken[-1]
    start, end = address_span(folded, last.end, stop if stop > last.end else len(folded))
    is_open = last.stem or (len(last.options) > 1 and not found.place.community)
    if is_open or _is_road(folded, last):
        return last.start, max(end, last.end)
    return start, end


def _is_road(folded: str, mention: Mention) -> bool:
    """永定路26号 is a house in a road: the name of the road belongs to the address."""
    return (
        mention.firmness < Firmness.FULL
        and folded[mention.end - 1] in "路街"
        and folded[mention.end : mention.end + 1].isdigit()
    )
