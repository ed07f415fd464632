"""Duty phones ring in order for grades I and II, again and again, until somebody acknowledges by key."""

import pytest

from channels.base import CallSign, SendError
from dialogs.words import CallAct
from handlers.case import ActRefusedError
from handlers.duty import add_phone, raise_phone, remove_phone
from handlers.sign import sign
from store import call_orders
from store.database import Pool
from tests.exchange import Exchange, does, open_exchange
from tests.office import TIANCUN, act

FIRE = "海淀区田村路街道阜石路第一社区5号楼天然气泄漏，楼道里全是煤气味"
LITTER = "海淀区田村路街道阜石路第一社区5号楼门口垃圾没人清运"
S = CallSign


@pytest.fixture
async def exchange(pool: Pool) -> Exchange:
    exchange = await open_exchange(pool)
    for number, name in (("13900000001", "王主任"), ("13900000002", "李科长")):
        await act(exchange.office, add_phone, "tiancun", number, name, "CN")
    return exchange


async def grade_two(exchange: Exchange) -> int:
    """A ticket of grade II in the hands of 田村路街道."""
    ticket = await exchange.office.open()
    assert (await exchange.office.ticket(ticket))["grade"] == "II"
    return ticket


async def test_a_pressing_ticket_rings_and_one_key_acknowledges_it(exchange: Exchange) -> None:
    ticket = await grade_two(exchange)
    order, call, number = await exchange.rings()
    assert number == "+8613900000001"
    told = await exchange.heed(S.ANSWERED, call, order=order, outcome="human")
    assert told is not None
    assert told.text.startswith("12345值班提醒，II级工单，海淀区田村路街道")
    assert "暖气不热" in told.text
    assert "11月24日10点00分前反馈" in told.text
    assert [choice.label for choice in told.choices] == ["表示收到"]
    for _ in range(2):
        assert (
            does(await exchange.heed(S.PRESSED, call, order=order, digits="1")) is CallAct.HANG_UP
        )
    await exchange.heed(S.ENDED, call, order=order, outcome="completed")
    events = await exchange.office.rows(
        "select type, note, unit_id from ticket_events where ticket_id = $1 order by id", ticket
    )
    known = [e for e in events if e["type"] == "duty_acknowledged"]
    assert [(e["note"], e["unit_id"]) for e in known] == [
        ("王主任 +86139****0001", exchange.office.units[TIANCUN])
    ]
    exchange.later(hours=1)
    assert await exchange.drain() == 0


async def test_who_does_not_answer_makes_the_next_ring_and_all_again_after_two_minutes(
    exchange: Exchange,
) -> None:
    await grade_two(exchange)
    order, call, _ = await exchange.rings()
    await exchange.heed(S.ENDED, call, order=order, outcome="no-answer")
    order, call, number = await exchange.rings()
    assert number == "+8613900000002"
    await exchange.heed(S.ENDED, call, order=order, outcome="busy")
    assert await exchange.drain() == 0
    exchange.later(minutes=2)
    assert (await exchange.rings())[2] == "+8613900000001"


async def test_nobody_acknowledges_and_the_centre_has_an_urgent_task(exchange: Exchange) -> None:
    ticket = await grade_two(exchange)
    for _ in range(6):
        order, call, _ = await exchange.rings()
        await exchange.heed(S.ANSWERED, call, order=order, outcome="machine")
        await exchange.heed(S.ENDED, call, order=order, outcome="completed")
        await exchange.heed(S.ENDED, call, order=order, outcome="completed")
        exchange.later(minutes=2)
    assert await exchange.drain() == 0
    assert await exchange.orders() == [("duty", "given_up")]
    (task,) = await exchange.office.rows("select kind, urgent, ticket_id, note from human_tasks")
    assert (task["kind"], task["urgent"], task["ticket_id"]) == ("duty_unanswered", True, ticket)
    assert task["note"] == "值班电话打了6次，没有人应答"
    assert "duty_unanswered" in await exchange.office.events(ticket)


async def test_a_unit_that_has_signed_is_left_alone(exchange: Exchange) -> None:
    ticket = await grade_two(exchange)
    order, call, _ = await exchange.rings()
    await exchange.heed(S.ENDED, call, order=order, outcome="no-answer")
    await act(exchange.office, sign, "tiancun", ticket)
    await exchange.drain()
    assert len(exchange.provider.rung) == 1
    assert await exchange.orders() == [("duty", "given_up")]


async def test_grade_two_does_not_ring_at_night_and_grade_one_does(exchange: Exchange) -> None:
    exchange.later(hours=13)  # 23:00
    await grade_two(exchange)
    await exchange.drain()
    assert exchange.provider.rung == []
    await act(exchange.office, add_phone, "centre", "13911112222", "中心值班", "CN")
    await exchange.office.say(FIRE, phone="+8613800138001")
    assert (await exchange.rings())[2] == "+8613911112222"
    exchange.later(hours=8)
    await exchange.drain()
    assert len({order for order, _ in exchange.provider.rung}) == 2


async def test_general_matters_ring_nobody(exchange: Exchange) -> None:
    ticket = await exchange.office.open(LITTER)
    assert (await exchange.office.ticket(ticket))["grade"] == "III"
    assert await exchange.orders() == []


async def test_where_a_unit_has_no_phone_danger_rings_at_the_centre(pool: Pool) -> None:
    exchange = await open_exchange(pool)
    await exchange.office.say(FIRE)
    assert await exchange.orders() == []
    async with pool.acquire() as connection:
        office = exchange.office
        await add_phone(
            connection, office.world, office.by("centre"), "13911112222", "中心值班", "CN"
        )
    await exchange.office.say(FIRE, phone="+8613800138001")
    assert (await exchange.rings())[2] == "+8613911112222"


async def test_a_number_that_cannot_be_called_is_followed_by_the_next(exchange: Exchange) -> None:
    await grade_two(exchange)
    exchange.provider.refuses = SendError("21217", retry_seconds=None)
    await exchange.drain()
    assert exchange.provider.rung == []
    exchange.provider.refuses = None
    exchange.later(minutes=2)
    await exchange.drain()
    assert len(exchange.provider.rung) == 1


async def test_a_ticket_that_is_passed_on_rings_at_its_new_unit(exchange: Exchange) -> None:
    ticket = await grade_two(exchange)
    unit = exchange.office.units["110108"]
    await act(exchange.office, add_phone, "district", "13933334444", "区值班室", "CN")
    async with exchange.office.pool.acquire() as connection:
        await call_orders.ring_duty(connection, [(ticket, unit, "II")], exchange.office.at)
    assert (await exchange.rings())[2] == "+8613933334444"
    assert len(await exchange.orders()) == 1


async def test_phones_are_set_by_the_unit_s_own_desk_in_their_order(exchange: Exchange) -> None:
    office = exchange.office
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, add_phone, "reader", "13900000003", "外人", "CN")
    with pytest.raises(ActRefusedError, match="完整的电话号码"):
        await act(office, add_phone, "tiancun", "12", "短号", "CN")
    ids = [row["id"] for row in await office.rows("select id from duty_phones order by position")]
    async with office.pool.acquire() as connection:
        await raise_phone(connection, office.by("tiancun"), ids[1])
        await raise_phone(connection, office.by("tiancun"), ids[1])
        with pytest.raises(ActRefusedError, match="已经删除"):
            await remove_phone(connection, office.by("other"), ids[0])
    names = await office.rows("select name from duty_phones order by position")
    assert [row["name"] for row in names] == ["李科长", "王主任"]
