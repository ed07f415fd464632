"""A backup's file: a tar whose last member says what must stand before it, so that a cut or changed one is noticed.

tables/<table>/<number>   rows as COPY's text, in chunks
media/<aa>/<62 digits>    photos, each under the SHA-256 of its content
secret_key                in development only, where nobody else keeps it
manifest.json             everything above with its SHA-256
"""

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Literal, Self

import msgspec

from store.copying import Table
from store.database import StoreError

FORMAT = 1
TABLES = "tables/"
MEDIA = "media/"
MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - a member's name
COPY_BYTES = 1024 * 1024
PACKED = (".gz", ".tgz")
KEYS_ARE_WRAPPED = "the keys inside open with the SECRET_KEY of that day, which is not in this file"
KEYS_ARE_INSIDE = "the SECRET_KEY is in this file: keep it as you would keep the key itself"


class ArchiveError(StoreError):
    """The file is no backup, or not all of one."""


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds."""

    format: int
    made_at: datetime
    revision: str
    tables: tuple[Table, ...]
    sequences: dict[str, int]
    members: dict[str, str]  # SHA-256 by name, in their order
    missing_media: int
    wrapped_keys: dict[str, str]
    keys: str  # for whoever reads it


class ArchiveWriter:
    """Writes an archive beside its name, and under it once it is whole and on disk."""

    def __init__(self, path: Path, made_at: datetime) -> None:
        """Raises `ArchiveError` where there is a file already."""
        if path.exists():
            raise ArchiveError(f"{path} is there already")
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._part.unlink(missing_ok=True)
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        mode: Literal["w|gz", "w|"] = "w|gz" if path.suffix in PACKED else "w|"
        self._tar = tarfile.open(fileobj=self._file, mode=mode)  # noqa: SIM115 - closed by finish
        self._at = int(made_at.timestamp())
        self.members: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def add(self, name: str, data: bytes) -> None:
        """Add a member that is in memory."""
        self._add(name, len(data), BytesIO(data))
        self.members[name] = hashlib.sha256(data).hexdigest()

    def add_file(self, name: str, path: Path, sha256: str) -> None:
        """Add a file whose content is known by its hash."""
        with path.open("rb") as file:
            self._add(name, path.stat().st_size, file)
        self.members[name] = sha256

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, flush everything to disk and give the file its name."""
        self.add(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self._path)

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, self._at
        self._tar.addfile(member, file)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The members in their order, each to be read before the next."""
    with tarfile.open(path, mode="r|*") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is None:
                raise ArchiveError(f"{member.name} is not a file")
            yield member.name, file


def checked(path: Path) -> Manifest:
    """Read the whole archive and compare it with its manifest; raises `ArchiveError`."""
    found: dict[str, str] = {}
    manifest = None
    try:
        for name, file in members(path):
            if name == MANIFEST:
                manifest = _manifest(file.read())
            else:
                found[name] = sha256_of(file)
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise ArchiveError(f"{path} cannot be read as a backup: {error}") from error
    if manifest is None:
        raise ArchiveError(f"{path} breaks off: its manifest is missing")
    if found != manifest.members:
        changed = sorted(name for name, _ in found.items() ^ manifest.members.items())
        raise ArchiveError(f"{path} was changed or is damaged: {changed[0]}")
    return manifest


def sha256_of(file: IO[bytes]) -> str:
    """The hash of what is left of a file."""
    digest = hashlib.sha256()
    while chunk := file.read(COPY_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _manifest(data: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveError(f"the manifest cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise ArchiveError(f"a backup of format {manifest.format}: run the release that made it")
    return manifest
