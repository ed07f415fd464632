"""How calls are made and waited for: what an operator may set."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from typing_extensions import override

WANTED = "times like 07:00-22:00"
_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", re.ASCII)
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class DayHours:
    """A span of every day, over midnight where it ends before it begins; the whole day where both are the same."""

    start: time
    end: time

    @override
    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def next_within(self, now: datetime, zone: tzinfo) -> datetime:
        """`now` within the hours, else when they begin next."""
        local = now.astimezone(zone)
        clock, start, end = local.time(), self.start, self.end
        if start == end or (start <= clock < end if start < end else clock >= start or clock < end):
            return now
        day = local.date() if clock < start else local.date() + timedelta(days=1)
        return datetime.combine(day, start, zone).astimezone(now.tzinfo)


DUTY_HOURS = DayHours(time(7), time(22))


@dataclass(frozen=True, slots=True)
class CallRules:
    """`duty_hours` are those in which grade II rings; grade I rings at any hour."""

    ring_seconds: int = 25
    offer_after: timedelta = timedelta(
        minutes=1
    )  # then a caller who waits may ask to be called back
    duty_rounds: int = 3
    duty_pause: timedelta = timedelta(minutes=2)
    duty_hours: DayHours = DUTY_HOURS


def read_span(text: str) -> DayHours:
    """Read `07:00-22:00`; 24:00 and 00:00 are the same. Raises ValueError with what it should be."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or max(int(found[1]), int(found[3])) > _HOURS_A_DAY:
        raise ValueError(WANTED)
    first, last = int(found[1]) % _HOURS_A_DAY, int(found[3]) % _HOURS_A_DAY
    return DayHours(time(first, int(found[2])), time(last, int(found[4])))
