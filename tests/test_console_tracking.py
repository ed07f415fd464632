"""Deadlines, supervision and marks in the console: forms that say what follows, lists, and the inspectors' two pages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from handlers.sign import sign
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, act, open_office

CLUTTER = "海淀区田村路街道阜石路第一社区5号楼楼道堆物，请打13911112222"


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


async def handling(office: Office) -> int:
    ticket = await office.open(CLUTTER)
    await act(office, sign, "tiancun", ticket)
    return ticket


async def sent(desk: Desk, ticket: int, name: str, **fields: str) -> str:
    """Send a form that is taken; returns the ticket's page after it."""
    response = await desk.act(ticket, name, **fields)
    assert response.status == 303, await response.text()
    return await desk.page(f"/console/tickets/{ticket}")


async def newest(office: Office, table: str) -> str:
    return str(await office.value(f"select max(id) from {table}"))  # noqa: S608 - tables of this file


async def test_a_hold_is_asked_for_approved_listed_and_reviewed_by_forms(
    office: Office, desk: Desk
) -> None:
    ticket = await handling(office)
    await desk.log_in("tiancun")
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "最长180天后复查" in page
    assert "挂账复查" not in page
    refused = await desk.act(ticket, "hold", reason="funds", plan="等钱", review_at="soon")
    assert refused.status == 422
    assert "请填写复查日期" in await refused.text()
    await sent(desk, ticket, "hold", reason="funds", plan="列入预算", review_at="2027-03-15")
    await desk.log_in("superior")
    application = await newest(office, "applications")
    page = await desk.page(f"/console/tickets/{ticket}")
    assert "复查日期：2027-03-15" in page
    page = await sent(desk, ticket, "screen", subject=application, decision="yes")
    assert "挂账中" in page
    listed = await desk.page("/console/holds")
    assert "列入预算" in listed
    assert "田村路街道" in listed
    await desk.log_in("other")
    assert "没有挂账的工单" in await desk.page("/console/holds")
    await desk.log_in("tiancun")
    assert '<i class="tag">挂账</i>' in await desk.page("/console")
    held = await newest(office, "holds")
    page = await sent(desk, ticket, "review_hold", subject=held, outcome="resume", note="钱到了")
    assert "已结束" in page


async def test_an_extension_says_who_decides_and_what_the_resident_hears(
    office: Office, desk: Desk
) -> None:
    ticket = await handling(office)
    await desk.log_in("tiancun")
    assert "最多再加原时限的100%" in await desk.page(f"/console/tickets/{ticket}")
    page = await sent(desk, ticket, "extend", until="2026-12-02T10:00", note="等材料")
    assert "申请延至2026-12-02 10:00" in page


async def test_a_demand_is_made_answered_and_listed(office: Office, desk: Desk) -> None:
    ticket = await handling(office)
    await desk.log_in("overseer")
    await sent(desk, ticket, "supervise", demand="本周清完")
    demand = await newest(office, "supervisions")
    await desk.log_in("tiancun")
    assert "本周清完" in await desk.page("/console/supervision")
    assert '<i class="tag red">督办</i>' in await desk.page("/console")
    await sent(desk, ticket, "answer_supervision", subject=demand, text="已清一半")
    await desk.log_in("overseer")
    assert "已清一半" in await desk.page("/console/supervision")
    await sent(desk, ticket, "end_supervision", subject=demand, note="清完了")
    assert "没有进行中的督办" in await desk.page("/console/supervision")


async def handed_over(office: Office, desk: Desk) -> tuple[int, str]:
    ticket = await handling(office)
    await desk.log_in("overseer")
    fields = {"kind": "shirking", "unit": "田村路街道", "note": "三次不到场"}
    page = await sent(desk, ticket, "mark", **fields)
    mark = await newest(office, "marks")
    assert "act-confirm_mark" not in page
    await desk.log_in("tiancun")
    assert "三次不到场" not in await desk.page(f"/console/tickets/{ticket}")
    await desk.log_in("second")
    await sent(desk, ticket, "confirm_mark", subject=mark)
    await sent(desk, ticket, "hand_to_discipline", subject=mark)
    return ticket, mark


async def test_inspectors_read_what_was_handed_over_without_the_resident_and_nothing_else(
    office: Office, desk: Desk
) -> None:
    ticket, mark = await handed_over(office, desk)
    await desk.log_in("inspector")
    listed = await desk.page("/console")
    assert "三次不到场" in listed
    assert "/console/rates" not in listed
    shown = await desk.page(f"/console/discipline/{mark}")
    assert "楼道堆物" in shown
    assert "13911112222" not in shown
    assert "<form" not in shown.replace('<form class="who"', "")
    other = await office.open()
    for path in (
        f"/console/tickets/{ticket}",
        f"/console/tickets/{other}",
        "/console/tasks",
        "/console/rates",
        "/console/holds",
        "/console/articles",
        "/console/alerts/stream",
        "/console/discipline/999",
    ):
        await desk.page(path, status=404)
    form = await desk.proof("/console/discipline")
    for path in (f"/console/tickets/{ticket}/open-contact", f"/console/tickets/{ticket}/note"):
        response = await desk.client.post(path, data={**form, "purpose": "看"})
        assert response.status == 404
    out = await desk.client.post("/console/logout", data=form, allow_redirects=False)
    assert out.status == 303


async def test_no_page_that_is_added_shows_itself_to_inspectors_unasked(
    office: Office, desk: Desk
) -> None:
    await desk.log_in("inspector")
    theirs = {"/console", "/console/", "/console/login", "/console/discipline", "/console/traces"}
    for resource in desk.client.app.router.resources():
        pattern = resource.canonical
        if pattern in theirs or not pattern.startswith("/console"):
            continue
        path = re.sub(r"\{[^}]*\}", "1", pattern)
        response = await desk.client.get(path, allow_redirects=False)
        assert response.status in (404, 405), pattern


async def test_nobody_else_sees_the_inspectors_pages(office: Office, desk: Desk) -> None:
    _, mark = await handed_over(office, desk)
    for login in ("overseer", "tiancun", "district"):
        await desk.log_in(login)
        await desk.page("/console/discipline", status=404)
        await desk.page(f"/console/discipline/{mark}", status=404)


async def test_what_is_judged_is_proposed_by_forms_that_say_who_decides(
    office: Office, desk: Desk
) -> None:
    ticket = await handling(office)
    await desk.log_in("tiancun")
    assert "区里复核，热线中心认定" in await desk.page(f"/console/tickets/{ticket}")
    refused = await desk.act(ticket, "unreasonable", reason="beyond", note="理由")
    assert refused.status == 422
    await desk.log_in("centre")
    await sent(desk, ticket, "invalid", reason="test", note="像测试")
    await desk.log_in("deputy")
    application = await newest(office, "applications")
    page = await sent(desk, ticket, "decide", subject=application, decision="yes")
    assert "已结案" in page
