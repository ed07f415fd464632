"""Coordination (提级协调) and deliberation (议事协商): who hosts, who speaks, who decides, who leads meanwhile, who hears of it."""

from datetime import timedelta

import pytest

from dialogs.words import Role
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.coordinate import (
    Coordinating,
    Settling,
    above_in_area,
    above_in_trade,
    coordinate,
    decide_coordination,
    escalate,
)
from handlers.coordinations import TALK_MOVES, Opinion, TalkKind, opine
from handlers.deliberate import Deliberating, conclude, deliberate, invite_more
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.sign import sign
from store.database import Pool
from store.units import unit_ids
from tests.office import CGW, DISTRICT, OTHER, TIANCUN, Office, act, employ, open_office
from tests.test_returns import TOLD, shares, told


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def coordinating(office: Office, ticket: int, kind: TalkKind = TalkKind.AREA) -> int:
    """The lead asks the level above, with another district's street; returns the coordination's id."""
    order = Coordinating(kind, "两个街道都说不在本辖区", [office.units[OTHER]])
    return int(await act(office, coordinate, "tiancun", ticket, order))


async def party(office: Office, talk: int, unit: str) -> int:
    """A party's id."""
    found: int = await office.value(
        "select id from coordination_parties where coordination_id = $1 and unit_id = $2",
        talk,
        office.units[unit],
    )
    return found


async def test_along_the_area_it_goes_to_the_district_then_to_the_city(office: Office) -> None:
    world, units = office.world, office.units
    assert above_in_area(world, units[TIANCUN]) == ("district", units[DISTRICT])
    assert above_in_area(world, units[CGW]) == ("district", units[DISTRICT])
    assert above_in_area(world, units[DISTRICT]) == ("city", None)


async def test_along_the_trade_it_goes_to_the_department_above(office: Office) -> None:
    world, units = office.world, office.units
    above = above_in_trade(world, units[CGW])
    assert above is not None
    assert above.host is not None
    assert world.city.units[above.host].code == "city-cgw"
    assert above_in_trade(world, above.host) == ("city", None)
    assert above_in_trade(world, units[TIANCUN]) is None


async def test_the_district_hosts_and_the_first_receiver_leads_meanwhile(office: Office) -> None:
    ticket = await office.open()
    before = await office.ticket(ticket)
    with pytest.raises(ActRefusedError, match="本单位是协办"):
        await act(office, coordinate, "cgw", ticket, Coordinating(TalkKind.AREA, "谁管"))
    talk = await coordinating(office, ticket)
    row = (await office.rows("select * from coordinations where id = $1", talk))[0]
    assert (row["level"], row["host_unit_id"]) == ("district", office.units[DISTRICT])
    assert row["due_at"] == office.at + timedelta(days=7)
    assert await told(office, "coordinated") == [(OTHER, "desk"), (DISTRICT, "head")]
    assert (OTHER, "party", "open") in await shares(office, ticket)
    after = await office.ticket(ticket)
    assert (after["lead_unit_id"], after["due_at"]) == (before["lead_unit_id"], before["due_at"])
    with pytest.raises(ActRefusedError, match="正在协调"):
        await coordinating(office, ticket)
    await act(office, sign, "tiancun", ticket)


async def test_a_street_has_no_department_above_it(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="没有上级主管部门"):
        await coordinating(office, ticket, TalkKind.TRADE)


async def test_the_department_above_hosts_along_the_trade_and_may_decide(office: Office) -> None:
    ticket = await office.open()
    order = Dispatching(office.units[CGW], "主管部门")
    async with office.pool.acquire() as connection:
        office.units |= await unit_ids(connection, {"city-cgw"})
    await employ(office, "city-head", (Role.HEAD,), "city-cgw")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    talk = await act(
        office, coordinate, "cgw", ticket, Coordinating(TalkKind.TRADE, "供热分界不清")
    )
    assert ("city-cgw", "party", "open") in await shares(office, ticket)
    settling = Settling(int(talk), "按供热合同办")
    await act(office, decide_coordination, "city-head", ticket, settling)
    assert ("city-cgw", "party", "ended") in await shares(office, ticket)


async def test_each_party_says_what_it_thinks_and_the_host_decides_who_leads(
    office: Office,
) -> None:
    ticket = await office.open()
    talk = await coordinating(office, ticket)
    mine = await party(office, talk, OTHER)
    with pytest.raises(UnknownTicketError):
        await act(office, opine, "tiancun", ticket, Opinion(mine, "是他们的"))
    await act(office, opine, "other", ticket, Opinion(mine, "在我街道，可以接"))
    assert await told(office, "opined") == [(DISTRICT, "head")]
    order = Settling(
        talk, "由东华门街道办，田村路配合", office.units[OTHER], [office.units[TIANCUN]]
    )
    for login in ("tiancun", "centre"):
        with pytest.raises(ActRefusedError, match="牵头"):
            await act(office, decide_coordination, login, ticket, order)
    await act(office, decide_coordination, "district", ticket, order)
    row = await office.ticket(ticket)
    assert (row["lead_unit_id"], row["state"]) == (office.units[OTHER], "dispatched")
    running = [one for one in await shares(office, ticket) if one[2] == "open"]
    assert (OTHER, "lead", "open") in running
    assert (TIANCUN, "assist", "open") in running
    assert (OTHER, "party", "done") in await shares(office, ticket)
    assert await office.notices() == [
        "经核实，您反映的“暖气不热”改由东华门街道办理，期限不变，您不用再次反映。"
    ]
    with pytest.raises(ActRefusedError, match="已决定"):
        await act(office, decide_coordination, "district", ticket, order)


