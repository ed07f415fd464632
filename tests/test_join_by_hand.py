"""What is not joined, what a joined ticket does not do by itself, and when it is taken out."""

import pytest

from dialogs.ticket_number import format_number
from handlers.case import ActRefusedError
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.join import join, split
from handlers.reply import reply
from handlers.show_contact import show_contact
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import OTHER, TIANCUN, Office, act, open_office
from tests.test_join import FIRST, SECOND, THIRD, joined, settled, told


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_a_tip_off_is_joined_to_nothing_even_where_nobody_asked_for_secrecy(
    office: Office,
) -> None:
    parent = await office.open(phone=FIRST)
    tip = await office.open(phone=THIRD)
    await office.value("update tickets set kind = 'tip_off' where id = $1 returning 1", tip)
    await act(office, split, "centre", tip)
    for one, other in ((tip, parent), (parent, tip)):
        with pytest.raises(ActRefusedError, match="只有求助和投诉"):
            await act(office, join, "centre", one, format_number(other))


async def test_what_was_said_to_all_is_told_before_one_is_taken_out(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, reply, "tiancun", parent, "在查。")
    await act(office, split, "centre", child)
    await settled(office)
    first, second = await told(office, child)
    assert "在查。" in first
    assert "单独办理" in second


async def test_what_is_done_for_all_is_not_taken_out_any_more(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, sign, "tiancun", parent)
    await act(office, contact_and_resolve, "tiancun", parent, "修好了。")
    with pytest.raises(ActRefusedError, match="刚刚有了结果"):
        await act(office, split, "centre", child)
    await settled(office)
    assert "修好了。" in (await told(office, child))[-1]


async def test_nobody_opens_the_contact_of_who_has_withdrawn(office: Office) -> None:
    parent, child, _ = await joined(office)
    await act(office, show_contact, "tiancun", child, "约时间")
    await office.say("撤单", "1", phone=SECOND)
    order = Dispatching(office.units[OTHER], "归东华门")
    await act(office, dispatch_by_hand, "centre", parent, order)
    await act(office, show_contact, "other", parent, "约时间")
    with pytest.raises(ActRefusedError, match="经办单位"):
        await act(office, show_contact, "other", child, "约时间")


async def test_a_place_told_late_sends_a_joined_ticket_nowhere_of_its_own(office: Office) -> None:
    danger = "救命啊有人触电了！"
    await office.say(danger, phone=FIRST)
    parent = await office.value("select max(id) from tickets")
    await office.say(danger, phone=SECOND)
    child = await office.value("select max(id) from tickets")
    await act(office, join, "centre", child, format_number(parent))
    await office.say("海淀区田村路街道阜石路第一社区5号楼", phone=SECOND)
    row = await office.ticket(child)
    assert (row["state"], row["street_code"]) == ("triage", TIANCUN)
    assert await office.value("select count(*) from assignments") == 0
