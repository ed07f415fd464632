"""How the words for a day gone by are read: each from what its pattern has matched, and from today."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dialogs.understanding.counting import number

DayRule = Callable[[re.Match[str], date], date | None]
_WEEKDAYS = {letter: day for day, letter in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(day + 1): day for day in range(6)}
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "several": 0, "a few": 0,
}  # fmt: skip
# Spring festivals, the first day of the lunar year (almanac of the Purple Mountain Observatory).
SPRING = tuple(
    date(2000 + year, month, day)
    for year, month, day in (
        (22, 2, 1), (23, 1, 22), (24, 2, 10), (25, 1, 29), (26, 2, 17), (27, 2, 6), (28, 1, 26), (29, 2, 13), (30, 2, 3), (31, 1, 23), (32, 2, 11),
    )
)  # fmt: skip
MID_AUTUMN = tuple(
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


def days_ago(days: int) -> DayRule:
    """Read so many days before today."""
    return lambda _, today: today - timedelta(days=days)


def months_back(today: date, months: int) -> date:
    """Go so many months back, to the same day where all months have it."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def lasting(match: re.Match[str], today: date) -> date | None:
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
        return months_back(today, count) - timedelta(days=_HALF_MONTH if half else 0)
    if unit == "年":
        return months_back(today, 12 * count + (_HALF_YEAR if half else 0))
    return today if count < today.day * 24 else None  # 小时


def _greater(words: str) -> str:
    """Take the greater of two neighbouring numbers: 两三 is three; but 十二 is one number."""
    if len(words) == 2 and all(letter in "一二两三四五六七八九" for letter in words):  # noqa: PLR2004 - two digits said in a row
        return words[1]
    return words


def weekday(match: re.Match[str], today: date) -> date | None:
    """Read 上周三: Wednesday of last week; 周三 alone is the last one gone by. A week without a day is its Monday."""
    monday = today - timedelta(days=today.weekday())
    day = _WEEKDAYS[match["day"]] if match["day"] else 0
    which = match.groupdict().get("which") or ""
    if which.startswith("上"):
        return monday - timedelta(weeks=which.count("上")) + timedelta(days=day)
    if not match["day"]:
        return monday
    found = monday + timedelta(days=day)
    return found if found <= today or which else found - timedelta(weeks=1)


def calendar_day(match: re.Match[str], today: date) -> date | None:
    """Read 10月5号, the last one gone by where no year is named; a month alone is its first day."""
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


def day_of_month(match: re.Match[str], today: date) -> date | None:
    """Read 从5号: of this month, or the one before."""
    day = number(match["day"])
    if day is None:
        return None
    if day <= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=day)


def month_ago(match: re.Match[str], today: date) -> date:
    """Read 上个月, 上上个月, 本月: its first day."""
    first = today.replace(day=1)
    if match[0].startswith(("这", "本", "月初")):
        return first
    return months_back(first, match[0].count("上"))


def year_ago(match: re.Match[str], today: date) -> date:
    """Read 去年, 去年冬天: the first day of the year or of the season."""
    year = _year(match["year"], today) or today.year
    return date(year, *_SEASONS.get(match["season"] or "", (1, 1)))


def holiday(match: re.Match[str], today: date) -> date | None:
    """Read 国庆节后: the feast itself, the last one gone by."""
    month, day = _WEEK_LONG[match["name"]]
    year = _year(match.groupdict().get("year"), today) or today.year
    found = date(year, month, day)
    return found if found <= today else date(year - 1, month, day)


def latest(days: tuple[date, ...]) -> DayRule:
    """Read the last of these days gone by."""
    return lambda _, today: max((day for day in days if day <= today), default=None)


def in_english(match: re.Match[str], today: date) -> date | None:
    """Read two weeks: counted back from today."""
    words = match["count"]
    count = int(words) if words.isdigit() else _NUMBERS.get(words, 0)
    if not count:
        return None
    unit = {"day": "天", "week": "周", "month": "月", "year": "年", "hour": "小时"}[match["unit"]]
    return _back(today, count, unit, half=False)


def english_weekday(match: re.Match[str], today: date) -> date:
    """Read since Monday: the last one gone by, today too unless it is said to be the last."""
    days = (today.weekday() - ENGLISH_DAYS.index(match["day"])) % 7
    if match["last"]:
        return today - timedelta(days=days or 7)
    return today - timedelta(days=days)


def english_month(match: re.Match[str], today: date) -> date | None:
    """Read since October, since October 5th: the last one gone by."""
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(match["month"][:3]))
    found = date(today.year, month, int(match["day"] or 1))
    return found if found <= today else found.replace(year=today.year - 1)
