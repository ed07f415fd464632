"""Working time: nights, weekends, holidays and make-up days of China; adding and measuring agree."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.working_time import Calendar

BEIJING = ZoneInfo("Asia/Shanghai")
CITY = Calendar(BEIJING)
HOUR, NONE = timedelta(hours=1), timedelta(0)

moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2033, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(ZoneInfo("UTC")),
)
spans = st.timedeltas(NONE, timedelta(days=200))
own_days = st.frozensets(
    st.tuples(st.dates(date(2025, 1, 1), date(2034, 12, 31)), st.booleans()), max_size=5
).filter(lambda days: len({day for day, _ in days}) == len(days))
hours = st.sampled_from([(9, 18), (8, 24), (0, 24), (10, 11), (18, 9)])


def beijing(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        pytest.param(beijing(2026, 11, 23, 10), 2, beijing(2026, 11, 23, 12), id="in a day"),
        pytest.param(beijing(2026, 11, 23, 17), 2, beijing(2026, 11, 24, 10), id="over a night"),
        pytest.param(beijing(2026, 11, 23, 3), 2, beijing(2026, 11, 23, 11), id="from a night"),
        pytest.param(beijing(2026, 11, 27, 17), 2, beijing(2026, 11, 30, 10), id="a weekend"),
        pytest.param(beijing(2026, 9, 30, 17), 2, beijing(2026, 10, 8, 10), id="the golden week"),
        pytest.param(
            beijing(2026, 10, 9, 17), 2, beijing(2026, 10, 10, 10), id="a make-up Saturday"
        ),
        pytest.param(
            beijing(2026, 12, 31, 17), 2, beijing(2027, 1, 4, 10), id="a year not announced"
        ),
        pytest.param(beijing(2026, 11, 23, 9), 9, beijing(2026, 11, 23, 18), id="a whole day"),
    ],
)
def test_nights_weekends_and_holidays_do_not_count(
    begin: datetime, hours: int, end: datetime
) -> None:
    assert CITY.add(hours * HOUR, begin) == end
    assert CITY.between(begin, end) == hours * HOUR


def test_days_of_the_citys_own_count_before_the_public_calendar() -> None:
    city = Calendar(
        BEIJING, own=frozenset({(date(2026, 11, 24), False), (date(2026, 11, 28), True)})
    )

    assert city.add(2 * HOUR, beijing(2026, 11, 23, 17)) == beijing(2026, 11, 25, 10)
    assert city.is_working(date(2026, 11, 28))
    assert not city.is_working(date(2026, 11, 24))


def test_a_limit_in_days_is_as_many_working_days() -> None:
    assert CITY.span(timedelta(days=7)) == 63 * HOUR
    assert CITY.span(timedelta(hours=23)) == 9 * HOUR
    assert CITY.span(2 * HOUR) == 2 * HOUR


@settings(max_examples=150, deadline=None)
@given(moments, spans, hours, own_days)
def test_what_is_added_lies_between(
    begin: datetime, span: timedelta, day: tuple[int, int], own: frozenset[tuple[date, bool]]
) -> None:
    city = Calendar(BEIJING, *day, own)

    end = city.add(span, begin)

    assert end >= begin or span == NONE
    assert city.between(begin, end) == span
    assert end.tzinfo is not None


@settings(max_examples=150, deadline=None)
@given(moments, moments, spans, spans)
def test_more_time_and_a_later_beginning_end_no_earlier(
    one: datetime, other: datetime, less: timedelta, more: timedelta
) -> None:
    first, last = sorted((one, other))
    shorter, longer = sorted((less, more))

    assert CITY.add(shorter, first) <= CITY.add(longer, first)
    assert CITY.add(shorter, first) <= CITY.add(shorter, last)
    assert CITY.between(first, last) <= last - first


@settings(max_examples=100, deadline=None)
@given(st.lists(moments, min_size=3, max_size=3))
def test_the_parts_of_a_span_make_the_whole(three: list[datetime]) -> None:
    a, b, c = sorted(three)

    assert CITY.between(a, b) + CITY.between(b, c) == CITY.between(a, c)


def test_years_from_now_have_weekends_at_least() -> None:
    begin = datetime(2030, 6, 3, 2, tzinfo=UTC)  # a Monday

    assert CITY.add(45 * HOUR, begin) <= begin + timedelta(days=10)
