"""Working time (工作时间): what is left of a span when nights, weekends and public holidays are taken out.

Holidays and make-up working days (调休) of China come from `holidays`; years that are not announced yet have their
holidays by law and plain weekends. An operator's own days (`calendar_days`) count before both.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_NONE = timedelta(0)
_SATURDAY = 5

OwnDays = frozenset[tuple[date, bool]]  # (day, whether people work then)


@lru_cache(maxsize=64)
def _public(year: int) -> frozenset[date]:
    """The days of a year on which offices are open, as far as it is announced."""
    from holidays import country_holidays  # noqa: PLC0415 - half a second, for processes that keep clocks

    calendar = country_holidays("CN", years=[year])
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    made_up = calendar.weekend_workdays
    return frozenset(
        day for day in days if day in made_up or (day.weekday() < _SATURDAY and day not in calendar)
    )


@lru_cache(maxsize=64)
def _working_days(year: int, own: OwnDays) -> tuple[int, ...]:
    """The working days from a year's beginning to the end of the next but one, as ordinals."""
    days = set().union(*(_public(one) for one in range(year, year + 3)))
    for day, working in own:
        if year <= day.year < year + 3:
            (days.add if working else days.discard)(day)
    return tuple(sorted(day.toordinal() for day in days))


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a city works: from `begins` to `ends` of each working day, in its own time.

    Hours that make no day (`ends` not after `begins`) count as a whole one.
    """

    timezone: ZoneInfo
    begins: int = 9
    ends: int = 18
    own: OwnDays = frozenset()

    @property
    def opens(self) -> timedelta:
        """When a working day begins, from midnight."""
        return timedelta(hours=self.begins) if self.begins < self.ends else _NONE

    @property
    def day(self) -> timedelta:
        """How long a working day lasts."""
        whole = self.begins >= self.ends
        return timedelta(hours=24 if whole else self.ends - self.begins)

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        days = _working_days(day.year, self.own)
        place = bisect_left(days, day.toordinal())
        return days[place] == day.toordinal()

    def add(self, span: timedelta, moment: datetime) -> datetime:
        """When `span` of working time is over, counted from a moment; a full day is over when people go home."""
        return self.add_each([span], moment)[0]

    def add_each(self, spans: Sequence[timedelta], moment: datetime) -> list[datetime]:
        """When each of these is over, counted from the same moment."""
        place, days, gone = self._place(moment)
        day = self.day
        ends = []
        for span in spans:
            whole, rest = divmod(gone + span, day)
            if not rest and whole:
                whole, rest = whole - 1, day
            if place + whole < len(days):
                ends.append(self._at(days[place + whole], rest))
            else:  # years away
                last = self._at(days[-1], day)
                ends.append(self.add(span - self.between(moment, last), last))
        return ends

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """The working time between two moments; none where the second is not later."""
        if end <= begin:
            return _NONE
        first, days, gone = self._place(begin)
        last, later, over = self._place(end)
        if days is not later:
            last = bisect_left(days, later[last]) if later[last] <= days[-1] else -1
        if last < 0:
            last_moment = self._at(days[-1], self.day)
            return self.between(begin, last_moment) + self.between(last_moment, end)
        return (last - first) * self.day + over - gone

    def span(self, clock_span: timedelta) -> timedelta:
        """A limit in working time: of its days each is a working day, of its hours no more than one has."""
        return clock_span.days * self.day + min(
            clock_span - timedelta(days=clock_span.days), self.day
        )

    def _place(self, moment: datetime) -> tuple[int, tuple[int, ...], timedelta]:
        """Which of the year's working days a moment falls on, or comes next, and how much of it is over."""
        local = moment.astimezone(self.timezone)
        days = _working_days(local.year, self.own)
        ordinal = local.toordinal()
        place = bisect_left(days, ordinal)
        if days[place] != ordinal:
            return place, days, _NONE
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        gone = local - midnight - self.opens
        return place, days, min(max(gone, _NONE), self.day)

    def _at(self, ordinal: int, gone: timedelta) -> datetime:
        midnight = datetime.combine(date.fromordinal(ordinal), time(), self.timezone)
        return (midnight + self.opens + gone).astimezone(UTC)
