"""How a file is kept: within the size for its type, its type told by its first bytes, on disk before its row."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from dialogs.said import Attachment
from handlers.file_types import SNIFFED_BYTES, is_photo, sniff
from handlers.media import media_id
from store import media
from store.database import Pool
from store.keys import Keys
from store.media_files import MediaStore

MEGABYTE = 1024 * 1024
LARGEST_PHOTO_BYTES = 10 * MEGABYTE
LARGEST_BYTES = 20 * MEGABYTE
# What a browser may send: no films, which nobody has the time to watch, and no GIF: nobody photographs in it.
UPLOADED = ("image/jpeg", "image/png", "image/webp", "image/heic", "audio/", "application/pdf")


class MediaError(Exception):
    """A file is not kept; the resident has to choose another."""

    why = ""


class TooLargeError(MediaError):
    """It is longer than files of its type may be."""

    why = "too large"


class WrongTypeError(MediaError):
    """Its first bytes are those of nothing that is kept, whatever its name says."""

    why = "wrong type"


@dataclass(slots=True)
class Checked:
    """A stream that is looked at while it runs; raises `TooLargeError` and `WrongTypeError` out of it.

    `claimed` is the type it is said to have; `allowed` are the types, or their beginnings, that are taken.
    """

    chunks: AsyncIterable[bytes]
    claimed: str = ""
    largest_bytes: int = LARGEST_BYTES
    allowed: tuple[str, ...] = ("",)
    head: bytes = b""
    size: int = 0

    async def run(self) -> AsyncIterator[bytes]:
        """The chunks as they come."""
        async for chunk in self.chunks:
            self.size += len(chunk)
            if len(self.head) < SNIFFED_BYTES:
                self.head += chunk[:SNIFFED_BYTES]
                if len(self.head) >= SNIFFED_BYTES:
                    self.content_type()  # not worth the rest if it is nothing that is kept
            if self.size > self._most():
                raise TooLargeError
            yield chunk
        self.content_type()

    def content_type(self) -> str:
        """The type by the first bytes; raises `WrongTypeError`."""
        found = sniff(self.head, self.claimed)
        if found is None or not found.startswith(self.allowed):
            raise WrongTypeError
        return found

    def _most(self) -> int:
        found = sniff(self.head, self.claimed) if self.size <= self.largest_bytes else None
        photo = found is not None and is_photo(found)
        return min(LARGEST_PHOTO_BYTES, self.largest_bytes) if photo else self.largest_bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk and has its row."""

    attachment: Attachment
    size: int


@dataclass(frozen=True, slots=True)
class MediaShelf:
    """Keeps what residents upload: the file first, flushed, then its row."""

    pool: Pool
    keys: Keys
    files: MediaStore
    largest_bytes: int = LARGEST_BYTES

    async def keep(
        self,
        chunks: AsyncIterable[bytes],
        *,
        owner: str,
        nonce: str,
        now: datetime,
        claimed: str = "",
    ) -> Kept:
        """Keep one file as it came; its conversation is noted when it is sent with a message.

        Raises `TooLargeError`, `WrongTypeError`, `store.media_files.DiskFullError`; then nothing is left behind.
        """
        checked = Checked(chunks, claimed, self.largest_bytes, UPLOADED)
        sha256 = await self.files.keep(nonce, checked.run())
        content_type = checked.content_type()
        attachment = Attachment(media_id(self.keys, owner, nonce, content_type), content_type)
        row = media.Media(attachment.id, sha256, content_type, checked.size, None, now)
        async with self.pool.acquire() as connection:
            await media.add(connection, row)
        return Kept(attachment, checked.size)
