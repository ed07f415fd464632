"""The whistle: whom it calls, who reports in and when, that nobody leaves before its end, and how both sides see it."""

from datetime import timedelta

import pytest

from handlers.case import ActRefusedError, UnknownTicketError
from handlers.contact import record_contact
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.report_in import opine, report_in
from handlers.resolve import answer_as_assist, resolve
from handlers.sign import sign
from handlers.whistle import Whistling, whistle
from handlers.whistle_close import Concluding, close_whistle, rate_whistle
from store import whistles
from store.database import Pool
from tests.office import CGW, OTHER, TIANCUN, Office, act, open_office
from tests.returned import give_back

POWER = "ent-power"

LATE = timedelta(hours=1)  # than an urgent whistle lasts


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def signed(office: Office) -> int:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    return ticket


async def called(office: Office, ticket: int, *codes: str, kind: str = "urgent") -> int:
    """A whistle by the lead; by default it calls a street of another district."""
    units = office.world.city.responsibilities.units
    ids = tuple(units[code].id for code in codes or (OTHER,))
    order = Whistling(kind, "act", ids, "到现场看看")
    return int(await act(office, whistle, "tiancun", ticket, order))


async def told(office: Office, event: str) -> list[tuple[str | None, str]]:
    """Which units were told of an event, and which of their people."""
    rows = await office.rows(
        "select u.code, n.audience from unit_notices n left join units u on u.id = n.unit_id"
        " where n.event = $1 order by n.id",
        event,
    )
    return [(row["code"], row["audience"]) for row in rows]


async def share_of(office: Office, ticket: int, code: str) -> list[tuple[str, str]]:
    rows = await office.rows(
        "select a.role, a.state from assignments a join units u on u.id = a.unit_id"
        " where a.ticket_id = $1 and u.code = $2 order by a.id",
        ticket,
        code,
    )
    return [(row["role"], row["state"]) for row in rows]


async def test_a_lead_calls_units_of_any_district_and_companies(office: Office) -> None:
    ticket = await signed(office)
    await called(office, ticket, OTHER, POWER)
    assert await share_of(office, ticket, OTHER) == [("called", "open")]
    assert await share_of(office, ticket, POWER) == [("called", "open")]
    assert await told(office, "whistled") == [(OTHER, "desk"), (POWER, "desk")]
    assert (await office.events(ticket))[-1] == "whistled"
    assert await office.notices() == []


@pytest.mark.parametrize(
    ("kind", "minutes"), [("urgent", 30), ("daily", 24 * 60), ("hard", 72 * 60)]
)
async def test_each_type_has_its_minutes_which_are_a_rule(
    office: Office, kind: str, minutes: int
) -> None:
    ticket = await signed(office)
    await called(office, ticket, kind=kind)
    report_by = await office.value("select report_by from whistles")
    assert report_by == office.at + timedelta(minutes=minutes)
    assert await office.value("select due_at from timers where kind like 'whistle:%'") == report_by


async def test_what_cannot_be_whistled_is_refused_with_a_sentence(office: Office) -> None:
    ticket = await signed(office)
    own, other = office.units[TIANCUN], office.units[OTHER]
    for order, why in (
        (Whistling("loud", "act", (other,), "来"), "类型"),
        (Whistling("urgent", "sing", (other,), "来"), "目的"),
        (Whistling("urgent", "act", (), "来"), "单位"),
        (Whistling("urgent", "act", (own,), "来"), "本单位"),
        (Whistling("urgent", "act", (0,), "来"), "目录"),
        (Whistling("urgent", "act", tuple(range(31)), "来"), "最多"),
        (Whistling("urgent", "act", (other,), ""), "事由"),
    ):
        with pytest.raises(ActRefusedError, match=why):
            await act(office, whistle, "tiancun", ticket, order)
    await called(office, ticket)
    with pytest.raises(ActRefusedError, match="还没有结束"):
        await called(office, ticket)


