"""When units' clocks are due and who hears of it, reckoned by hand from what the script did: an own calendar, hour by hour."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

HOUR = timedelta(hours=1)
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)  # without a public holiday in it
SATURDAY = 5
OPENS, CLOSES = 1, 10  # nine and six in Beijing
# Each hour that people work, by its beginning.
OPEN = [
    datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days))
    if day.weekday() < SATURDAY
    for hour in range(OPENS, CLOSES)
]
STEPS = {"half": 0.5, "near": 0.8, "due": 1.0, "over": 1.2}
BEIJING = timedelta(hours=8)


class Act(NamedTuple):
    """What a unit did to a ticket, or what became of it: led, signed, contacted, ended."""

    what: str
    unit: str
    at: datetime


@dataclass(slots=True)
class Share:
    """A unit's part in a ticket; None: it never came to that."""

    unit: str
    begins: datetime
    signed: datetime | None = None
    contacted: datetime | None = None
    ended: datetime | None = None


def worked(begins: datetime, hours: float) -> datetime:
    """When so many hours of work are over that begin with a full hour."""
    whole = math.ceil(hours) - 1
    return OPEN[bisect_left(OPEN, begins) + whole] + (hours - whole) * HOUR


def passed(begins: datetime, hours: float) -> datetime:
    """When so many hours are over."""
    return begins + hours * HOUR


# Of grade III: how its time is counted, and how many hours there are; a working day has nine.
CLOCKS: Mapping[str, tuple[Callable[[datetime, float], datetime], int]] = {
    "签收": (worked, 2),
    "首次联系": (worked, 9),
    "答复": (passed, 7 * 24),
}


def shares(acts: Sequence[Act]) -> list[Share]:
    """One after the other: who leads next ends what was before."""
    found: list[Share] = []
    for what, unit, at in acts:
        if what == "led":
            found.append(Share(unit, at))
        last = found[-1]
        if what == "signed":
            last.signed = last.signed or at
        elif what == "contacted":
            last.contacted = last.contacted or at
        elif what == "ended":
            last.ended = last.ended or at
    for one, following in pairwise(found):
        one.ended = one.ended or following.begins
    return found


def heard(share: Share) -> Iterator[str]:
    """Who hears of what: bells are rung at full hours, and of several that have come meanwhile only the last."""
    answers = {"签收": share.signed, "首次联系": share.contacted, "答复": None}
    for clock, (counted, hours) in CLOCKS.items():
        answered = min(filter(None, (answers[clock], share.ended)), default=None)
        steps = {
            _bell(counted(share.begins, hours * part), share.begins): step
            for step, part in STEPS.items()
        }
        for rung, step in steps.items():
            if answered is None or rung <= answered:
                yield f"{_hearer(share.unit, step)} {clock} {step}"


def _bell(moment: datetime, begins: datetime) -> datetime:
    return begins + math.ceil((moment - begins) / HOUR) * HOUR


def _hearer(unit: str, step: str) -> str:
    """The desk, the head, or the head of the district's government."""
    if step == "over":
        return f"{unit[:6]} head"
    return f"{unit} {'head' if step == 'due' else 'desk'}"


def dues(share: Share) -> str:
    """When each of a share's clocks is due, as it is in the city."""
    moments = [counted(share.begins, hours) + BEIJING for counted, hours in CLOCKS.values()]
    return " ".join([share.unit, *(f"{moment:%m-%d %H:%M}" for moment in moments)])


def reckoned(told: Sequence[Sequence[Act]]) -> dict[str, Counter[str]]:
    """What is to be found of these tickets' clocks."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for acts in told:
        for share in shares(acts):
            found["clock steps"].update(heard(share))
            found["clocks due"][dues(share)] += 1
    return found
