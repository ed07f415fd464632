"""Restore: check an archive whole, then bring back its tables and photos, and let them go on from there."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import IO

import asyncpg

from gateway import archive, clock
from gateway.archive import COPY_BYTES, ArchiveError, Manifest
from gateway.backup import Place
from store import copying
from store.copying import Table
from store.database import Connection, StoreError
from store.keys import SecretKeyError, unwrap
from store.media_files import MediaFolder, discard
from store.migrate import newest, upgrade

PHOTO = re.compile(rf"{archive.MEDIA}([0-9a-f]{{2}})/([0-9a-f]{{62}})")


class RestoreError(StoreError):
    """This archive cannot be restored here; nothing was changed."""


async def restore(place: Place, path: Path, *, force: bool = False) -> Manifest:
    """Bring back what `path` holds and bring its tables to this release; `force` replaces what is there.

    Everything that can be checked is, before anything is changed; all rows come in one transaction.

    Raises:
        ArchiveError: the file is damaged.
        RestoreError: the database is in use or holds something, or the backup is of a newer release.
        SecretKeyError: SECRET_KEY is not the one that the archive's keys were wrapped by.
    """
    manifest = await asyncio.to_thread(archive.checked, path)
    if manifest.revision > newest():
        raise RestoreError(f"the backup is of a newer release (revision {manifest.revision})")
    new_secret = _secret_to_keep(place, path, manifest)
    await _make_room(place, force=force)
    await asyncio.to_thread(upgrade, place.database_url, manifest.revision)
    await _bring_back(place, path, manifest)
    await asyncio.to_thread(upgrade, place.database_url)
    if new_secret is not None:
        _keep_secret(place, new_secret)
    return manifest


def _secret_to_keep(place: Place, path: Path, manifest: Manifest) -> str | None:
    """The archive's own SECRET_KEY where it must replace one that this machine has made for itself."""
    try:
        _open_keys(manifest, place.secret_key)
    except SecretKeyError:
        inside = _secret_inside(path) if place.made_its_secret() else None
        if inside is None:
            raise
        _open_keys(manifest, inside)
        return inside
    return None


def _open_keys(manifest: Manifest, secret_key: str) -> None:
    for name, wrapped in manifest.wrapped_keys.items():
        unwrap(name, bytes.fromhex(wrapped), secret_key)


def _secret_inside(path: Path) -> str | None:
    for name, file in archive.members(path):
        if name == archive.SECRET_KEY:
            return file.read().decode().strip()
    return None


def _keep_secret(place: Place, secret_key: str) -> None:
    fresh = place.kept_secret.with_suffix(f".{clock.new_id()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secret_key)
    fresh.replace(place.kept_secret)


async def _make_room(place: Place, *, force: bool) -> None:
    """Leave an empty database; raises `RestoreError`."""
    connection = await asyncpg.connect(place.database_url)
    try:
        if not force:
            await _check_room(connection)
        await copying.start_afresh(connection)
    finally:
        await connection.close()


async def _check_room(connection: Connection) -> None:
    if await copying.in_use(connection):
        raise RestoreError("the gateway is running on this database: stop web, worker and clock")
    names = [table.name for table in await copying.tables(connection)]
    held = [name for name, rows in (await copying.counts(connection, names)).items() if rows]
    if held:
        raise RestoreError(
            f"the database is not empty ({', '.join(sorted(held)[:3])}, …): --force replaces it"
        )


async def _bring_back(place: Place, path: Path, manifest: Manifest) -> None:
    """Photos, then rows: what is in the database has its files."""
    connection = await asyncpg.connect(place.database_url)
    try:
        async with connection.transaction():
            drop, add = await copying.foreign_keys(connection)
            await connection.execute(drop)
            await copying.fit(connection, manifest.tables)
            await _read_members(place, connection, path, manifest)
            await copying.set_sequences(connection, manifest.sequences)
            await connection.execute(add)
    finally:
        await connection.close()


async def _read_members(
    place: Place, connection: Connection, path: Path, manifest: Manifest
) -> None:
    wanted = {table.name: table for table in manifest.tables}
    rows: Counter[str] = Counter()
    for name, file in archive.members(path):
        if name.startswith(archive.TABLES):
            table = _table(wanted, name)
            rows[table.name] += await copying.copy_in(connection, table, file.read())
        elif name.startswith(archive.MEDIA):
            _keep_photo(place, name, file)
    short = [name for name, table in wanted.items() if rows[name] != table.rows]
    if short:
        raise ArchiveError(f"rows are missing: {', '.join(short)}")


def _table(wanted: dict[str, Table], name: str) -> Table:
    table = wanted.get(name.split("/")[1])
    if table is None:
        raise ArchiveError(f"{name} belongs to no table")
    return table


def _keep_photo(place: Place, name: str, file: IO[bytes]) -> None:
    matched = PHOTO.fullmatch(name)
    if matched is None:
        raise ArchiveError(f"{name} is not the name of a photo")
    folder, wanted = MediaFolder(place.media), bytes.fromhex("".join(matched.groups()))
    if folder.path_of(wanted).exists():
        return
    draft, path = folder.begin(clock.new_id())
    try:
        while chunk := file.read(COPY_BYTES):
            draft.write(chunk)
        if folder.place(draft, path) != wanted:
            raise ArchiveError(f"{name} is not what its name says")
    finally:
        discard(draft, path)
