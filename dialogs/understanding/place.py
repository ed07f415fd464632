"""Places that residents name, and how several names in one message make one place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

import msgspec


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place as codes of the catalogue, as deep as it is known; `detail` is the building and door."""

    district: str = ""
    street: str = ""
    community: str = ""
    detail: str = ""

    @property
    def depth(self) -> int:
        """0 unknown, 1 district, 2 street, 3 community."""
        return bool(self.district) + bool(self.street) + bool(self.community)

    def holds(self, other: "Place") -> bool:
        """Tell whether `other` is this place or lies in it."""
        return (
            self.district in ("", other.district)
            and self.street in ("", other.street)
            and self.community in ("", other.community)
        )

    def agrees(self, other: "Place") -> bool:
        """Tell whether both can be true of one address."""
        return self.holds(other) or other.holds(self)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """What is sure, and what it may be: `candidates` are asked about; a single one means "is it this?"."""

    place: Place = NOWHERE
    candidates: tuple[Place, ...] = ()


class Firmness(IntEnum):
    """How much a name says on its own."""

    WORD = 0  # an everyday word, or part of a landmark's name: needs a district or street beside it
    VAGUE = 1  # the same, but may be offered as a guess
    SHORT = 2  # stands alone, unless a landmark's name goes on after it
    FULL = 3  # the official name with its suffix


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in the folded text; `rivals` are meant only where no option fits what stands beside."""

    start: int
    end: int
    options: tuple[Place, ...]
    firmness: Firmness
    rivals: tuple[Place, ...] = ()
    stem: bool = False  # less than a whole name: what was said stays in the detail
    is_road: bool = False  # a road is called so too: only to be offered

    def covers(self, other: "Mention") -> bool:
        """Tell whether `other` is but a part of what this is said with."""
        is_longer = other.end - other.start < self.end - self.start
        return is_longer and self.start <= other.start and other.end <= self.end

    def narrowed(self, options: tuple[Place, ...]) -> "Mention":
        """Return the same with these options alone."""
        return self if options == self.options else replace(self, options=options)

    def fitting(self, context: Place) -> tuple[Place, ...]:
        """Return what agrees with `context`: options first, else rivals, else nothing."""
        for places in (self.options, self.rivals):
            agreeing = tuple(place for place in places if place.agrees(context))
            if agreeing:
                return agreeing
        return ()


_CHAIN = 2
# A vague name belongs to the name that ends so shortly before it: 海淀区的黄庄.
_BESIDE = 3


def resolve(mentions: Sequence[Mention], known: Place) -> tuple[PlaceFound, tuple[Mention, ...]]:
    """Choose the longest, most consistent chain; return it with the mentions that it took in."""
    if known == NOWHERE and (plain := _plainly(mentions)):
        return PlaceFound(plain), tuple(mentions)
    firm = _without_strangers(_settled(mentions, known))
    if not firm:
        return _unsure(mentions, known)
    chosen = _best(firm, known)
    conflicts = [
        mention
        for mention in firm
        if not any(option.agrees(place) for option in mention.options for place in chosen)
    ]
    support = [mention for mention in firm if mention not in conflicts]
    for mention in conflicts:
        if _is_serious(mention, support):
            chosen = [*chosen, *mention.options]
    found = _as_found(chosen)
    if found.candidates or found.place.street:
        return found, tuple(support)
    deeper, taken = _unsure(mentions, found.place)
    return (deeper, (*support, *taken)) if deeper.candidates else (found, tuple(support))


def _plainly(mentions: Sequence[Mention]) -> Place | None:
    """Return the deepest of firm names that lie in each other, as most messages tell them: nothing is to be weighed."""
    deepest = NOWHERE
    for mention in mentions:
        if mention.firmness < Firmness.SHORT or len(mention.options) != 1 or mention.is_road:
            return None
        place = mention.options[0]
        if deepest.holds(place):
            deepest = place
        elif not place.holds(deepest):
            return None
    return deepest if deepest.street else None


def _without_strangers(firm: list[Mention]) -> list[Mention]:
    """海淀镇六郎庄村: what stands right behind a street's full name, and is known in other districts only, is in that street."""
    streets = {
        one.end: one.options[0].district
        for one in firm
        if one.firmness == Firmness.FULL and [option.depth for option in one.options] == [2]
    }
    return [
        one
        for one in firm
        if one.start not in streets
        or any(option.district == streets[one.start] for option in one.options)
    ]


def _settled(mentions: Sequence[Mention], known: Place) -> list[Mention]:
    """Narrow each mention by its surroundings, and drop the vague ones that nothing speaks for."""
    context = _context(mentions, known)
    settled: list[Mention] = []
    for mention in _paired(mentions):
        fitting = mention.fitting(context)
        if mention.firmness >= Firmness.SHORT:
            settled.append(mention.narrowed(fitting) if fitting else mention)
        elif (
            fitting
            and not mention.is_road
            and (
                (mention.firmness == Firmness.VAGUE and context.depth)
                or _is_beside(mention, settled, known, fitting)
            )
        ):
            settled.append(mention.narrowed(fitting))
    return settled


