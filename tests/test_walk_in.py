"""What staff type in for somebody at the desk, and what only a person can settle."""

from datetime import timedelta

import pytest

from dialogs.requests import TicketOpened
from dialogs.words import Kind
from handlers.case import ActRefusedError, RepeatedActError
from handlers.settle_task import settle_task
from handlers.sign import sign
from handlers.walk_in import WalkIn, walk_in
from handlers.walk_in_again import ToldBeforeError
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import TIANCUN, Office, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def type_in(
    office: Office, typed: WalkIn, login: str = "centre", key: str = ""
) -> TicketOpened:
    async with (
        office.world.numbers.held(1, office.at),
        office.pool.acquire() as connection,
        connection.transaction(),
    ):
        return await walk_in(connection, office.world, office.by(login, key), typed)


async def settle(office: Office, task_id: int, note: str, *, again: bool = False) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await settle_task(connection, office.by("centre"), task_id, note, again=again)


async def test_a_walk_in_with_a_phone_goes_on_by_sms(office: Office) -> None:
    opened = await type_in(
        office, WalkIn("暖气不热，老人怕冷", "海淀区田村路街道", phone="13800138000")
    )
    row = await office.ticket(opened.ticket_id)
    assert (row["source"], row["channel"], row["topic"]) == ("walk_in", "sms", "T001")
    assert (row["lead_unit_id"], row["created_by"]) == (
        office.units[TIANCUN],
        office.staff_ids["centre"],
    )
    assert len(await office.notices()) == 1
    assert "已受理，编号261123-000001-" in (await office.notices())[0]
    assert "已交田村路街道，24小时内答复您" in (await office.notices())[0]
    said = await office.say("查询")
    assert said[0].message is not None
    assert "暖气不热" in said[0].message.reply.text


async def test_who_is_known_already_keeps_the_conversation(office: Office) -> None:
    await office.open()
    await type_in(office, WalkIn("路灯坏了", "海淀区田村路街道", phone="138 0013 8000"))
    assert await office.value("select count(*) from conversations") == 1
    assert await office.value("select count(*) from tickets") == 2


MATTER, PLACE = "暖气不热", "海淀区田村路街道阜石路第一社区5号楼"


async def told_twice(office: Office, choice: str) -> TicketOpened:
    """Who has told it by SMS comes to the desk with the same."""
    await office.open()
    same = WalkIn(MATTER, PLACE, phone="13800138000", told_before=choice)
    return await type_in(office, same)


async def test_what_the_same_resident_told_before_is_shown_and_has_to_be_chosen(
    office: Office,
) -> None:
    for choice in ("", "join", "什么"):
        with pytest.raises(ToldBeforeError, match="可能已经反映过") as raised:
            await told_twice(office, choice)
        assert raised.value.own
        assert raised.value.nearby is None
    assert await office.value("select count(*) from tickets where source = 'walk_in'") == 0


async def test_more_of_the_same_is_added_and_counted_without_a_second_ticket(
    office: Office,
) -> None:
    opened = await told_twice(office, "add")
    assert await office.value("select count(*) from tickets") == 1
    assert (await office.ticket(opened.ticket_id))["repeats"] == 1
    assert (await office.events(opened.ticket_id))[-1] == "added"
    assert "已补充到“暖气不热”" in (await office.notices())[-1]


async def test_one_of_its_own_names_the_one_before(office: Office) -> None:
    opened = await told_twice(office, "alone")
    row = await office.ticket(opened.ticket_id)
    first = await office.value("select min(id) from tickets")
    assert (row["linked_ticket_id"], row["repeats"]) == (first, 1)


async def test_what_others_have_told_nearby_is_handled_with_theirs(office: Office) -> None:
    first = await office.open()
    with pytest.raises(ToldBeforeError) as raised:
        await type_in(office, WalkIn(MATTER, PLACE, phone="13900139000"))
    assert raised.value.nearby is not None
    assert raised.value.nearby.ticket_id == first
    order = WalkIn(MATTER, PLACE, phone="13900139000", told_before="join")
    opened = await type_in(office, order)
    assert (await office.ticket(opened.ticket_id))["joined_to"] == first
    alone = await type_in(office, WalkIn(MATTER, PLACE, told_before="alone"))
    assert (await office.ticket(alone.ticket_id))["joined_to"] is None


async def test_a_walk_in_without_a_phone_is_closed_with_its_result(office: Office) -> None:
    opened = await type_in(office, WalkIn("暖气不热", "海淀区田村路街道", contact_name="王"))
    assert await office.value("select count(*) from conversations") == 0
    async with office.pool.acquire() as connection, connection.transaction():
        await sign(connection, office.world, office.by("tiancun"), opened.ticket_id)
    async with office.pool.acquire() as connection, connection.transaction():
        await contact_and_resolve(
            connection, office.world, office.by("tiancun"), opened.ticket_id, "已修好"
        )
    assert (await office.ticket(opened.ticket_id))["state"] == "closed"
    assert await office.value("select count(*) from surveys") == 0
    assert (await office.events(opened.ticket_id))[-2:] == ["resolved", "closed"]


