"""When and where a photo was taken, as its camera wrote it into the file (EXIF 2.3, JEIDA CP-3451C; TIFF 6.0)."""

import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from handlers.photo_containers import tiff_of

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011  # DateTimeOriginal, OffsetTimeOriginal
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_LONGEST_DIRECTORY = 500
_DEGREES = 3  # degrees, minutes, seconds
_HALF, _QUARTER = 180, 90


@dataclass(frozen=True, slots=True)
class Origin:
    """What a photo says of itself; `taken_at` without a zone is the camera's own time."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def origin_of(content: bytes) -> Origin:
    """Read it from whichever container it stands in; empty where there is nothing, and for what is damaged."""
    with suppress(struct.error, ValueError, IndexError, ZeroDivisionError):
        tiff = tiff_of(content)
        if tiff:
            return _read(tiff)
    return Origin()


def _read(tiff: bytes) -> Origin:
    order = "<" if tiff[:2] == b"II" else ">"
    first = _directory(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
    camera = _directory(tiff, order, _number(tiff, order, first.get(_EXIF_IFD)))
    gps = _directory(tiff, order, _number(tiff, order, first.get(_GPS_IFD)))
    latitude = _angle(tiff, order, gps, _LATITUDE, _LATITUDE_REF)
    longitude = _angle(tiff, order, gps, _LONGITUDE, _LONGITUDE_REF)
    placed = latitude is not None and longitude is not None
    placed = placed and abs(latitude or 0) <= _QUARTER and abs(longitude or 0) <= _HALF
    taken_at = _moment(
        _text(tiff, order, camera.get(_TAKEN)), _text(tiff, order, camera.get(_OFFSET))
    )
    return Origin(taken_at, latitude if placed else None, longitude if placed else None)


_Entry = tuple[int, int, int]  # type, count, where its value lies


def _directory(tiff: bytes, order: str, offset: int) -> dict[int, _Entry]:
    """The entries of one directory by tag; empty for an offset of 0."""
    if not offset:
        return {}
    count = struct.unpack_from(f"{order}H", tiff, offset)[0]
    found: dict[int, _Entry] = {}
    for place in range(min(count, _LONGEST_DIRECTORY)):
        start = offset + 2 + 12 * place
        tag, kind, many = struct.unpack_from(f"{order}HHI", tiff, start)
        inline = _SIZES.get(kind, 1) * many <= 4  # noqa: PLR2004 - as TIFF says
        where = start + 8 if inline else struct.unpack_from(f"{order}I", tiff, start + 8)[0]
        found[tag] = (kind, many, where)
    return found


def _number(tiff: bytes, order: str, entry: _Entry | None) -> int:
    if entry is None:
        return 0
    number: int = struct.unpack_from(f"{order}I", tiff, entry[2])[0]
    return number


def _text(tiff: bytes, order: str, entry: _Entry | None) -> str:
    del order
    if entry is None:
        return ""
    _, many, where = entry
    return tiff[where : where + many].split(b"\x00")[0].decode("ascii", "replace").strip()


def _angle(
    tiff: bytes, order: str, gps: dict[int, _Entry], tag: int, reference: int
) -> float | None:
    """Degrees with their sign; three fractions make them."""
    entry = gps.get(tag)
    if entry is None or entry[1] < _DEGREES:
        return None
    parts = struct.unpack_from(f"{order}6I", tiff, entry[2])
    degrees, minutes, seconds = (parts[i] / parts[i + 1] for i in (0, 2, 4))
    angle: float = degrees + minutes / 60 + seconds / 3600
    return -angle if _text(tiff, order, gps.get(reference)) in ("S", "W") else angle


def _moment(taken: str, offset: str) -> datetime | None:
    if not taken.startswith(("1", "2")):  # a camera whose clock was never set writes zeroes
        return None
    moment = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - its zone follows, if it is known
    if not offset:
        return moment
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = (int(part) for part in offset.strip("+-").split(":"))
    return moment.replace(tzinfo=timezone(sign * timedelta(hours=hours, minutes=minutes)))
