"""A shared location: whose ground it is, and when that has to be asked."""

import pytest

from dialogs.said import Pin
from dialogs.understanding.datum import from_gcj, to_gcj
from dialogs.understanding.pins import Boundaries, Outline
from dialogs.understanding.place import NOWHERE, Place, PlaceFound
from tests.outlines import east, north, small_city, south, west

WEST, EAST = Place("110101"), Place("110102")
SOUTH, NORTH = Place("110101", "110101001"), Place("110101", "110101002")
A_METER_EAST = 1 / (111_320 * 0.7656)  # degrees of longitude at 40° N
A_METER_NORTH = 1 / 111_320


def boundaries(*outlines: Outline) -> Boundaries:
    return Boundaries(small_city(), outlines or (west(), east()))


def candidates(found: PlaceFound | None) -> tuple[Place, ...]:
    assert found is not None
    return found.candidates


def test_a_pin_far_from_every_border_is_sure() -> None:
    assert boundaries().locate(Pin(40.05, 116.05)) == PlaceFound(WEST)


@pytest.mark.parametrize(
    ("meters_east", "found"),
    [
        (-70, PlaceFound(WEST)),
        (-50, PlaceFound(NOWHERE, (WEST, EAST))),
        (50, PlaceFound(NOWHERE, (EAST, WEST))),
        (70, PlaceFound(EAST)),
    ],
)
def test_near_a_border_both_sides_are_offered_the_nearest_first(
    meters_east: float, found: PlaceFound
) -> None:
    assert boundaries().locate(Pin(40.05, 116.1 + meters_east * A_METER_EAST)) == found


def test_a_rough_outline_widens_the_border() -> None:
    pin = Pin(40.05, 116.1 - 300 * A_METER_EAST)
    assert boundaries().locate(pin) == PlaceFound(WEST)
    assert candidates(boundaries(west(300), east(300)).locate(pin)) == (WEST, EAST)


def test_a_rough_reading_widens_the_border() -> None:
    pin = Pin(40.05, 116.1 - 300 * A_METER_EAST, accuracy_meters=500)
    assert candidates(boundaries().locate(pin)) == (WEST, EAST)


def test_a_point_of_a_chinese_map_is_put_back_first() -> None:
    latitude, longitude = to_gcj(40.05, 116.1 - 100 * A_METER_EAST)
    assert longitude > 116.1
    assert boundaries().locate(Pin(latitude, longitude, "GCJ-02")) == PlaceFound(WEST)


def test_where_nobody_knows_the_datum_both_readings_must_agree() -> None:
    assert boundaries().locate(Pin(40.05, 116.05, "")) == PlaceFound(WEST)
    shifted = Pin(40.05, 116.1 + 300 * A_METER_EAST, "")
    assert set(candidates(boundaries().locate(shifted))) == {WEST, EAST}


def test_an_outlined_street_is_found_with_its_district() -> None:
    city = boundaries(west(), east(), south(), north())
    assert city.locate(Pin(40.02, 116.05)) == PlaceFound(SOUTH)
    assert city.locate(Pin(40.05 + 20 * A_METER_NORTH, 116.05)) == PlaceFound(WEST, (NORTH, SOUTH))
    assert city.locate(Pin(40.02, 116.15)) == PlaceFound(EAST)


def test_a_street_s_outline_alone_tells_its_district() -> None:
    assert boundaries(south()).locate(Pin(40.02, 116.05)) == PlaceFound(SOUTH)


def test_a_pin_in_another_city_is_known_as_such() -> None:
    assert boundaries().locate(Pin(39.1, 117.2)) is None
    assert boundaries().locate(Pin(-40.0, -116.0)) is None


def test_just_beyond_the_last_border_the_nearest_is_offered() -> None:
    assert candidates(boundaries().locate(Pin(40.0 - 500 * A_METER_NORTH, 116.05))) == (WEST,)


def test_where_a_district_has_no_outline_nobody_is_told_that_it_is_another_city() -> None:
    assert boundaries(west()).locate(Pin(40.05, 116.15)) == PlaceFound()
    assert Boundaries(small_city(), ()).locate(Pin(40.05, 116.15)) == PlaceFound()


def test_an_outline_that_the_catalogue_does_not_know_is_left_out() -> None:
    strange = Outline("990101", west().geojson)
    assert boundaries(strange, east()).locate(Pin(40.05, 116.05)) == PlaceFound()


@pytest.mark.parametrize("point", [(39.9, 116.4), (40.4, 115.9), (22.5, 114.1), (45.8, 126.5)])
def test_the_shift_of_chinese_maps_is_undone(point: tuple[float, float]) -> None:
    shifted = to_gcj(*point)
    assert 0.001 < abs(shifted[0] - point[0]) + abs(shifted[1] - point[1]) < 0.015
    assert from_gcj(*shifted) == pytest.approx(point, abs=1e-7)


def test_a_known_point_is_shifted_as_chinese_maps_do() -> None:
    assert to_gcj(39.9, 116.4) == pytest.approx((39.9014035, 116.4062428), abs=1e-6)
