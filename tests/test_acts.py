"""What staff do to a ticket: who may, what it changes, what the resident is told; each form acts once."""

import asyncio
from datetime import timedelta

import pytest

from dialogs.understanding.place import Place
from dialogs.words import Grade
from handlers.case import ActRefusedError, RepeatedActError, UnknownTicketError
from handlers.contact import record_contact
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.reply import reply
from handlers.resolve import answer_as_assist, resolve
from handlers.show_contact import show_contact
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import CGW, OTHER, TIANCUN, Office, act, open_office
from tests.returned import give_back


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def shares(office: Office, ticket_id: int) -> list[tuple[str, str, str]]:
    rows = await office.rows(
        "select u.code, a.role, a.state from assignments a join units u on u.id = a.unit_id"
        " where a.ticket_id = $1 order by a.id",
        ticket_id,
    )
    return [(row["code"], row["role"], row["state"]) for row in rows]


async def test_the_lead_signs_and_the_ticket_is_being_handled(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    assert (await office.ticket(ticket))["state"] == "handling"
    assert (TIANCUN, "lead", "signed") in await shares(office, ticket)
    assert await office.events(ticket) == ["opened", "dispatched", "signed"]
    assert await office.notices() == []


async def test_an_assisting_unit_signs_for_itself_alone(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "cgw", ticket)
    assert (await office.ticket(ticket))["state"] == "dispatched"
    assert await shares(office, ticket) == [(TIANCUN, "lead", "open"), (CGW, "assist", "signed")]


async def test_a_form_sent_twice_acts_once_and_says_what_came_of_it(office: Office) -> None:
    ticket = await office.open()
    await act(office, reply, "tiancun", ticket, "正在查。", key="same")
    with pytest.raises(RepeatedActError):
        await act(office, reply, "tiancun", ticket, "正在查。", key="same")
    assert len(await office.notices()) == 1


async def test_two_equal_forms_at_the_same_moment_act_once(office: Office) -> None:
    ticket = await office.open()
    both = (act(office, reply, "tiancun", ticket, "正在查。", key="same") for _ in range(2))
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "RepeatedActError"]
    assert len(await office.notices()) == 1


async def test_a_refused_form_may_be_sent_again_when_it_is_mended(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="答复内容"):
        await act(office, reply, "tiancun", ticket, "  ", key="same")
    await act(office, reply, "tiancun", ticket, "正在查。", key="same")
    assert (await office.ticket(ticket))["last_reply"] == "正在查。"


async def test_a_unit_does_not_learn_of_others_tickets(office: Office) -> None:
    ticket = await office.open()
    for doing in (sign, reply, give_back, resolve):
        words = () if doing is sign else ("话",)
        with pytest.raises(UnknownTicketError):
            await act(office, doing, "other", ticket, *words)
    with pytest.raises(UnknownTicketError):
        await act(office, sign, "tiancun", 261123_999999)


async def test_the_district_above_may_read_but_not_act(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, sign, "district", ticket)


async def test_a_role_that_does_not_handle_is_refused(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, sign, "reader", ticket)


async def test_a_reply_reaches_the_resident_in_the_same_conversation(office: Office) -> None:
    ticket = await office.open()
    before = await office.value("select seq from conversations")
    await act(office, reply, "tiancun", ticket, "已联系热力公司，今晚上门。")
    assert await office.notices() == ["“暖气不热”，田村路街道答复：已联系热力公司，今晚上门。"]
    row = (await office.rows("select * from outbox where purpose = 'notice'"))[0]
    assert (row["seq"], row["ticket_id"], row["state"]) == (before + 1, ticket, "pending")
    assert await office.value("select seq from conversations") == row["seq"]
    assert (await office.events(ticket))[-1] == "replied"


async def test_a_resident_who_said_stop_is_sent_nothing_but_it_is_kept(office: Office) -> None:
    ticket = await office.open()
    await office.say("退订")
    await act(office, reply, "tiancun", ticket, "已修好。")
    assert await office.value("select state from outbox where purpose = 'notice'") == "cancelled"


async def test_who_writes_english_is_told_in_english(office: Office) -> None:
    ticket = await office.open()
    await office.say("English")
    await act(office, reply, "tiancun", ticket, "今晚上门。")
    assert await office.notices() == ["“暖气不热”: 田村路街道 replies: 今晚上门。"]


