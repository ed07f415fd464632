"""When a matter began, as residents say it: 上周三晚上, 半个月了, 从10月起, since Monday."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dialogs.understanding.counting import NUMERAL
from dialogs.understanding.days import (
    ENGLISH_DAYS,
    MID_AUTUMN,
    MONTHS,
    SPRING,
    DayRule,
    calendar_day,
    day_of_month,
    days_ago,
    english_month,
    english_weekday,
    holiday,
    in_english,
    lasting,
    latest,
    month_ago,
    months_back,
    weekday,
    year_ago,
)
from dialogs.understanding.text import fold

_Fitting = Callable[[re.Match[str]], bool]
_PART_OF_DAY = r"(?:一?大?早上?|清晨|早晨|上午|中午|下午|傍晚|晚上?|夜里|半夜|凌晨|后半夜)?"
# Three days are a time gone by where it stands before them that something lasts, or behind them that it has lasted.
_GOING_ON = re.compile(
    r"(?:已经?|快|都|有|停了?|坏了?|断了?|连续|连着|整整|持续|欠了?|拖了?|等了?|一连|过去|最近|近|这|修了|烧了|堆了|响了|吵了|断水|断电|不热|没水|没电)$"
)
_GONE_BY = re.compile(r"了|多了?|没|不|还|前|来|以来|一直|都|就|,|，|。|$|呢|啦|也")
_ONLY_WHEN = re.compile(
    r"(?:[都已经有就从是快了啊呢吧的呀啦以来到现在开始\s，,。.!！]|[好很](?:几|多|些|久|长)|老|几|个|多|天|周|星期|礼拜|月|年|久|长时间|小时|日子)*"
)
_TO_COME = re.compile(r"之?内|以内|之?后|以后")
_BEFORE_IT = 4


def since_words(text: str, folded: str) -> str:
    """Return the words of a text, as sent, that tell when it began; empty when there are none."""
    found = _first(folded)
    return text[found[0].start() : found[0].end()].strip() if found else ""


def since(text: str, today: date) -> date | None:
    """Return the day it began, by what a text says; None when it does not say or names a day to come."""
    found = _first(fold(text))
    if found is None:
        return None
    match, read = found
    try:
        began = read(match, today)
    except (ValueError, OverflowError):  # 2月30号, 一万年了
        return None
    return began if began and began <= today else None


def tells_only_when(folded: str) -> bool:
    """Tell whether nothing is said but how long it has lasted (好几天了), or the end of a word (了)."""
    words = _first(folded)
    rest = folded if words is None else folded[: words[0].start()] + folded[words[0].end() :]
    return _ONLY_WHEN.fullmatch(rest) is not None and (words is not None or rest.strip() != "")


def _first(text: str) -> tuple[re.Match[str], DayRule] | None:
    """Find what is said first; of two that begin at the same place the longer."""
    if text.isascii():
        said = [(one, read) for pattern, read in _ENGLISH_RULES if (one := pattern.search(text))]
    else:
        letters = _LETTERS.intersection(text)
        said = [
            (one, read)
            for some, pattern, fits, read in _RULES
            if letters & some and (one := next(filter(fits, pattern.finditer(text)), None))
        ]
    return min(said, key=lambda one: (one[0].start(), -one[0].end()), default=None)


def _any(_: re.Match[str]) -> bool:
    return True


def _not_after(letters: str, to_come: str = "") -> _Fitting:
    """Refuse what stands behind one of these letters (每周三, 以前天天), or before a word for what is to come."""
    return lambda match: (
        match.string[match.start() - 1 : match.start()] not in (set(letters) or {"-"})
        and not (to_come and re.match(to_come, match.string[match.end() :]))
    )


def _has_lasted(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    if _TO_COME.match(text, end) or text[start - 1 : start] in ("每", "第", "-"):
        return False
    return bool(
        _GONE_BY.match(text, end) or _GOING_ON.search(text[max(0, start - _BEFORE_IT) : start])
    )


_YEAR = r"(?P<year>今年|大前年|去年|前年|20\d\d年|[零一二][零一二三四五六七八九]年|二零[零一二三][零一二三四五六七八九]年)"
_DAY = rf"(?P<day>[12]\d|3[01]|0?[1-9]|{NUMERAL})"
_MONTH_DAY = rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:{_DAY}[号日])?(?:以来|起|开始|初|底)?"
_FEAST = r"(?P<name>国庆|元旦|五一|清明|六一|十一(?=长假|假期|之?后|以后|前|放假))节?(?:之?后|以后|期间|假期)?"
_DUE = r"之?前|以前|后"
_COUNT = r"(?P<count>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
# One of the letters that a text must hold, how it is said, what stands around it, and how it is read.
_SAID: tuple[tuple[str, str, _Fitting, DayRule], ...] = (
    ("大", rf"大前[天晚]{_PART_OF_DAY}", _any, days_ago(3)),
    ("前", rf"前[天日晚儿]{_PART_OF_DAY}", _not_after("以之目大天日几些0123456789一二两三四五六七八九十"), days_ago(2)),
    ("昨", rf"昨[天日儿个晚夜]{_PART_OF_DAY}", _any, days_ago(1)),
    ("今刚早", rf"今[天日儿早晚晨]{_PART_OF_DAY}|刚才|刚刚|一大早", _any, days_ago(0)),
    (
        "周星礼",
        rf"(?P<which>上+一?个?|这一?个?|本)(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-6]){_PART_OF_DAY}",
        _any,
        weekday,
    ),
    (
        "周星礼",
        rf"(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-6](?![个次周天年岁到至])){_PART_OF_DAY}",
        _not_after("每下到至一二三四两半个上这本"),
        weekday,
    ),
    ("上", r"(?P<which>上+一?个?)(?:周|星期|礼拜)(?P<day>)", _any, weekday),
    ("月", rf"{_YEAR}(?:的)?{_MONTH_DAY}", _not_after("", _DUE), calendar_day),
    ("月", _MONTH_DAY, _not_after("0123456789.", _DUE), calendar_day),
    ("号日", r"(?:从|自|打|本月|这个月|这月)(?:本月|这个?月)?(?P<day>[12]\d|3[01]|[1-9]|[二三]?十?[一二三四五六七八九十])[号日](?!楼)", _not_after("", _DUE), day_of_month),
    ("月", r"(?:这个?|本)月(?!底)|上+个?月(?:初|底)?|月初", _any, month_ago),
    ("国元五清六十", _FEAST, _not_after("二三0123456789", "前"), holiday),
    ("国元五清六十", rf"{_YEAR}{_FEAST}", _any, holiday),
    ("春过", r"春节(?:之?后|以后|期间)?|过年(?:那会|时候|后|之后|以后)?", _not_after("", "前"), latest(SPRING)),
    ("中", r"中秋节?(?:之?后|以后|期间)?", _any, latest(MID_AUTUMN)),
    ("年", rf"{_YEAR}(?:的)?(?P<season>[春夏秋冬])?[天季]?(?:年?初|以来|起|开始)?", _not_after("0123456789"), year_ago),
    ("初", r"(?P<year>)(?P<season>)年初(?![一二三])", _not_after("今去前"), year_ago),
    (
        "天日周星礼月年小",
        rf"(?P<count>{NUMERAL}|半)(?:来|多|几)?个?多?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|年|小时)(?:半|多|来)?",
        _has_lasted,
        lasting,
    ),
)  # fmt: skip
_ENGLISH: tuple[tuple[str, DayRule], ...] = (
    (r"\byesterday\b|\blast night\b", days_ago(1)),
    (r"\btoday\b|\bthis morning\b|\btonight\b|\bthis afternoon\b", days_ago(0)),
    (
        rf"\b(?:for |since )?(?:the )?(?:past |last |over |about |more than |almost |nearly )?{_COUNT} (?P<unit>hour|day|week|month|year)s?\b",
        in_english,
    ),
    (rf"\b(?:since |on |from )?(?P<last>last )?(?P<day>{'|'.join(ENGLISH_DAYS)})\b(?! to)", english_weekday),
    (r"\blast week\b", lambda _, today: today - timedelta(days=today.weekday() + 7)),
    (r"\blast month\b", lambda _, today: months_back(today.replace(day=1), 1)),
    (r"\blast year\b", lambda _, today: date(today.year - 1, 1, 1)),
    (
        rf"\b(?:since|from|in) (?:the )?(?P<month>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?",
        english_month,
    ),
)  # fmt: skip
_RULES = tuple((frozenset(some), re.compile(said), fits, read) for some, said, fits, read in _SAID)
_LETTERS = frozenset().union(*(some for some, _, _, _ in _RULES))
_ENGLISH_RULES = tuple((re.compile(said), read) for said, read in _ENGLISH)
