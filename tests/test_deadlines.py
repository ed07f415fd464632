"""Extension and hold: who asks, who decides, what the resident hears, and what rings when nobody looks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.ticket_number import format_number
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.decide import Deciding, decide
from handlers.extend import extend
from handlers.hold import Holding, hold
from handlers.hold_review import review_hold
from handlers.join import join
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from handlers.write_off import write_off
from store import holds
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import OTHER, Office, act, open_office
from tests.returned import give_back

CLUTTER = "海淀区田村路街道阜石路第一社区5号楼楼道堆物"
DAY = timedelta(days=1)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def handling(office: Office, matter: str = CLUTTER) -> int:
    """A ticket of grade III that a street has signed for: seven days."""
    ticket = await office.open(matter)
    await act(office, sign, "tiancun", ticket)
    return ticket


async def judge(
    office: Office, ticket: int, *, upheld: bool = True, login: str = "superior"
) -> None:
    """Let the district decide what is open."""
    found = await office.value(
        "select id from applications where ticket_id = $1 and state = 'open'", ticket
    )
    screened = StaffAct.SCREEN if login in ("superior", "district", "other") else StaffAct.DECIDE
    note = "" if upheld else "理由不足"
    await act(office, decide, login, ticket, Deciding(screened, found, upheld, note))


async def due(office: Office, ticket: int) -> datetime:
    found: datetime = (await office.ticket(ticket))["due_at"]
    return found


async def told(office: Office, event: str) -> list[tuple[str | None, str]]:
    rows = await office.rows(
        "select u.code, n.audience from unit_notices n left join units u on u.id = n.unit_id"
        " where n.event = $1 order by n.id",
        event,
    )
    return [(row["code"], row["audience"]) for row in rows]


async def test_an_extension_moves_the_limit_when_the_district_agrees_and_the_resident_hears_it(
    office: Office,
) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    await act(office, extend, "tiancun", ticket, before + 5 * DAY, "等施工材料")
    assert await due(office, ticket) == before
    assert await office.notices() == []
    await judge(office, ticket)
    assert await due(office, ticket) == before + 5 * DAY
    timer = "select due_at from timers where subject = 'ticket' and kind = 'deadline'"
    assert await office.value(timer) == before + 5 * DAY
    (heard,) = await office.notices()
    assert heard.endswith("还需要一些时间，田村路街道会在12月5日10:00前答复您。")
    assert (await office.ticket(ticket))["extended"]
    assert (await office.events(ticket))[-2:] == ["upheld", "extended"]


async def test_an_extension_is_granted_once_a_round(office: Office) -> None:
    ticket = await handling(office)
    until = await due(office, ticket) + DAY
    await act(office, extend, "tiancun", ticket, until, "等材料")
    with pytest.raises(ActRefusedError, match="已经有一份"):
        await act(office, extend, "tiancun", ticket, until, "等材料")
    await judge(office, ticket, upheld=False)
    await act(office, extend, "tiancun", ticket, until, "材料明天到")
    await judge(office, ticket)
    with pytest.raises(ActRefusedError, match="只能延一次"):
        await act(office, extend, "tiancun", ticket, until + DAY, "还等")


async def test_an_extension_adds_no_more_than_the_round_had(office: Office) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    for until in (before, before + 8 * DAY):
        with pytest.raises(ActRefusedError, match="最晚到2026-12-07 10:00"):
            await act(office, extend, "tiancun", ticket, until, "等")


async def test_nobody_extends_what_is_late(office: Office) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    await act(office, extend, "tiancun", ticket, before + DAY, "等")
    office.at = before + timedelta(minutes=1)
    with pytest.raises(ActRefusedError, match="原时限已过"):
        await judge(office, ticket)
    await judge(office, ticket, upheld=False)
    with pytest.raises(ActRefusedError, match="时限已过"):
        await act(office, extend, "tiancun", ticket, before + 2 * DAY, "等")


async def test_a_statute_s_time_is_not_extended(office: Office) -> None:
    ticket = await handling(office)
    await office.value(
        "update topics o set statutory_minutes = 1440, statute = '条例' from tickets t"
        " where o.version_id = t.catalogue_version and o.code = t.topic and t.id = $1 returning 1",
        ticket,
    )
    try:
        with pytest.raises(ActRefusedError, match="《条例》规定"):
            await act(office, extend, "tiancun", ticket, await due(office, ticket) + DAY, "等")
    finally:
        await office.value(
            "update topics set statutory_minutes = null, statute = '' where statute = '条例' returning 1"
        )


async def test_only_the_lead_asks_and_only_those_above_decide(office: Office) -> None:
    ticket = await handling(office)
    until = await due(office, ticket) + DAY
    with pytest.raises(UnknownTicketError):
        await act(office, extend, "other", ticket, until, "等")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, extend, "district", ticket, until, "等")
    await act(office, extend, "tiancun", ticket, until, "等")
    with pytest.raises(ActRefusedError):
        await judge(office, ticket, login="reader")
    with pytest.raises(UnknownTicketError):
        await judge(office, ticket, login="centre")
    with pytest.raises(UnknownTicketError):
        await judge(office, ticket, login="other")


async def test_where_nobody_is_above_a_unit_the_centre_decides(office: Office) -> None:
    ticket = await office.open("海淀区田村路街道阜石路第一社区5号楼停水")
    water = await office.value("select lead_unit_id from tickets where id = $1", ticket)
    assert water not in office.world.city.superiors
    engineer = replace(office.by("tiancun"), unit_id=water, staff_id=office.staff_ids["cgw"])
    async with office.pool.acquire() as connection, connection.transaction():
        await sign(connection, office.world, engineer, ticket)
        asking = replace(engineer, key="asking")
        until = await due(office, ticket) + timedelta(hours=6)
        await extend(connection, office.world, asking, ticket, until, "抢修中")
    await judge(office, ticket, login="centre")
    assert await due(office, ticket) == until


REVIEW = datetime.fromisoformat("2027-03-15T10:00:00+00:00")


async def held(office: Office, *, reason: str = "planning") -> int:
    ticket = await handling(office)
    await act(office, hold, "tiancun", ticket, Holding(reason, "报规划部门立项", REVIEW))
    await judge(office, ticket)
    return ticket


async def test_a_hold_moves_the_answer_to_its_review_and_is_told_in_plain_words(
    office: Office,
) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    await act(office, hold, "tiancun", ticket, Holding("planning", "报规划部门立项", REVIEW))
    assert await due(office, ticket) == before
    await judge(office, ticket)
    row = await office.ticket(ticket)
    assert (row["due_at"], row["hold_until"], row["state"]) == (REVIEW, REVIEW, "handling")
    (heard,) = await office.notices()
    assert heard.endswith(
        "眼下还不具备解决条件：规划还没有批下来。已列入跟踪清单，2027年3月15日前答复您。"
    )
    assert "挂账" not in heard
    assert row["counted"]


async def test_a_hold_needs_a_reason_of_the_list_a_plan_and_a_day_within_the_rule(
    office: Office,
) -> None:
    ticket = await handling(office)
    for order, said in (
        (Holding("", "计划", REVIEW), "请选择理由"),
        (Holding("funds", " ", REVIEW), "请填写计划"),
        (Holding("funds", "计划", office.at), "复查日期"),
        (Holding("funds", "计划", office.at + 181 * DAY), "最晚2027-05-22"),
    ):
        with pytest.raises(ActRefusedError, match=said):
            await act(office, hold, "tiancun", ticket, order)


async def test_what_is_dangerous_is_not_put_on_hold(office: Office) -> None:
    ticket = await handling(office)
    await office.value("update tickets set grade = 'I' returning 1")
    with pytest.raises(ActRefusedError, match="I级"):
        await act(office, hold, "tiancun", ticket, Holding("funds", "计划", REVIEW))


async def test_a_review_goes_on_with_the_time_that_was_left(office: Office) -> None:
    ticket = await held(office)
    office.at += 30 * DAY
    await act(office, review_hold, "tiancun", ticket, "规划已批", None)
    row = await office.ticket(ticket)
    assert (row["due_at"], row["hold_until"]) == (office.at + 7 * DAY, None)
    assert (await office.notices())[-1].endswith("可以接着办了，田村路街道会在12月30日前答复您。")
    assert await office.value("select state from holds") == "ended"
    with pytest.raises(ActRefusedError, match="没有在挂账"):
        await act(office, review_hold, "tiancun", ticket, "再查", None)


async def test_a_later_day_needs_approval_again(office: Office) -> None:
    ticket = await held(office)
    later = REVIEW + 20 * DAY
    await act(office, review_hold, "tiancun", ticket, "审批推迟", later)
    assert await due(office, ticket) == REVIEW
    await judge(office, ticket)
    assert await due(office, ticket) == later
    assert (await office.notices())[-1].endswith(
        "还要等一等：规划还没有批下来。2027年4月4日前再答复您。"
    )
    assert await office.value("select reviews from holds") == 1
    with pytest.raises(ActRefusedError, match="晚于现在的复查日期"):
        await act(office, review_hold, "tiancun", ticket, "再看", REVIEW)


async def test_a_hold_is_written_off_openly_when_those_above_agree(office: Office) -> None:
    ticket = await held(office)
    await act(office, write_off, "tiancun", ticket, "规划已批，管线已接通")
    assert (await office.ticket(ticket))["hold_until"] is not None
    await judge(office, ticket, upheld=False)
    assert await office.value("select state from holds") == "open"
    await act(office, write_off, "tiancun", ticket, "验收已通过")
    await judge(office, ticket)
    assert (
        await office.value("select state || ':' || ended_note from holds")
        == "written_off:验收已通过"
    )
    assert "written_off" in await office.events(ticket)
    assert "可以接着办了" in (await office.notices())[-1]


async def test_a_hold_rings_before_its_day_on_it_and_above_until_somebody_looks(
    office: Office,
) -> None:
    await held(office)
    office.at = REVIEW - 7 * DAY
    await office.ring()
    assert await told(office, "hold_coming") == [("110108021", "desk")]
    office.at = REVIEW
    await office.ring()
    assert await told(office, "hold_due") == [("110108021", "desk")]
    await office.ring(DAY)
    above = [("110108021", "head"), ("110108", "head")]
    assert await told(office, "hold_unreviewed") == above
    await office.ring(7 * DAY)
    assert await told(office, "hold_unreviewed") == above * 2


async def test_a_held_ticket_is_surveyed_on_its_day_and_not_solved_ends_the_hold(
    office: Office,
) -> None:
    ticket = await held(office)
    office.at = REVIEW
    await office.ring()
    await office.say("没联系", "没解决", "不满意", "不满意", "没有了")
    row = await office.ticket(ticket)
    assert (row["round"], row["hold_until"]) == (2, None)
    assert await office.value("select state from holds") == "ended"


async def test_a_result_ends_the_hold(office: Office) -> None:
    ticket = await held(office)
    await act(office, contact_and_resolve, "tiancun", ticket, "已修好。")
    assert (await office.ticket(ticket))["hold_until"] is None
    assert await office.value("select state from holds") == "ended"
    await office.ring(200 * DAY)
    assert await told(office, "hold_unreviewed") == []


async def test_whoever_goes_on_with_what_was_on_hold_has_the_time_that_was_left(
    office: Office,
) -> None:
    ticket = await held(office)
    office.at += timedelta(hours=2)
    await act(office, give_back, "tiancun", ticket, "不是本辖区", office.units[OTHER])
    row = await office.ticket(ticket)
    assert (row["state"], row["hold_until"]) == ("dispatched", None)
    assert row["due_at"] == office.at + 7 * DAY
    share = "select due_at from assignments where role = 'lead' and state = 'open'"
    timer = "select due_at from timers where subject = 'ticket' and kind = 'deadline'"
    assert await office.value(share) == await office.value(timer) == row["due_at"]
    assert await office.value("select state from holds") == "ended"


async def test_what_is_on_hold_is_counted_beside_the_rates_and_listed_by_its_day(
    office: Office,
) -> None:
    ticket = await held(office)
    async with office.pool.acquire() as connection:
        (figures,) = await holds.figures(connection, None, REVIEW + DAY)
        (item,) = await holds.listed(connection, [office.units["110108021"]], 10)
        assert await holds.listed(connection, [office.units["110101001"]], 10) == []
    assert (figures.running, figures.late, figures.written_off) == (1, 1, 0)
    assert (item.ticket_id, item.review_at) == (ticket, REVIEW)


async def joined(office: Office, ticket: int) -> int:
    """Somebody else's, which goes with it."""
    follows = await office.open(CLUTTER, phone="+8613800138002")
    await act(office, join, "centre", follows, format_number(ticket))
    await office.ring()
    return follows


async def test_whose_tickets_follow_are_told_of_a_hold_and_of_its_end_each_for_itself(
    office: Office,
) -> None:
    ticket = await handling(office)
    follows = await joined(office, ticket)
    await act(office, hold, "tiancun", ticket, Holding("planning", "报规划部门立项", REVIEW))
    await judge(office, ticket)
    await office.ring()
    told_each = await office.notices()
    assert sum("2027年3月15日前答复您" in heard for heard in told_each) == 2
    assert await due(office, follows) == REVIEW
    await act(office, review_hold, "tiancun", ticket, "规划已批", None)
    await office.ring()
    assert sum("可以接着办了" in heard for heard in await office.notices()) == 2
    assert await due(office, follows) == await due(office, ticket)


async def test_an_extension_moves_the_limit_of_whose_tickets_follow(office: Office) -> None:
    ticket = await handling(office)
    office.at += timedelta(hours=1)
    follows = await joined(office, ticket)
    until = await due(office, ticket) + 3 * DAY
    await act(office, extend, "tiancun", ticket, until, "等材料")
    await judge(office, ticket)
    await office.ring()
    assert await due(office, follows) == until
    assert sum("还需要一些时间" in heard for heard in await office.notices()) == 2
