"""When people answer (人工服务时间), how long one is waited for, and how long one may be silent."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from typing_extensions import override

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WANTED = "times like 08:30-20:00, or mon-fri 08:30-20:00, sat 09:00-17:00"
_PART = re.compile(
    r"(?:(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+)?"
    r"(?P<from>\d{1,2}:\d{2})-(?P<to>\d{1,2}:\d{2})"
)
_DAY_MINUTES = 24 * 60

Span = tuple[int, int]  # minutes of a day, from and to
_ALWAYS: tuple[tuple[Span, ...], ...] = (((0, _DAY_MINUTES),),) * len(DAYS)


@dataclass(frozen=True, slots=True)
class Hours:
    """The times of a week at which people answer: spans a weekday, Monday first."""

    days: tuple[tuple[Span, ...], ...] = _ALWAYS
    text: str = "00:00-24:00"

    @override
    def __str__(self) -> str:
        return self.text

    def is_open(self, local: datetime) -> bool:
        """Whether people answer at this moment of the city's time."""
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.days[local.weekday()])

    def opens_at(self, local: datetime) -> datetime | None:
        """When they are back, from a moment at which they are not; None for never."""
        minute = local.hour * 60 + local.minute
        for days in range(len(DAYS) + 1):
            spans = self.days[(local.weekday() + days) % len(DAYS)]
            starts = [start for start, _ in spans if days or start > minute]
            if starts:
                date = local.date() + timedelta(days=days)
                hour, rest = divmod(min(starts), 60)
                return datetime.combine(date, time(hour, rest), local.tzinfo)
        return None


@dataclass(frozen=True, slots=True)
class HumanService:
    """The service of people: its hours, how long a resident waits for one, how long one may leave a resident waiting."""

    hours: Hours = Hours()
    wait: timedelta = timedelta(minutes=5)
    idle: timedelta = timedelta(minutes=5)


def read_hours(text: str) -> Hours:
    """Read `08:30-20:00` or `mon-fri 08:30-20:00, sat 09:00-17:00`; days that are not named are closed then.

    A span that ends before it begins lasts until the next day. Raises ValueError with what it should be.
    """
    days: list[set[Span]] = [set() for _ in DAYS]
    for part in filter(None, (each.strip().lower() for each in text.split(","))):
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(WANTED)
        start, end = _minute(found["from"]), _minute(found["to"])
        for day in _days(found["first"], found["last"]):
            if start < end:
                days[day].add((start, end))
            else:
                days[day].add((start, _DAY_MINUTES))
                days[(day + 1) % len(DAYS)].add((0, end))
    if not any(days):
        raise ValueError(WANTED)
    return Hours(tuple(tuple(sorted(spans)) for spans in days), text)


def _minute(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    total = hours * 60 + minutes
    if minutes >= 60 or total > _DAY_MINUTES:  # noqa: PLR2004 - sixty minutes make an hour
        raise ValueError(WANTED)
    return total


def _days(first: str | None, last: str | None) -> list[int]:
    if first is None:
        return list(range(len(DAYS)))
    if first not in DAYS or (last is not None and last not in DAYS):
        raise ValueError(WANTED)
    start = DAYS.index(first)
    count = (DAYS.index(last or first) - start) % len(DAYS)
    return [(start + day) % len(DAYS) for day in range(count + 1)]
