import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.file_types import sniff
from handlers.keep_media import LARGEST_PHOTO_BYTES, MediaShelf, TooLargeError, WrongTypeError
from handlers.media import media_id, own_attachment
from store import media
from store.database import Pool
from store.keys import Keys
from store.media_files import DiskFullError, MediaFolder
from tests.photos import GIF_HEAD, HEIC_HEAD, JPEG_HEAD, WEBP_HEAD, png

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NONCE = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2
KEYS = Keys(b"s" * 32, b"f" * 32)


async def in_chunks(body: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def no_file_longer_than(size_bytes: int) -> Iterator[None]:
    """The operating system's own way to say that there is no room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path, reserve_bytes=0)


@pytest.fixture
def shelf(pool: Pool, folder: MediaFolder) -> MediaShelf:
    return MediaShelf(pool, KEYS, folder)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (JPEG_HEAD, "image/jpeg"),
        (png()[:32], "image/png"),
        (WEBP_HEAD, "image/webp"),
        (HEIC_HEAD, "image/heic"),
        (HEIC_HEAD.replace(b"heic", b"mif1"), "image/heic"),
        (GIF_HEAD, "image/gif"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "audio/mp4"),
        (b"OggS\x00\x02\x00\x00", "audio/ogg"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"\x1a\x45\xdf\xa3\x9f", "video/webm"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<!doctype html><script>", None),
        (b"%PDF-1.7", "application/pdf"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"PK\x03\x04 a document of an office", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_the_type_of_a_file_is_read_from_its_first_bytes(
    head: bytes, content_type: str | None
) -> None:
    assert sniff(head) == content_type


def test_a_container_of_sound_or_pictures_holds_what_it_was_said_to_hold() -> None:
    head = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"
    assert sniff(head, "audio/mp4") == "audio/mp4"
    assert sniff(b"\x1a\x45\xdf\xa3", "audio/webm") == "audio/webm"
    assert sniff(JPEG_HEAD, "audio/webm") == "image/jpeg"


def test_an_id_is_good_for_the_browser_that_uploaded_and_for_no_other() -> None:
    own = media_id(KEYS, "webchat:a", NONCE, "image/jpeg")
    found = own_attachment(KEYS, "webchat:a", own)
    assert found is not None
    assert (found.id, found.content_type) == (own, "image/jpeg")
    assert own_attachment(KEYS, "webchat:b", own) is None


@pytest.mark.parametrize("change", [".jpg→.png", "short", "nonce", "../../etc/passwd"])
def test_a_changed_id_is_nobodys(change: str) -> None:
    own = media_id(KEYS, "webchat:a", NONCE, "image/jpeg")
    changed = {
        ".jpg→.png": own.replace(".jpg", ".png"),
        "short": own[1:],
        "nonce": own.replace(NONCE, OTHER),
    }.get(change, change)
    assert own_attachment(KEYS, "webchat:a", changed) is None


async def test_a_kept_photo_lies_under_its_hash_with_a_row(
    shelf: MediaShelf, folder: MediaFolder, pool: Pool
) -> None:
    kept = await shelf.keep(in_chunks(png()), owner="webchat:a", nonce=NONCE, now=NOW)
    async with pool.acquire() as connection:
        row = await media.find(connection, kept.attachment.id)
    assert row is not None
    assert (row.content_type, row.size, row.conversation_id) == ("image/png", len(png()), None)
    assert folder.path_of(row.sha256).read_bytes() == png()


async def test_the_same_photo_sent_twice_is_kept_once(shelf: MediaShelf, tmp_path: Path) -> None:
    for nonce in (NONCE, OTHER):
        await shelf.keep(in_chunks(png()), owner="webchat:a", nonce=nonce, now=NOW)
    assert len(files_in(tmp_path)) == 1


async def test_what_is_no_photo_leaves_nothing_behind(shelf: MediaShelf, tmp_path: Path) -> None:
    for body in (GIF_HEAD * 100, b"", b"\xff\xd8"):
        with pytest.raises(WrongTypeError):
            await shelf.keep(in_chunks(body), owner="webchat:a", nonce=NONCE, now=NOW)
    assert files_in(tmp_path) == []


async def test_a_photo_of_one_byte_a_chunk_is_recognised(shelf: MediaShelf) -> None:
    kept = await shelf.keep(in_chunks(png(), 1), owner="webchat:a", nonce=NONCE, now=NOW)
    assert kept.attachment.content_type == "image/png"


async def test_ten_megabytes_are_taken_and_one_byte_more_is_not(
    shelf: MediaShelf, tmp_path: Path
) -> None:
    body = JPEG_HEAD.ljust(LARGEST_PHOTO_BYTES, b"\x01")
    await shelf.keep(in_chunks(body), owner="webchat:a", nonce=NONCE, now=NOW)
    with pytest.raises(TooLargeError):
        await shelf.keep(in_chunks(body + b"\x01"), owner="webchat:a", nonce=OTHER, now=NOW)
    assert len(files_in(tmp_path)) == 1


async def test_a_disk_that_fills_up_while_writing_keeps_nothing(
    shelf: MediaShelf, tmp_path: Path, pool: Pool
) -> None:
    body = JPEG_HEAD.ljust(300_000, b"\x01")
    with no_file_longer_than(100_000), pytest.raises(DiskFullError):
        await shelf.keep(in_chunks(body), owner="webchat:a", nonce=NONCE, now=NOW)
    assert files_in(tmp_path) == []
    assert await pool.fetchval("select count(*) from media") == 0


async def test_photos_leave_room_for_the_database(pool: Pool, tmp_path: Path) -> None:
    greedy = MediaShelf(pool, KEYS, MediaFolder(tmp_path, reserve_bytes=2**60))
    with pytest.raises(DiskFullError):
        await greedy.keep(in_chunks(png()), owner="webchat:a", nonce=NONCE, now=NOW)
    assert files_in(tmp_path) == []


async def test_an_upload_that_breaks_off_leaves_nothing_behind(
    shelf: MediaShelf, tmp_path: Path
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield png()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await shelf.keep(broken(), owner="webchat:a", nonce=NONCE, now=NOW)
    assert files_in(tmp_path) == []


async def test_drafts_of_a_crash_are_swept_and_those_under_way_are_not(
    folder: MediaFolder, tmp_path: Path
) -> None:
    draft, path = await asyncio.to_thread(folder.begin, NONCE)
    draft.close()
    written_at = path.stat().st_mtime
    folder.sweep(written_at - 1)
    assert path.exists()
    folder.sweep(written_at + 1)
    assert files_in(tmp_path) == []
