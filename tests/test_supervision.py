"""Supervision and marks: who demands, who answers, what silence leads to; two people, a way back, and the inspectors."""

from datetime import timedelta

import pytest

from handlers.case import ActRefusedError, UnknownTicketError
from handlers.effects import Effects
from handlers.marks import Marking, confirm_mark, hand_to_discipline, mark, take_back_mark
from handlers.rules import Rules
from handlers.sign import sign
from handlers.supervise import answer_supervision, end_supervision, open_supervision, supervise
from store import marks, tickets
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import DISTRICT, OTHER, TIANCUN, Office, act, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def told(office: Office, event: str) -> list[tuple[str | None, str]]:
    rows = await office.rows(
        "select u.code, n.audience from unit_notices n left join units u on u.id = n.unit_id"
        " where n.event = $1 order by n.id",
        event,
    )
    return [(row["code"], row["audience"]) for row in rows]


async def supervised(office: Office, login: str = "superior") -> tuple[int, int]:
    """A ticket, and the demand made about it."""
    ticket = await office.open()
    await act(office, supervise, login, ticket, "今晚必须恢复供暖")
    found: int = await office.value("select max(id) from supervisions")
    return ticket, found


async def test_the_district_demands_the_lead_answers_and_the_district_ends_it(
    office: Office,
) -> None:
    ticket, demand = await supervised(office)
    assert await told(office, "supervised") == [(TIANCUN, "desk"), (TIANCUN, "head")]
    await act(office, answer_supervision, "tiancun", ticket, demand, "已安排抢修")
    assert await told(office, "supervision_answered") == [(DISTRICT, "head")]
    await act(office, end_supervision, "superior", ticket, demand, "可以")
    assert (await office.events(ticket))[-3:] == [
        "supervised",
        "supervision_answered",
        "supervision_ended",
    ]
    await office.ring(timedelta(days=2))
    assert await told(office, "supervision_unanswered") == []
    with pytest.raises(ActRefusedError, match="已经结束"):
        await act(office, answer_supervision, "tiancun", ticket, demand, "再答")


async def test_silence_is_named_to_the_head_and_above(office: Office) -> None:
    await supervised(office, "overseer")
    await office.ring(timedelta(hours=24))
    assert await told(office, "supervision_unanswered") == [
        (TIANCUN, "head"),
        (None, "head"),
        (DISTRICT, "head"),
    ]


async def test_what_has_ended_needs_no_answer(office: Office) -> None:
    ticket, _ = await supervised(office)
    await act(office, sign, "tiancun", ticket)
    await act(office, contact_and_resolve, "tiancun", ticket, "已供暖。")
    await office.ring(timedelta(hours=24))
    assert await told(office, "supervision_unanswered") == []


async def test_what_is_done_and_then_not_solved_still_owes_its_answer(office: Office) -> None:
    ticket, _ = await supervised(office, "overseer")
    await act(office, sign, "tiancun", ticket)
    await act(office, contact_and_resolve, "tiancun", ticket, "修好了")
    await office.ring(timedelta(hours=24))
    assert await told(office, "supervision_unanswered") == []
    await office.say("1", "3", "4", "4", "不用")
    assert (await office.ticket(ticket))["state"] == "dispatched"
    await office.ring(timedelta(hours=24))
    assert (TIANCUN, "head") in await told(office, "supervision_unanswered")


async def test_a_unit_does_not_supervise_nor_end_what_the_centre_demands(office: Office) -> None:
    ticket, demand = await supervised(office, "overseer")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, supervise, "tiancun", ticket, "快办")
    with pytest.raises(UnknownTicketError):
        await act(office, end_supervision, "superior", ticket, demand, "算了")
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, supervise, "editor", ticket, "快办")
    with pytest.raises(ActRefusedError, match="请填写督办要求"):
        await act(office, supervise, "overseer", ticket, " ")
    with pytest.raises(ActRefusedError, match="一年以内"):
        await act(office, supervise, "overseer", ticket, "快办", office.at + timedelta(days=4000))


async def test_the_rules_may_demand_an_answer_by_themselves(office: Office) -> None:
    ticket = await office.open()
    async with office.pool.acquire() as connection, connection.transaction():
        effects = Effects(locked=await tickets.lock(connection, [ticket]))
        assert open_supervision(
            office.world, effects, effects.locked[ticket], "第三次反映", office.at
        )
        await effects.write(connection, office.at)
    assert "supervised" in await office.events(ticket)
    await office.ring(timedelta(hours=24))
    assert await told(office, "supervision_unanswered") == [(TIANCUN, "head"), (DISTRICT, "head")]


async def test_what_the_rules_demand_is_followed_up_by_the_centre_where_the_district_has_nobody(
    office: Office,
) -> None:
    ticket = await office.open()
    await office.value("update staff set roles = '{head}' where login = 'superior' returning 1")
    async with office.pool.acquire() as connection, connection.transaction():
        effects = Effects(locked=await tickets.lock(connection, [ticket]))
        open_supervision(office.world, effects, effects.locked[ticket], "第三次反映", office.at)
        await effects.write(connection, office.at)
    (demand,) = await office.rows("select id, by_unit_id from supervisions")
    assert demand["by_unit_id"] is None
    note = await office.value("select note from ticket_events where type = 'supervised'")
    assert note == "第三次反映由热线中心督办（海淀区政府没有可以处理的人员，由热线中心处理）。"
    await act(office, end_supervision, "overseer", ticket, demand["id"], "已说明")


