"""Days and moments as staff type them into forms, in the city's time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handlers.case import ActRefusedError


def read_moment(typed: str, timezone: ZoneInfo, name: str) -> datetime:
    """What a field of `Input.MOMENT` holds; raises `ActRefusedError` for what is no moment."""
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=timezone)
    except ValueError:
        raise ActRefusedError(f"请填写{name}，如 2026-12-01T10:00。") from None


def read_day(typed: str, timezone: ZoneInfo, hour: int, name: str) -> datetime:
    """A day of `Input.DATE`, at that hour of it; raises `ActRefusedError` for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(typed.strip()), time(hour), timezone)
    except ValueError:
        raise ActRefusedError(f"请填写{name}，如 2026-12-01。") from None
