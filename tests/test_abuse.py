"""Abuse is marked by two of the centre, for a time, with a reason, and told; who is marked is heard all the same."""

from datetime import timedelta

import pytest

from dialogs.requests import Silence
from handlers.abuse import confirm_abuse, lift_abuse, mark_abuse, marked_until
from handlers.case import ActRefusedError
from handlers.ticket_view import view_ticket
from handlers.visit import visit
from store import conversations, residents
from store.conversations import NewAddress
from store.database import Pool
from tests.office import STAFF, Office, act, open_office
from tests.world import PHONE


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def proposed(office: Office) -> tuple[int, int]:
    """A ticket whose resident somebody has proposed to mark; and the mark."""
    ticket = await office.open()
    await act(office, mark_abuse, "centre", ticket, "一天空拨三百次")
    return ticket, await office.value("select max(id) from abuse_marks")


async def marked(office: Office) -> tuple[int, int]:
    ticket, mark = await proposed(office)
    await act(office, confirm_abuse, "editor", ticket, mark, "7")
    return ticket, mark


async def test_a_unit_can_neither_mark_nor_see_a_mark(office: Office) -> None:
    ticket, mark = await marked(office)
    for doing, args in ((mark_abuse, ("骂人",)), (lift_abuse, (mark, "算了"))):
        with pytest.raises(ActRefusedError):
            await act(office, doing, "tiancun", ticket, *args)
    roles, unit = STAFF["tiancun"]
    async with office.pool.acquire() as connection:
        view = await view_ticket(connection, office.units[unit], frozenset(roles), ticket)
    assert view is not None
    assert not [one for one in view.events if one.type.startswith("abuse")]


async def test_the_second_person_is_another_and_the_time_has_an_end(office: Office) -> None:
    ticket, mark = await proposed(office)
    with pytest.raises(ActRefusedError, match="不能自己确认"):
        await act(office, confirm_abuse, "centre", ticket, mark, "7")
    for days in ("0", "31", "永远", ""):
        with pytest.raises(ActRefusedError, match="1到30"):
            await act(office, confirm_abuse, "editor", ticket, mark, days)
    assert await office.notices() == []
    await act(office, confirm_abuse, "editor", ticket, mark, "7")
    with pytest.raises(ActRefusedError, match="已经有结果"):
        await act(office, confirm_abuse, "editor", ticket, mark, "7")
    (told,) = await office.notices()
    assert "12345热线中心决定" in told
    assert "11月30日" in told


async def test_who_is_marked_gets_no_second_answer_to_nothing_but_is_heard(office: Office) -> None:
    await marked(office)
    await office.say("哈哈哈", "哈哈哈")
    outcomes = "select array_agg(outcome order by seq desc) from inbound"
    assert (await office.value(outcomes))[0] == "silent:paused"
    (turned,) = await office.say("有人触电了救命，海淀区田村路街道阜石路第一社区")
    assert turned.message is not None
    assert "120" in "".join(turned.message.parts)


async def test_who_is_not_marked_is_asked_again(office: Office) -> None:
    await proposed(office)
    (first, second) = await office.say("哈哈哈", "哈哈哈")
    assert first.message is not None
    assert second.message is not None


async def test_a_mark_ends_by_its_time_or_is_lifted_and_that_is_told(office: Office) -> None:
    ticket, mark = await marked(office)
    await act(office, lift_abuse, "centre", ticket, mark, "已道歉")
    assert "解除" in (await office.notices())[-1]
    (stored,) = await office.rows("select session from conversations")
    assert marked_until(stored["session"]) is None
    await act(office, mark_abuse, "centre", ticket, "又来了")
    second = await office.value("select max(id) from abuse_marks")
    await act(office, confirm_abuse, "editor", ticket, second, "1")
    with pytest.raises(ActRefusedError, match="已经有一个标记"):
        await act(office, mark_abuse, "centre", ticket, "再标")
    office.at += timedelta(days=2)
    await office.say("哈哈哈")
    (turned,) = await office.say("哈哈哈")
    assert turned.message is not None


async def test_all_talks_of_the_resident_hold_the_mark(office: Office) -> None:
    ticket = await office.open()
    await office.open(phone="browser-1", channel="webchat")
    own = await office.value("select resident_id from tickets where id = $1", ticket)
    await office.value("update conversations set resident_id = $1 returning 1", own)
    await act(office, mark_abuse, "centre", ticket, "辱骂")
    mark = await office.value("select max(id) from abuse_marks")
    await act(office, confirm_abuse, "editor", ticket, mark, "3")
    rows = await office.rows("select session from conversations")
    assert [marked_until(row["session"]) for row in rows] == [office.at + timedelta(days=3)] * 2


async def test_a_talk_that_begins_later_holds_the_mark_too(office: Office) -> None:
    await marked(office)
    office.at += timedelta(days=1)
    async with office.pool.acquire() as connection, connection.transaction():
        number = office.world.hash_of_number(PHONE)
        address = NewAddress("webchat", b"later", b"", "chat", number)
        (fresh,) = await conversations.create(connection, [address], office.at)
        assert fresh.marked_until == office.at + timedelta(days=6)
        (known,) = await conversations.lock_by_id(connection, [fresh.id])
        assert known.marked_until == fresh.marked_until
    assert visit(office.world, fresh, Silence(0)).before.marked_until == fresh.marked_until


async def test_who_is_found_to_be_a_marked_resident_is_marked(office: Office) -> None:
    ticket, _ = await marked(office)
    other = await office.open(phone="browser-1", channel="webchat")
    of = "select resident_id from tickets where id = $1"
    stays, gone = await office.value(of, ticket), await office.value(of, other)
    async with office.pool.acquire() as connection:
        await residents.merge(connection, gone, stays, "code", office.at)
    rows = await office.rows("select session from conversations")
    assert [marked_until(row["session"]) for row in rows] == [office.at + timedelta(days=7)] * 2