def _paired(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Let two weak names side by side, 永定冯村, speak for each other where they make one place."""
    pairs = list(pairwise(mentions))
    for before, after in pairs:
        if after.start == before.end and max(before.firmness, after.firmness) < Firmness.SHORT:
            inner = [p for p in after.options if any(o.holds(p) for o in before.options)]
            if len(inner) == 1 and inner[0].depth > 1:
                yield replace(after, options=(inner[0],), firmness=Firmness.SHORT)
    yield from mentions


def _context(mentions: Sequence[Mention], known: Place) -> Place:
    """Return the district that is named (the only one), else what is known already."""
    districts = {
        option.district
        for mention in mentions
        if mention.firmness >= Firmness.SHORT
        for option in mention.options
        if option.depth == 1
    }
    if len(districts) == 1:
        return Place(districts.pop())
    if districts:
        return NOWHERE
    fits = any(mention.fitting(known) for mention in mentions)
    return known if fits else NOWHERE


def _is_beside(
    mention: Mention, settled: Sequence[Mention], known: Place, fitting: tuple[Place, ...]
) -> bool:
    if known.depth and any(known.holds(place) for place in fitting):
        return True
    return any(
        0 <= mention.start - other.end <= _BESIDE
        and any(option.holds(place) for option in other.options for place in fitting)
        for other in settled
    )


def _unsure(mentions: Sequence[Mention], known: Place) -> tuple[PlaceFound, tuple[Mention, ...]]:
    """Offer what the first vague name may be."""
    for mention in mentions:
        if mention.firmness == Firmness.VAGUE:
            options = mention.options
            if len(options) == 1:
                options = (*options, *mention.rivals)
            options = tuple(place for place in options if place.agrees(known))
            if options:
                return offered(options, known), (mention,)
    return PlaceFound(Place(known.district, known.street)), ()


def offered(places: Iterable[Place], known: Place) -> PlaceFound:
    """Ask even where only one is possible; only what is `known` already is sure."""
    found = _as_found(places)
    if found.candidates:
        return found
    return PlaceFound(Place(known.district, known.street), (found.place,))


def alternatives(mentions: Sequence[Mention], known: Place) -> list[tuple[Place, int]]:
    """Return the places that were weighed against each other, with their scores; the best first."""
    scores = _scores(_settled(mentions, known), known)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0].district, item[0].street))


def _best(firm: Sequence[Mention], known: Place) -> list[Place]:
    """Return the options that most mentions speak for: those of the deepest name; several are a tie.

    Between the options of one name depth does not decide, unless one lies in the other.
    """
    weights = {option: score - option.depth for option, score in _scores(firm, known).items()}
    most = max(weights.values())
    top = [option for option, weight in weights.items() if weight == most]
    deepest = max(option.depth for option in top)
    ends = {option for option in top if option.depth == deepest}
    namesakes = {
        option
        for mention in firm
        if not ends.isdisjoint(mention.options)
        for option in mention.options
    }
    left = [option for option in top if option in ends or option in namesakes]
    return [one for one in left if not any(one != other and one.holds(other) for other in left)]


def _scores(firm: Sequence[Mention], known: Place) -> dict[Place, int]:
    """Weigh how many names speak for an option before whether it is known, and that before its depth."""
    scores: dict[Place, int] = {}
    for option in (option for mention in firm for option in mention.options):
        if option not in scores:
            backing = sum(any(o.holds(option) for o in mention.options) for mention in firm)
            is_known = known.depth > 0 and known.holds(option)
            scores[option] = 8 * backing + 4 * is_known + option.depth
    return scores


def _is_serious(conflict: Mention, support: Sequence[Mention]) -> bool:
    """A name against a chain of two, or a short one against a full one, does not shake it."""
    if any(_lies_in_the_area(one, conflict) for one in support):
        return False
    against = [
        one
        for one in support
        if not any(option.agrees(place) for option in one.options for place in conflict.options)
    ]
    firmest = max((one.firmness for one in against), default=Firmness.WORD)
    return len(against) < _CHAIN and conflict.firmness >= firmest


def _lies_in_the_area(support: Mention, conflict: Mention) -> bool:
    """回龙观龙腾苑三区: people call a whole area after one street, and name the estate behind it."""
    if conflict.firmness == Firmness.FULL or conflict.start > support.start:
        return False
    districts = {place.district for place in conflict.options if place.depth > 1}
    return (
        len(support.options) == 1
        and support.options[0].depth > max(place.depth for place in conflict.options)
        and support.options[0].district in districts
    )


def _as_found(places: Iterable[Place]) -> PlaceFound:
    """Ask only where the street is open: a community more or less goes to the same desk."""
    by_street: dict[Place, list[Place]] = {}
    for place in places:
        by_street.setdefault(Place(place.district, place.street), []).append(place)
    unique = [common_ancestor(group) for group in by_street.values()]
    if len(unique) == 1:
        return PlaceFound(unique[0])
    unique.sort(key=lambda place: (place.district, place.street))
    return PlaceFound(common_ancestor(unique), tuple(unique))


def common_ancestor(places: Sequence[Place]) -> Place:
    """Return as much as all `places` share."""
    first = places[0]
    if any(place.district != first.district for place in places):
        return NOWHERE
    if not first.street or any(place.street != first.street for place in places):
        return Place(first.district)
    if not first.community or any(place.community != first.community for place in places):
        return Place(first.district, first.street)
    return Place(first.district, first.street, first.community)
