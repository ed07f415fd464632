"""Stewards: their street says who is one, their finds are no complaints and nobody is asked, fixed ones end at once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from channels.base import Inbound
from dialogs.said import Attachment, Said
from handlers.case import ActRefusedError
from handlers.sign import sign
from handlers.stewards import decide_steward
from handlers.turn import run_turns
from store import media, residents
from store.database import Pool, transaction
from store.media import Media
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.handled import contact_and_resolve
from tests.office import TIANCUN, Office, act, open_office
from tests.world import PHONE

AioClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def _registered(office: Office) -> int:
    await office.say("我要当小巷管家", "王芳", "海淀区田村路街道", "1")
    steward_id: int = await office.value("select id from stewards where state = 'asked'")
    return steward_id


async def _steward(office: Office) -> int:
    steward_id = await _registered(office)
    await act(office, decide_steward, "tiancun", steward_id, "accept")
    return steward_id


async def _last(office: Office) -> int:
    ticket_id: int = await office.value("select max(id) from tickets")
    return ticket_id


async def _photo(office: Office, name: str, text: str = "") -> None:
    """A message with a photo."""
    said = Said(text, attachments=(Attachment(name, "image/jpeg"),))
    async with (
        office.world.numbers.held(1, office.at),
        office.pool.acquire() as connection,
        connection.transaction(),
    ):
        sha256 = name.encode().ljust(32)
        await media.add(connection, Media(name, sha256, "image/jpeg", 1, None, office.at))
        await run_turns(
            connection, office.world, [Inbound("sms", name, PHONE, said, office.at)], office.at
        )


async def test_a_street_decides_who_is_a_steward_and_they_are_told(office: Office) -> None:
    steward_id = await _registered(office)
    unit = await office.value("select unit_id from stewards")
    assert unit == office.units[TIANCUN]
    told = await office.rows(
        "select unit_id, audience from unit_notices where event = 'steward_asked'"
    )
    assert [tuple(one) for one in told] == [(unit, "desk")]
    with pytest.raises(ActRefusedError):
        await act(office, decide_steward, "cgw", steward_id, "accept")
    await act(office, decide_steward, "tiancun", steward_id, "accept")
    assert "您已是田村路街道的小巷管家" in (await office.notices())[-1]
    with pytest.raises(ActRefusedError, match="审核过"):
        await act(office, decide_steward, "tiancun", steward_id, "refuse")


async def test_who_was_refused_may_ask_again(office: Office) -> None:
    steward_id = await _registered(office)
    await act(office, decide_steward, "tiancun", steward_id, "refuse")
    assert "谢谢您" in (await office.notices())[-1]
    assert await _registered(office) == steward_id


async def test_who_proves_to_be_one_with_a_steward_is_that_steward(office: Office) -> None:
    await _steward(office)
    await office.say("你好", phone="browser-1", channel="webchat")
    gone = await office.value("select resident_id from stewards")
    stays = await office.value("select max(id) from residents")
    async with transaction(office.pool) as connection:
        await residents.merge(connection, gone, stays, "code", office.at)
    assert await office.value("select resident_id from stewards") == stays


async def test_a_stewards_find_is_dispatched_and_is_no_complaint(office: Office) -> None:
    await _steward(office)
    await office.say("上报", "路灯不亮", "没有", "2")
    ticket = await office.ticket(await _last(office))
    assert (ticket["source"], ticket["counted"]) == ("steward", False)
    assert (ticket["state"], ticket["street_code"]) == ("dispatched", TIANCUN)
    assert ticket["why"].startswith("小巷管家上报；派单目录第")
    await office.ring(timedelta(days=30))
    assert await office.value("select count(*) from surveys") == 0


async def test_the_steward_hears_what_came_of_it_and_is_asked_nothing(office: Office) -> None:
    await _steward(office)
    await office.say("上报", "楼道堆物", "没有", "2")
    ticket_id = await _last(office)
    await act(office, sign, "tiancun", ticket_id)
    await act(office, contact_and_resolve, "tiancun", ticket_id, "已清走")
    assert (await office.ticket(ticket_id))["state"] == "closed"
    assert "已清走" in (await office.notices())[-1]
    assert await office.value("select count(*) from surveys") == 0


async def test_what_was_fixed_ends_at_once_with_its_photos_as_evidence(office: Office) -> None:
    await _steward(office)
    await office.say("上报")
    await _photo(office, "before", "路边垃圾没清")
    await office.say("1")
    await _photo(office, "after")
    await office.ring()
    ticket_id = await _last(office)
    ticket = await office.ticket(ticket_id)
    assert (ticket["state"], ticket["lead_unit_id"]) == ("closed", office.units[TIANCUN])
    assert (await office.events(ticket_id))[-2:] == ["steward_fixed", "closed"]
    (asked,) = await office.say("查询")
    assert asked.message is not None
    assert "您当场就办好了，谢谢您。" in "".join(asked.message.parts)
    assert "附照片" not in "".join(asked.message.parts)
    assert await office.value("select count(*) from evidence where ticket_id = $1", ticket_id) == 2
    assert await office.value("select count(*) from assignments where state = 'open'") == 0


async def test_a_round_is_logged_with_what_was_reported_on_it(office: Office) -> None:
    await _steward(office)
    await office.say("开始巡查", "上报", "楼道堆物", "没有", "2")
    office.at += timedelta(minutes=40)
    (turned,) = await office.say("结束巡查")
    assert turned.message is not None
    assert "上报1件" in turned.message.parts[0]
    row = (await office.rows("select * from patrols"))[0]
    assert row["ended_at"] - row["began_at"] == timedelta(minutes=40)


async def test_who_is_no_steward_any_more_reports_like_any_resident(office: Office) -> None:
    steward_id = await _steward(office)
    await office.say("上报", "楼道堆物", "没有")
    await act(office, decide_steward, "tiancun", steward_id, "end")
    await office.say("2")
    ticket = await office.ticket(await _last(office))
    assert (ticket["source"], ticket["counted"]) == ("resident", True)


async def test_stewards_are_approved_in_the_console(
    office: Office, valkey: Redis, aiohttp_client: AioClient, tmp_path: Path
) -> None:
    steward_id = await _registered(office)
    await give_passwords(office)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    page = "/console/stewards"
    body = await desk.page(page)
    assert "王芳" in body
    assert "138****8000" in body
    response = await desk.send(page, f"{page}/{steward_id}/accept")
    assert response.status == 303, await response.text()
    assert await office.value("select state from stewards") == "active"
    assert "在岗" in await desk.page(page)


async def test_a_steward_who_leaves_is_none_any_more_and_the_street_is_told(office: Office) -> None:
    await _steward(office)
    await office.say("开始巡查", "不当小巷管家了", "1")
    assert await office.value("select state from stewards") == "ended"
    assert await office.value("select count(*) from patrols where ended_at is null") == 0
    asked = "select count(*) from unit_notices where event = 'steward_left'"
    assert await office.value(asked) == 1


async def test_the_street_reads_the_patrol_log_and_who_looks_at_the_number_is_noted(
    office: Office, valkey: Redis, aiohttp_client: AioClient, tmp_path: Path
) -> None:
    steward_id = await _steward(office)
    await office.say("上报", "路灯不亮", "没有", "2")
    office.at += timedelta(minutes=5)
    await office.say("开始巡查", "上报", "楼道堆物", "没有", "2")
    office.at += timedelta(minutes=40)
    await office.say("结束巡查")
    await give_passwords(office)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    page = f"/console/stewards/{steward_id}"
    body = await desk.page(page)
    assert "巡查40分钟，上报1件" in body
    assert "没有开始巡查时上报" in body
    assert "13800138000" not in body
    response = await desk.send(page, f"{page}/number")
    assert "13800138000" in await response.text()
    assert (
        await office.value("select count(*) from contact_views where steward_id is not null") == 1
    )