async def test_silence_is_named_again_by_rule_and_at_last_to_the_centre(office: Office) -> None:
    office.world.rules = Rules({"supervise.again_hours": 6, "supervise.most": 2})
    ticket, demand = await supervised(office)
    first = [(TIANCUN, "head"), (DISTRICT, "head")]
    await office.ring(timedelta(hours=24))
    assert await told(office, "supervision_unanswered") == first
    await office.ring(timedelta(hours=6))
    last = [(TIANCUN, "head"), (None, "head"), (DISTRICT, "head")]
    assert await told(office, "supervision_unanswered") == first + last
    note = "select note from ticket_events where type = 'supervision_unanswered' order by id desc"
    assert await office.value(note) == "田村路街道第2次没有答复督办，不再提醒，请直接处理"
    await office.ring(timedelta(days=9))
    assert await told(office, "supervision_unanswered") == first + last
    await act(office, answer_supervision, "tiancun", ticket, demand, "已安排")


async def test_an_answer_ends_the_ringing(office: Office) -> None:
    ticket, demand = await supervised(office)
    await office.ring(timedelta(hours=24))
    before = await told(office, "supervision_unanswered")
    await act(office, answer_supervision, "tiancun", ticket, demand, "已安排")
    await office.ring(timedelta(days=2))
    assert await told(office, "supervision_unanswered") == before


async def marked(office: Office, login: str = "superior") -> tuple[int, int]:
    ticket = await office.open()
    order = Marking("shirking", office.units[TIANCUN], "三次推给物业，没有到现场")
    await act(office, mark, login, ticket, order)
    found: int = await office.value("select max(id) from marks")
    return ticket, found


async def test_a_mark_counts_when_a_second_person_at_the_centre_agrees(office: Office) -> None:
    ticket, mark_id = await marked(office, "overseer")
    assert await told(office, "mark_proposed") == [(None, "head")]
    with pytest.raises(ActRefusedError, match="请另一位同事"):
        await act(office, confirm_mark, "overseer", ticket, mark_id, "")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, confirm_mark, "superior", ticket, mark_id, "")
    with pytest.raises(ActRefusedError, match="还没有经第二人确认"):
        await act(office, hand_to_discipline, "overseer", ticket, mark_id, "")
    await act(office, confirm_mark, "second", ticket, mark_id, "属实")
    assert await told(office, "mark_confirmed") == [(TIANCUN, "head")]


async def test_a_mark_is_taken_back_with_a_reason_and_stays_to_be_seen(office: Office) -> None:
    ticket, mark_id = await marked(office)
    await act(office, confirm_mark, "overseer", ticket, mark_id, "")
    with pytest.raises(ActRefusedError, match="请填写撤销理由"):
        await act(office, take_back_mark, "second", ticket, mark_id, "")
    await act(office, take_back_mark, "second", ticket, mark_id, "现场记录齐全")
    assert await told(office, "mark_taken_back") == [(TIANCUN, "head")]
    async with office.pool.acquire() as connection:
        (seen,) = await marks.of_ticket(connection, ticket)
    assert seen.taken_back_at == office.at
    with pytest.raises(ActRefusedError, match="已经撤销"):
        await act(office, hand_to_discipline, "overseer", ticket, mark_id, "")


async def test_inspectors_are_given_what_is_handed_over_and_nothing_else(office: Office) -> None:
    ticket, mark_id = await marked(office)
    async with office.pool.acquire() as connection:
        assert await marks.handed_over(connection, 10) == []
        assert await marks.one_handed_over(connection, mark_id) is None
    await act(office, confirm_mark, "overseer", ticket, mark_id, "")
    await act(office, hand_to_discipline, "overseer", ticket, mark_id, "请依规处理")
    async with office.pool.acquire() as connection:
        assert [one.id for one in await marks.handed_over(connection, 10)] == [mark_id]
    with pytest.raises(ActRefusedError, match="已经移交过"):
        await act(office, hand_to_discipline, "overseer", ticket, mark_id, "")


async def test_only_units_that_had_the_ticket_are_marked_and_a_district_marks_its_own(
    office: Office,
) -> None:
    ticket = await office.open()
    for unit, said in ((office.units[OTHER], "经办过"), (None, "经办过")):
        with pytest.raises(ActRefusedError, match=said):
            await act(office, mark, "overseer", ticket, Marking("shirking", unit, "推诿"))
    with pytest.raises(ActRefusedError, match="推诿或虚假办结"):
        await act(office, mark, "overseer", ticket, Marking("", office.units[TIANCUN], "推诿"))
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(
            office, mark, "tiancun", ticket, Marking("shirking", office.units[TIANCUN], "推诿")
        )
