"""An unreasonable demand and an invalid ticket: two who agree, a plain word to the resident, and what still counts."""

from datetime import timedelta

import pytest

from handlers.case import ActRefusedError
from handlers.contact import record_contact
from handlers.decide import Deciding, decide
from handlers.invalid import propose_invalid
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from handlers.unreasonable import propose
from store.database import Pool
from store.rates import three_rates
from tests.office import Office, act, open_office
from tests.world import START


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def evidence(office: Office, ticket: int) -> None:
    await office.value(
        "insert into evidence (ticket_id, round, at, note) values ($1, 1, $2, '实测21度') returning 1",
        ticket,
        office.at,
    )


async def proposed(office: Office) -> int:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await evidence(office, ticket)
    await act(office, propose, "tiancun", ticket, "beyond", "要求室温28度，实测21度，已达标")
    return ticket


async def decided(
    office: Office, ticket: int, stage: StaffAct, login: str, *, upheld: bool = True
) -> None:
    found = await office.value(
        "select id from applications where ticket_id = $1 and state = 'open'", ticket
    )
    note = "" if upheld else "理由不足"
    await act(office, decide, login, ticket, Deciding(stage, found, upheld, note))


async def judged(office: Office) -> int:
    ticket = await proposed(office)
    await decided(office, ticket, StaffAct.SCREEN, "superior")
    await decided(office, ticket, StaffAct.DECIDE, "centre")
    return ticket


async def test_the_district_reviews_the_centre_decides_and_the_resident_hears_why(
    office: Office,
) -> None:
    ticket = await proposed(office)
    await decided(office, ticket, StaffAct.SCREEN, "superior")
    assert (await office.ticket(ticket))["state"] == "handling"
    assert await office.notices() == []
    await decided(office, ticket, StaffAct.DECIDE, "centre")
    assert (await office.ticket(ticket))["state"] == "resolved"
    assert await office.notices() == [
        "“暖气不热”经区里复核、12345认定，不能按您的要求办：超出政策允许的范围。"
        "有新情况请告诉我们，也可回“人工”。"
    ]


async def test_contact_and_attitude_are_asked_and_count_and_nothing_reopens(
    office: Office,
) -> None:
    ticket = await judged(office)
    await office.ring()
    (asked,) = await office.rows(
        "select reply::text as said from outbox order by conversation_id, seq desc limit 1"
    )
    assert "只问两个小问题" in asked["said"]
    assert "联系过您吗" in asked["said"]
    await office.say("联系过", "没解决", "不满意", "没有了")
    (survey,) = await office.rows("select * from surveys")
    assert (survey["contacted"], survey["attitude"]) == (True, "dissatisfied")
    assert (survey["solved"], survey["result"]) == (None, None)
    row = await office.ticket(ticket)
    assert (row["state"], row["round"]) == ("closed", 1)


async def test_what_the_limit_s_survey_had_brought_counts_for_contact_and_attitude_alone(
    office: Office,
) -> None:
    ticket = await proposed(office)
    await office.ring(timedelta(days=1))
    await office.say("联系过", "部分解决", "满意", "满意", "没有了")
    await decided(office, ticket, StaffAct.SCREEN, "superior")
    await decided(office, ticket, StaffAct.DECIDE, "centre")
    assert (await office.ticket(ticket))["state"] == "closed"
    async with office.pool.acquire() as connection:
        (rates,) = await three_rates(connection, START, START + timedelta(days=9))
    assert (rates.contact_answers, rates.solved_answers, rates.result_answers) == (1, 0, 0)
    assert (rates.attitude, rates.attitude_answers) == (1, 1)


async def test_either_may_refuse_and_the_unit_goes_on(office: Office) -> None:
    ticket = await proposed(office)
    await decided(office, ticket, StaffAct.SCREEN, "superior", upheld=False)
    await act(office, propose, "tiancun", ticket, "no_basis", "没有政策依据")
    await decided(office, ticket, StaffAct.SCREEN, "superior")
    await decided(office, ticket, StaffAct.DECIDE, "centre", upheld=False)
    assert (await office.ticket(ticket))["state"] == "handling"
    assert await office.notices() == []


async def test_it_takes_contact_evidence_and_a_reason_of_the_list(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="还没有签收"):
        await act(office, propose, "tiancun", ticket, "beyond", "理由")
    await act(office, sign, "tiancun", ticket)
    with pytest.raises(ActRefusedError, match="还没有联系上"):
        await act(office, propose, "tiancun", ticket, "beyond", "理由")
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    with pytest.raises(ActRefusedError, match="佐证"):
        await act(office, propose, "tiancun", ticket, "beyond", "理由")
    await evidence(office, ticket)
    with pytest.raises(ActRefusedError, match="请选择理由"):
        await act(office, propose, "tiancun", ticket, "busy", "太忙")
    with pytest.raises(ActRefusedError, match="本单位是协办"):
        await act(office, propose, "cgw", ticket, "beyond", "理由")


async def test_two_at_the_centre_close_what_is_no_matter_without_a_survey(office: Office) -> None:
    ticket = await office.open()
    await act(office, propose_invalid, "centre", ticket, "test", "内容是测试")
    with pytest.raises(ActRefusedError, match="自己提出"):
        await decided(office, ticket, StaffAct.DECIDE, "centre")
    assert (await office.ticket(ticket))["state"] == "dispatched"
    await decided(office, ticket, StaffAct.DECIDE, "deputy")
    row = await office.ticket(ticket)
    assert (row["state"], row["counted"]) == ("closed", False)
    assert await office.notices() == [
        "“暖气不热”经12345两人核对，不再办理：看起来是误发。要继续请补充说明，或回“人工”。"
    ]
    await office.ring(timedelta(days=30))
    assert await office.value("select count(*) from surveys") == 0


async def test_a_ticket_in_triage_may_be_invalid_and_abuse_gets_no_answer(office: Office) -> None:
    ticket = await office.open()
    await office.value("update tickets set state = 'triage' where id = $1 returning 1", ticket)
    await act(office, propose_invalid, "centre", ticket, "abuse", "辱骂")
    await decided(office, ticket, StaffAct.DECIDE, "deputy")
    assert (await office.ticket(ticket))["state"] == "closed"
    assert await office.notices() == []


async def test_a_unit_finds_nothing_invalid_and_a_refusal_lets_it_go_on(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, propose_invalid, "tiancun", ticket, "test", "测试")
    await act(office, propose_invalid, "centre", ticket, "test", "像测试")
    await decided(office, ticket, StaffAct.DECIDE, "deputy", upheld=False)
    row = await office.ticket(ticket)
    assert (row["state"], row["counted"]) == ("dispatched", True)


async def test_what_was_invalid_counts_again_when_the_resident_goes_on(office: Office) -> None:
    ticket = await office.open()
    await act(office, propose_invalid, "centre", ticket, "empty", "看不明白")
    await decided(office, ticket, StaffAct.DECIDE, "deputy")
    await office.say("没解决，5号楼还是不热")
    await office.say("1")
    row = await office.ticket(ticket)
    assert (row["counted"], row["round"]) in ((True, 2), (False, 1))
