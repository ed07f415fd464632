"""Limits against cost bombing: what an address may make us send is counted with its conversation, prefixes in memory.

An attacker with a list of numbers can make a city pay for SMS. Beyond an address's budget replies are left out (and
recorded as such); beyond that of a prefix, or of all, replies wait until there is room again: nothing is lost.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

PREFIXES_KEPT = 10_000
EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class Rates:
    """The settings: messages to one address an hour, to one prefix a minute, to all a second."""

    address_per_hour: int = 30
    prefix_per_minute: int = 600
    all_per_second: int = 100


def spend(budget: float, at: datetime | None, now: datetime, per_hour: int) -> tuple[float, bool]:
    """Count one message to an address: a bucket of `per_hour` that leaks evenly.

    Returns the new level and whether the message may be sent; a message that may not is not counted.
    """
    if at is not None:
        budget = max(0.0, budget - (now - at).total_seconds() * per_hour / 3600)
    if budget + 1 > per_hour:
        return budget, False
    return budget + 1, True


class Limits:
    """Of one process: when the next message to a prefix, or to anybody, may go out."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self.deferred = 0  # messages that had to wait since the start
        self._free_at: OrderedDict[str, datetime] = OrderedDict()

    def wait(self, prefix: str, now: datetime) -> timedelta:
        """Count one message to `prefix`; returns how long it must wait, zero mostly."""
        every = timedelta(seconds=1 / self.rates.all_per_second)
        each = timedelta(seconds=60 / self.rates.prefix_per_minute)
        waits = (
            self._take(EVERYTHING, every, timedelta(seconds=1), now),
            self._take(prefix, each, timedelta(minutes=1), now),
        )
        wait = max(waits)
        if wait:
            self.deferred += 1
        return wait

    def _take(self, name: str, every: timedelta, burst: timedelta, now: datetime) -> timedelta:
        """A virtual schedule: `burst` worth of messages may go at once, then one `every`."""
        free_at = max(self._free_at.pop(name, now), now) + every
        self._free_at[name] = free_at
        if len(self._free_at) > PREFIXES_KEPT:
            self._free_at.popitem(last=False)
        return max(timedelta(0), free_at - now - burst)
