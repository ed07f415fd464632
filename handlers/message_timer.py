"""The timer that looks for another way for a message: it names the message, and is armed with what it is about."""

from datetime import datetime

from store.timers import FiredTimer, TimerRow

MESSAGE = "message"  # the subject; its id is the conversation's, its kind the message's seq


def look_elsewhere(key: tuple[int, int], at: datetime) -> TimerRow:
    """Arm it for this message, by conversation and seq."""
    return TimerRow(MESSAGE, key[0], str(key[1]), None, at)


def named(fired: FiredTimer) -> tuple[int, int]:
    """The message that a timer is about."""
    return fired.subject_id, int(fired.kind)
