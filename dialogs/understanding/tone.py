"""Words that tell no matter: abuse, openers, despair; and the ways to take back what was said before."""

import re
from collections.abc import Iterator

# Cut out before anything else is read, so that it names no ticket; the ticket's text keeps it.
ABUSE = re.compile(
    r"[操草艹日干][你他她泥]+[妈马娘]+(?:的|逼|b)?|[傻煞沙][逼比b叉]|他?妈的|草泥马|你大爷的|^\s*你大爷\s*$|tmd|cnm|nmsl|王八蛋|混蛋|狗屁|放屁|狗日的|去死吧?|滚蛋|^\s*滚+\s*$"
    r"|(?:你们)?(?:这帮|这群|一帮|一群|都是)?(?:吃干饭的|废物|饭桶|白痴|脑残)"
    r"|\b(?:fuck(?:ing|er)?(?: you)?|bullshit|shit|assholes?|idiots?|morons?|stupid|sb|mlgb|wcnm)\b"
)
_ABUSE_LETTERS = frozenset("操草艹日干傻煞沙妈蛋屁死滚废饭桶痴残爷tcfbsainm")
_AROUND_ABUSE = re.compile(
    r"你们?|12345|政府|热线|都|这帮|一群|就?是|什么|东西|玩意儿?|吗|吧|了|去|[\W\d_]"
)
_OPENER = re.compile(
    r"(?:你好|您好|喂|请问)?[，,。！!\s]*(?:我们?|俺)?(?:想要?|要|来)?(?:反映|投诉|举报|咨询|说|问|报告?|求助|打听)"
    r"(?:一?[个件下点]|一些|几个)*(?:问题|事情?|情况|诉求)?(?:[儿吗吧啊呢了]|可以|行)*"
    r"|(?:你好|您好|喂)?[，,。！!\s]*(?:我们?|俺)?(?:这[儿里边]?)?有(?:一?[个件点些]|几[个件])?(?:问题|事情?|情况)儿?[，,]?"
    r"(?:我?(?:想要?|要)?(?:[跟和向]你们?)?(?:反映|说|问|投诉|报告?|打听|咨询)(?:一?下|说|问|您|你们?)?)?[吗吧啊呢了]?"
    r"|i (?:want|would like|'d like|need) to (?:report|complain)(?: (?:about )?(?:something|a problem))?"
)
_TRIMMED = " \t\r\n\u3000，。！？；：、,.!?;:~～…"
# 不是停水，是停电: what stands between is not the matter. 是不是 asks and denies nothing.
DENIED_MATTER = re.compile(
    r"(?<!是)不是[^\x00，,。！？!?]{1,8}?[，,\s]*(?:应该是|而是|是)(?=[^\s不])"
)


def unmeant(masked: str) -> Iterator[tuple[int, int]]:
    """Yield where abuse stands, and what is said not to be the matter."""
    if not _ABUSE_LETTERS.isdisjoint(masked):
        yield from (found.span() for found in ABUSE.finditer(masked))
    if "不是" in masked:
        yield from (found.span() for found in DENIED_MATTER.finditer(masked))


def is_mere_abuse(folded: str) -> bool:
    """Tell whether nothing is said but abuse."""
    rest, count = ABUSE.subn("", folded)
    return bool(count) and len(_AROUND_ABUSE.sub("", rest)) <= 1


def is_opener(folded: str) -> bool:
    """Tell whether somebody only says that there is something to say: 我想反映个问题."""
    return _OPENER.fullmatch(folded.strip(_TRIMMED)) is not None