async def test_the_resident_hears_nothing_when_the_lead_stays(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    talk = await coordinating(office, ticket)
    order = Settling(talk, "田村路街道办，东华门街道配合", None, [office.units[OTHER]])
    await act(office, decide_coordination, "district", ticket, order)
    row = await office.ticket(ticket)
    assert (row["lead_unit_id"], row["state"]) == (office.units[TIANCUN], "handling")
    assert (OTHER, "assist", "open") in await shares(office, ticket)
    assert await office.notices() == []


async def test_the_district_passes_up_what_it_cannot_settle_and_becomes_a_party(
    office: Office,
) -> None:
    ticket = await office.open()
    talk = await coordinating(office, ticket)
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, escalate, "other", ticket, talk, "跨区")
    city = int(await act(office, escalate, "district", ticket, talk, "跨区，请市里定"))
    rows = await office.rows("select state, level, host_unit_id from coordinations order by id")
    assert [tuple(row) for row in rows] == [
        ("passed_up", "district", office.units[DISTRICT]),
        ("open", "city", None),
    ]
    assert (DISTRICT, "party", "open") in await shares(office, ticket)
    await act(office, decide_coordination, "centre", ticket, Settling(city, "由田村路街道办"))
    assert await office.value("select state from coordinations where id = $1", city) == "decided"


async def test_when_its_time_is_over_the_host_is_told_and_a_day_later_the_level_above(
    office: Office,
) -> None:
    ticket = await office.open()
    await coordinating(office, ticket)
    await office.ring(timedelta(days=7))
    assert (DISTRICT, "head") in await told(office, "coordination_due")
    assert ("110101", "head") in await told(office, "coordination_due")
    await office.ring(timedelta(hours=24))
    last = (await office.rows(TOLD, "coordination_due"))[-1]
    assert last["code"] == "centre"
    assert "过期没有决定" in last["note"]


async def test_a_coordination_ends_with_the_round_of_its_ticket(office: Office) -> None:
    ticket = await office.open()
    await coordinating(office, ticket)
    await office.say("撤单", "1")
    assert await office.value("select state from coordinations") == "taken_back"
    assert "coordination_ended" in await office.events(ticket)
    await office.ring(timedelta(days=7))
    assert await told(office, "coordination_due") == []


async def test_residents_and_companies_are_asked_to_talk_it_over_and_the_host_writes_for_them(
    office: Office,
) -> None:
    ticket = await office.open()
    subject = "周六上午十点在社区议事厅商量换阀门"
    order = Deliberating(subject, [office.units[CGW]], ["阜石物业公司"], resident=True)
    talk = int(await act(office, deliberate, "tiancun", ticket, order))
    assert await office.notices() == [
        f"“暖气不热”：田村路街道想请您一起商量：{subject}。能不能来，跟我们说一声。"
    ]
    assert await told(office, "deliberated") == [(CGW, "desk")]
    rows = await office.rows("select id, name from coordination_parties order by id")
    assert [row["name"] for row in rows] == ["", "阜石物业公司", "市民"]
    company = rows[1]["id"]
    with pytest.raises(UnknownTicketError):
        await act(office, opine, "cgw", ticket, Opinion(company, "同意"))
    await act(office, opine, "tiancun", ticket, Opinion(company, "同意出一半"))
    with pytest.raises(ActRefusedError, match="牵头"):
        await act(office, conclude, "district", ticket, talk, "成了")
    await act(office, conclude, "tiancun", ticket, talk, "物业出一半，下周换。")
    assert (await office.notices())[
        -1
    ] == "“暖气不热”商量好的结果是：物业出一半，下周换。办好了再告诉您。"
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[TIANCUN]


async def test_others_may_be_asked_later_but_only_by_the_host_and_no_resident_to_a_coordination(
    office: Office,
) -> None:
    ticket = await office.open()
    talk = await coordinating(office, ticket)
    more = Deliberating("", [office.units[CGW]])
    with pytest.raises(ActRefusedError, match="牵头"):
        await act(office, invite_more, "tiancun", ticket, talk, more)
    order = Deliberating("", (), (), resident=True)
    with pytest.raises(ActRefusedError, match="只能请单位"):
        await act(office, invite_more, "district", ticket, talk, order)
    order = Deliberating("", [office.units[OTHER]])
    with pytest.raises(ActRefusedError, match="已经在参加"):
        await act(office, invite_more, "district", ticket, talk, order)
    await act(office, invite_more, "district", ticket, talk, more)
    assert await told(office, "invited") == [(CGW, "desk")]


async def test_who_is_party_to_a_talk_sees_the_ticket_but_not_who_the_resident_is(
    office: Office,
) -> None:
    ticket = await office.open()
    with pytest.raises(UnknownTicketError):
        await act(office, sign, "other", ticket)
    await coordinating(office, ticket)
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, sign, "other", ticket)


def test_a_talk_that_has_ended_moves_no_more() -> None:
    assert {before for before, _ in TALK_MOVES} == {"open"}
