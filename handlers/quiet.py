"""Quiet hours: what is not urgent waits for the morning, and no phone rings before it or late in the evening.

Replies, the words of a person and whatever is urgent do not wait; nothing but the hours for calls holds a call back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

Span = tuple[time, time]  # from when to when in a day, over midnight too

NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """In the city's time: when residents are left in peace, and when they may be called; None rules nothing."""

    timezone: tzinfo = UTC
    quiet: Span | None = None
    calls: Span | None = None

    def wait(self, now: datetime, *, voice: bool, urgent: bool) -> timedelta:
        """How long something that nobody waits for has to wait."""
        if voice and self.calls is not None:
            begin, end = self.calls
            return self._rest(now, (end, begin))
        if urgent or self.quiet is None:
            return NO_WAIT
        return self._rest(now, self.quiet)

    def _rest(self, now: datetime, span: Span) -> timedelta:
        """How much of a span is still to come, zero outside it."""
        local = now.astimezone(self.timezone)
        if not _within(local.time(), span):
            return NO_WAIT
        ends = datetime.combine(local.date(), span[1], self.timezone)
        if ends <= local:
            ends = datetime.combine(local.date() + timedelta(days=1), span[1], self.timezone)
        return ends.astimezone(UTC) - now


def _within(moment: time, span: Span) -> bool:
    begin, end = span
    if begin <= end:
        return begin <= moment < end
    return moment >= begin or moment < end
