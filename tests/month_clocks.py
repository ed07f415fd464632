"""When units' clocks are due and who hears of it, reckoned by hand from what the script did: an own calendar, hour by hour."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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
    """What a unit did to a ticket, or what became of it: led, assisting, signed, contacted, assisted, ended."""

    what: str
    unit: str
    at: datetime
    grade: str = "III"
    hours: float | None = None  # to answer, where they are others than the grade's


@dataclass(slots=True)
class Share:
    """A unit's part in a ticket, from `act` on; None: it never came to that."""

    act: Act
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


Clocks = Mapping[str, tuple[Callable[[datetime, float], datetime], float]]

# How the time of a grade is counted, and how many hours there are; a working day has nine.
OF_III: Clocks = {"签收": (worked, 2), "首次联系": (worked, 9), "答复": (passed, 7 * 24)}
CLOCKS: Mapping[str, Clocks] = {
    "II": {"签收": (passed, 0.5), "首次联系": (passed, 2), "答复": (passed, 24)},
    "III": OF_III,
    "IV": {**OF_III, "答复": (passed, 15 * 24)},
}
OF_ASSIST = 0.6  # of the time for an answer


def clocks(share: Share) -> Clocks:
    """The clocks of a share; who assists need not get in touch, and answers before the lead."""
    act = share.act
    of_grade = {**CLOCKS[act.grade]}
    counted, hours = of_grade["答复"]
    hours = act.hours or hours
    if act.what == "led":
        return {**of_grade, "答复": (counted, hours)}
    return {"协办签收": of_grade["签收"], "协办答复": (counted, hours * OF_ASSIST)}


def shares(acts: Sequence[Act]) -> list[Share]:
    """Those of the lead and of who assists; who leads next ends what was before."""
    found: list[Share] = []
    running: dict[str, Share] = {}
    lead = ""
    for act in acts:
        if act.what in ("led", "ended"):
            for one in running.values():
                one.ended = one.ended or act.at
            running = {}
        match act.what:
            case "led" | "assisting":
                lead = act.unit if act.what == "led" else lead
                found.append(running.setdefault(act.unit, Share(act)))
            case "signed" if lead in running:
                running[lead].signed = running[lead].signed or act.at
            case "contacted" if lead in running:
                running[lead].contacted = running[lead].contacted or act.at
            case "assisted":
                running.pop(act.unit).ended = act.at
            case _:
                pass
    return found


def heard(share: Share) -> Iterator[str]:
    """Who hears of what: bells are rung at full hours, and of several that have come meanwhile only the last."""
    answers = {"签收": share.signed, "首次联系": share.contacted}
    begins = share.act.at
    for clock, (counted, hours) in clocks(share).items():
        answered = min(filter(None, (answers.get(clock), share.ended)), default=None)
        steps = {_bell(counted(begins, hours * part), begins): step for step, part in STEPS.items()}
        for rung, step in steps.items():
            if answered is None or rung <= answered:
                yield f"{_hearer(share.act.unit, step)} {clock} {step}"


def _bell(moment: datetime, begins: datetime) -> datetime:
    return begins + math.ceil((moment - begins) / HOUR) * HOUR


def _hearer(unit: str, step: str) -> str:
    """The desk, the head, or the head of the district's government."""
    if step == "over":
        return f"{unit[:6]} head"
    return f"{unit} {'head' if step == 'due' else 'desk'}"


def dues(share: Share) -> str:
    """When each of a share's clocks is due, as it is in the city."""
    moments = [counted(share.act.at, hours) for counted, hours in clocks(share).values()]
    return " ".join([share.act.unit, *(f"{one + BEIJING:%m-%d %H:%M}" for one in moments)])


def reckoned(told: Sequence[Sequence[Act]]) -> dict[str, Counter[str]]:
    """What is to be found of these tickets' clocks."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for acts in told:
        for share in shares(acts):
            found["clock steps"].update(heard(share))
            found["clocks due"][dues(share)] += 1
    return found
