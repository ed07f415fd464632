"""Quiet hours and the hours in which phones may ring, over midnight and in every zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.quiet import QuietHours

NIGHT = (time(21, 0), time(8, 0))
CALLS = (time(9, 0), time(20, 0))
BEIJING = QuietHours(ZoneInfo("Asia/Shanghai"), NIGHT, CALLS)


def at(clock: str, day: int = 23) -> datetime:
    """A moment in Beijing."""
    hour, minute = map(int, clock.split(":"))
    zone = ZoneInfo("Asia/Shanghai")
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ("20:59", None),
        ("21:00", "08:00"),
        ("23:59", "08:00"),
        ("00:00", "08:00"),
        ("03:30", "08:00"),
        ("07:59", "08:00"),
        ("08:00", None),
        ("12:00", None),
    ],
)
def test_what_is_not_urgent_waits_for_the_morning(clock: str, until: str | None) -> None:
    now = at(clock)
    ends = now + BEIJING.wait(now, voice=False, urgent=False)
    day = 24 if clock > "20:00" and until else 23
    assert ends == (at(until, day) if until else now)


@pytest.mark.parametrize("clock", ["21:30", "03:00", "12:00"])
def test_what_is_urgent_does_not_wait(clock: str) -> None:
    assert BEIJING.wait(at(clock), voice=False, urgent=True) == timedelta(0)


@pytest.mark.parametrize(
    ("clock", "until", "day"),
    [
        ("08:30", "09:00", 23),
        ("09:00", "09:00", 23),
        ("19:59", "19:59", 23),
        ("20:00", "09:00", 24),
        ("23:00", "09:00", 24),
    ],
)
@pytest.mark.parametrize("urgent", [True, False])
def test_no_phone_rings_outside_its_hours_however_urgent(
    clock: str, until: str, day: int, *, urgent: bool
) -> None:
    now = at(clock)
    assert now + BEIJING.wait(now, voice=True, urgent=urgent) == at(until, day)


def test_hours_within_a_day_are_quiet_too() -> None:
    noon = QuietHours(ZoneInfo("Asia/Shanghai"), (time(12, 0), time(14, 0)))
    assert noon.wait(at("13:00"), voice=False, urgent=False) == timedelta(hours=1)
    assert noon.wait(at("21:00"), voice=False, urgent=False) == timedelta(0)


def test_where_clocks_are_changed_the_morning_is_the_one_on_the_clock() -> None:
    paris = QuietHours(ZoneInfo("Europe/Paris"), NIGHT)
    evening = datetime(2026, 3, 28, 22, 0, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    assert paris.wait(evening, voice=False, urgent=False) == timedelta(hours=9)


def test_without_hours_nothing_waits() -> None:
    assert QuietHours().wait(at("03:00"), voice=True, urgent=False) == timedelta(0)
