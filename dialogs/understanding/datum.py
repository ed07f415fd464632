"""Chinese maps shift every point by some hundred metres (GCJ-02): undo that.

The formula is not published by its makers. This is the reconstruction that open-source map tools share
(https://github.com/googollee/eviltransform, https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China#GCJ-02).
"""

from math import cos, pi, radians, sin, sqrt

WGS_84 = "WGS-84"
GCJ_02 = "GCJ-02"

# The ellipsoid of Krasovsky 1940, as the formula has it.
_RADIUS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_ORIGIN = (35.0, 105.0)
_ROUNDS = 3  # the shift changes so slowly that each round gains three digits or more


def to_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point, given in WGS-84, as a Chinese map has it; for points in China."""
    y, x = latitude - _ORIGIN[0], longitude - _ORIGIN[1]
    flattened = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    north = _RADIUS * (1 - _ECCENTRICITY) / flattened**1.5
    east = _RADIUS / sqrt(flattened) * cos(radians(latitude))
    return (
        latitude + _northward(x, y) * 180 / (north * pi),
        longitude + _eastward(x, y) * 180 / (east * pi),
    )


def from_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point of a Chinese map in WGS-84, to less than a centimetre."""
    true = (latitude, longitude)
    for _ in range(_ROUNDS):
        shifted = to_gcj(*true)
        true = (true[0] + latitude - shifted[0], true[1] + longitude - shifted[1])
    return true


def _northward(x: float, y: float) -> float:
    return (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _ripple(x)) + (
        20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)
    ) * 2 / 3


def _eastward(x: float, y: float) -> float:
    return (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _ripple(x)) + (
        20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)
    ) * 2 / 3


def _ripple(x: float) -> float:
    return (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