async def test_tries_to_reach_the_resident_are_kept_with_their_outcome(office: Office) -> None:
    ticket = await office.open()
    await act(office, record_contact, "tiancun", ticket, "no_answer", "")
    await act(office, record_contact, "tiancun", ticket, "reached", "约明早十点")
    rows = await office.rows("select outcome, note, round, unit_id from contact_tries order by id")
    unit = office.units[TIANCUN]
    assert [tuple(row) for row in rows] == [
        ("no_answer", "", 1, unit),
        ("reached", "约明早十点", 1, unit),
    ]
    with pytest.raises(ActRefusedError, match="选择"):
        await act(office, record_contact, "tiancun", ticket, "perhaps", "")


async def test_a_returned_ticket_waits_at_the_centre_and_leaves_the_units_sight(
    office: Office,
) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="退单依据"):
        await act(office, give_back, "tiancun", ticket, "")
    with pytest.raises(ActRefusedError, match="由主办单位申请退单"):
        await act(office, give_back, "cgw", ticket, "不归我们")
    await act(office, give_back, "tiancun", ticket, "产权单位自管，不在辖区")
    row = await office.ticket(ticket)
    assert (row["state"], row["lead_unit_id"]) == ("triage", None)
    assert await shares(office, ticket) == [(TIANCUN, "lead", "returned"), (CGW, "assist", "open")]
    assert await office.notices() == []
    with pytest.raises(UnknownTicketError):
        await act(office, sign, "tiancun", ticket)


async def test_what_the_centre_passes_on_is_told_to_the_resident(office: Office) -> None:
    ticket = await office.open()
    await act(office, give_back, "tiancun", ticket, "不归我们")
    due_at = (await office.ticket(ticket))["due_at"]
    order = Dispatching(office.units[CGW], "区城管委主管供热")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, dispatch_by_hand, "cgw", ticket, order)
    await act(office, dispatch_by_hand, "centre", ticket, order)
    row = await office.ticket(ticket)
    assert (row["state"], row["lead_unit_id"]) == ("dispatched", office.units[CGW])
    assert row["due_at"] == due_at
    assert await office.notices() == [
        "经核实，您反映的“暖气不热”改由海淀区城管委办理，期限不变，您不用再次反映。"
    ]
    assert await shares(office, ticket) == [
        (TIANCUN, "lead", "returned"),
        (CGW, "assist", "returned"),
        (CGW, "lead", "open"),
    ]
    await act(office, sign, "cgw", ticket)
    assert (await office.ticket(ticket))["state"] == "handling"


async def test_the_same_unit_again_is_no_news(office: Office) -> None:
    ticket = await office.open()
    await act(office, give_back, "tiancun", ticket, "不归我们")
    again = Dispatching(office.units[TIANCUN], "经核实在辖区内")
    await act(office, dispatch_by_hand, "centre", ticket, again)
    assert await office.notices() == []
    await act(office, sign, "tiancun", ticket)


async def test_a_first_dispatch_says_that_somebody_will_call(office: Office) -> None:
    await office.say("路灯坏了好几天了，晚上很黑", "不知道", phone="c" * 43, channel="webchat")
    ticket = await office.open("1", phone="c" * 43, channel="webchat")
    assert (await office.ticket(ticket))["state"] == "triage"
    order = Dispatching(
        office.units[OTHER],
        "现场在东华门",
        topic="T001",
        grade=Grade.II,
        place=Place(district="110101", street="110101001"),
    )
    await act(office, dispatch_by_hand, "centre", ticket, order)
    row = await office.ticket(ticket)
    assert row["due_at"] - row["opened_at"] == timedelta(hours=24)
    assert (row["topic"], row["grade"], row["street_code"]) == ("T001", "II", "110101001")
    said = (await office.notices())[0]
    assert said.startswith("您反映的“")
    assert "已交东华门街道办理，工作人员会联系您" in said
    assert (await office.events(ticket))[-3:] == ["retopiced", "corrected", "dispatched"]
    deadline = await office.value("select due_at from timers where kind = 'deadline'")
    assert deadline == row["due_at"]


async def test_a_limit_that_passed_while_nobody_had_the_ticket_is_followed_by_another(
    office: Office,
) -> None:
    """Else a ticket dispatched after its limit would never be asked about, were its unit to do nothing."""
    await office.say("路灯坏了好几天了，晚上很黑", "不知道", phone="c" * 43, channel="webchat")
    ticket = await office.open("1", phone="c" * 43, channel="webchat")
    limit = (await office.ticket(ticket))["due_at"]
    await office.ring(limit - office.at)
    assert await office.value("select kind from human_tasks") == "overdue"
    await act(office, dispatch_by_hand, "centre", ticket, Dispatching(office.units[OTHER], "现场"))
    assert (await office.ticket(ticket))["due_at"] == limit
    await office.ring(timedelta(days=7))
    assert await office.value("select overdue from surveys") is True


