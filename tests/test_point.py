"""What of a shared location is kept with a ticket."""

import pytest

from dialogs.said import Pin
from dialogs.understanding.datum import to_gcj
from handlers.point import Point, point_of


def test_a_point_is_kept_in_wgs_84_whatever_map_it_comes_from() -> None:
    assert point_of(Pin(39.92, 116.26)) == (39.92, 116.26)
    latitude, longitude = to_gcj(39.92, 116.26)
    assert point_of(Pin(latitude, longitude, "GCJ-02")) == pytest.approx((39.92, 116.26), abs=1e-6)


def test_a_vague_location_is_no_point_where_anybody_could_be_sent() -> None:
    assert point_of(Pin(39.92, 116.26, accuracy_meters=20)) == (39.92, 116.26)
    assert point_of(Pin(39.92, 116.26, accuracy_meters=20_000)) == Point(None, None)
    assert point_of(None) == Point(None, None)
