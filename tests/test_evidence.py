"""Evidence and notes: when and where a photo was taken, who sees what a unit writes for itself."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.case import ActRefusedError
from handlers.evidence import Attached, attach
from handlers.photo_origin import Origin, origin_of
from handlers.progress import note, progress
from handlers.ticket_view import view_ticket
from store import media
from store.database import Pool
from store.evidence import Said, of_ticket
from store.media import Media
from tests.office import STAFF, Office, act, open_office

TAKEN, OFFSET = "2026:11:23 09:30:00", "+08:00"
BEIJING = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def _directory(order: str, start: int, entries: Mapping[int, tuple[int, int, bytes]]) -> bytes:
    """One directory of TIFF at `start`; values that do not fit lie behind it."""
    head = struct.pack(f"{order}H", len(entries))
    behind = start + 2 + 12 * len(entries) + 4
    rows, values = b"", b""
    for tag, (kind, count, value) in sorted(entries.items()):
        fits = len(value) <= 4
        where = value.ljust(4, b"\x00") if fits else struct.pack(f"{order}I", behind + len(values))
        values += b"" if fits else value
        rows += struct.pack(f"{order}HHI", tag, kind, count) + where
    return head + rows + struct.pack(f"{order}I", 0) + values


def _degrees(order: str, *parts: tuple[int, int]) -> tuple[int, int, bytes]:
    return 5, 3, b"".join(struct.pack(f"{order}II", *part) for part in parts)


def _text(value: str) -> tuple[int, int, bytes]:
    raw = value.encode() + b"\x00"
    return 2, len(raw), raw


def photo(**written: Any) -> bytes:  # noqa: ANN401 - what `camera_data` takes
    """The beginning of a JPEG as a phone writes it."""
    body = b"Exif\x00\x00" + camera_data(**written)
    jfif = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + jfif + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda"


def camera_data(
    *,
    order: str = "<",
    taken: str = TAKEN,
    offset: str = OFFSET,
    south: bool = False,
    placed: bool = True,
) -> bytes:
    """What a camera writes into a photo."""
    long = struct.Struct(f"{order}I")
    camera_at, gps_at = 100, 300
    first = _directory(
        order, 8, {0x8769: (4, 1, long.pack(camera_at)), 0x8825: (4, 1, long.pack(gps_at))}
    )
    camera = _directory(
        order, camera_at, {0x9003: _text(taken)} | ({0x9011: _text(offset)} if offset else {})
    )
    gps = _directory(
        order,
        gps_at,
        {
            1: _text("S" if south else "N"),
            2: _degrees(order, (39, 1), (54, 1), (3600, 100)),
            3: _text("E"),
            4: _degrees(order, (116, 1), (18, 1), (0, 1)),
        }
        if placed
        else {},
    )
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    tiff = (mark + long.pack(8) + first).ljust(camera_at, b"\x00") + camera
    return tiff.ljust(gps_at, b"\x00") + gps


def png() -> bytes:
    """Some pixels, then what the camera wrote."""
    tiff = camera_data(order=">")
    chunks = ((b"IHDR", bytes(13)), (b"eXIf", tiff), (b"IEND", b""))
    told = (struct.pack(">I4s", len(body), name) + body + bytes(4) for name, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def webp() -> bytes:
    """A picture of an odd length, then what the camera wrote, with the mark of JPEG as some write it."""
    chunks = ((b"VP8X", bytes(10)), (b"VP8 ", bytes(7)), (b"EXIF", b"Exif\x00\x00" + camera_data()))
    told = b"".join(
        struct.pack("<4sI", name, len(body)) + body + bytes(len(body) % 2) for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(told) + 4) + b"WEBP" + told


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def heic(version: int = 1) -> bytes:
    """Two items, a picture and what the camera wrote, behind the boxes that say where they lie."""
    tiff = struct.pack(">I", 6) + b"Exif\x00\x00" + camera_data()
    infos = b"".join(
        _box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH4s", id_, 0, kind) + b"\x00")
        for id_, kind in ((1, b"hvc1"), (2, b"Exif"))
    )
    iinf = _box(b"iinf", bytes(4) + struct.pack(">H", 2) + infos)

    def meta(starts: int) -> bytes:
        placed = b""
        for id_, offset, length in ((1, starts, 9), (2, starts + 9, len(tiff))):
            placed += struct.pack(">H", id_) + (b"\x00\x00" if version else b"") + b"\x00\x00"
            placed += struct.pack(">HII", 1, offset, length)
        head = bytes([version, 0, 0, 0, 0x44, 0x00]) + struct.pack(">H", 2)
        return _box(b"meta", bytes(4) + iinf + _box(b"iloc", head + placed))

    kind = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    starts = len(kind + meta(0)) + 8
    return kind + meta(starts) + _box(b"mdat", bytes(9) + tiff)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_says_when_and_where_it_was_taken(order: str) -> None:
    origin = origin_of(photo(order=order))
    assert origin.taken_at == MOMENT
    assert origin.latitude == pytest.approx(39.91)
    assert origin.longitude == pytest.approx(116.3)
    south = origin_of(photo(order=order, south=True)).latitude
    assert south == pytest.approx(-39.91)


@pytest.mark.parametrize("content", [png(), webp(), heic(0), heic(1)])
def test_png_webp_and_heic_say_it_too(content: bytes) -> None:
    origin = origin_of(content)
    assert origin.taken_at == MOMENT
    assert origin.latitude == pytest.approx(39.91)
    for cut in range(0, len(content), 7):
        assert isinstance(origin_of(content[:cut]), Origin)
        assert isinstance(origin_of(content[:cut] + b"\xff" + content[cut + 1 :]), Origin)


def test_what_a_photo_does_not_say_is_left_out() -> None:
    assert origin_of(photo(offset="", placed=False)) == Origin(
        MOMENT.astimezone(BEIJING).replace(tzinfo=None)
    )
    unset = origin_of(photo(taken="0000:00:00 00:00:00"))
    assert unset.taken_at is None
    assert unset.longitude == pytest.approx(116.3)
    for content in (b"", b"\xff", b"\xff\xd8", b"%PDF-1.7", b"\xff\xd8\xff\xe1\x00"):
        assert origin_of(content) == Origin()


@pytest.mark.parametrize("damaged", [photo()[:cut] for cut in range(20, 440, 14)])
def test_a_damaged_photo_is_read_as_far_as_it_goes(damaged: bytes) -> None:
    assert isinstance(origin_of(damaged), Origin)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def file(office: Office, content: bytes, content_type: str = "image/jpeg") -> Attached:
    """A file that has been kept."""
    count = await office.value("select count(*) from media")
    name = f"{count:032x}-{'a' * 32}.jpg"
    row = Media(name, bytes([count]) * 32, content_type, len(content), None, office.at)
    async with office.pool.acquire() as connection:
        await media.add(connection, row)
    return Attached(name, content_type, content)


async def test_a_photo_is_kept_with_its_own_time_and_place(office: Office) -> None:
    ticket = await office.open()
    one = await file(office, photo())
    await act(office, attach, "tiancun", ticket, [one], Said("楼下", office.at, "修好的阀门"))
    async with office.pool.acquire() as connection:
        (kept,) = await of_ticket(connection, ticket)
    assert (kept.taken_at, kept.from_photo, kept.note) == (MOMENT, True, "修好的阀门")
    assert (kept.unit, kept.staff) == ("田村路街道", "tiancun")
    assert (await office.events(ticket))[-1] == "evidence_added"


async def test_what_the_photo_does_not_say_has_to_be_typed(office: Office) -> None:
    ticket = await office.open()
    bare = [await file(office, b"\xff\xd8\xff\xda")]
    with pytest.raises(ActRefusedError, match="没有拍摄时间"):
        await act(office, attach, "tiancun", ticket, bare, Said("楼下"))
    with pytest.raises(ActRefusedError, match="没有拍摄地点"):
        await act(office, attach, "tiancun", ticket, bare, Said("", office.at))
    later = office.at + timedelta(hours=1)
    with pytest.raises(ActRefusedError, match="现在之后"):
        await act(office, attach, "tiancun", ticket, bare, Said("楼下", later))
    with pytest.raises(ActRefusedError, match="请选择文件"):
        await act(office, attach, "tiancun", ticket, [], Said())
    await act(office, attach, "tiancun", ticket, bare, Said("楼下", office.at))
    paper = await file(office, b"%PDF-", "application/pdf")
    await act(office, attach, "tiancun", ticket, [paper], Said())
    rows = await office.rows("select place, from_photo from evidence order by id")
    assert [tuple(row) for row in rows] == [("楼下", False), ("", False)]


async def written(office: Office, login: str, ticket: int) -> list[str]:
    """The notes and progress that somebody reads on a ticket."""
    roles, unit = STAFF[login]
    async with office.pool.acquire() as connection:
        view = await view_ticket(connection, office.units.get(unit), frozenset(roles), ticket)
    assert view is not None
    return [one.note for one in view.events if one.type in ("noted", "progressed")]


async def shared(office: Office, ticket: int, text: str) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await note(connection, office.world, office.by("tiancun"), ticket, text, shared=True)


async def test_notes_stay_in_the_unit_unless_they_are_shared(office: Office) -> None:
    ticket = await office.open()
    await act(office, note, "tiancun", ticket, "住户脾气急")
    await shared(office, ticket, "钥匙在物业")
    await act(office, note, "centre", ticket, "领导关注")
    await act(office, progress, "tiancun", ticket, "配件已到")
    assert await written(office, "tiancun", ticket) == ["住户脾气急", "钥匙在物业", "配件已到"]
    assert await written(office, "cgw", ticket) == ["钥匙在物业", "配件已到"]
    assert await written(office, "centre", ticket) == [
        "住户脾气急",
        "钥匙在物业",
        "领导关注",
        "配件已到",
    ]
    assert await office.notices() == []
