"""The title of a matter: the few words of it that name it, at most 8 characters, none of them cut."""

import re
import textwrap
from collections.abc import Sequence

from dialogs.understanding.text import is_chinese

_MOST = 8
_MOST_ENGLISH = 24
_LEAST = 2
_GOOD = 4
_CLAUSE = re.compile(r"[^，。！？、；：,.!?;:\n\x00 ]+")
_FILLER = re.compile(
    r"^(?:匿名|第?[一二三四五]是|其[一二三]|[①②③]|你好|您好|喂|请问|那个|嗯+|啊|就是说?|我要|我想|想要?|投诉|举报|咨询|反映|建议|求助|表扬|感谢|谢谢|点赞|一下|我们?家的?|我们的?|我的|[我你他]?[这那][里边儿]|小区里?的?|楼里的?|附近|现在"
    r"|(?:北京)?地铁[\d一二三四五六七八九十]{1,3}号线|[\u4e00-\u9fff]{1,6}(?:路|街|胡同|桥)[上边口]?有一?[个家]|今天|昨天|最近|一直|都|总是|老是|就是|有(?![人条个只])|关于|是|的|家里|里|了|我们|咱们?|问问?|您|你们|这个|到底|怎么|为什么|能不能|麻烦|请|帮我|因为|但是|所以|而且|然后|还有|另外|结果|今年|本人|我[家楼]?(?![们的]))+"
)
_TAIL = re.compile(r"(?:[了啊呢吧吗呀嘛哦]|怎么办|没人管|没人修|(?<=[了的])都?)+$")
_EXPLAINS = re.compile(
    r"已经|为什么|为啥|办了|需要|什么|怎么|一直|比例|找不到|好几|[一两三四五六七八九十0-9]+[个天年月次]|从|还没|也没|都没|多少|导致|影响|让我|让人|把我|没人|要求|希望|请|到现在|每天|天天|经常|特别|非常|能不能|可以|吗|因为|的时候"
)
# 工地老板欠我们 is broken off before what they owe.
_BROKEN = re.compile(r"(?:[我你他]们?|[的把被给欠])$")
_WHERE = re.compile(
    r"社区医院|卫生服务中心|社区|居委会|街道|医院|派出所|公交|出租车|地铁|环卫|物业|学校|幼儿园|快递|城管|消防|热力|燃气|自来水|供电|窗口|大厅|养老院|银行|邮局"
)
_ROLE = re.compile(
    r"大夫|医生|护士|民警|警察|交警|司机|师傅|工人|书记|主任|老师|快递员|保安|工作人员|志愿者|网格员|消防员|消防|电工|管家|保洁|店员|大姐|大哥|大妈|大爷|阿姨|同志|工作者|站长|所长|社工|医护|护工|城管|队员|员工|小伙子|姑娘"
)
_BESIDE = 10
_WORD = re.compile(r"[a-z0-9'-]+")
_LEADING_WORDS = re.compile(
    r"^(?:(?:there|here|is|are|a|an|the|my|our|i|we|have|has|hi|hello|please|want|to|report) )+"
)


def title(
    text: str, spans: Sequence[tuple[int, int]], original: str, names: Sequence[str] = ()
) -> str:
    """Name the matter; `text` is folded and masked, `spans` are the telling words, `names` the topic's own."""
    span = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    if not is_chinese(original):
        return original[span[0] : span[1]].lower()[:_MOST_ENGLISH] if spans else _in_words(text)
    begin, end = _clause(text, span, spans[-1][0] if spans else 0)
    whole = original[begin:end].strip()
    if _LEAST <= len(whole) <= _MOST:
        return whole
    if not spans:
        return _shortened(whole)
    told = "".join(original[start:stop] for start, stop in spans)
    words = [_told_from(original, span, end), told if len(told) <= _MOST else ""]
    words += sorted(names, key=lambda name: -len(set(name) & set(whole)))
    words.sort(key=lambda word: not (word in names and set(word) <= set(whole)))
    good = (word for word in words if _GOOD <= len(word) <= _MOST and not _BROKEN.search(word))
    return next(good, "") or (told[:_MOST] if len(told) >= _LEAST else _shortened(whole))


def praised(text: str) -> str:
    """Name who is praised by what they are, never by their names; empty when that is not said."""
    role = _ROLE.search(text)
    if role is None:
        return ""
    where = _WHERE.search(text, max(0, role.start() - _BESIDE), role.start())
    whom = (where[0] if where else "") + role[0]
    return whom if len(whom) <= _MOST else role[0]


def _clause(text: str, span: tuple[int, int], last: int) -> tuple[int, int]:
    """Return where the clause of the telling words begins, without its fillers, and where it ends.

    `last` is where the last of them begins: a filler may take the others (小区停车难), not that one.
    """
    first = (0, 0)
    for found in _CLAUSE.finditer(text):
        lead = _FILLER.match(found[0])
        begin = found.start() + (lead.end() if lead else 0)
        end = found.end()
        if span[1] > span[0] and begin > last >= found.start():
            begin = last
        tail = _TAIL.search(text, max(begin, span[1]), end)
        if end - begin > _MOST and tail:
            end = tail.start()
        if end - begin < _LEAST:
            continue
        if end >= span[1]:
            return begin, end
        first = first if first[1] else (begin, end)
    return first


def _told_from(original: str, span: tuple[int, int], end: int) -> str:
    """Take the telling words and what follows them, up to where an explanation begins."""
    words = original[span[0] : end]
    if len(words) <= _MOST:
        return words.strip()
    least = max(3, span[1] - span[0])
    cut = next((one.start() for one in _EXPLAINS.finditer(words, least, _MOST + 2)), _MOST + 1)
    return words[:cut].strip() if cut <= _MOST else ""


def _shortened(words: str) -> str:
    """Cut to 8 characters, where possible before a word that only begins an explanation."""
    if len(words) <= _MOST:
        return words
    cuts = [one.start() for one in _EXPLAINS.finditer(words, 3, _MOST + 2)]
    return words[: min([cut for cut in cuts if cut <= _MOST], default=_MOST)].strip()


def _in_words(text: str) -> str:
    """Name an English matter by its first whole words: as short as Chinese cannot be."""
    words = _LEADING_WORDS.sub("", " ".join(_WORD.findall(text)))
    return textwrap.shorten(words, _MOST_ENGLISH, placeholder="") or words[:_MOST_ENGLISH]