async def test_only_a_lead_that_has_signed_may_whistle(office: Office) -> None:
    ticket = await office.open()
    order = Whistling("urgent", "act", (office.units[OTHER],), "来")
    with pytest.raises(ActRefusedError, match="签收"):
        await act(office, whistle, "tiancun", ticket, order)
    with pytest.raises(ActRefusedError, match="本单位是协办"):
        await act(office, whistle, "cgw", ticket, order)


async def test_the_called_report_in_on_the_spot_or_on_line(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket)
    with pytest.raises(ActRefusedError, match="现场还是线上"):
        await act(office, report_in, "other", ticket, blown, "by_post")
    assert await act(office, report_in, "other", ticket, blown, "on_the_spot")
    assert await share_of(office, ticket, OTHER) == [("called", "signed")]
    assert await told(office, "reported_in") == [(TIANCUN, "desk")]
    with pytest.raises(ActRefusedError, match="已经报到过"):
        await act(office, report_in, "other", ticket, blown, "on_line")


async def test_who_is_not_called_cannot_report_in(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket)
    with pytest.raises(ActRefusedError, match="没有叫本单位"):
        await act(office, report_in, "cgw", ticket, blown, "on_line")


async def test_an_assisting_unit_can_be_called_too(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket, CGW)
    await act(office, report_in, "cgw", ticket, blown, "on_line")
    assert await share_of(office, ticket, CGW) == [("assist", "open"), ("called", "signed")]


async def test_who_is_late_is_named_to_the_unit_above_and_to_the_caller(office: Office) -> None:
    ticket = await signed(office)
    await called(office, ticket, OTHER, CGW, POWER)
    blown = await office.value("select id from whistles")
    await act(office, report_in, "cgw", ticket, blown, "on_line")
    await office.ring(timedelta(minutes=30))
    assert await told(office, "whistle_late") == [
        (TIANCUN, "desk"),
        (OTHER, "head"),
        (POWER, "head"),
        ("110101", "head"),  # the district of the street
        (None, "head"),  # a company has none above it but the centre
    ]
    note = await office.value("select note from ticket_events where type = 'whistle_late'")
    assert "东华门" in note
    assert "城管委" not in note
    office.at += timedelta(minutes=1)
    assert not await act(office, report_in, "other", ticket, blown, "on_line")
    late = await office.rows("select late from whistle_calls order by unit_id")
    assert sorted(row["late"] for row in late) == [False, True, True]


async def test_a_timer_whose_whistle_has_ended_does_nothing(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket)
    await act(office, report_in, "other", ticket, blown, "on_line")
    await act(office, opine, "other", ticket, blown, "不归我们")
    await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "不用来了"))
    assert await office.value("select count(*) from timers where kind like 'whistle:%'") == 0
    await office.ring(timedelta(hours=1))
    assert await told(office, "whistle_late") == []


async def test_all_who_came_give_an_opinion_before_the_lead_concludes(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket, OTHER, CGW)
    with pytest.raises(ActRefusedError, match="先报到"):
        await act(office, opine, "other", ticket, blown, "不是我们的")
    await act(office, report_in, "other", ticket, blown, "on_line")
    with pytest.raises(ActRefusedError, match="还没有提交意见"):
        await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "清楚了"))
    await act(office, opine, "other", ticket, blown, "不是我们的")
    with pytest.raises(ActRefusedError, match="海淀区城管委还没有报到，时限也没到"):
        await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "清楚了"))
    office.at += LATE
    await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "清楚了"))
    conclusion = await office.value("select conclusion from whistles")
    assert conclusion == "清楚了（未报到：海淀区城管委）"
    assert await share_of(office, ticket, OTHER) == [("called", "done")]
    assert ("called", "ended") in await share_of(office, ticket, CGW)
    assert await told(office, "whistle_closed") == [(OTHER, "desk"), (CGW, "desk")]
    with pytest.raises(ActRefusedError, match="已经结束"):
        await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "清楚了"))


async def test_whose_it_is_acts_and_the_first_receiver_stays_responsible(office: Office) -> None:
    ticket = await signed(office)
    power = office.world.city.responsibilities.units[POWER].id
    order = Whistling("daily", "establish", (power,), "这根杆是谁的")
    blown = int(await act(office, whistle, "tiancun", ticket, order))
    office.at += timedelta(days=2)
    await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "是电力的杆", power))
    assert await share_of(office, ticket, POWER) == [("called", "ended"), ("assist", "open")]
    row = await office.ticket(ticket)
    assert (row["lead_unit_id"], row["state"]) == (office.units[TIANCUN], "handling")
    assert await office.notices() == []


