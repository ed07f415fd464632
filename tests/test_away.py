"""The database dies under real turns: what residents say is kept on disk, and has its effect once it is back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.embedded import Postgres
from gateway.spool import Spool
from gateway.turns import AWAY, Turns
from store.database import Pool, connect
from store.migrate import upgrade
from tests.world import Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
def postgres(server_folder: Path) -> Iterator[Postgres]:
    """A server of one's own, to kill."""
    server = Postgres(server_folder, throwaway=True).start()
    upgrade(server.url)
    yield server
    server.stop()


@pytest.fixture
async def city(postgres: Postgres) -> AsyncIterator[Town]:
    """A city on the server that will be killed."""
    pool: Pool = await connect(postgres.url, size=4)
    yield await town(pool)
    await pool.close()


async def test_a_talk_goes_on_through_the_death_of_its_database(
    postgres: Postgres, city: Town, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, city.world.keys.seal, city.world.keys.open, "web")
    turns = Turns(city.pool, city.world, spool, city.notes, lambda: city.now)
    async with turns.running():
        assert not (await turns.submit(city.message(HEATING))).spooled
        postgres.kill()
        confirmed = city.message("1")
        assert (await turns.submit(confirmed)).spooled
        assert (await turns.submit(city.message("查询"))).spooled
        with pytest.raises(AWAY):
            await spool.replay(turns.replay)
        postgres.start()
        assert (await turns.submit(city.message("谢谢"))).spooled  # behind what waits already
        assert await spool.replay(turns.replay) == 3
        again = await turns.submit(confirmed)
        assert again.repeated
        assert not again.spooled
    assert await city.pool.fetchval("select count(*) from tickets") == 1
    heard = await city.pool.fetch("select key from inbound order by seq")
    assert [row["key"] for row in heard] == ["SM1", "SM2", "SM3", "SM4"]
    spool.close()
