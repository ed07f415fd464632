"""Back up: the database of one moment, its photos and its wrapped keys, in one archive."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from gateway import archive
from gateway.archive import ArchiveWriter, Manifest
from store import condition, copying
from store.copying import Table
from store.database import Connection
from store.media_files import MediaFolder

# The best moment for a backup is before an upgrade: the table may still be one whose rows have no state, all of them kept.
READ_MEDIA = """
    select distinct encode(sha256, 'hex') as sha256 from media m
    where coalesce(to_jsonb(m) ->> 'state', 'kept') = 'kept' order by 1
"""
READ_KEYS = "select name, encode(wrapped, 'hex') as wrapped from keys order by name"


@dataclass(frozen=True, slots=True)
class Place:
    """What is backed up or restored into: a database, a data folder and the SECRET_KEY of today."""

    database_url: str
    data_dir: Path
    secret_key: str

    @property
    def media(self) -> Path:
        """Where photos lie."""
        return self.data_dir / "media"

    @property
    def kept_secret(self) -> Path:
        """Where a development machine keeps the SECRET_KEY that it made itself."""
        return self.data_dir / "secret_key"

    def made_its_secret(self) -> bool:
        """Whether SECRET_KEY is in the data folder and nowhere else."""
        return self.kept_secret.exists() and hmac.compare_digest(
            self.kept_secret.read_text().strip().encode(), self.secret_key.encode()
        )


async def back_up(place: Place, path: Path, made_at: datetime) -> Manifest:
    """Write an archive to `path`, readable by its owner alone.

    The database may be in use. Raises `ArchiveError` where there is a file already, and what the database raises.
    """
    connection = await asyncpg.connect(place.database_url)
    try:
        with ArchiveWriter(path, made_at) as writer:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await _write(place, connection, writer, made_at)
    finally:
        await connection.close()


async def _write(
    place: Place, connection: Connection, writer: ArchiveWriter, made_at: datetime
) -> Manifest:
    server = await condition.server(connection)
    copied = [
        await _copy_out(connection, writer, table) for table in await copying.tables(connection)
    ]
    # Photos are on disk before their rows are: those of the snapshot are all there by now.
    hashes = [row["sha256"] for row in await connection.fetch(READ_MEDIA)]
    missing = [sha256 for sha256 in hashes if not _add_photo(place, writer, sha256)]
    with_secret = place.made_its_secret()
    if with_secret:
        writer.add(archive.SECRET_KEY, place.secret_key.encode())
    manifest = Manifest(
        format=archive.FORMAT,
        made_at=made_at,
        revision=server.revision,
        tables=tuple(copied),
        sequences=await copying.sequences(connection),
        members=dict(writer.members),
        missing_media=len(missing),
        wrapped_keys={key["name"]: key["wrapped"] for key in await connection.fetch(READ_KEYS)},
        keys=archive.KEYS_ARE_INSIDE if with_secret else archive.KEYS_ARE_WRAPPED,
    )
    writer.finish(manifest)
    return manifest


async def _copy_out(connection: Connection, writer: ArchiveWriter, table: Table) -> Table:
    chunks = 0

    async def take(chunk: bytes) -> None:
        nonlocal chunks
        writer.add(f"{archive.TABLES}{table.name}/{chunks:06}", chunk)
        chunks += 1

    return Table(table.name, table.columns, await copying.copy_out(connection, table, take))


def _add_photo(place: Place, writer: ArchiveWriter, sha256: str) -> bool:
    path = MediaFolder(place.media).path_of(bytes.fromhex(sha256))
    if not path.exists():
        return False
    writer.add_file(f"{archive.MEDIA}{sha256[:2]}/{sha256[2:]}", path, sha256)
    return True
