"""What waits for somebody stands on the first page: for those alone who may do it, what is due first first."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from dialogs.words import Role
from handlers.contact import record_contact
from handlers.return_unit import Returning, return_unit
from handlers.sign import sign
from handlers.supervise import supervise
from handlers.waiting import awaited
from handlers.whistle import Whistling, whistle
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, act, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def waits(office: Office, unit: str, *roles: Role) -> list[str]:
    unit_id = await office.value("select id from units where code = $1", unit) if unit else None
    async with office.pool.acquire() as connection:
        found = await awaited(connection, unit_id, 0, frozenset(roles), 12)
    return [one.what for one in found]


async def led(office: Office) -> int:
    ticket = await office.open("海淀区田村路街道阜石路第一社区5号楼楼道堆物")
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    return ticket


async def test_a_return_waits_for_the_district_and_for_nobody_else(office: Office) -> None:
    ticket = await led(office)
    await act(office, return_unit, "tiancun", ticket, Returning("area", "5号楼在东城"))
    assert await waits(office, "110108", Role.HEAD) == ["裁定退单申请"]
    assert await waits(office, "110108", Role.REVIEWER) == []
    assert await waits(office, "", Role.COORDINATOR) == []
    assert await waits(office, "110108021", Role.DESK, Role.HEAD) == []


async def test_who_is_called_is_waited_for(office: Office) -> None:
    ticket = await led(office)
    cgw = await office.value("select id from units where code = '110108-cgw'")
    await act(office, whistle, "tiancun", ticket, Whistling("daily", "act", (cgw,), "来看看"))
    assert await waits(office, "110108-cgw", Role.DESK) == ["报到"]


async def test_a_demand_from_above_waits_on_the_first_page(
    office: Office, valkey: Redis, tmp_path: Path
) -> None:
    ticket = await led(office)
    await give_passwords(office)
    await act(office, supervise, "admin", ticket, "今天办完")
    site = console_site(office, valkey, tmp_path)
    async with TestClient(TestServer(site.app)) as client:
        desk = Desk(client)
        await desk.log_in("tiancun")
        assert "答复督办" in await desk.page("/console")
        assert "等您处理" not in await desk.page("/console?state=all")
