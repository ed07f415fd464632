"""Group complaints, tickets closed together, and what is told many times."""

from datetime import timedelta

import pytest

from handlers.case import ActRefusedError
from handlers.close_joined import close_joined
from handlers.group import mark_group
from handlers.retopic import Retopicing, retopic
from handlers.rules import Rules
from handlers.sign import sign
from store.database import Pool
from store.together import Matters, group_and_earlier, matters
from tests.office import TIANCUN, Office, act, open_office
from tests.test_join import FIRST, SECOND, THIRD, joined, settled, state, told
from tests.test_urged import told_units

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_so_many_who_join_make_a_group_complaint_that_heads_hear_of_once(
    office: Office,
) -> None:
    office.world.rules = Rules({"group.size": 3})
    parent, child, _ = await joined(office)
    await settled(office, MINUTE)
    await settled(office, MINUTE)
    assert (await office.ticket(parent))["group_size"] == 3
    assert (await office.ticket(child))["group_size"] == 0
    assert await told_units(office, "group_marked") == [
        (TIANCUN, "head", True),
        ("110108", "head", True),
    ]
    assert (await office.events(parent)).count("group_marked") == 1


async def test_one_resident_who_tells_it_for_many_makes_one_too(office: Office) -> None:
    ticket = await office.open("海淀区田村路街道阜石路第一社区5号楼暖气不热，涉及三十户居民")
    assert (await office.ticket(ticket))["group_size"] == 30
    assert "group_marked" in await office.events(ticket)
    assert len(await told_units(office, "group_marked")) == 2


async def test_a_group_is_marked_by_hand_from_so_many_on_and_by_who_leads(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="5人以上"):
        await act(office, mark_group, "tiancun", ticket, "4", "")
    with pytest.raises(ActRefusedError):
        await act(office, mark_group, "reader", ticket, "40", "")
    await act(office, mark_group, "tiancun", ticket, "40", "业主群")
    assert (await office.ticket(ticket))["group_size"] == 40
    assert await office.notices() == []


async def test_the_centre_closes_all_that_are_joined_each_told_and_asked_for_itself(
    office: Office,
) -> None:
    parent, child, by_chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    with pytest.raises(ActRefusedError, match="不能并案办结"):
        await act(office, close_joined, "tiancun", parent, "管道已换。", "solved", "同一根管道")
    with pytest.raises(ActRefusedError, match="理由"):
        await act(office, close_joined, "centre", parent, "管道已换。", "solved", "")
    await act(office, close_joined, "centre", parent, "管道已换。", "solved", "同一根管道")
    await settled(office)
    assert await state(office, parent, child, by_chat) == ["resolved"] * 3
    assert "管道已换。" in (await told(office, child))[-1]
    assert await office.value("select count(*) from surveys") == 3
    why = "select note from ticket_events where ticket_id = $1 and type = 'resolved'"
    assert "同一根管道" in await office.value(why, child)
    assert "同一根管道" not in "".join(await told(office, child))
    await office.say("1", "3", "4", "4", "没有了", phone=SECOND)
    assert await state(office, parent, child) == ["resolved", "dispatched"]


async def test_the_centre_need_not_wait_until_the_unit_has_signed(office: Office) -> None:
    parent, child, by_chat = await joined(office)
    await act(office, close_joined, "centre", parent, "已约好周三更换。", "partly", "同一根管道")
    await settled(office)
    assert await state(office, parent, child, by_chat) == ["resolved"] * 3
    assert await office.value("select count(*) from surveys") == 3
    assert "已约好周三更换。" in (await told(office, child))[-1]


async def test_nothing_is_closed_together_that_nobody_has_joined(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    with pytest.raises(ActRefusedError, match="没有别的工单"):
        await act(office, close_joined, "centre", ticket, "好了", "solved", "一起")


async def test_the_topic_of_those_that_follow_goes_along(office: Office) -> None:
    parent, child, _ = await joined(office)
    other = await office.value(
        "select code from topics where code <> (select topic from tickets where id = $1) limit 1",
        parent,
    )
    await act(office, retopic, "centre", parent, Retopicing(topic=other))
    assert (await office.ticket(child))["topic"] == other
    assert "retopiced" in await office.events(child)


async def test_what_one_tells_again_is_linked_and_counted_apart(office: Office) -> None:
    first = await office.open(phone=FIRST)
    await office.say("海淀区田村路街道阜石路第一社区5号楼暖气不热", "3", "1", phone=FIRST)
    await office.open("海淀区田村路街道阜石路第一社区路灯不亮", phone=THIRD)
    async with office.pool.acquire() as connection:
        second = await connection.fetchval(
            "select id from tickets where linked_ticket_id = $1", first
        )
        size, earlier = await group_and_earlier(connection, second)
        counted = await matters(connection, office.at - timedelta(1), office.at + timedelta(1))
    assert (size, [one.id for one in earlier]) == (0, [first])
    assert counted == Matters(tickets=3, unique=2, repeated=1, joined=0, groups=0)
