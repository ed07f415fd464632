"""A unit's reply that acts on several tickets keeps to the order in which turns lock: conversations first, lowest first."""

from datetime import timedelta

from store import conversations
from store.database import Pool
from tests.meanwhile import meanwhile
from tests.office import open_office
from tests.unit_phone import UnitPhone

EARLIER, LATER = "+8613800138001", "+8613800138002"


async def test_a_reply_on_several_tickets_holds_nothing_while_it_waits_for_a_conversation(
    pool: Pool,
) -> None:
    office = await open_office(pool)
    phone = UnitPhone(office)
    await phone.confirmed()
    await office.say("你好", phone=EARLIER)
    first = await office.open("海淀区田村路街道玉海园小区楼道堆满杂物", phone=LATER)
    second = await office.open("海淀区田村路街道半壁店社区垃圾没人清运", phone=EARLIER)
    find = "select conversation_id from tickets where id = $1"
    high, low = [await office.value(find, one) for one in (first, second)]
    assert low < high
    await phone.told(minutes=2)
    office.at += timedelta(seconds=5)
    await office.say("1", phone="+8613700137000")
    await meanwhile(
        pool,
        lambda turn: conversations.lock_by_id(turn, [low]),
        lambda _: phone.work(),
        lambda turn: conversations.lock_by_id(turn, [high]),
    )
    assert [(await office.ticket(one))["state"] for one in (first, second)] == ["handling"] * 2
