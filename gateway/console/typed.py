"""What was typed into a form's field, read as what it should be."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.case import ActRefusedError

LONGEST_ID = 9  # digits


def number(typed: str) -> int | None:
    """An id as a form gives it, None for what is none."""
    known = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID
    return int(typed) if known else None


def moment_of(typed: str, timezone: ZoneInfo) -> datetime | None:
    """A moment as a browser's field gives it, in the city's time; None for none. Raises `ActRefusedError`."""
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=timezone)
    except ValueError as error:
        raise ActRefusedError("时间没有看懂，请按“2026-11-23 14:30”填写。") from error
