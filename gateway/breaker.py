"""A circuit breaker: a helper that fails again and again is left alone for a while, then tried once."""

from collections import deque
from collections.abc import Callable
from enum import IntEnum

FAILURES_IN_A_ROW = 5
REMEMBERED = 20
REST_SECONDS = 60.0


class Circuit(IntEnum):
    """What is let through; the numbers are those of the metric."""

    CLOSED = 0  # everything
    HALF_OPEN = 1  # one call, to see
    OPEN = 2  # nothing


class Breaker:
    """Opens after five failures in a row, or when more than half of the last twenty calls have failed."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is a monotonic clock in seconds."""
        self._now = now
        self._last: deque[bool] = deque(maxlen=REMEMBERED)
        self._in_a_row = 0
        self._opened_at: float | None = None
        self._trying = False

    @property
    def circuit(self) -> Circuit:
        """How it stands now."""
        if self._opened_at is None:
            return Circuit.CLOSED
        return Circuit.HALF_OPEN if self._now() - self._opened_at >= REST_SECONDS else Circuit.OPEN

    def admits(self) -> bool:
        """Whether a call may be made now; whoever is admitted must `note` how it ended."""
        match self.circuit:
            case Circuit.CLOSED:
                return True
            case Circuit.HALF_OPEN if not self._trying:
                self._trying = True
                return True
            case _:
                return False

    def note(self, *, well: bool) -> None:
        """A call has ended. Those that were under way when it opened change nothing any more."""
        if self._opened_at is not None:
            self._tried(well=well)
            return
        self._last.append(well)
        self._in_a_row = 0 if well else self._in_a_row + 1
        failed = len(self._last) - sum(self._last)
        if self._in_a_row >= FAILURES_IN_A_ROW or failed > REMEMBERED // 2:
            self._opened_at = self._now()

    def _tried(self, *, well: bool) -> None:
        if not self._trying:
            return
        self._trying = False
        self._last.clear()
        self._in_a_row = 0
        self._opened_at = None if well else self._now()