async def test_called_units_stay_when_the_lead_changes(office: Office) -> None:
    """Nobody is released before the end: not by a return, and not by another dispatch."""
    ticket = await signed(office)
    blown = await called(office, ticket)
    await act(office, give_back, "tiancun", ticket, "不归我们")
    await act(office, report_in, "other", ticket, blown, "on_line")
    order = Dispatching(office.units[CGW], "主管部门")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    await act(office, opine, "other", ticket, blown, "是供热的事")
    assert await told(office, "whistle_opinion") == [(CGW, "desk")]
    await act(office, sign, "cgw", ticket)
    await act(office, close_whistle, "cgw", ticket, Concluding(blown, "归供热"))
    assert await share_of(office, ticket, OTHER) == [("called", "done")]


async def test_nothing_is_done_while_others_are_called_to_it(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await act(office, answer_as_assist, "cgw", ticket, "供热企业已调温")
    with pytest.raises(ActRefusedError, match="吹哨还没有结束"):
        await act(office, resolve, "tiancun", ticket, "好了")
    office.at += LATE
    await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "好了"))
    await act(office, resolve, "tiancun", ticket, "好了")


async def test_a_whistle_ends_with_its_ticket(office: Office) -> None:
    ticket = await signed(office)
    await called(office, ticket)
    await office.say("撤单", "1")
    assert (await office.ticket(ticket))["state"] == "withdrawn"
    assert await office.value("select state from whistles") == "closed"
    assert await share_of(office, ticket, OTHER) == [("called", "ended")]
    assert await told(office, "whistle_closed") == [(OTHER, "desk")]
    assert "whistle_closed" in await office.events(ticket)


async def test_caller_and_called_rate_each_other_once_after_the_end(office: Office) -> None:
    ticket = await signed(office)
    blown = await called(office, ticket, OTHER, CGW)
    await act(office, report_in, "other", ticket, blown, "on_line")
    await act(office, opine, "other", ticket, blown, "看过了")
    async with office.pool.acquire() as connection:
        calls = await whistles.calls(connection, [blown])
    of_unit = {call.unit_id: call.share_id for call in calls}
    share, absent = of_unit[office.units[OTHER]], of_unit[office.units[CGW]]
    with pytest.raises(ActRefusedError, match="结束后"):
        await act(office, rate_whistle, "tiancun", ticket, share, 5)
    office.at += LATE
    await act(office, close_whistle, "tiancun", ticket, Concluding(blown, "看过了"))
    await act(office, rate_whistle, "tiancun", ticket, share, 5)
    await act(office, rate_whistle, "other", ticket, share, 4)
    with pytest.raises(ActRefusedError, match="已经评过"):
        await act(office, rate_whistle, "tiancun", ticket, share, 1)
    with pytest.raises(ActRefusedError, match="1到5"):
        await act(office, rate_whistle, "other", ticket, share, 6)
    with pytest.raises(UnknownTicketError):
        await act(office, rate_whistle, "cgw", ticket, share, 3)
    with pytest.raises(ActRefusedError, match="没有报到"):
        await act(office, rate_whistle, "cgw", ticket, absent, 3)
    scores = await office.rows("select of_called, of_caller from whistle_calls order by unit_id")
    assert (5, 4) in [tuple(row) for row in scores]


async def test_a_ticket_can_be_whistled_more_than_once(office: Office) -> None:
    ticket = await signed(office)
    first = await called(office, ticket)
    second = await called(office, ticket, POWER)
    office.at += LATE
    await act(office, close_whistle, "tiancun", ticket, Concluding(first, "先散"))
    async with office.pool.acquire() as connection:
        assert [one.id for one in await whistles.open_whistles(connection, ticket)] == [second]
    assert await share_of(office, ticket, POWER) == [("called", "open")]
