"""The whistle in the console: its forms say who is told, its page says what waits, a ticket shows its time-line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from handlers.sign import sign
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, act, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
async def desk(office: Office, valkey: Redis, tmp_path: Path) -> AsyncIterator[Desk]:
    site = console_site(office, valkey, tmp_path)
    async with TestClient(TestServer(site.app)) as client:
        yield Desk(client)


ORDER = {"type": "urgent", "purpose": "establish", "note": "这根线是谁的", "place": "路口"}


async def whistled(office: Office, desk: Desk) -> tuple[int, str]:
    """A ticket with a whistle that its lead has blown by the form: ids of both."""
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await desk.log_in("tiancun")
    response = await desk.act(ticket, "whistle", units="东华门街道\n北京电力公司", **ORDER)
    assert response.status == 303
    return ticket, str(await office.value("select id from whistles"))


async def test_the_form_says_by_when_they_come_and_which_names_are_alike(
    office: Office, desk: Desk
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await desk.log_in("tiancun")
    shown = await desk.page(f"/console/tickets/{ticket}")
    assert "30分钟内报到" in shown
    assert "没有结束，不能办结" in shown
    response = await desk.act(ticket, "whistle", units="东华门", **ORDER)
    assert response.status == 422
    assert "您要的是不是：东华门街道" in await response.text()


async def test_who_is_called_finds_it_reports_in_and_says_what_they_think(
    office: Office, desk: Desk
) -> None:
    ticket, blown = await whistled(office, desk)
    await desk.log_in("other")
    assert "待报到" in await desk.page("/console/whistles")
    assert "报到</i>" in await desk.page("/console")
    assert "本单位被吹哨" in await desk.page(f"/console/tickets/{ticket}")
    response = await desk.act(ticket, "report_in", subject=blown, how="on_the_spot")
    assert response.status == 303
    assert "待提交意见" in await desk.page("/console/whistles")
    response = await desk.act(ticket, "whistle_opinion", subject=blown, text="是电力的")
    assert response.status == 303
    assert "已提交意见" in await desk.page("/console/whistles")


async def test_the_time_line_shows_the_conclusion_whose_it_is_and_the_marks(
    office: Office, desk: Desk
) -> None:
    ticket, blown = await whistled(office, desk)
    assert "本单位吹的哨" in await desk.page("/console/whistles")
    await office.pool.execute("update whistles set report_by = at")  # so that nobody comes in time
    closing = {"subject": blown, "text": "由电力处理", "found": "北京电力公司"}
    assert (await desk.act(ticket, "close_whistle", **closing)).status == 303
    page = f"/console/tickets/{ticket}"
    said = "权属：北京电力公司。由电力处理（未报到：东华门街道、北京电力公司）"
    assert said in await desk.page(page)
    share = await office.value("select min(id) from assignments where role = 'called'")
    response = await desk.act(ticket, "rate_whistle", subject=str(share), score="5")
    assert response.status == 303
    assert "得5分" in await desk.page(page)


async def test_the_page_of_whistles_is_not_for_everybody(office: Office, desk: Desk) -> None:
    await office.value("update staff set roles = '{discipline}' where login = 'reader' returning 1")
    await desk.log_in("reader")
    await desk.page("/console/whistles", status=404)


async def test_the_centre_sees_whistles_of_all(office: Office, desk: Desk) -> None:
    await whistled(office, desk)
    await desk.log_in("centre")
    shown = await desk.page("/console/whistles")
    assert "全市的吹哨" in shown
    assert "紧急哨" in shown


async def test_whom_the_catalogue_names_besides_is_called_unless_unchecked(
    office: Office, desk: Desk
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await desk.log_in("tiancun")
    shown = await desk.page(f"/console/tickets/{ticket}")
    assert '<input type="checkbox" name="named" value="110108-zjw" checked>' in shown
    assert 'name="named" value="110108-cgw"' not in shown  # assists already
    refused = await desk.act(ticket, "whistle", **ORDER)
    assert "请写出要吹哨的单位" in await refused.text()
    assert (await desk.act(ticket, "whistle", named="110108-zjw", **ORDER)).status == 303
    called = "select u.code from whistle_calls c join units u on u.id = c.unit_id"
    assert await office.value(called) == "110108-zjw"
    assert 'value="110108-zjw" checked' not in await desk.page(f"/console/tickets/{ticket}")
