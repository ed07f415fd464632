"""The page of a unit's contacts: who may register for whom, what is shown once, what is taken out of use."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, open_office

PAGE = "/console/unit-contacts"
FORM = {"channel": "sms", "name": "值班手机", "address": "13700137000", "audience": "desk"}


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


async def test_a_desk_registers_a_number_which_is_shown_masked_until_it_confirms(
    desk: Desk,
) -> None:
    await desk.log_in("tiancun")
    response = await desk.send(PAGE, PAGE, **FORM)
    shown = await response.text()
    assert response.status == 200, shown
    assert "请对方回“确认”" in shown
    assert "等待确认" in shown
    assert "13700137000" not in await desk.page(PAGE)


async def test_a_mistake_comes_back_with_what_was_typed(desk: Desk) -> None:
    await desk.log_in("tiancun")
    for wrong in ({"address": "123"}, {"channel": "webhook", "address": "http://work.example"}):
        response = await desk.send(PAGE, PAGE, **{**FORM, **wrong})
        assert response.status == 422
        assert wrong["address"] in await response.text()


async def test_the_secret_of_a_system_is_shown_once(desk: Desk) -> None:
    await desk.log_in("tiancun")
    system = {"channel": "webhook", "address": "https://work.example.cn/in?token=7"}
    response = await desk.send(PAGE, PAGE, **{**FORM, **system})
    secret = re.search(r"抄存到对方系统：<b class=\"no\">([^<]{40,})</b>", await response.text())
    assert secret is not None
    again = await desk.page(PAGE)
    assert secret[1] not in again
    assert "token=7" not in again


async def test_what_is_out_of_use_is_gone_and_only_its_own_unit_takes_it_out(desk: Desk) -> None:
    await desk.log_in("tiancun")
    page = await (await desk.send(PAGE, PAGE, **FORM)).text()
    found = re.search(r"/console/unit-contacts/\d+/end", page)
    assert found is not None
    await desk.log_in("other")
    assert (await desk.send(PAGE, found[0])).status == 404
    await desk.log_in("tiancun")
    assert (await desk.send(PAGE, found[0])).status == 303
    assert "还没有登记" in await desk.page(PAGE)


async def test_nobody_registers_for_units_that_are_not_theirs(office: Office, desk: Desk) -> None:
    await desk.log_in("tiancun")
    response = await desk.send(PAGE, PAGE, **FORM, unit="东华门街道")
    assert response.status == 422
    assert "本单位" in await response.text()
    roles = "update staff set roles = '{district_admin}' where login = 'district' returning 1"
    await office.value(roles)
    await desk.log_in("district")
    response = await desk.send(PAGE, PAGE, **FORM, unit="田村路街道")
    assert response.status == 200


@pytest.mark.parametrize("login", ["centre", "reader"])
async def test_the_page_is_for_those_who_run_a_unit(desk: Desk, login: str) -> None:
    await desk.log_in(login)
    await desk.page(PAGE, status=404)