async def test_a_place_that_nobody_knows_waits_at_the_centre(office: Office) -> None:
    opened = await type_in(office, WalkIn("路灯坏了", "老槐树底下"))
    row = await office.ticket(opened.ticket_id)
    assert (row["state"], row["address_detail"]) == ("triage", "老槐树底下")


async def test_tip_offs_are_confidential(office: Office) -> None:
    opened = await type_in(office, WalkIn("有人偷排污水", "海淀区田村路街道", kind=Kind.TIP_OFF))
    assert (await office.ticket(opened.ticket_id))["confidential"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (WalkIn("", "海淀区"), "反映内容"),
        (WalkIn("路灯坏了", "八里庄街道"), "地点不明确"),
        (WalkIn("路灯坏了", "海淀区", phone="12"), "电话号码不对"),
        (WalkIn("路灯坏了", "海淀区", topic="X"), "问题分类"),
    ],
)
async def test_what_cannot_be_read_is_asked_again(office: Office, typed: WalkIn, said: str) -> None:
    with pytest.raises(ActRefusedError, match=said):
        await type_in(office, typed)
    assert await office.value("select count(*) from acts") == 0


async def test_units_type_in_nothing(office: Office) -> None:
    with pytest.raises(ActRefusedError, match="热线中心"):
        await type_in(office, WalkIn("路灯坏了", "海淀区"), "tiancun")


async def test_the_same_form_opens_one_ticket(office: Office) -> None:
    first = await type_in(office, WalkIn("路灯坏了", "海淀区田村路街道"), key="same")
    with pytest.raises(RepeatedActError) as repeated:
        await type_in(office, WalkIn("路灯坏了", "海淀区田村路街道"), key="same")
    assert repeated.value.result == str(first.ticket_id)
    assert await office.value("select count(*) from tickets") == 1


async def test_a_human_task_is_settled_once(office: Office) -> None:
    ticket = await office.open()
    await office.say("人工")
    await office.ring(timedelta(minutes=6))  # nobody comes
    await office.value("update human_tasks set ticket_id = $1 returning id", ticket)
    task = (await office.rows("select id, kind from human_tasks"))[0]
    assert task["kind"] == "call_back"
    with pytest.raises(ActRefusedError, match="处理情况"):
        await settle(office, task["id"], "")
    await settle(office, task["id"], "已回电，市民要查进度")
    row = (await office.rows("select * from human_tasks"))[0]
    assert row["done_by"] == office.staff_ids["centre"]
    assert row["note"].endswith("→ 已回电，市民要查进度")
    assert (await office.events(ticket))[-1] == "task_settled"
    with pytest.raises(ActRefusedError, match="已经有人处理"):
        await settle(office, task["id"], "再来一次")


async def test_an_undelivered_message_is_sent_again(office: Office) -> None:
    await office.open()
    await office.value(
        "update outbox set state = 'failed', part_states = 'f', attempts = 8 where seq = 2 returning seq"
    )
    await office.value(
        "insert into human_tasks (kind, conversation_id, created_at)"
        " select 'undelivered', id, $1 from conversations returning id",
        office.at,
    )
    task = await office.value("select id from human_tasks")
    assert isinstance(task, int)
    await settle(office, task, "", again=True)
    row = (await office.rows("select state, part_states, attempts from outbox where seq = 2"))[0]
    assert tuple(row) == ("pending", "p", 0)


@pytest.mark.parametrize("settled", [True, False])
async def test_a_survey_by_hand_ends_when_it_is_settled_or_after_a_week(
    office: Office, *, settled: bool
) -> None:
    ticket = await office.open()
    await office.say("退订")
    async with office.pool.acquire() as connection, connection.transaction():
        await sign(connection, office.world, office.by("tiancun"), ticket)
    async with office.pool.acquire() as connection, connection.transaction():
        await contact_and_resolve(connection, office.world, office.by("tiancun"), ticket, "已修好")
    await office.ring()
    assert (await office.ticket(ticket))["state"] == "resolved"
    if settled:
        await settle(office, await office.value("select id from human_tasks"), "已电话回访，满意")
        await office.ring(timedelta(seconds=1))
    else:
        await office.ring(timedelta(days=7, seconds=1))
    assert (await office.ticket(ticket))["state"] == "closed"
    assert await office.value("select state from surveys") == "expired"
