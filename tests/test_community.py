"""Community intake: a street's community solves what its own residents say, outside the rates, or it becomes a ticket."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from handlers.case import ActRefusedError
from handlers.community import community_give_up, community_solved, take_matter
from handlers.following import may_be_joined
from handlers.resolve import resolve
from handlers.walk_in import WalkIn
from store import joined, worklist
from store.database import Pool
from store.worklist import Wanted
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import TIANCUN, Office, act, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]
MATTER = WalkIn("阜石路第一社区5号楼楼道堆物", "", phone="13800138000")


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def take(office: Office, typed: WalkIn = MATTER, login: str = "tiancun") -> int:
    async with office.world.numbers.held(1, office.at):
        return await act(office, take_matter, login, typed)


async def _surveys(office: Office) -> int:
    count: int = await office.value("select count(*) from surveys")
    return count


async def test_a_community_has_its_own_matter_in_hand_and_outside_the_rates(office: Office) -> None:
    ticket = await office.ticket(await take(office))
    assert (ticket["source"], ticket["counted"], ticket["state"]) == (
        "community",
        False,
        "handling",
    )
    assert (ticket["lead_unit_id"], ticket["street_code"]) == (office.units[TIANCUN], TIANCUN)
    assert ticket["due_at"] == office.at + timedelta(days=3)
    (told,) = await office.notices()
    assert "田村路街道受理，3天内答复您" in told


async def test_what_is_typed_without_its_street_lies_in_the_street_of_who_types_it(
    office: Office,
) -> None:
    ticket = await office.ticket(await take(office, WalkIn("楼道灯不亮", "玉泉路社区6号楼")))
    assert ticket["street_code"] == TIANCUN
    with pytest.raises(ActRefusedError, match="不是本街道"):
        await take(office, WalkIn("楼道灯不亮", "八宝山街道玉泉路6号楼"))


async def test_what_its_resident_replies_is_about_the_matter_that_they_were_told_of(
    office: Office,
) -> None:
    ticket = await take(office)
    await act(office, community_solved, "tiancun", ticket, "已清走")
    (turned,) = await office.say("没有清走，还堆着")
    assert turned.message is not None
    assert "补充到" in turned.message.parts[0] or "重新" in turned.message.parts[0]


async def test_lists_show_it_apart_from_complaints(office: Office) -> None:
    own, units = await take(office), (office.units[TIANCUN],)
    complaint = await office.open()
    async with office.pool.acquire() as connection:
        counts = await worklist.counts(connection, units, office.at)
        for apart, shown in ((True, own), (False, complaint)):
            wanted = Wanted(units, ("dispatched", "handling"), apart=apart)
            found = await worklist.page(connection, wanted, None, 10, office.at)
            assert [one.ticket_id for one in found] == [shown]
    assert counts == {"apart": (1, 0), "dispatched": (1, 0)}


async def test_what_it_solves_ends_with_a_word_to_the_resident_and_no_survey(
    office: Office,
) -> None:
    ticket_id = await take(office)
    await act(office, community_solved, "tiancun", ticket_id, "已清走")
    assert (await office.ticket(ticket_id))["state"] == "closed"
    assert "田村路街道已办好：已清走。没办好就告诉我们。" in (await office.notices())[-1]
    await office.ring(timedelta(days=4))
    assert await _surveys(office) == 0
    assert (await office.ticket(ticket_id))["counted"] is False


async def test_what_it_cannot_solve_becomes_a_ticket_with_a_fresh_clock(office: Office) -> None:
    ticket_id = await take(office)
    office.at += timedelta(days=1)
    await act(office, community_give_up, "tiancun", ticket_id, "要消防来认定")
    ticket = await office.ticket(ticket_id)
    assert (ticket["counted"], ticket["state"]) == (True, "dispatched")
    assert ticket["due_at"] > office.at + timedelta(days=3)
    assert "社区没有办好，转为工单；派单目录第" in ticket["why"]
    assert "内答复您，您不用再次反映" in (await office.notices())[-1]


async def test_when_its_time_is_over_it_becomes_a_ticket_by_itself(office: Office) -> None:
    ticket_id = await take(office)
    await office.ring(timedelta(days=3))
    ticket = await office.ticket(ticket_id)
    assert (ticket["counted"], ticket["state"]) == (True, "dispatched")
    assert await office.value("select state from community_matters") == "became_ticket"
    assert await _surveys(office) == 0
    await office.ring(ticket["due_at"] - office.at)
    assert await _surveys(office) == 1


async def test_who_says_it_is_not_done_has_a_ticket_that_counts(office: Office) -> None:
    ticket_id = await take(office)
    await act(office, community_solved, "tiancun", ticket_id, "已清走")
    await office.say("补充 又堆上了")
    ticket = await office.ticket(ticket_id)
    assert (ticket["counted"], ticket["state"]) == (True, "dispatched")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (WalkIn("楼道里煤气泄漏有人晕倒了", ""), "有危险"),
        (WalkIn("举报有人聚众赌博", ""), "举报"),
        (WalkIn("楼道堆物", "东城区东华门街道"), "不是本街道"),
    ],
)
async def test_danger_tip_offs_and_other_streets_are_not_a_communitys(
    office: Office, typed: WalkIn, why: str
) -> None:
    with pytest.raises(ActRefusedError, match=why):
        await take(office, typed)


@pytest.mark.parametrize("login", ["cgw", "centre", "district"])
async def test_only_a_street_takes_matters(office: Office, login: str) -> None:
    with pytest.raises(ActRefusedError, match="街道和社区"):
        await take(office, login=login)


async def test_it_ends_in_no_other_way_and_only_once(office: Office) -> None:
    ticket_id = await take(office)
    with pytest.raises(ActRefusedError, match="社区已办好"):
        await act(office, resolve, "tiancun", ticket_id, "已清走")
    await act(office, community_give_up, "tiancun", ticket_id, "要消防来认定")
    with pytest.raises(ActRefusedError):
        await act(office, community_give_up, "tiancun", ticket_id, "再来")


async def test_it_is_taken_and_solved_in_the_console(
    office: Office, valkey: Redis, aiohttp_client: AioClient, tmp_path: Path
) -> None:
    await give_passwords(office)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    page = "/console/community"
    assert "不计入三率" in await desk.page(page)
    response = await desk.send(page, page, matter="楼道堆物", title="楼道堆物")
    assert response.status == 303, await response.text()
    ticket_id = int(response.headers["Location"].rpartition("/")[2])
    assert "楼道堆物" in await desk.page(page)
    body = await desk.page(f"/console/tickets/{ticket_id}")
    assert 'id="act-community_solved' in body
    response = await desk.act(ticket_id, "community_solved", text="已清走")
    assert response.status == 303, await response.text()
    assert (await office.ticket(ticket_id))["state"] == "closed"
    assert "已办好" in await desk.page(page)


async def test_a_residents_complaint_is_not_joined_to_what_a_community_solves(
    office: Office,
) -> None:
    ticket_id = await take(office)
    async with office.pool.acquire() as connection:
        found = await joined.parents(connection, [ticket_id])
    assert not may_be_joined(found[ticket_id])
