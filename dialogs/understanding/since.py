"""When a matter began, as residents say it: 上周三晚上, 半个月了, 从10月起, since Monday."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dialogs.understanding.counting import NUMERAL, number
from dialogs.understanding.text import fold

_Reading = Callable[[re.Match[str], date], date | None]
_Fitting = Callable[[re.Match[str]], bool]
_PART_OF_DAY = r"(?:一?大?早上?|清晨|早晨|上午|中午|下午|傍晚|晚上?|夜里|半夜|凌晨|后半夜)?"
# Three days are a time gone by where it stands before them that something lasts, or behind them that it has lasted.
_GOING_ON = re.compile(
    r"(?:已经?|快|都|有|停了?|坏了?|断了?|连续|连着|整整|持续|欠了?|拖了?|等了?|一连|过去|最近|近|这|修了|烧了|堆了|响了|吵了|断水|断电|不热|没水|没电)$"
)
_GONE_BY = re.compile(r"了|多了?|没|不|还|前|来|以来|一直|都|就|,|，|。|$|呢|啦|也")
_TO_COME = re.compile(r"之?内|以内|之?后|以后")
_BEFORE_IT = 4
_WEEKDAYS = {letter: day for day, letter in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(day + 1): day for day in range(6)}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "several": 0, "a few": 0,
}  # fmt: skip
# Spring festivals, the first day of the lunar year (almanac of the Purple Mountain Observatory).
_SPRING = tuple(
    date(2000 + year, month, day)
    for year, month, day in (
        (22, 2, 1), (23, 1, 22), (24, 2, 10), (25, 1, 29), (26, 2, 17), (27, 2, 6), (28, 1, 26), (29, 2, 13), (30, 2, 3), (31, 1, 23), (32, 2, 11),
    )
)  # fmt: skip
_MID_AUTUMN = tuple(
    date(2000 + year, month, day)
    for year, month, day in (
        (22, 9, 10), (23, 9, 29), (24, 9, 17), (25, 10, 6), (26, 9, 25), (27, 9, 15), (28, 10, 3), (29, 9, 22), (30, 9, 12), (31, 10, 1), (32, 9, 19),
    )
)  # fmt: skip
_WEEK_LONG = {
    "国庆": (10, 1),
    "十一": (10, 1),
    "元旦": (1, 1),
    "五一": (5, 1),
    "清明": (4, 5),
    "六一": (6, 1),
}
_SEASONS = {"春": (3, 1), "夏": (6, 1), "秋": (9, 1), "冬": (12, 1)}
_HALF_MONTH = 15
_HALF_YEAR = 6


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


def _first(text: str) -> tuple[re.Match[str], _Reading] | None:
    """Find what is said first; of two that begin at the same place the longer."""
    found = [
        (match, read)
        for anchors, pattern, fits, read in _RULES
        if any(anchor in text for anchor in anchors)
        and (match := next(filter(fits, pattern.finditer(text)), None)) is not None
    ]
    return min(found, key=lambda one: (one[0].start(), -one[0].end()), default=None)


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


def _days_ago(days: int) -> _Reading:
    return lambda _, today: today - timedelta(days=days)


def _months_back(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def _lasting(match: re.Match[str], today: date) -> date | None:
    """三天了, 两个多月没来, 半年前: count back from today."""
    words, unit = match["count"], match["unit"]
    half = "半" in match["half"] if match["half"] else False
    count = 0 if words in (None, "半") else number(_greater(words))
    if count is None:
        return None
    return _back(today, count, unit, half=half or words == "半")


def _back(today: date, count: int, unit: str, *, half: bool) -> date | None:
    if unit in "天日":
        return today - timedelta(days=count)
    if unit in ("周", "星期", "礼拜"):
        return today - timedelta(weeks=count, days=3 if half else 0)
    if unit == "月":
        return _months_back(today, count) - timedelta(days=_HALF_MONTH if half else 0)
    if unit == "年":
        return _months_back(today, 12 * count + (_HALF_YEAR if half else 0))
    return today if count < today.day * 24 else None  # 小时


def _greater(words: str) -> str:
    """Take the greater of two neighbouring numbers: 两三 is three; but 十二 is one number."""
    if len(words) == 2 and all(letter in "一二两三四五六七八九" for letter in words):  # noqa: PLR2004 - two digits said in a row
        return words[1]
    return words


def _weekday(match: re.Match[str], today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    day = _WEEKDAYS[match["day"]] if match["day"] else 0
    which = match.groupdict().get("which") or ""
    if which.startswith("上"):
        return monday - timedelta(weeks=which.count("上")) + timedelta(days=day)
    if not match["day"]:
        return monday
    found = monday + timedelta(days=day)
    return found if found <= today or which else found - timedelta(weeks=1)


def _calendar_day(match: re.Match[str], today: date) -> date | None:
    month = number(match["month"])
    day = number(match["day"]) if match["day"] else 1
    if month is None or day is None:
        return None
    year = _year(match.groupdict().get("year"), today)
    if year is not None:
        return date(year, month, day)
    found = date(today.year, month, day)
    return found if found <= today else date(today.year - 1, month, day)


def _year(words: str | None, today: date) -> int | None:
    if not words:
        return None
    ago = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}.get(words)
    if ago is not None:
        return today.year - ago
    written = "".join(_DIGIT.get(letter, letter) for letter in words if letter != "年")
    return int(written) if len(written) == 4 else 2000 + int(written)  # noqa: PLR2004 - a year has four digits


_DIGIT = {letter: str(value) for value, letter in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = number(match["day"])
    if day is None:
        return None
    if day <= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=day)


def _month_ago(match: re.Match[str], today: date) -> date:
    first = today.replace(day=1)
    if match[0].startswith(("这", "本", "月初")):
        return first
    return _months_back(first, match[0].count("上"))


def _year_ago(match: re.Match[str], today: date) -> date:
    year = _year(match["year"], today) or today.year
    return date(year, *_SEASONS.get(match["season"] or "", (1, 1)))


def _holiday(match: re.Match[str], today: date) -> date | None:
    month, day = _WEEK_LONG[match["name"]]
    year = _year(match.groupdict().get("year"), today) or today.year
    found = date(year, month, day)
    return found if found <= today else date(year - 1, month, day)


def _latest(days: tuple[date, ...]) -> _Reading:
    return lambda _, today: max((day for day in days if day <= today), default=None)


def _in_english(match: re.Match[str], today: date) -> date | None:
    words = match["count"]
    count = int(words) if words.isdigit() else _NUMBERS.get(words, 0)
    if not count:
        return None
    unit = {"day": "天", "week": "周", "month": "月", "year": "年", "hour": "小时"}[match["unit"]]
    return _back(today, count, unit, half=False)


def _english_weekday(match: re.Match[str], today: date) -> date:
    back = (today.weekday() - _ENGLISH_DAYS.index(match["day"])) % 7
    if match["last"]:
        return today - timedelta(days=back or 7)
    return today - timedelta(days=back)


def _english_month(match: re.Match[str], today: date) -> date | None:
    month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"][:3]))
    found = date(today.year, month, int(match["day"] or 1))
    return found if found <= today else found.replace(year=today.year - 1)


_YEAR = r"(?P<year>今年|大前年|去年|前年|20\d\d年|[零一二][零一二三四五六七八九]年|二零[零一二三][零一二三四五六七八九]年)"
_DAY = rf"(?P<day>[12]\d|3[01]|0?[1-9]|{NUMERAL})"
_MONTH_DAY = rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:{_DAY}[号日])?(?:以来|起|开始|初|底)?"
_FEAST = r"(?P<name>国庆|元旦|五一|清明|六一|十一(?=长假|假期|之?后|以后|前|放假))节?(?:之?后|以后|期间|假期)?"
_DUE = r"之?前|以前|后"
_COUNT = r"(?P<count>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
# What a text must hold, how it is said, what stands around it, and how it is read.
_SAID: tuple[tuple[str, str, _Fitting, _Reading], ...] = (
    ("大前", rf"大前[天晚]{_PART_OF_DAY}", _any, _days_ago(3)),
    ("前天 前日 前晚 前儿", rf"前[天日晚儿]{_PART_OF_DAY}", _not_after("以之目大天日几些0123456789一二两三四五六七八九十"), _days_ago(2)),
    ("昨", rf"昨[天日儿个晚夜]{_PART_OF_DAY}", _any, _days_ago(1)),
    ("今 刚 一大早", rf"今[天日儿早晚晨]{_PART_OF_DAY}|刚才|刚刚|一大早", _any, _days_ago(0)),
    (
        "周 星期 礼拜",
        rf"(?P<which>上+一?个?|这一?个?|本)(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-6]){_PART_OF_DAY}",
        _any,
        _weekday,
    ),
    (
        "周 星期 礼拜",
        rf"(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-6](?![个次周天年岁到至])){_PART_OF_DAY}",
        _not_after("每下到至一二三四两半个上这本"),
        _weekday,
    ),
    ("上周 上个周 上星期 上个星期 上礼拜 上个礼拜 上一周", r"(?P<which>上+一?个?)(?:周|星期|礼拜)(?P<day>)", _any, _weekday),
    ("月", rf"{_YEAR}(?:的)?{_MONTH_DAY}", _not_after("", _DUE), _calendar_day),
    ("月", _MONTH_DAY, _not_after("0123456789.", _DUE), _calendar_day),
    ("号 日", r"(?:从|自|打|本月|这个月|这月)(?:本月|这个?月)?(?P<day>[12]\d|3[01]|[1-9]|[二三]?十?[一二三四五六七八九十])[号日](?!楼)", _not_after("", _DUE), _day_of_month),
    ("月", r"(?:这个?|本)月(?!底)|上+个?月(?:初|底)?|月初", _any, _month_ago),
    ("国庆 元旦 五一 清明 六一 十一", _FEAST, _not_after("二三0123456789", "前"), _holiday),
    ("国庆 元旦 五一 清明 六一 十一", rf"{_YEAR}{_FEAST}", _any, _holiday),
    ("春节 过年", r"春节(?:之?后|以后|期间)?|过年(?:那会|时候|后|之后|以后)?", _not_after("", "前"), _latest(_SPRING)),
    ("中秋", r"中秋节?(?:之?后|以后|期间)?", _any, _latest(_MID_AUTUMN)),
    ("年", rf"{_YEAR}(?:的)?(?P<season>[春夏秋冬])?[天季]?(?:年?初|以来|起|开始)?", _not_after("0123456789"), _year_ago),
    ("年初", r"(?P<year>)(?P<season>)年初(?![一二三])", _not_after("今去前"), _year_ago),
    (
        "天 日 周 星期 礼拜 月 年 小时",
        rf"(?P<count>{NUMERAL}|半)(?:来|多|几)?个?多?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|年|小时)(?:半|多|来)?",
        _has_lasted,
        _lasting,
    ),
    ("yesterday|last night", r"\byesterday\b|\blast night\b", _any, _days_ago(1)),
    ("today|tonight|this", r"\btoday\b|\bthis morning\b|\btonight\b|\bthis afternoon\b", _any, _days_ago(0)),
    (
        "hour|day|week|month|year",
        rf"\b(?:for |since )?(?:the )?(?:past |last |over |about |more than |almost |nearly )?{_COUNT} (?P<unit>hour|day|week|month|year)s?\b",
        _any,
        _in_english,
    ),
    ("day", rf"\b(?:since |on |from )?(?P<last>last )?(?P<day>{'|'.join(_ENGLISH_DAYS)})\b(?! to)", _any, _english_weekday),
    ("last week", r"\blast week\b", _any, lambda _, today: today - timedelta(days=today.weekday() + 7)),
    ("last month", r"\blast month\b", _any, lambda _, today: _months_back(today.replace(day=1), 1)),
    ("last year", r"\blast year\b", _any, lambda _, today: date(today.year - 1, 1, 1)),
    (
        "since|from|in",
        rf"\b(?:since|from|in) (?:the )?(?P<month>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?",
        _any,
        _english_month,
    ),
)  # fmt: skip
_RULES = tuple(
    (tuple(re.split(r"[|]" if anchors.isascii() else " ", anchors)), re.compile(said), fits, read)
    for anchors, said, fits, read in _SAID
)
