"""Several residents tell of the same: one is worked on, each has a number, notices and a survey of its own."""

from datetime import timedelta

import pytest

from dialogs.ticket_number import format_number
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.contact import record_contact
from handlers.join import join, split
from handlers.reply import reply
from handlers.sign import sign
from handlers.ticket_view import view_ticket
from handlers.timers import run_timers
from store import timers
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import MATTER, STAFF, TIANCUN, Office, act, open_office
from tests.returned import give_back

FIRST, SECOND, THIRD = "+8613800138001", "+8613800138002", "+8613800138003"
CHAT = "browser-1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def joined(office: Office) -> tuple[int, int, int]:
    """A complaint, and two others that have joined it: one by SMS, one in a chat."""
    parent = await office.open(phone=FIRST)
    by_sms = await office.open(phone=SECOND)
    by_chat = await office.open(phone=CHAT, channel="webchat")
    return parent, by_sms, by_chat


async def settled(office: Office, later: timedelta = timedelta(0)) -> None:
    """Let timers run until nothing is due any more."""
    for _ in range(4):
        await office.ring(later)
        later = timedelta(0)


async def told(office: Office, ticket_id: int) -> list[str]:
    """What the resident of a ticket has been told unasked."""
    rows = await office.rows(
        "select o.reply ->> 'text' as text from outbox o join tickets t using (conversation_id)"
        " where t.id = $1 and o.purpose = 'notice' order by o.seq",
        ticket_id,
    )
    return [row["text"] for row in rows]


async def state(office: Office, *tickets: int) -> list[str]:
    return [(await office.ticket(ticket))["state"] for ticket in tickets]


