"""Return and coordination in the console: the forms of each who has a part in it, and the lists that lead there."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.contact import record_contact
from handlers.return_unit import Returning, return_unit
from store.database import Pool
from tests.console_site import Client, Desk, Site, console_site, give_passwords
from tests.office import OTHER, Office, act, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]
Desks = Callable[[str], Awaitable[Desk]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
def desks(office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient) -> Desks:
    site: Site = console_site(office, valkey, tmp_path)

    async def desk(login: str) -> Desk:
        desk = Desk(await aiohttp_client(site.app))
        await desk.log_in(login)
        return desk

    return desk


def subject(page: str, name: str) -> str:
    """What the first form of an act on a ticket's page is about."""
    found = re.search(rf'id="act-{name}-(\d+)"', page)
    assert found is not None, name
    return found[1]


async def test_a_return_is_made_at_the_desk_and_screened_in_the_district(
    desks: Desks, office: Office
) -> None:
    ticket = await office.open()
    path = f"/console/tickets/{ticket}"
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    tiancun, district = await desks("tiancun"), await desks("district")
    assert "职责交叉不能退单" in await tiancun.page(path)
    form = {"reason": "area", "text": "5号楼在东城"}
    refused = await tiancun.act(ticket, "return", **form, unit="没有这个单位")
    assert "建议的单位不在目录中" in await refused.text()
    assert (await tiancun.act(ticket, "return", **form, unit="东华门街道")).status == 303
    for desk in (tiancun, district):
        assert "不属于本辖区" in await desk.page("/console/applications")
    page = await district.page(path)
    assert "改派给（" not in page
    form = {"subject": subject(page, "screen"), "decision": "yes"}
    assert (await district.act(ticket, "screen", **form)).status == 303
    assert await office.value("select stage from applications") == 1


async def test_the_centre_decides_a_return_and_names_who_leads(
    desks: Desks, office: Office
) -> None:
    ticket = await office.open()
    path = f"/console/tickets/{ticket}"
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await act(office, return_unit, "tiancun", ticket, Returning("area", "5号楼在东城"))
    await office.value("update applications set stage = 1 returning 1")
    centre = await desks("centre")
    form = {"subject": subject(await centre.page(path), "decide"), "note": "属实"}
    unclear = await centre.act(ticket, "decide", **form)
    assert "请选择同意或者不同意" in await unclear.text()
    form["decision"] = "yes"
    unknown = await centre.act(ticket, "decide", **form, unit="没有这个单位")
    assert "改派的单位不在目录中" in await unknown.text()
    assert (await centre.act(ticket, "decide", **form, unit="东华门街道")).status == 303
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[OTHER]
    page = await centre.page(path)
    assert "已同意" in page
    assert "属实" in page
    told = await (await desks("tiancun")).page("/console/applications")
    assert "已同意" in told
    assert "已不在本单位" in told
    assert path not in told


async def test_a_coordination_is_asked_for_talked_over_and_decided(
    desks: Desks, office: Office
) -> None:
    ticket = await office.open()
    path = f"/console/tickets/{ticket}"
    tiancun, district, other = [await desks(one) for one in ("tiancun", "district", "other")]
    form = {"route": "area", "units": "东华门街道", "text": "两边都不认"}
    assert (await tiancun.act(ticket, "coordinate", **form)).status == 303
    assert "等本单位意见" in await other.page("/console/coordination")
    page = await other.page(path)
    form = {"subject": subject(page, "opine"), "text": "可以接"}
    assert (await other.act(ticket, "opine", **form)).status == 303

    assert "由本单位决定" in await district.page("/console/coordination")
    page = await district.page(path)
    assert "可以接" in page
    assert 'id="act-escalate' in page
    form = {"subject": subject(page, "decide_coordination"), "text": "东华门街道办"}
    done = await district.act(ticket, "decide_coordination", **form, lead="东华门街道")
    assert done.status == 303, await done.text()
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[OTHER]
    assert "东华门街道牵头" in await district.page(path)


async def test_a_deliberation_is_hosted_from_the_page(desks: Desks, office: Office) -> None:
    ticket = await office.open()
    path = f"/console/tickets/{ticket}"
    tiancun = await desks("tiancun")
    nobody = await tiancun.act(ticket, "deliberate", text="商量换阀门")
    assert "邀请谁参加" in await nobody.text()
    form = {"text": "商量换阀门", "names": "阜石物业", "who": "resident"}
    assert (await tiancun.act(ticket, "deliberate", **form)).status == 303
    assert "商量换阀门" in (await office.notices())[-1]
    page = await tiancun.page(path)
    assert "（阜石物业）" in page
    form = {"subject": subject(page, "decide_coordination"), "text": "物业出一半"}
    assert (await tiancun.act(ticket, "decide_coordination", **form)).status == 303
    assert "物业出一半" in await tiancun.page(path)


async def test_the_lists_are_for_those_who_have_a_part_in_it(desks: Desks, office: Office) -> None:
    del office
    inspector, reader = await desks("inspector"), await desks("reader")
    for page in ("/console/applications", "/console/coordination"):
        await reader.page(page, status=404)
        response = await inspector.client.get(page, allow_redirects=False)
        assert response.status in (303, 404)
