"""The catalogue in the console: drafted by one, approved by another, read by the centre; and why a ticket went where it did."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, open_office

DRAFTS = "select id from catalogue_versions where digest = 'draft'"
MOVED = "这1个分类、近30天1张工单会改派（共1张）。"
TOPIC = {
    "level": "street",
    "grade": "II",
    "department": "cgw",
    "assists": "",
    "enterprises": "heat",
    "hours": "36",
    "statute": "供热条例",
    "valid_from": "",
    "valid_to": "",
    "keywords": "暖气不热\n暖气\n供暖\n供热\n室温\n热力\n地暖\n暖气冰凉",  # as they are
    "weak_keywords": "不热\n试水\n跑水",
}


@pytest.fixture
async def office(pool: Pool) -> AsyncIterator[Office]:
    """Versions and units outlive a test: those that it makes are taken away."""
    office = await open_office(pool)
    await give_passwords(office)
    await office.value("update staff set roles = array['admin'] where login = 'editor' returning 1")
    yield office
    await office.rows("delete from catalogue_versions where digest = 'draft' returning 1")
    await office.rows("update units set valid_to = null where valid_to is not null returning 1")


@pytest.fixture
async def desk(office: Office, valkey: Redis, tmp_path: Path) -> AsyncIterator[Desk]:
    site = console_site(office, valkey, tmp_path)
    async with TestClient(TestServer(site.app)) as client:
        yield Desk(client)


async def drafted(office: Office, desk: Desk) -> str:
    """The page of a draft, of somebody who is logged in as admin now."""
    await desk.log_in("admin")
    page = "/console/catalogue"
    response = await desk.send(page, f"{page}/new", note="供暖改由街道办理", valid_from="")
    assert response.status == 303
    return f"{page}/{await office.value(DRAFTS)}"


async def test_a_draft_shows_what_it_changes_and_whom_it_would_send_elsewhere(
    office: Office, desk: Desk
) -> None:
    await office.open()
    own = await drafted(office, desk)
    topic = f"{own}/topics/T001"
    refused = await desk.send(topic, topic, **TOPIC | {"hours": "两天"})
    assert refused.status == 422
    assert "小时数" in await refused.text()
    assert (await desk.send(topic, topic, **TOPIC)).status == 303
    special = {"topic": "T031", "place": "田村路街道", "lead": "110108-cgw", "source": "区文件"}
    assert (await desk.send(own, f"{own}/jurisdictions", **special)).status == 303
    shown = await desk.page(own)
    assert MOVED in shown
    assert "田村路街道＋海淀区城管委 → 田村路街道：1张" in shown
    assert "层级：街道主办、部门协办（双派） → 街道（直派）" in shown
    assert "协办部门：zjw → 无" in shown
    assert "区文件" in shown
    assert f"{own}/approve" not in shown


async def test_another_administrator_approves_it_and_what_was_compared_stays(
    office: Office, desk: Desk
) -> None:
    await office.open()
    own = await drafted(office, desk)
    await desk.send(f"{own}/topics/T001", f"{own}/topics/T001", **TOPIC)
    await desk.log_in("editor")
    assert f"{own}/topics/T001" not in await desk.page(own)
    assert (await desk.send(own, f"{own}/approve", valid_from="2026-12-01")).status == 303
    shown = await desk.page(own)
    assert "admin起草，依据第" in shown
    assert MOVED in shown
    assert "待生效" in await desk.page("/console/catalogue")


async def test_a_version_that_the_operator_loaded_can_be_looked_at(
    office: Office, desk: Desk
) -> None:
    await desk.log_in("admin")
    shown = await desk.page(f"/console/catalogue/{office.world.city.version}")
    assert "已批准" in shown


async def test_a_draft_is_refused_with_a_reason(office: Office, desk: Desk) -> None:
    own = await drafted(office, desk)
    assert (await desk.send(own, f"{own}/refuse", reason="")).status == 422
    assert (await desk.send(own, f"{own}/refuse", reason="没有依据")).status == 303
    assert "供暖改由街道办理；未采用：没有依据" in await desk.page(own)


async def test_the_centre_reads_it_administrators_change_it_units_do_neither(
    desk: Desk,
) -> None:
    await desk.log_in("centre")
    assert "起草新版" not in await desk.page("/console/catalogue")
    await desk.page("/console/successions")
    await desk.log_in("tiancun")
    await desk.page("/console/catalogue", 404)
    await desk.page("/console/successions", 404)
    await desk.log_in("admin")
    await desk.page("/console/catalogue/999999", 404)
    await desk.page("/console/catalogue/9999999999/topics/T001", 404)


async def test_a_unit_s_whole_work_goes_to_another_only_with_a_second_administrator(
    office: Office, desk: Desk
) -> None:
    own = await drafted(office, desk)
    order = {"kind": "merge", "unit": "田村路街道", "successor": "没有的街道", "note": "区划"}
    refused = await desk.send(own, f"{own}/parts", **order)
    assert refused.status == 422
    right = order | {"successor": "马连洼街道 110108020"}
    assert (await desk.send(own, f"{own}/parts", **right)).status == 303
    assert "没有。" in await desk.page("/console/successions")
    await desk.log_in("editor")
    approving = {"valid_from": "2026-12-01", "days": "30"}
    assert (await desk.send(own, f"{own}/approve", **approving)).status == 303
    assert "未到日子" in await desk.page("/console/successions")


async def test_a_ticket_says_which_version_sent_it_and_why(office: Office, desk: Desk) -> None:
    ticket = await office.open()
    version = office.world.city.version
    await desk.log_in("centre")
    shown = await desk.page(f"/console/tickets/{ticket}")
    assert f'<a href="/console/catalogue/{version}">第{version}版</a>' in shown
    assert f"派给田村路街道：派单目录第{version}版：T001" in shown
    await desk.log_in("tiancun")
    assert f"受理时的目录：第{version}版" in await desk.page(f"/console/tickets/{ticket}")
