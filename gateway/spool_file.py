"""The spool's file: records with a checksum, read past what a crash or a bad disk has left between them."""

import fcntl
import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Self

HEADER = Struct(">4sII")  # mark, length and CRC-32 of what follows
MARK = b"JSR1"
OWNER_ONLY = 0o600


def record(payload: bytes) -> bytes:
    """One record as it lies in the file."""
    return HEADER.pack(MARK, len(payload), zlib.crc32(payload)) + payload


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record: `end` is where the next one begins."""

    payload: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no record. `torn`: they break off, as the last write of a killed process does."""

    data: bytes
    end: int
    torn: bool


class SpoolFile:
    """One file under its lock. Calls block: keep them off the event loop, and in one thread."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self.replayed = 0  # how much of it has had its effect

    @classmethod
    def create(cls, path: Path) -> Self | None:
        """Make a new file and take its lock; None when that name was used before."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        except FileExistsError:
            return None
        file = cls._locked(path, descriptor)
        if file is not None:
            flush_folder(path.parent)
        return file

    @classmethod
    def adopt(cls, path: Path) -> Self | None:
        """Take the lock of a file whose process has gone; None when somebody holds it, or it is gone too."""
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        return cls._locked(path, descriptor)

    @classmethod
    def _locked(cls, path: Path, descriptor: int) -> Self | None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held the lock a moment ago may have removed the file.
            if os.path.samestat(path.stat(), os.fstat(descriptor)):
                return cls(path, descriptor)
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(descriptor)
        return None

    def append(self, data: bytes) -> None:
        """Write and flush to disk, whole or not at all.

        Raises:
            OSError: the file is as it was before.
        """
        try:
            left, at = memoryview(data), self.size
            while left:  # a disk that is nearly full takes a part of it
                written = os.pwrite(self._descriptor, left, at)
                left, at = left[written:], at + written
            os.fsync(self._descriptor)
        except OSError:
            self._cut(self.size)
            raise
        self.size += len(data)

    def read(self) -> Iterator[Record | Damage]:
        """Everything that has not been replayed, in order."""
        start = self.replayed
        if start == self.size:
            return
        with mmap.mmap(self._descriptor, self.size, access=mmap.ACCESS_READ) as data:
            while start < len(data):
                found = _whole(data, start) or _damaged(data, start)
                yield found
                start = found.end

    def empty(self) -> None:
        """Drop all records."""
        self._cut(0)
        self.size = self.replayed = 0

    def remove(self) -> None:
        """Drop the file itself; its lock goes with it."""
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file and its lock."""
        os.close(self._descriptor)

    def _cut(self, size: int) -> None:
        """Should even this fail, the next record is still written at `size`, over whatever is there."""
        os.ftruncate(self._descriptor, size)
        os.fsync(self._descriptor)


def _whole(data: mmap.mmap, start: int) -> Record | None:
    body = start + HEADER.size
    if body > len(data):
        return None
    mark, length, checksum = HEADER.unpack(data[start:body])
    if mark != MARK or body + length > len(data):
        return None
    payload = data[body : body + length]
    return Record(payload, body + length) if zlib.crc32(payload) == checksum else None


def _damaged(data: mmap.mmap, start: int) -> Damage:
    """Up to the next whole record: a damaged length must not hide what comes after it."""
    end = start
    while (end := data.find(MARK, end + 1)) != -1:
        if _whole(data, end) is not None:
            return Damage(data[start:end], end, torn=False)
    return Damage(data[start:], len(data), torn=_breaks_off(data, start))


def _breaks_off(data: mmap.mmap, start: int) -> bool:
    body = start + HEADER.size
    if body > len(data):
        return True
    mark, length, _ = HEADER.unpack(data[start:body])
    return bool(mark == MARK) and body + length > len(data)


def flush_folder(folder: Path) -> None:
    """A new file is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
