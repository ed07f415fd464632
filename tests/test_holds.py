"""Hold: approved above the unit, told in plain words, reviewed or it rings, written off openly; it exempts from nothing."""

from datetime import datetime, timedelta

import pytest

from handlers.case import ActRefusedError
from handlers.hold import Holding, hold
from handlers.hold_review import review_hold
from handlers.rules import Rules
from handlers.write_off import write_off
from store import holds
from store.database import Pool
from tests.applied import due, handling, joined, judge, told
from tests.handled import contact_and_resolve
from tests.office import OTHER, Office, act, open_office
from tests.returned import give_back

DAY = timedelta(days=1)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


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


async def test_what_is_answered_in_working_time_has_as_much_working_time_left_after_a_hold(
    office: Office,
) -> None:
    office.world.rules = Rules({"feedback.working_time": 1})
    ticket = await handling(office)
    before, calendar = await due(office, ticket), office.world.rules.calendar(office.world.timezone)
    office.at += timedelta(hours=3)
    left = calendar.between(office.at, before)
    await act(office, hold, "tiancun", ticket, Holding("planning", "报规划部门立项", REVIEW))
    await judge(office, ticket)
    office.at = datetime.fromisoformat("2026-12-26T04:00:00+00:00")  # a Saturday
    await act(office, review_hold, "tiancun", ticket, "规划已批", None)
    assert calendar.between(office.at, await due(office, ticket)) == left
    assert calendar.is_working((await due(office, ticket)).date())


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
    assert (await office.events(ticket)).count("hold_ended") == 1
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


async def test_who_joins_what_is_on_hold_hears_of_it_once(office: Office) -> None:
    ticket = await handling(office)
    await act(office, hold, "tiancun", ticket, Holding("planning", "报规划部门立项", REVIEW))
    await judge(office, ticket)
    office.at += timedelta(days=1)
    follows = await joined(office, ticket)
    for _ in range(2):
        await office.ring(timedelta(minutes=2))
        heard = [one for one in await office.notices() if "2027年3月15日前答复您" in one]
        assert len(heard) == 2
        assert await due(office, follows) == REVIEW
    assert "held" in await office.events(follows)
