"""A shared location as a place: on which district's ground it lies, and on which street's where that is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from dialogs.catalogue import Catalogue
from dialogs.said import Pin
from dialogs.understanding.datum import GCJ_02, WGS_84, from_gcj
from dialogs.understanding.place import NOWHERE, Place, PlaceFound

MOST_OFFERED = 4
NEAR_METERS = 60.0  # what a phone's position may be off, and a border's side of the street
RIM_METERS = 2_000.0  # so little beyond the last border nobody is told that it is another city
_METERS_A_DEGREE = 111_320.0  # of latitude


@dataclass(frozen=True, slots=True)
class Outline:
    """The ground of a district (code of 6 digits) or a street (9), a GeoJSON geometry in WGS-84.

    `slack_meters`: how far the line may be from the true border.
    """

    code: str
    geojson: str
    slack_meters: float = 0.0


@dataclass(frozen=True, slots=True)
class _Near:
    """A place whose ground is within reach of a point; `is_sure`: all that is within reach is its ground."""

    place: Place
    meters: float
    is_sure: bool


class Boundaries:
    """All outlines, ready to be asked; immutable. Outlines of codes that the catalogue lacks are left out."""

    def __init__(self, catalogue: Catalogue, outlines: Iterable[Outline]) -> None:
        districts = {one.code: Place(one.code) for one in catalogue.districts}
        streets = {one.code: Place(one.district_code, one.code) for one in catalogue.streets}
        known = [one for one in outlines if one.code in districts or one.code in streets]
        drawn = shapely.from_geojson([one.geojson for one in known])
        latitude = float(np.mean(shapely.bounds(drawn)[:, (1, 3)])) if known else 0.0
        self._scale = (_METERS_A_DEGREE * cos(radians(latitude)), _METERS_A_DEGREE)
        grounds = shapely.transform(drawn, self._to_meters)
        self._districts = _Layer(_of(districts, known, grounds))
        self._streets = _Layer(_of(streets, known, grounds))
        self._is_whole = districts.keys() <= {one.code for one in known}

    def locate(self, pin: Pin) -> PlaceFound | None:
        """Return the place of a pin, or near a border those it may be, the nearest first.

        None: not in this city. Nothing is found where a pin is too vague, or outlines are lacking.
        """
        points = [self._point(*reading) for reading in _readings(pin)]
        reach = NEAR_METERS + pin.accuracy_meters
        districts = _merged([self._districts.near(point, reach) for point in points])
        streets = _merged([self._streets.near(point, reach) for point in points])
        if not districts and not streets:
            return self._beyond(points)
        within = districts[0].place if len(districts) == 1 and districts[0].is_sure else NOWHERE
        return _found(within, [one for one in streets if within.holds(one.place)] or districts)

    def _beyond(self, points: Sequence[shapely.Point]) -> PlaceFound | None:
        if not self._is_whole:
            return PlaceFound()
        rim = _merged([self._districts.near(point, RIM_METERS) for point in points])
        return _found(NOWHERE, rim) if rim else None

    def _point(self, latitude: float, longitude: float) -> shapely.Point:
        return shapely.Point(longitude * self._scale[0], latitude * self._scale[1])

    def _to_meters(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Over a city a plain scale will do: 1 % wrong at its rim, and only in how far a border is."""
        meters: NDArray[np.float64] = degrees * np.array(self._scale)
        return meters


class _Layer:
    """Grounds that lie side by side: all districts, or all streets."""

    def __init__(self, grounds: Sequence[tuple[Place, shapely.Geometry, float]]) -> None:
        self._places = [place for place, _, _ in grounds]
        self._slack = [slack for _, _, slack in grounds]
        self._grounds = [ground for _, ground, _ in grounds]
        self._borders = [shapely.boundary(ground) for ground in self._grounds]
        self._most_slack = max(self._slack, default=0.0)
        self._tree = shapely.STRtree(self._grounds)

    def near(self, point: shapely.Point, reach: float) -> list[_Near]:
        found = []
        for at in self._tree.query(point, "dwithin", reach + self._most_slack):
            meters = float(shapely.distance(self._grounds[at], point))
            least = reach + self._slack[at]
            if meters <= least:
                is_sure = not meters and shapely.distance(self._borders[at], point) > least
                found.append(_Near(self._places[at], meters, is_sure))
        return found


def _of(
    places: dict[str, Place], outlines: Sequence[Outline], grounds: NDArray[np.object_]
) -> list[tuple[Place, shapely.Geometry, float]]:
    return [
        (places[outline.code], ground, outline.slack_meters)
        for outline, ground in zip(outlines, grounds, strict=True)
        if outline.code in places
    ]


def _readings(pin: Pin) -> list[tuple[float, float]]:
    """Return the point in WGS-84; where nobody says how it was measured, it may be two."""
    given = (pin.latitude, pin.longitude)
    if pin.datum == WGS_84:
        return [given]
    if pin.datum == GCJ_02:
        return [from_gcj(*given)]
    return [given, from_gcj(*given)]


def _merged(readings: Sequence[list[_Near]]) -> list[_Near]:
    """Bring what each reading found together: sure is only what all are sure of. The nearest first."""
    merged: dict[Place, _Near] = {}
    for near in (near for reading in readings for near in reading):
        before = merged.get(near.place, near)
        meters = min(before.meters, near.meters)
        merged[near.place] = _Near(near.place, meters, before.is_sure and near.is_sure)
    everywhere = all(readings)
    return sorted(
        (_Near(one.place, one.meters, one.is_sure and everywhere) for one in merged.values()),
        key=lambda one: (one.meters, one.place.district, one.place.street),
    )


def _found(within: Place, near: Sequence[_Near]) -> PlaceFound:
    """Take the only sure one; else offer them, unless too many, beside the district that is sure."""
    if len(near) == 1 and near[0].is_sure:
        return PlaceFound(near[0].place)
    return PlaceFound(within, tuple(one.place for one in near) if len(near) <= MOST_OFFERED else ())
