"""A backup brings everything back, and a city goes on from it; a bad one changes nothing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from gateway import archive
from gateway.archive import ArchiveError
from gateway.backup import Place, back_up
from gateway.embedded import Servers
from gateway.restore import RestoreError, restore
from store import copying
from store.copying import Table
from store.database import Pool, connect
from store.keys import SecretKeyError
from store.media_files import MediaFolder, discard
from tests.fresh import MIGRATED, execute, fresh_database
from tests.world import START, Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
SECRET = "s" * 40
PHOTO = b"\xff\xd8 a photo of a radiator"
ADD_PHOTO = """
    insert into media (id, sha256, content_type, size, conversation_id, created_at)
    select 'photo', $1, 'image/jpeg', $2, min(id), $3 from conversations
"""


@dataclass(frozen=True, slots=True)
class Before:
    """A city with a ticket and a photo, its backup, and where it can be restored."""

    city: Town
    place: Place
    file: Path
    other: Place

    async def back_up(self) -> None:
        await back_up(self.place, self.file, START)


@pytest.fixture
async def before(
    pool: Pool, database_url: str, servers: Servers, tmp_path: Path
) -> AsyncIterator[Before]:
    """A city that has heard one complaint, and an empty database."""
    city = await town(pool)
    await city.say(HEATING, "1")
    keep_photo(tmp_path / "old" / "media")
    await pool.execute(ADD_PHOTO, hashlib.sha256(PHOTO).digest(), len(PHOTO), START)
    async with fresh_database(servers, MIGRATED) as url:
        yield Before(
            city,
            Place(database_url, tmp_path / "old", SECRET),
            tmp_path / "backup.tar",
            Place(url, tmp_path / "new", SECRET),
        )


def keep_photo(path: Path) -> None:
    folder = MediaFolder(path, reserve_bytes=0)
    draft, name = folder.begin("draft")
    draft.write(PHOTO)
    folder.place(draft, name)
    discard(draft, name)


def backups(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("backup*")]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Pool]:
    pool = await connect(url)
    try:
        yield pool
    finally:
        await pool.close()


async def rows(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


async def everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    connection = await asyncpg.connect(url)
    try:
        return {
            table.name: sorted(
                str(row["row"])
                for row in await connection.fetch(f"select t::text as row from {table.name} t")  # noqa: S608
            )
            for table in await copying.tables(connection)
        }
    finally:
        await connection.close()


async def test_every_row_and_photo_comes_back(before: Before) -> None:
    await before.back_up()
    manifest = await restore(before.other, before.file)
    assert manifest.missing_media == 0
    there = await everything(before.place.database_url)
    assert await everything(before.other.database_url) == there
    assert len(there["tickets"]) == 1
    path = MediaFolder(before.other.media).path_of(hashlib.sha256(PHOTO).digest())
    assert path.read_bytes() == PHOTO


async def test_a_restored_city_goes_on_where_it_was(before: Before) -> None:
    await before.back_up()
    await restore(before.other, before.file)
    (old,) = await rows(before.other.database_url, "select id from tickets")
    async with opened(before.other.database_url) as pool:
        city = await town(pool)
        city.count = 1_000  # its messages are new ones
        assert str(old["id"])[:6] in await city.say("查询")
        await city.say("重新开始", HEATING.replace("5号楼", "6号楼"), "1")
        assert await pool.fetchval("select count(*) from tickets") == 2
        assert await pool.fetchval("select count(*) from residents") == 1
        assert await pool.fetchval("select count(*) from catalogue_versions") == 1


async def test_a_repeated_message_has_no_second_effect_after_a_restore(before: Before) -> None:
    await before.back_up()
    await restore(before.other, before.file)
    async with opened(before.other.database_url) as pool:
        city = await town(pool)  # numbers its messages from the start again
        await city.say(HEATING, "1")
        assert await pool.fetchval("select count(*) from tickets") == 1


async def test_a_backup_of_a_city_at_work_is_of_one_moment(before: Before) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(before.back_up())
        for number in range(10):
            phone = f"+86138001381{number:02}"
            group.create_task(before.city.say(HEATING, "1", phone=phone))
    await restore(before.other, before.file)  # foreign keys are checked there
    tickets = "select id from tickets where conversation_id not in (select id from conversations)"
    assert await rows(before.other.database_url, tickets) == []


async def test_a_backup_is_for_its_owner_s_eyes_and_replaces_no_other(before: Before) -> None:
    await before.back_up()
    assert before.file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ArchiveError, match="there already"):
        await before.back_up()


async def test_a_backup_that_fails_leaves_no_file(before: Before, tmp_path: Path) -> None:
    await execute(before.other.database_url, "drop table media cascade")
    with pytest.raises(asyncpg.UndefinedTableError):
        await back_up(before.other, before.file, START)
    assert backups(tmp_path) == []


async def test_a_packed_backup_is_smaller_and_as_good(before: Before) -> None:
    await before.back_up()
    packed = before.file.with_suffix(".tar.gz")
    await back_up(before.place, packed, START)
    assert packed.stat().st_size < before.file.stat().st_size / 2
    await restore(before.other, packed)
    there = await everything(before.place.database_url)
    assert await everything(before.other.database_url) == there


async def test_what_is_there_is_not_replaced_unless_asked_for(before: Before) -> None:
    await before.back_up()
    await restore(before.other, before.file)
    await execute(before.other.database_url, "insert into acts (key, at) values ('new', now())")
    with pytest.raises(RestoreError, match="not empty"):
        await restore(before.other, before.file)
    await restore(before.other, before.file, force=True)
    assert await rows(before.other.database_url, "select 1 from acts where key = 'new'") == []


async def test_a_running_gateway_is_not_pulled_away_from_under(before: Before) -> None:
    await before.back_up()
    async with opened(before.other.database_url):
        with pytest.raises(RestoreError, match="is running"):
            await restore(before.other, before.file)


@pytest.mark.parametrize("fault", ["cut", "changed", "no tar", "empty"])
async def test_a_damaged_backup_changes_nothing(before: Before, fault: str) -> None:
    await before.back_up()
    data = before.file.read_bytes()
    changed = data.replace("暖气不热".encode(), "暖气很热".encode(), 1)
    spoiled = {
        "cut": data[: len(data) // 2],
        "changed": changed,
        "no tar": b"?" * 2000,
        "empty": b"",
    }
    before.file.write_bytes(spoiled[fault])
    there = await everything(before.other.database_url)
    with pytest.raises(ArchiveError):
        await restore(before.other, before.file, force=True)
    assert await everything(before.other.database_url) == there


async def test_without_the_secret_key_of_its_day_a_backup_is_refused(before: Before) -> None:
    await before.back_up()
    with pytest.raises(SecretKeyError, match="SECRET_KEY"):
        await restore(replace(before.other, secret_key="t" * 40), before.file)
    assert await rows(before.other.database_url, "select 1 from keys") == []
    assert SECRET.encode() not in before.file.read_bytes()


async def test_a_machine_that_made_its_own_secret_key_takes_over_the_backup_s(
    before: Before,
) -> None:
    for place, secret in ((before.place, SECRET), (before.other, "t" * 40)):
        place.data_dir.mkdir(exist_ok=True)
        place.kept_secret.write_text(secret)
    await before.back_up()
    manifest = await restore(replace(before.other, secret_key="t" * 40), before.file)
    assert manifest.keys == archive.KEYS_ARE_INSIDE
    assert before.other.kept_secret.read_text() == SECRET
    assert before.other.kept_secret.stat().st_mode & 0o777 == 0o600


async def test_a_backup_of_a_newer_release_is_refused(before: Before) -> None:
    await execute(before.other.database_url, "update alembic_version set version_num = '9999'")
    await back_up(before.other, before.file, START)
    with pytest.raises(RestoreError, match="newer release"):
        await restore(before.other, before.file)


async def test_a_missing_photo_is_counted_and_stops_nothing(before: Before) -> None:
    MediaFolder(before.place.media).path_of(hashlib.sha256(PHOTO).digest()).unlink()
    await before.back_up()
    assert (await restore(before.other, before.file)).missing_media == 1


ROWS = 400  # more than one reading from the server


async def test_rows_are_never_torn_between_chunks(servers: Servers) -> None:
    table = Table("torn", ("id", "text"))
    text = "一\n二\t三\\四\r\n"
    async with fresh_database(servers) as url:
        await execute(url, "create table torn (id int, text text)")
        connection = await asyncpg.connect(url)
        await connection.executemany(
            "insert into torn values ($1, $2)", [(n, text * n) for n in range(ROWS)]
        )
        chunks: list[bytes] = []

        async def take(chunk: bytes) -> None:
            chunks.append(chunk)

        assert await copying.copy_out(connection, table, take, chunk_bytes=1_000) == ROWS
        await connection.execute("truncate torn")
        assert sum([await copying.copy_in(connection, table, chunk) for chunk in chunks]) == ROWS
        kept = await connection.fetch("select id, text from torn order by id")
        await connection.close()
    assert len(chunks) > 1
    assert [tuple(row) for row in kept] == [(n, text * n) for n in range(ROWS)]
