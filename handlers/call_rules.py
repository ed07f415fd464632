"""How calls are made and waited for: what an operator may set."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

WANTED = "times like 07:00-22:00"
_SPAN = re.compile(
    r"(?P<from>\d{1,2}):(?P<from_minutes>\d{2})-(?P<to>\d{1,2}):(?P<to_minutes>\d{2})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class CallRules:
    """`duty_hours` are those in which grade II rings; grade I rings at any hour."""

    ring_seconds: int = 25
    offer_after: timedelta = timedelta(
        minutes=1
    )  # then a caller who waits may ask to be called back
    duty_rounds: int = 3
    duty_pause: timedelta = timedelta(minutes=2)
    duty_hours: tuple[time, time] = (time(7), time(22))


def opens_at(hours: tuple[time, time], now: datetime, zone: tzinfo) -> datetime:
    """`now` within the hours, else when they begin next; hours may go over midnight."""
    start, end = hours
    local = now.astimezone(zone)
    clock = local.time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if inside or start == end:
        return now
    day = local.date() if clock < start else local.date() + timedelta(days=1)
    return datetime.combine(day, start, zone).astimezone(now.tzinfo)


def read_span(text: str) -> tuple[time, time]:
    """Read `07:00-22:00`; 24:00 and 00:00 are the same. Raises ValueError with what it should be."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(WANTED)
    hours = [int(part) % 24 for part in (found["from"], found["to"])]
    minutes = [int(part) for part in (found["from_minutes"], found["to_minutes"])]
    if max(minutes) >= 60 or max(int(found["from"]), int(found["to"])) > 24:  # noqa: PLR2004 - as clocks go
        raise ValueError(WANTED)
    start, end = (time(hour, minute) for hour, minute in zip(hours, minutes, strict=True))
    return start, end
