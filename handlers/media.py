"""Photos from residents: what is accepted, how one is kept, and who may see it."""

import asyncio
import hmac
import re
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import datetime

from dialogs.said import Attachment
from store import media
from store.database import Pool
from store.keys import Keys
from store.media_files import MediaFolder

LARGEST_BYTES = 10 * 1024 * 1024

# https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern; no GIF: nobody photographs in it.
_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
    # The brands of ISO/IEC 23008-12 that cameras write.
    (re.compile(rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL), "image/heic"),
)
_SNIFFED_BYTES = 32

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}
_TYPES = {extension: content_type for content_type, extension in EXTENSIONS.items()}

_ID = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})\.(jpg|png|webp|heic)")


class MediaError(Exception):
    """An upload is not taken; the resident has to choose another file."""


class TooLargeError(MediaError):
    """It is longer than `LARGEST_BYTES`."""


class NotAPhotoError(MediaError):
    """Its first bytes are those of no photo that we take, whatever its name says."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk and has its row."""

    attachment: Attachment
    size: int


def sniff(head: bytes) -> str | None:
    """The content type by the first bytes; None when it is no photo that we take."""
    for pattern, content_type in _SIGNATURES:
        if pattern.match(head):
            return content_type
    return None


def media_id(keys: Keys, owner: str, nonce: str, content_type: str) -> str:
    """The id of an upload: it proves whose it is, so that a photo can be sent while the database is away.

    `owner` is the address it came from, `nonce` 32 hexadecimal digits that are used once.
    """
    extension = EXTENSIONS[content_type]
    return f"{nonce}-{_proof(keys, owner, nonce, extension)}.{extension}"


def own_attachment(keys: Keys, owner: str, text: str) -> Attachment | None:
    """The attachment that `text` names; None when it is no id, or was given to another address."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    nonce, proof, extension = match.groups()
    if not hmac.compare_digest(proof, _proof(keys, owner, nonce, extension)):
        return None
    return Attachment(text, _TYPES[extension])


def _proof(keys: Keys, owner: str, nonce: str, extension: str) -> str:
    return keys.lookup(f"media:{owner}:{nonce}.{extension}").hex()[:32]


@dataclass(frozen=True, slots=True)
class PhotoShelf:
    """Keeps what residents upload: the file first, flushed, then its row."""

    pool: Pool
    keys: Keys
    folder: MediaFolder

    async def keep(
        self, chunks: AsyncIterable[bytes], *, owner: str, nonce: str, now: datetime
    ) -> Kept:
        """Keep one photo as it came; its conversation is noted when it is sent with a message.

        Raises `TooLargeError`, `NotAPhotoError`, `store.media_files.DiskFullError`; then nothing is left behind.
        """
        draft, path = await asyncio.to_thread(self.folder.begin, nonce)
        try:
            head = b""
            async for chunk in chunks:
                if draft.size + len(chunk) > LARGEST_BYTES:
                    raise TooLargeError
                head = head if len(head) >= _SNIFFED_BYTES else head + chunk[:_SNIFFED_BYTES]
                if len(head) >= _SNIFFED_BYTES and sniff(head) is None:
                    raise NotAPhotoError
                await asyncio.to_thread(draft.write, chunk)
            content_type = sniff(head)
            if content_type is None:
                raise NotAPhotoError
            sha256 = await asyncio.to_thread(self.folder.keep, draft, path)
            size = draft.size
        finally:
            await asyncio.to_thread(self.folder.discard, draft, path)
        attachment = Attachment(media_id(self.keys, owner, nonce, content_type), content_type)
        row = media.Media(attachment.id, sha256, content_type, size, None, now)
        async with self.pool.acquire() as connection:
            await media.add(connection, row)
        return Kept(attachment, size)
