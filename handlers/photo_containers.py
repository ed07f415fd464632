"""Where a photo's file keeps what its camera wrote (EXIF, a TIFF of its own): JPEG, PNG, WebP and HEIC each have a place.

JPEG: JEIDA CP-3451C; PNG: `eXIf` of the PNG specification (third edition, 11.3.5); WebP: RIFF container of RFC 9649;
HEIC: items of ISO/IEC 14496-12 (`meta`, `iinf`, `iloc`) and ISO/IEC 23008-12, annex A.
"""

import struct
from collections.abc import Iterator

_EXIF = b"Exif\x00\x00"
_APP1, _START_OF_SCAN = 0xE1, 0xDA
_MOST_ITEMS = 1_000
_LENGTHS = {0, 4, 8}
_NEW_INDEX = 2  # the version of `iloc` from which on an item's id has four bytes


def tiff_of(content: bytes) -> bytes:
    """What the camera wrote, empty where it wrote nothing. A damaged file may raise any error of reading."""
    if content.startswith(b"\xff\xd8"):
        return _of_jpeg(content)
    if content.startswith(b"\x89PNG"):
        return _of_chunks(content, 8, ">I4s", b"eXIf")
    if content.startswith(b"RIFF"):
        return _of_chunks(content, 12, "<4sI", b"EXIF").removeprefix(_EXIF)
    if content[4:8] == b"ftyp":
        return _of_heic(content)
    return b""


def _of_jpeg(content: bytes) -> bytes:
    """The first EXIF segment."""
    place = 2
    while content[place] == 0xFF:  # noqa: PLR2004 - the marker of JPEG
        marker, length = content[place + 1], struct.unpack_from(">H", content, place + 2)[0]
        body = content[place + 4 : place + 2 + length]
        if marker == _APP1 and body.startswith(_EXIF):
            return body[len(_EXIF) :]
        if marker == _START_OF_SCAN:
            break
        place += 2 + length
    return b""


def _of_chunks(content: bytes, place: int, head: str, name: bytes) -> bytes:
    """One of the chunks that a PNG or a RIFF file is made of."""
    big = head.startswith(">")
    while place + 8 <= len(content):
        first, second = struct.unpack_from(head, content, place)
        found, length = (second, first) if big else (first, second)
        if found == name:
            return content[place + 8 : place + 8 + length]
        place += 8 + length + (4 if big else length % 2)  # PNG has a sum behind it, RIFF is even
    return b""


def _boxes(content: bytes, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a stretch: name, where its body begins and ends."""
    while place + 8 <= end:
        length, name = struct.unpack_from(">I4s", content, place)
        begins = place + 8
        if length == 1:
            length, begins = struct.unpack_from(">Q", content, begins)[0], begins + 8
        ends = place + length if length else end
        if ends < begins:
            return
        yield name, begins, min(ends, end)
        place = ends


def _of_heic(content: bytes) -> bytes:
    top = {name: (begins, end) for name, begins, end in _boxes(content, 0, len(content))}
    if b"meta" not in top:
        return b""
    begins, end = top[b"meta"]
    inner = {name: (first, last) for name, first, last in _boxes(content, begins + 4, end)}
    if b"iinf" not in inner or b"iloc" not in inner:
        return b""
    item = _exif_item(content, *inner[b"iinf"])
    where, length = _extent(content, inner[b"iloc"][0], item) if item else (0, 0)
    if not length:
        return b""
    before = struct.unpack_from(">I", content, where)[0]  # what stands ahead of the TIFF itself
    return content[where + 4 + before : where + length]


def _exif_item(content: bytes, begins: int, end: int) -> int:
    """The id of the item that is EXIF, 0 for none."""
    entries = begins + (6 if content[begins] == 0 else 8)
    for name, first, _ in _boxes(content, entries, end):
        version = content[first]
        if name != b"infe" or version < _NEW_INDEX:
            continue
        wide = ">IH4s" if version > _NEW_INDEX else ">HH4s"
        id_, _, kind = struct.unpack_from(wide, content, first + 4)
        if kind == _EXIF[:4]:
            return int(id_)
    return 0


def _extent(content: bytes, begins: int, wanted: int) -> tuple[int, int]:
    """Where an item lies in the file, and how long it is; (0, 0) where it lies elsewhere or in pieces."""
    version, sizes, more = content[begins], content[begins + 4], content[begins + 5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    if not {offset_size, length_size, base_size, index_size} <= _LENGTHS:
        return 0, 0
    wide = 4 if version >= _NEW_INDEX else 2
    count, place = _number(content, begins + 6, wide), begins + 6 + wide
    for _ in range(min(count, _MOST_ITEMS)):
        id_, place = _number(content, place, wide), place + wide
        in_file = not version or not _number(content, place, 2) & 15
        place += (2 if version else 0) + 2  # how it is kept, and in which other file
        base, place = _number(content, place, base_size), place + base_size
        extents, place = _number(content, place, 2), place + 2
        offset = _number(content, place + index_size, offset_size)
        length = _number(content, place + index_size + offset_size, length_size)
        if id_ == wanted:
            return (base + offset, length) if in_file and extents == 1 else (0, 0)
        place += extents * (index_size + offset_size + length_size)
    return 0, 0


def _number(content: bytes, place: int, size: int) -> int:
    """An unsigned number of so many bytes, 0 for none."""
    return int.from_bytes(content[place : place + size], "big")
