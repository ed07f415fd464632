"""Outlines that an operator draws: checked whole, kept with the catalogue, used before those of the extra."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs.said import Pin
from dialogs.understanding.place import Place, PlaceFound
from handlers.catalogue import read_city_catalogue
from store.catalogue.checks import read_folder
from store.catalogue.files import CatalogueError
from store.catalogue.load import load
from store.catalogue.outlines import installed_outlines, read_outlines
from store.database import Connection, Pool
from tests.city import no_catalogue, write

DAY, LATER = date(2026, 11, 1), date(2026, 12, 1)
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
SQUARE = [[[116.0, 39.0], [116.2, 39.0], [116.2, 39.2], [116.0, 39.2], [116.0, 39.0]]]
KNOT = [[[116.0, 39.0], [116.2, 39.2], [116.2, 39.0], [116.0, 39.2], [116.0, 39.0]]]
SWAPPED = [[[39.0, 116.0], [39.2, 116.0], [39.2, 116.2], [39.0, 116.0]]]
MERCATOR = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}'


def feature(code: object, coordinates: object = SQUARE, kind: str = "Polygon") -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def drawn(folder: Path, *features: dict[str, object]) -> Path:
    path = folder / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    async with no_catalogue(pool) as connection:
        yield connection


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (
            feature("110109"),
            "outlines.geojson:2: its code “110109” is neither a district nor a street",
        ),
        ({"geometry": None, "properties": None}, "outlines.geojson:2: its code “” is neither"),
        (feature("110108"), "outlines.geojson:2: “110108” is outlined by feature 1 already"),
        (feature("110101", KNOT), "outlines.geojson:2: not a valid ground: Self-intersection"),
        (feature("110101", SWAPPED), "outlines.geojson:2: not in degrees, longitude first"),
        (feature("110101", [[116.0, 39.0]], "Polygon"), "outlines.geojson:2: not a geometry: "),
        (
            feature("110101", [116.0, 39.0], "Point"),
            "outlines.geojson:2: neither a Polygon nor a MultiPolygon",
        ),
        ({**feature("110101"), "geometry": None}, "outlines.geojson:2: not a geometry: "),
    ],
)
def test_a_wrong_outline_is_named_by_its_place_in_the_file(
    tmp_path: Path, wrong: dict[str, object], fault: str
) -> None:
    with pytest.raises(CatalogueError) as raised:
        read_outlines(drawn(tmp_path, feature("110108"), wrong), read_folder(write(tmp_path)))
    assert any(one.startswith(fault) for one in raised.value.faults), raised.value.faults


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[]", "outlines.geojson:: not a GeoJSON FeatureCollection: "),
        ('{"type": "Feature"}', "outlines.geojson:: not a GeoJSON FeatureCollection: "),
        ("{", "outlines.geojson:: not a GeoJSON FeatureCollection: "),
        (f'{{"features": [], "crs": {MERCATOR}}}', "outlines.geojson:: its `crs` is not WGS-84"),
    ],
)
def test_a_file_that_holds_no_outlines_is_refused(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "outlines.geojson"
    path.write_text(content)
    with pytest.raises(CatalogueError) as raised:
        read_outlines(path, read_folder(write(tmp_path)))
    assert raised.value.faults[0].startswith(fault)


def test_a_code_may_be_written_as_a_number(tmp_path: Path) -> None:
    outlines = read_outlines(drawn(tmp_path, feature(110108)), read_folder(write(tmp_path)))
    assert [one.code for one in outlines] == ["110108"]


async def test_loaded_outlines_find_the_street_of_a_pin(
    connection: Connection, tmp_path: Path
) -> None:
    files = read_folder(write(tmp_path))
    outlines = read_outlines(drawn(tmp_path, feature("110108021")), files)
    report = await load(connection, files, DAY, NOW, "", outlines)
    assert report.outlines == 1
    city = await read_city_catalogue(connection, DAY)
    assert city is not None
    found = city.reader.locate(Pin(39.1, 116.1))
    assert found == PlaceFound(Place("110108", "110108021"))


async def test_outlines_stay_until_others_are_given(connection: Connection, tmp_path: Path) -> None:
    files = read_folder(write(tmp_path))
    outlines = read_outlines(drawn(tmp_path, feature("110108"), feature("110108021")), files)
    await load(connection, files, DAY, NOW, "", outlines)
    assert (await load(connection, files, DAY, NOW, "", outlines)).unchanged
    assert (await load(connection, files, DAY, NOW)).unchanged
    without_street = {
        "streets": ("110108021,", "110108022,"),
        "communities": ("110108021,", "110108022,"),
    }
    changed = read_folder(write(tmp_path, without_street))
    assert (await load(connection, changed, DAY, NOW)).outlines == 1
    emptied = await load(connection, changed, LATER, NOW, "", ())
    assert (emptied.unchanged, emptied.outlines) == (False, 0)


def test_the_extra_outlines_the_districts_asked_for() -> None:
    assert [one.code for one in installed_outlines({"110108", "990000"})] == ["110108"]
    assert installed_outlines(()) == []
