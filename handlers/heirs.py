"""Who goes on with what a unit had, when units merge, split and close (承接): one answer for dispatch and for tickets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from store.heirs import Succession

KINDS = {"merge": "合并", "split": "分设", "close": "撤销"}
LONGEST = 10  # successions one after another: nobody goes round in a circle


@dataclass(frozen=True, slots=True)
class Handover:
    """A unit's work goes to another from a day, units by their codes; no topics and no places: all the rest."""

    unit: str
    unit_name: str
    successor: str
    successor_name: str
    kind: str
    topics: frozenset[str]
    places: frozenset[str]
    from_date: date

    @property
    def whole(self) -> bool:
        """Whether the unit ends with it."""
        return not (self.topics or self.places)

    @property
    def says(self) -> str:
        """For staff, in a sentence."""
        return f"{self.unit_name}{self.from_date}起{KINDS[self.kind]}，由{self.successor_name}承接"

    def takes(self, topic: str, places: frozenset[str]) -> bool:
        """By topic and place, where both are named."""
        by_topic = not self.topics or topic in self.topics
        return by_topic and (not self.places or not self.places.isdisjoint(places))


def handover_of(one: Succession) -> Handover:
    """As it was named."""
    return Handover(
        one.unit_code,
        one.unit_short,
        one.successor_code,
        one.successor_short,
        one.kind,
        frozenset(one.topic_codes),
        frozenset(one.place_codes),
        one.from_date,
    )


def follow(
    handovers: Sequence[Handover], unit: str, topic: str, places: frozenset[str]
) -> tuple[Handover, ...]:
    """Step by step who takes a matter over from a unit, `handovers` in the order they began; empty: it stays.

    What was split off and given back later stays with whom it was given back to.
    """
    path: list[Handover] = []
    last = -1  # of the parts, the one that came last
    while len(path) < LONGEST:
        found = _next(handovers, unit, last, topic, places)
        if found is None:
            break
        at, one = found
        path.append(one)
        unit, last = one.successor, last if one.whole else at
    return tuple(path)


def _next(
    handovers: Sequence[Handover], unit: str, last: int, topic: str, places: frozenset[str]
) -> tuple[int, Handover] | None:
    """A part comes before the rest."""
    own = [(at, one) for at, one in enumerate(handovers) if one.unit == unit]
    parts = (
        (at, one) for at, one in own if at > last and not one.whole and one.takes(topic, places)
    )
    return next(parts, None) or next(_rest(own), None)


def _rest(own: Sequence[tuple[int, Handover]]) -> Iterator[tuple[int, Handover]]:
    return ((at, one) for at, one in own if one.whole)
