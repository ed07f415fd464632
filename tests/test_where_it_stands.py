"""Whoever asks (查询) hears where the matter stands now: whose turn it is, or why it has to wait; never "being handled" alone."""

from datetime import timedelta

import pytest

from handlers.coordinate import Coordinating, coordinate
from handlers.coordinations import TalkKind
from handlers.deliberate import Deliberating, deliberate
from handlers.hold import Holding, hold
from handlers.invalid import propose_invalid
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from handlers.whistle import Whistling, whistle
from store.database import Pool
from tests.applied import handling, joined, judge
from tests.handled import contact_and_resolve
from tests.office import CGW, OTHER, Office, act, open_office
from tests.test_judgement import decided, judged
from tests.world import PHONE, text

NEIGHBOUR = "+8613800138002"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def asked(office: Office, phone: str = PHONE) -> str:
    """What a resident hears who asks how it stands."""
    (turned,) = await office.say("查询", phone=phone)
    assert turned.message is not None
    return text(turned.message)


async def test_what_is_on_hold_says_why_and_until_when_to_all_who_told_it(office: Office) -> None:
    ticket = await handling(office)
    await joined(office, ticket)
    review_at = office.at + timedelta(days=20)
    await act(office, hold, "tiancun", ticket, Holding("planning", "报规划部门立项", review_at))
    await judge(office, ticket)
    await office.ring()
    for phone in (PHONE, NEIGHBOUR):
        heard = await asked(office, phone)
        assert "眼下还办不了：规划还没有批下来。12月13日10:00前答复" in heard


async def test_what_was_joined_says_that_it_is_handled_with_others(office: Office) -> None:
    await joined(office, await handling(office))
    assert "田村路街道把它和大家反映的一起办。" in await asked(office, NEIGHBOUR)
    assert "田村路街道在办。" in await asked(office)


async def test_units_that_were_called_and_a_level_above_are_told_of(office: Office) -> None:
    ticket = await handling(office)
    order = Whistling("urgent", "act", (office.units[OTHER],), "到现场看看")
    await act(office, whistle, "tiancun", ticket, order)
    assert "田村路街道正和几家单位一起办。" in await asked(office)
    talk = Deliberating("楼道怎么清", unit_ids=[office.units[CGW]])
    await act(office, deliberate, "tiancun", ticket, talk)
    assert "田村路街道正在请大家一起商量。" in await asked(office)
    above = Coordinating(TalkKind.AREA, "两家都说不归自己管", [office.units[OTHER]])
    await act(office, coordinate, "tiancun", ticket, above)
    assert "田村路街道在办，上级也在帮着解决。" in await asked(office)


async def test_an_answer_that_is_no_solution_is_not_called_done(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(
        office, contact_and_resolve, "tiancun", ticket, "已说明政策。", "explained", "无此政策"
    )
    assert "田村路街道给了答复，我们会向您核实。" in await asked(office)


async def test_what_was_decided_against_somebody_is_not_called_done(office: Office) -> None:
    await judged(office)
    heard = await asked(office)
    assert "这件事已有结论。" in heard
    assert "说已办完" not in heard


async def test_what_was_closed_as_no_matter_says_how_to_go_on(office: Office) -> None:
    ticket = await office.open()
    await act(office, propose_invalid, "centre", ticket, "test", "像是误发")
    await decided(office, ticket, StaffAct.DECIDE, "deputy")
    assert "12345核对后没有接着办。有新情况请告诉我们。" in await asked(office)


async def test_while_an_enterprise_may_settle_it_that_is_what_is_said(office: Office) -> None:
    await office.say("海淀区田村路街道北京移动的预付卡退费难", "1", "1")
    assert "北京移动先跟您协商，谈不成再往下办。" in await asked(office)
