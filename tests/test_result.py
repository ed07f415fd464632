"""Contact, result and review: whom a unit has to reach, what it may give as a result, and who lets it count."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from dialogs.words import Role
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.contact import record_contact
from handlers.decide import Deciding, decide
from handlers.reply import reply
from handlers.resolve import resolve
from handlers.rules import Rules
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from store.database import Pool
from tests.handled import answer_for_assists
from tests.office import TIANCUN, Office, act, employ, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def signed(office: Office, channel: str = "sms") -> int:
    """A ticket that its lead has signed for, with nobody to wait for."""
    ticket = await office.open(channel=channel)
    await act(office, sign, "tiancun", ticket)
    await act(office, answer_for_assists, "tiancun", ticket)
    return ticket


def trying(office: Office, ticket: int, outcome: str, *more: str) -> Awaitable[None]:
    return act(office, record_contact, "tiancun", ticket, outcome, "", *more)


def resolving(office: Office, ticket: int, *more: str) -> Awaitable[None]:
    return act(office, resolve, "tiancun", ticket, "已更换阀门", *more)


async def waiting(office: Office) -> int:
    """The one result that waits for its review."""
    found: int = await office.value(
        "select id from applications where kind = 'result' and state = 'open'"
    )
    return found


async def judge(office: Office, who: str, ticket: int, note: str = "", *, upheld: bool) -> None:
    order = Deciding(StaffAct.REVIEW, await waiting(office), upheld=upheld, note=note)
    await act(office, decide, who, ticket, order)


async def test_a_result_without_contact_is_refused_and_says_what_is_missing(
    office: Office,
) -> None:
    ticket = await signed(office)
    with pytest.raises(ActRefusedError, match="相隔2小时以上）尝试3次"):
        await resolving(office, ticket)
    await trying(office, ticket, "no_answer")
    with pytest.raises(ActRefusedError, match="已有效尝试1次，还差2次"):
        await resolving(office, ticket)
    await trying(office, ticket, "reached")
    await resolving(office, ticket)
    assert (await office.ticket(ticket))["state"] == "resolved"


async def test_three_tries_at_different_hours_count_as_not_to_be_reached(office: Office) -> None:
    ticket = await signed(office)
    for wait in (timedelta(0), timedelta(minutes=30), timedelta(minutes=90)):
        office.at += wait
        await trying(office, ticket, "no_answer")
    with pytest.raises(ActRefusedError, match="已有效尝试2次，还差1次"):
        await resolving(office, ticket)
    office.at += timedelta(hours=2)
    await trying(office, ticket, "wrong_number")
    contacted = await office.value("select contacted_at from assignments where role = 'lead'")
    assert contacted == office.at
    await resolving(office, ticket)


async def test_the_rule_says_how_many_tries_and_whether_any(office: Office) -> None:
    ticket = await signed(office)
    office.world.rules = Rules({"contact.tries": 1})
    with pytest.raises(ActRefusedError, match="尝试1次"):
        await resolving(office, ticket)
    office.world.rules = Rules({"result.needs_contact": 0})
    await resolving(office, ticket)


async def test_each_try_keeps_the_number_that_was_dialled_masked(office: Office) -> None:
    ticket = await office.open()
    await trying(office, ticket, "no_answer")
    await trying(office, ticket, "no_answer", "caller")
    await trying(office, ticket, "no_answer", "010 6888 1234")
    await trying(office, ticket, "reached", "none")
    rows = await office.rows("select number from contact_tries order by id")
    masked = "+86138****8000"
    assert [row["number"] for row in rows] == [masked, masked, "+86106****1234", ""]
    for wrong in ("left", "12", "张先生"):
        with pytest.raises(ActRefusedError, match="号码"):
            await trying(office, ticket, "no_answer", wrong)
    with pytest.raises(ActRefusedError, match="只记已联系上"):
        await trying(office, ticket, "no_answer", "none")


async def test_who_left_no_number_is_contacted_by_a_reply_that_arrived(office: Office) -> None:
    ticket = await signed(office, "webchat")
    with pytest.raises(ActRefusedError, match="先用“答复市民”"):
        await resolving(office, ticket)
    await act(office, reply, "tiancun", ticket, "明天上午来看。")
    contacted = await office.value("select contacted_at from assignments where role = 'lead'")
    assert contacted == office.at
    await office.value("update outbox set state = 'pending' where purpose = 'notice' returning 1")
    with pytest.raises(ActRefusedError, match="发到后"):
        await resolving(office, ticket)
    await office.value("update outbox set state = 'sent' where purpose = 'notice' returning 1")
    await resolving(office, ticket)


async def test_whom_nobody_can_call_is_met_somewhere_or_called_at_another_number(
    office: Office,
) -> None:
    ticket = await signed(office, "webchat")
    for dialled in ("", "none"):
        with pytest.raises(ActRefusedError, match="没有留电话"):
            await trying(office, ticket, "reached", dialled)
    await act(office, record_contact, "tiancun", ticket, "reached", "在5号楼门口见到", "none")
    await trying(office, ticket, "reached", "13900139000")
    rows = await office.rows("select number from contact_tries order by id")
    assert [row["number"] for row in rows] == ["", "+86139****9000"]


async def test_of_who_is_anonymous_only_another_number_is_a_contact(office: Office) -> None:
    ticket = await signed(office)
    await office.value("update tickets set anonymous = true returning 1")
    for note in ("", "在现场见到"):
        with pytest.raises(ActRefusedError, match="市民匿名"):
            await act(office, record_contact, "tiancun", ticket, "reached", note, "none")
    await trying(office, ticket, "no_answer", "13900139000")


async def test_what_another_unit_did_before_it_gave_the_ticket_back_is_no_contact(
    office: Office,
) -> None:
    ticket = await signed(office)
    await trying(office, ticket, "reached")
    await office.value("update contact_tries set unit_id = $1 returning 1", office.units["110108"])
    with pytest.raises(ActRefusedError, match="还没有联系上"):
        await resolving(office, ticket)


async def test_all_but_solved_need_a_reason_and_stand_on_the_ticket(office: Office) -> None:
    ticket = await signed(office)
    await trying(office, ticket, "reached")
    with pytest.raises(ActRefusedError, match="“部分解决”的原因"):
        await resolving(office, ticket, "partly", " ")
    with pytest.raises(ActRefusedError, match="哪一种"):
        await resolving(office, ticket, "done")
    await resolving(office, ticket, "cannot", "规划未批")
    row = await office.ticket(ticket)
    assert (row["result"], row["result_why"]) == ("cannot", "规划未批")
    note = await office.value("select note from ticket_events where type = 'resolved'")
    assert "暂不能解决：已更换阀门（原因：规划未批）" in note


async def test_a_unit_without_a_second_person_is_done_at_once_and_the_event_says_so(
    office: Office,
) -> None:
    await employ(office, "gone", (Role.REVIEWER,), TIANCUN)
    await office.value("update staff set active = false where login = 'gone' returning 1")
    ticket = await signed(office)
    await trying(office, ticket, "reached")
    await resolving(office, ticket)
    note = await office.value("select note from ticket_events where type = 'resolved'")
    assert "没有其他审核人" in note
    assert (await office.ticket(ticket))["state"] == "resolved"


Reviewed = Callable[..., Awaitable[None]]


@pytest.fixture
async def reviewed(office: Office) -> tuple[int, Reviewed]:
    """A result that waits for the unit's reviewer, and how to judge it."""
    await employ(office, "reviewer", (Role.REVIEWER,), TIANCUN)
    ticket = await signed(office)
    await trying(office, ticket, "reached")
    await resolving(office, ticket, "partly", "还差一户")
    return ticket, partial(judge, office, "reviewer", ticket)


