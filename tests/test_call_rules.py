"""The hours in which duty phones ring for what is not danger to life."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.call_rules import read_span

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [
        ("07:00-22:00", "2026-11-23T10:00", "2026-11-23T10:00"),
        ("07:00-22:00", "2026-11-23T22:00", "2026-11-24T07:00"),
        ("07:00-22:00", "2026-11-23T06:59", "2026-11-23T07:00"),
        ("20:00-06:00", "2026-11-23T23:30", "2026-11-23T23:30"),
        ("20:00-06:00", "2026-11-23T05:00", "2026-11-23T05:00"),
        ("20:00-06:00", "2026-11-23T12:00", "2026-11-23T20:00"),
        ("00:00-24:00", "2026-11-23T03:00", "2026-11-23T03:00"),
    ],
)
def test_what_falls_outside_the_hours_waits_until_they_begin(
    hours: str, now: str, then: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=BEIJING).astimezone(UTC)
    expected = datetime.fromisoformat(then).replace(tzinfo=BEIJING)
    assert read_span(hours).next_within(moment, BEIJING) == expected


@pytest.mark.parametrize("text", ["", "7-22", "07:00", "07:60-22:00", "07:00-25:00", "07:00–22:00"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="times like"):
        read_span(text)


def test_hours_are_told_as_they_are_set() -> None:
    assert str(read_span("7:00-22:00")) == "07:00-22:00"
