"""Whoever a joined ticket follows next, it is told everything once, and nothing that was meant for another alone."""

import asyncio
from datetime import timedelta

import pytest

from dialogs.ticket_number import format_number
from handlers.case import ActRefusedError
from handlers.join import join
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.office import MATTER, Office, act, open_office
from tests.test_join import CHAT, FIRST, MINUTE, SECOND, THIRD, joined, settled, state, told

FOURTH = "+8613800138004"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def withdrawn(office: Office) -> None:
    """The first of the residents withdraws, and the others go on."""
    await office.say("撤单", "1", phone=FIRST)
    await settled(office)
    await settled(office, MINUTE)


async def test_what_was_told_before_the_first_was_withdrawn_is_not_told_again(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    await settled(office)
    await withdrawn(office)
    for ticket in (child, chat):
        assert await told(office, ticket) == ["“暖气不热”，田村路街道答复：在查。"]


async def test_a_reply_to_one_alone_reaches_nobody_who_comes_to_follow_that_one(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await settled(office)
    await act(office, reply, "tiancun", child, "您母亲的药先送到。")
    await act(office, reply, "tiancun", chat, "您家的狗先拴好。")
    await withdrawn(office)
    assert [len(await told(office, ticket)) for ticket in (child, chat)] == [1, 1]
    last = [(await office.ticket(ticket))["last_reply"] for ticket in (child, chat)]
    assert last == ["您母亲的药先送到。", "您家的狗先拴好。"]


async def test_a_reply_just_before_the_first_is_withdrawn_is_told(office: Office) -> None:
    parent, child, chat = await joined(office)
    await act(office, sign, "tiancun", parent)
    await settled(office)
    await act(office, reply, "tiancun", parent, "在查。")
    await withdrawn(office)
    for ticket in (child, chat):
        assert await told(office, ticket) == ["“暖气不热”，田村路街道答复：在查。"]


async def test_what_was_told_to_another_before_the_join_stays_there(office: Office) -> None:
    parent, child, _ = await joined(office)
    await office.say(MATTER, "2", phone=THIRD)
    other = await office.value("select max(id) from tickets")
    await act(office, sign, "tiancun", other)
    await act(office, reply, "tiancun", other, "早先的。")
    await act(office, join, "centre", parent, format_number(other))
    await settled(office)
    await act(office, reply, "tiancun", other, "后来的。")
    await settled(office)
    for ticket in (parent, child):
        replies = [text[-4:] for text in await told(office, ticket) if "答复" in text]
        assert replies == ["后来的。"]
    assert (await office.ticket(child))["joined_to"] == other


async def test_those_who_withdrew_one_after_the_other_leave_the_last_in_charge(
    office: Office,
) -> None:
    parent, child, chat = await joined(office)
    await withdrawn(office)
    heir = await office.value(
        "select id from tickets where joined_to is null and state = 'dispatched'"
    )
    phone, channel = (SECOND, "sms") if heir == child else (CHAT, "webchat")
    await office.say("撤单", "1", phone=phone, channel=channel)
    await settled(office, timedelta(seconds=5))
    last = child + chat - heir
    assert await state(office, parent, heir, last) == ["withdrawn", "withdrawn", "dispatched"]
    assert (await office.ticket(last))["joined_to"] is None
    due = await office.value("select count(*) from timers where kind = 'joined_news'")
    assert due == 0


async def alone(office: Office, phone: str) -> int:
    """The same matter again, not joined by its resident."""
    await office.say(MATTER, "2", phone=phone)
    ticket: int = await office.value("select max(id) from tickets")
    return ticket


async def test_two_that_are_joined_to_each_other_at_once_do_not_both_vanish(office: Office) -> None:
    one, of_one, _ = await joined(office)
    other, of_other = await alone(office, THIRD), await alone(office, FOURTH)
    await act(office, join, "centre", of_other, format_number(other))
    async with office.pool.acquire() as connection, asyncio.TaskGroup() as tasks:
        async with connection.transaction():
            by = office.by("centre")
            await join(connection, office.world, by, one, format_number(of_other))
            second = tasks.create_task(refused(office, other, of_one))
        assert "不能并到自己" in await second
    assert (await office.ticket(one))["joined_to"] == other
    assert (await office.ticket(other))["joined_to"] is None


async def refused(office: Office, ticket: int, other: int) -> str:
    """Why a ticket may not join another."""
    with pytest.raises(ActRefusedError) as refusal:
        await act(office, join, "centre", ticket, format_number(other))
    return str(refusal.value)


async def test_what_is_joined_by_way_of_one_that_has_not_moved_yet_runs_in_no_circle(
    office: Office,
) -> None:
    one, of_one, _ = await joined(office)
    other = await alone(office, THIRD)
    await act(office, join, "centre", one, format_number(other))
    assert "不能并到自己" in await refused(office, other, of_one)
    third = await alone(office, FOURTH)
    assert "稍后再试" in await refused(office, third, of_one)
    await settled(office)
    await act(office, join, "centre", third, format_number(of_one))
    assert (await office.ticket(third))["joined_to"] == other