async def test_who_joins_has_a_ticket_of_their_own_and_nothing_is_dispatched_twice(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    for ticket in (child, chat):
        row = await office.ticket(ticket)
        assert (row["joined_to"], row["state"], row["lead_unit_id"]) == (
            parent,
            "dispatched",
            office.units[TIANCUN],
        )
        assert await office.events(ticket) == ["opened", "joined"]
    assert await office.value("select count(distinct ticket_id) from assignments") == 1
    assert "已并到一起办" in await office.value(
        "select reply ->> 'text' from outbox o where conversation_id = (select conversation_id from tickets"
        " where id = $1) order by seq desc limit 1",
        child,
    )


async def test_signing_replying_and_resolving_once_reaches_each_in_the_own_channel(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await settled(office)
    assert await state(office, child, chat) == ["handling", "handling"]
    assert await told(office, child) == []
    await act(office, reply, "tiancun", parent, "今晚八点前抢修。")
    await settled(office)
    for ticket in (child, chat):
        assert await told(office, ticket) == ["“暖气不热”，田村路街道答复：今晚八点前抢修。"]
    await act(office, contact_and_resolve, "tiancun", parent, "换热站已修好。")
    await settled(office)
    assert await state(office, parent, child, chat) == ["resolved"] * 3
    for ticket in (parent, child, chat):
        last = (await told(office, ticket))[-1]
        assert "换热站已修好" in last
        assert "联系过您" in last
    assert (
        await office.value("select count(*) from surveys where unit_id = $1", office.units[TIANCUN])
        == 3
    )
    assert await office.events(child) == [
        "opened",
        "joined",
        "signed",
        "replied",
        "resolved",
    ]


async def test_nothing_is_told_twice_however_often_the_timers_run(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "一。")
    await act(office, reply, "tiancun", parent, "二。")
    for _ in range(3):
        await settled(office, MINUTE)
        await office.value(
            "insert into timers (subject, subject_id, kind, conversation_id, due_at) select 'ticket', id,"
            " 'joined_news', conversation_id, $1 from tickets where joined_to is not null returning 1",
            office.at,
        )
    assert [text[-2:] for text in await told(office, child)] == ["一。", "二。"]


async def answer(office: Office, phone: str, *words: str, channel: str = "sms") -> None:
    await office.say(*words, phone=phone, channel=channel)


async def resolved(office: Office) -> tuple[int, int, int]:
    """Three residents, one of them followed, all asked how it went."""
    tickets = await joined(office)
    await act(office, sign, "tiancun", tickets[0])
    await act(office, contact_and_resolve, "tiancun", tickets[0], "换热站已修好。")
    await settled(office)
    return tickets


async def test_not_solved_for_one_becomes_a_ticket_of_its_own_with_the_same_lead(
    office: Office,
) -> None:
    parent, child, chat = await resolved(office)
    await answer(office, FIRST, "1", "1", "1", "1", "没有了")
    await answer(office, CHAT, "1", "1", "1", "1", "没有了", channel="webchat")
    await answer(office, SECOND, "1", "3", "4", "4", "没有了")
    assert await state(office, parent, child, chat) == ["closed", "dispatched", "closed"]
    row = await office.ticket(child)
    assert (row["joined_to"], row["round"]) == (None, 2)
    shares = await office.rows(
        "select role, unit_id, state, round from assignments where ticket_id = $1 order by id",
        child,
    )
    assert [(s["role"], s["state"], s["round"]) for s in shares] == [
        ("lead", "open", 2),
        ("assist", "open", 2),
    ]
    assert shares[0]["unit_id"] == office.units[TIANCUN]
    assert (await office.events(child))[-3:] == ["surveyed", "reopened", "split"]


async def test_not_solved_at_the_limit_goes_on_together_while_the_other_is_worked_on(
    office: Office,
) -> None:
    parent, child, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    await settled(office)
    await settled(office, timedelta(hours=25))
    await answer(office, SECOND, "2", "3", "4", "4", "没有了")
    row = await office.ticket(child)
    assert (row["joined_to"], row["round"], row["state"]) == (parent, 2, "handling")
    await act(office, contact_and_resolve, "tiancun", parent, "换热站已修好。")
    await settled(office, MINUTE)
    assert await state(office, child) == ["resolved"]
    assert "换热站已修好" in (await told(office, child))[-1]


async def test_withdrawing_one_that_joined_touches_it_alone(office: Office) -> None:
    parent, child, chat = await joined(office)
    await office.say("撤单", "1", phone=SECOND)
    assert await state(office, parent, child, chat) == ["dispatched", "withdrawn", "dispatched"]
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    await settled(office)
    assert await told(office, child) == []
    assert await state(office, child) == ["withdrawn"]


async def test_when_the_first_is_withdrawn_the_next_stands_in_its_place(office: Office) -> None:
    parent, child, chat = await joined(office)
    await office.say("撤单", "1", phone=FIRST)
    await settled(office)
    heir, other = await office.ticket(child), await office.ticket(chat)
    if heir["joined_to"] is not None:
        heir, other = other, heir
    assert (heir["joined_to"], other["joined_to"]) == (None, heir["id"])
    leads = await office.rows(
        "select role from assignments where ticket_id = $1 and state = 'open' order by id",
        heir["id"],
    )
    assert [row["role"] for row in leads] == ["lead", "assist"]
    await act(office, sign, "tiancun", heir["id"])
    await act(office, reply, "tiancun", heir["id"], "照样办。")
    await settled(office)
    assert (await told(office, other["id"]))[-1].endswith("照样办。")
    assert await state(office, parent) == ["withdrawn"]


async def test_what_is_done_while_somebody_joins_is_told_at_the_second_look(office: Office) -> None:
    parent = await office.open(phone=FIRST)
    child = await office.open(phone=SECOND)
    # As if the act had been under way when the other joined, and so had not seen it.
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    await office.value(
        "update timers set due_at = $1 where kind = 'joined_news' returning 1",
        office.at + MINUTE,
    )
    await office.ring()
    assert await told(office, child) == []
    await settled(office, MINUTE)
    assert len(await told(office, child)) == 1


async def test_joining_what_has_ended_meanwhile_opens_an_ordinary_ticket(office: Office) -> None:
    parent = await office.open(phone=FIRST)
    await office.say(MATTER, phone=SECOND)
    await office.say("撤单", "1", phone=FIRST)
    await office.say("1", phone=SECOND)
    row = (await office.rows("select * from tickets order by id desc limit 1"))[0]
    assert row["id"] != parent
    assert (row["joined_to"], row["state"]) == (None, "dispatched")
    assert await office.value("select count(*) from assignments where ticket_id = $1", row["id"])


async def test_a_return_and_another_unit_are_followed_and_told(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, give_back, "tiancun", parent, "不归我街道。")
    await settled(office)
    assert await state(office, child) == ["triage"]
    assert await told(office, child) == []


async def test_staff_act_on_the_one_followed_and_speak_to_one_of_the_others(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    await settled(office)
    with pytest.raises(ActRefusedError, match="并到另一张"):
        await act(office, contact_and_resolve, "tiancun", child, "好了。")
    await act(office, record_contact, "tiancun", child, "reached", "约好")
    await act(office, reply, "tiancun", child, "您家单独上门。")
    assert await told(office, child) == ["“暖气不热”，田村路街道答复：您家单独上门。"]
    assert await told(office, parent) == []
    with pytest.raises(UnknownTicketError):
        await act(office, reply, "other", child, "话")


async def test_two_are_joined_by_hand_and_taken_out_again(office: Office) -> None:
    parent = await office.open(phone=FIRST)
    await office.say(MATTER, "2", phone=SECOND)
    child = await office.value("select max(id) from tickets")
    assert (await office.ticket(child))["joined_to"] is None
    await act(office, join, "tiancun", child, format_number(parent))
    assert "一起办理" in (await told(office, child))[-1]
    assert await office.events(child) == ["opened", "dispatched", "joined"]
    await act(office, sign, "tiancun", parent)
    await settled(office)
    assert await state(office, child) == ["handling"]
    await act(office, split, "centre", child)
    assert await state(office, child) == ["dispatched"]
    assert "单独办理" in (await told(office, child))[-1]
    await act(office, sign, "tiancun", child)
    assert await state(office, parent, child) == ["handling", "handling"]


async def test_what_does_not_belong_together_is_not_joined(office: Office) -> None:
    parent, child, _ = await joined(office)
    lamp = await office.open("海淀区田村路街道阜石路第一社区路灯不亮", phone=THIRD)
    for number, words in (
        (format_number(parent)[:-1] + "x", "13位"),
        (format_number(lamp), "分类不同"),
        (format_number(child), "自己"),
    ):
        with pytest.raises(ActRefusedError, match=words):
            await act(office, join, "centre", parent, number)
    with pytest.raises(ActRefusedError, match="并到另一张"):
        await act(office, join, "centre", child, format_number(lamp))


async def test_those_who_follow_a_ticket_that_joins_another_go_with_it(office: Office) -> None:
    parent, child, _ = await joined(office)
    await office.say(MATTER, "2", phone=THIRD)
    other = await office.value("select max(id) from tickets")
    await act(office, join, "centre", parent, format_number(other))
    await settled(office)
    assert (await office.ticket(child))["joined_to"] == other


async def test_a_unit_finds_the_others_on_the_page_of_the_one_it_works_on(office: Office) -> None:
    parent, child, chat = await joined(office)
    async with office.pool.acquire() as connection:
        roles = frozenset(STAFF["tiancun"][0])
        page = await view_ticket(connection, office.units[TIANCUN], roles, parent)
        single = await view_ticket(connection, office.units[TIANCUN], roles, child)
    assert page is not None
    assert [one.id for one in page.joined] == [child, chat]
    assert "138****8002" in repr(page.joined)
    assert single is not None
    assert single.facts.joined_to == parent


async def test_what_broke_off_before_its_commit_is_told_once_afterwards(office: Office) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    async with office.world.numbers.held(9, office.at), office.pool.acquire() as connection:
        broken = connection.transaction()
        await broken.start()
        fired = await timers.due(connection, office.at, 100)
        ran = await run_timers(connection, office.world, fired, office.at)
        assert len(ran.visits) == 2
        await broken.rollback()
    assert await told(office, child) == []
    await settled(office)
    assert [len(await told(office, ticket)) for ticket in (child, chat)] == [1, 1]


async def test_who_is_talking_just_now_is_told_afterwards_and_holds_up_nobody(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    async with office.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "select from conversations where id = (select conversation_id from tickets where id = $1)"
            " for no key update",
            child,
        )
        await office.ring()
    assert [len(await told(office, ticket)) for ticket in (child, chat)] == [0, 1]
    await office.ring()
    assert [len(await told(office, ticket)) for ticket in (child, chat)] == [1, 1]


async def test_who_wants_no_messages_is_asked_by_a_person(office: Office) -> None:
    parent, child, _ = await joined(office)
    await office.say("退订", phone=SECOND)
    await act(office, sign, "tiancun", parent)
    await act(office, contact_and_resolve, "tiancun", parent, "换热站已修好。")
    await settled(office)
    assert await state(office, child) == ["resolved"]
    task = await office.rows("select kind, ticket_id from human_tasks")
    assert [tuple(one) for one in task] == [("survey_by_hand", child)]


async def test_a_repeated_form_and_a_repeated_message_join_once(office: Office) -> None:
    parent = await office.open(phone=FIRST)
    await office.say(MATTER, phone=SECOND)
    await office.say("1", "1", phone=SECOND)
    children = await office.value("select count(*) from tickets where joined_to = $1", parent)
    assert children == 1
