"""Files of residents: written whole or not at all, and flushed to disk before anyone is told of them."""

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

# Below this much free space uploads are refused: the database may live on the same disk, and its word counts more.
RESERVE_BYTES = 256 * 1024 * 1024

# EFBIG is what a file-size limit of the operating system says.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFullError(Exception):
    """There is no room for this file; nothing of it is left behind."""


class MediaStore(Protocol):
    """Where files are kept, each under the SHA-256 of its content; a bucket can take the folder's place."""

    async def keep(self, name: str, chunks: AsyncIterable[bytes]) -> bytes:
        """Keep all of `chunks` and return the SHA-256, safe by then; `name` is used by nobody else meanwhile.

        Raises `DiskFullError`, and whatever the chunks raise; then nothing is left behind.
        """

    async def find(self, sha256: bytes) -> Path | None:
        """The content as a file on this machine, for a bucket a copy; None when it is not there."""


class Draft:
    """A file under way. Calls block: keep them off the event loop."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Append; raises `DiskFullError`."""
        with _full_disk():
            left = memoryview(chunk)
            while left:  # a disk that is nearly full takes a part of it
                left = left[self._file.write(left) :]
        self._hash.update(chunk)
        self.size += len(chunk)

    def flush(self) -> bytes:
        """Force everything to the disk and return the SHA-256; raises `DiskFullError`."""
        with _full_disk():
            os.fsync(self._file.fileno())
        return self._hash.digest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class MediaFolder:
    """A `MediaStore` in a folder: `ab/cdef…`. Several machines may share it."""

    def __init__(self, path: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._path = path
        self._reserve_bytes = reserve_bytes

    async def keep(self, name: str, chunks: AsyncIterable[bytes]) -> bytes:
        """Write the chunks as they come, flush file and folder."""
        draft, path = await asyncio.to_thread(self.begin, name)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(draft.write, chunk)
            return await asyncio.to_thread(self.place, draft, path)
        finally:
            await asyncio.to_thread(discard, draft, path)

    async def find(self, sha256: bytes) -> Path | None:
        """The file itself."""
        path = self.path_of(sha256)
        there = await asyncio.to_thread(path.is_file) if sha256 else False
        return path if there else None

    def path_of(self, sha256: bytes) -> Path:
        """Where the file of this hash lies."""
        name = sha256.hex()
        return self._path / name[:2] / name[2:]

    def begin(self, name: str) -> tuple[Draft, Path]:
        """Open a new draft; `name` must be used by nobody else. Raises `DiskFullError`."""
        with _full_disk():
            drafts = self._path / "drafts"
            drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(drafts).free < self._reserve_bytes:
                raise DiskFullError
            path = drafts / name
            return Draft(path.open("xb", buffering=0)), path

    def place(self, draft: Draft, path: Path) -> bytes:
        """Move a finished draft to its place and return its hash; both file and folder are flushed."""
        sha256 = draft.flush()
        place = self.path_of(sha256)
        with _full_disk():
            place.parent.mkdir(exist_ok=True, mode=0o700)
            path.replace(place)
            _flush_folder(place.parent)
            _flush_folder(self._path)
        return sha256

    def sweep(self, before_seconds: float) -> None:
        """Remove drafts that a crash left behind: those last written to before this Unix time."""
        for path in (self._path / "drafts").glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before_seconds:
                    path.unlink()


def discard(draft: Draft, path: Path) -> None:
    """Close a draft, and remove it unless it was kept."""
    draft.close()
    path.unlink(missing_ok=True)


def _flush_folder(path: Path) -> None:
    """A rename is on disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError from error
        raise