async def test_a_moved_limit_is_told(office: Office) -> None:
    ticket = await office.open()
    order = Dispatching(office.units[CGW], "主管部门", grade=Grade.III)
    await act(office, dispatch_by_hand, "centre", ticket, order)
    assert await office.notices() == [
        "经核实，您反映的“暖气不热”改由海淀区城管委办理，11月30日10:00前答复您，您不用再次反映。"
    ]


async def test_only_signed_tickets_are_resolved_and_only_with_a_result(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="签收"):
        await act(office, contact_and_resolve, "tiancun", ticket, "已修好")
    await act(office, sign, "tiancun", ticket)
    with pytest.raises(ActRefusedError, match="办理结果"):
        await act(office, resolve, "tiancun", ticket, "")
    with pytest.raises(ActRefusedError, match="由主办单位办结"):
        await act(office, resolve, "cgw", ticket, "已修好")


async def test_resolving_brings_result_and_survey_in_one_message(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await act(office, answer_as_assist, "cgw", ticket, "管网已调压。")
    await act(office, resolve, "tiancun", ticket, "已更换阀门，室温20度。")
    row = await office.ticket(ticket)
    assert (row["state"], row["last_reply"]) == ("resolved", "已更换阀门，室温20度。")
    assert row["resolved_at"] == office.at
    assert await shares(office, ticket) == [(TIANCUN, "lead", "done"), (CGW, "assist", "done")]
    kinds = await office.rows("select subject, kind from timers where subject <> 'conversation'")
    assert [tuple(kind) for kind in kinds] == [("survey", "start")]
    assert await office.notices() == []
    await office.ring()
    told = await office.notices()
    assert len(told) == 1
    assert "已更换阀门" in told[0]
    assert "联系过您吗" in told[0]
    survey = (await office.rows("select * from surveys"))[0]
    assert (survey["state"], survey["unit_contacted"], survey["overdue"]) == ("asked", True, False)


async def test_an_assisting_unit_answers_the_lead_not_the_resident(office: Office) -> None:
    ticket = await office.open()
    await act(office, answer_as_assist, "cgw", ticket, "已督促供热企业调温")
    assert (CGW, "assist", "done") in await shares(office, ticket)
    assert (await office.events(ticket))[-1] == "assisted"
    assert await office.notices() == []
    await act(office, sign, "tiancun", ticket)
    await act(office, contact_and_resolve, "tiancun", ticket, "已解决")
    assert (CGW, "assist", "done") in await shares(office, ticket)


async def test_who_said_stop_is_surveyed_by_a_person(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await office.say("退订")
    await act(office, contact_and_resolve, "tiancun", ticket, "已修好")
    assert (await office.ticket(ticket))["state"] == "resolved"
    assert await office.value("select kind from human_tasks") == "survey_by_hand"
    assert await office.value("select kind from timers where subject = 'survey'") == "end"


async def test_after_a_survey_of_an_overdue_ticket_the_result_is_told_alone(
    office: Office,
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    due_at = (await office.ticket(ticket))["due_at"]
    await office.ring(due_at - office.at)
    await office.say("1", "2", "3")
    await act(office, contact_and_resolve, "tiancun", ticket, "已修好")
    assert (await office.notices())[-1] == "“暖气不热”，田村路街道答复：已修好"
    assert await office.value("select count(*) from surveys") == 1


async def test_contacts_are_opened_for_those_who_handle_it_and_every_look_is_logged(
    office: Office,
) -> None:
    ticket = await office.open()
    contact = await act(office, show_contact, "tiancun", ticket, "约上门时间")
    assert contact.phone == "+8613800138000"
    rows = await office.rows("select staff_id, ticket_id, purpose from contact_views")
    assert [tuple(row) for row in rows] == [(office.staff_ids["tiancun"], ticket, "约上门时间")]
    with pytest.raises(ActRefusedError, match="查看理由"):
        await act(office, show_contact, "tiancun", ticket, "")
    with pytest.raises(ActRefusedError, match="只有经办单位"):
        await act(office, show_contact, "district", ticket, "看看")
    with pytest.raises(UnknownTicketError):
        await act(office, show_contact, "other", ticket, "看看")


async def test_a_confidential_contact_is_kept_from_units_and_a_chats_secret_from_all(
    office: Office,
) -> None:
    ticket = await office.open(channel="webchat", phone="s" * 43)
    assert (await act(office, show_contact, "centre", ticket, "回电")).phone == ""
    await office.value("update tickets set confidential = true")
    with pytest.raises(ActRefusedError, match="保密"):
        await act(office, show_contact, "tiancun", ticket, "约上门时间")
