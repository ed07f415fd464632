"""What earlier releases have written stays of use: their backups come back, and their processes may run a while beside this one.

`tests/releases/` holds what each has written itself, recorded statement by statement; see `tests/releases/record.py`.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from gateway.backup import Place, back_up
from gateway.embedded import Servers
from gateway.restore import restore
from handlers.catalogue import read_city_catalogue
from handlers.sign import sign
from store import migrate
from store.database import connect
from tests.fresh import execute, fresh_database
from tests.handled import contact_and_resolve
from tests.office import Office, act, open_office
from tests.releases.record import PHONES
from tests.walk_checks import broken
from tests.world import START

WRITTEN = Path(__file__).parent / "releases"
SECRET = "s" * 40
LATER = timedelta(days=1, hours=2)


def statements(revision: str) -> list[str]:
    """What a release has written, in order."""
    return (WRITTEN / f"{revision}.sql").read_text("utf-8").removesuffix(";\n").split(";\n")


async def upgrade(url: str, revision: str = "head") -> None:
    await asyncio.to_thread(migrate.upgrade, url, revision)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Office]:
    """The city that an earlier release has left, on its own small catalogue."""
    pool = await connect(url)
    try:
        async with pool.acquire() as connection:
            city = await read_city_catalogue(connection, START.date())
        office = await open_office(pool, city)
        yield replace(
            office, at=START + LATER, _keys=itertools.count(1_000)
        )  # its messages are new
    finally:
        await pool.close()


async def clocks_begin(office: Office) -> None:
    """The release before knew no clocks: its open tickets get them some minutes after the upgrade."""
    due = "update timers set due_at = $1 where subject = 'case' returning subject_id"
    assert len(await office.rows(due, office.at)) == 3
    await office.ring()
    assert await office.value("select count(*) from assignments where sign_due_at is null") == 0


async def goes_on(office: Office) -> None:
    """Whoever was in the middle of something goes on from there, and the unit acts on what it was given before."""
    first, second, _ = [
        row["id"] for row in await office.rows("select id from tickets order by id")
    ]
    await office.say("3", "4", "4", "跳过", phone=PHONES[0])
    survey = (await office.rows("select * from surveys where ticket_id = $1", first))[0]
    assert (survey["state"], survey["solved"]) == ("finished", "no")
    assert (await office.ticket(first))["round"] == 2
    await office.say("海淀区田村路街道阜石路第一社区6号楼", "1", phone=PHONES[3])
    assert await office.value("select count(*) from tickets") == 4
    await act(office, sign, "tiancun", second)
    await act(office, contact_and_resolve, "tiancun", second, "已疏通")
    assert (await office.ticket(second))["state"] == "resolved"
    assert await office.value("select count(*) from human_tasks where kind = 'call_back'") == 1


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
async def test_a_backup_of_an_earlier_release_is_restored_and_goes_on(
    servers: Servers, tmp_path: Path, revision: str
) -> None:
    async with fresh_database(servers) as old, fresh_database(servers) as new:
        await upgrade(old, revision)
        await execute(old, ";\n".join(statements(revision)))
        file = tmp_path / "backup.tar"
        await back_up(Place(old, tmp_path / "old", SECRET), file, START)
        manifest = await restore(Place(new, tmp_path / "new", SECRET), file)
        assert manifest.revision == revision
        async with opened(new) as office:
            await clocks_begin(office)
            await goes_on(office)
            assert await broken(office) == []


async def test_processes_of_the_release_before_go_on_beside_this_one_s_tables(
    servers: Servers,
) -> None:
    async with fresh_database(servers) as url:
        await upgrade(url, "0003")
        said = statements("0003")
        middle = next(place for place, one in enumerate(said) if "ticket_days" in one)
        await execute(url, ";\n".join(said[:middle]))
        await upgrade(url)
        connection = await asyncpg.connect(url)
        for one in said[middle:]:
            await connection.execute(one)
        await connection.close()
        async with opened(url) as office:
            await goes_on(office)