async def test_until_it_is_reviewed_the_resident_hears_nothing_and_the_clock_goes_on(
    office: Office, reviewed: tuple[int, Reviewed]
) -> None:
    ticket, uphold = reviewed
    row = await office.ticket(ticket)
    assert (row["state"], row["result"], row["resolved_at"]) == ("handling", "", None)
    await office.ring()
    assert await office.notices() == []
    assert await office.value("select count(*) from surveys") == 0
    deadline = "select count(*) from timers where subject = 'ticket' and kind = 'deadline'"
    assert await office.value(deadline) == 1
    with pytest.raises(ActRefusedError, match="在等裁定"):
        await resolving(office, ticket)
    await uphold(upheld=True)
    row = await office.ticket(ticket)
    assert (row["state"], row["result"], row["result_why"]) == ("resolved", "partly", "还差一户")
    assert await office.value(deadline) == 0
    await office.ring()
    assert "已更换阀门" in (await office.notices())[0]


async def test_a_refused_result_goes_back_with_the_reason(
    office: Office, reviewed: tuple[int, Reviewed]
) -> None:
    ticket, refuse = reviewed
    with pytest.raises(ActRefusedError, match="意见"):
        await refuse(upheld=False)
    await refuse("没有照片", upheld=False)
    assert (await office.ticket(ticket))["state"] == "handling"
    told = await office.rows("select staff_id, note from unit_notices where event = 'refused'")
    assert (office.staff_ids["tiancun"], "“暖气不热”的办结没有通过审核：没有照片") in [
        tuple(row) for row in told
    ]
    await resolving(office, ticket)
    await refuse(upheld=True)
    assert (await office.ticket(ticket))["state"] == "resolved"


async def test_nobody_reviews_the_own_result_nor_another_units(office: Office) -> None:
    await employ(office, "head", (Role.HEAD,), TIANCUN)
    await employ(office, "second head", (Role.HEAD,), TIANCUN)
    await employ(office, "stranger", (Role.HEAD,), "110101001")
    ticket = await signed(office)
    await trying(office, ticket, "reached")
    await act(office, resolve, "head", ticket, "已修好")
    with pytest.raises(ActRefusedError, match="自己"):
        await judge(office, "head", ticket, upheld=True)
    with pytest.raises(UnknownTicketError):
        await judge(office, "stranger", ticket, upheld=True)
    with pytest.raises(ActRefusedError, match="角色"):
        await judge(office, "tiancun", ticket, upheld=True)
    await judge(office, "second head", ticket, upheld=True)
    assert (await office.ticket(ticket))["state"] == "resolved"


async def test_a_city_may_do_without_reviews(
    office: Office, reviewed: tuple[int, Reviewed]
) -> None:
    ticket, refuse = reviewed
    await refuse("再看", upheld=False)
    office.world.rules = Rules({"review.needed": 0})
    await resolving(office, ticket)
    assert (await office.ticket(ticket))["state"] == "resolved"
