"""How often something may be done: a bucket a key that fills with time, kept in this process alone."""

from collections import OrderedDict

KEPT_KEYS = 50_000


class Allowance:
    """At most `burst` at once and `per_second` on average, for each key.

    It protects this process; what must hold across processes is counted in the store.
    """

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, at_seconds: float) -> float:
        """Take one; 0 when it was allowed, else the seconds until the next one will be."""
        left, since = self._left.get(key, (float(self._burst), at_seconds))
        left = min(self._burst, left + (at_seconds - since) * self._per_second)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, at_seconds)
        self._left.move_to_end(key)
        if len(self._left) > KEPT_KEYS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second
