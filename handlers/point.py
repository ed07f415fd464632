"""Where a shared location is kept with a ticket: one point in WGS-84, and only one that says where."""

from typing import NamedTuple

from dialogs.said import Pin
from dialogs.understanding.datum import GCJ_02, from_gcj

VAGUE_METERS = (
    1_000.0  # a desk computer's guess of its city: the talk shows it, units are not sent there
)


class Point(NamedTuple):
    """Degrees in WGS-84; both None where there is no point."""

    latitude: float | None = None
    longitude: float | None = None


def point_of(pin: Pin | None) -> Point:
    """The point of a pin."""
    if pin is None or pin.accuracy_meters > VAGUE_METERS:
        return Point()
    if pin.datum == GCJ_02:
        return Point(*from_gcj(pin.latitude, pin.longitude))
    return Point(pin.latitude, pin.longitude)
