"""Somebody who writes in pieces gets one reply; what carried something out is never left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.base import Inbound, Parcel, Sent
from dialogs.said import Said
from gateway.delivery import Deliverer
from store import outbox
from store.database import Pool
from tests.world import Town, town

HOLD = 0.8
PHONE = "+8613800138000"
PIECES = ["你好", "我家暖气不热", "海淀区田村路街道", "阜石路第一社区", "5号楼"]


@pytest.fixture
async def city(pool: Pool) -> Town:
    """A town whose SMS behaves like a chat: replies go by the API, and wait for the next message."""
    city = await town(pool)
    sms = city.world.channels["sms"]
    abilities = replace(sms.abilities, inline=False, burst_seconds=HOLD)
    city.world.channels = {**city.world.channels, "sms": replace(sms, abilities=abilities)}
    return city


def piece(city: Town, words: str) -> Inbound:
    city.count += 1
    return Inbound("sms", f"SM{city.count}", PHONE, Said(words), city.now)


async def write(city: Town, *texts: str, apart: float = 0.3) -> None:
    async with (turns := city.turns()).running():
        for text in texts:
            await turns.submit(piece(city, text))
            city.now += timedelta(seconds=apart)


async def deliver(city: Town) -> list[str]:
    """Send what is due by now; returns what was sent."""
    sent: list[str] = []

    async def send(parcel: Parcel) -> Sent:
        sent.append(parcel.text)
        return Sent(f"SM{parcel.reference}")

    sms = replace(city.world.channels["sms"], send=send, find=None)
    world = replace(city.world, channels={"sms": sms})
    await Deliverer(city.pool, world, lambda *_: None, lambda: city.now).drain()
    return sent


async def outcomes(city: Town) -> list[str]:
    rows = await city.pool.fetch("select outcome from inbound order by seq")
    return [row[0] for row in rows]


async def test_five_messages_in_a_row_get_one_reply(city: Town) -> None:
    await write(city, *PIECES)
    city.now += timedelta(seconds=HOLD)
    assert len(await deliver(city)) == 1
    assert await outcomes(city) == ["silent:burst"] * 4 + ["turned"]


async def test_a_batch_of_five_gets_one_reply_too(city: Town) -> None:
    turns = city.turns()
    waiting = [piece(city, text) for text in PIECES]
    await turns.replay(waiting)
    city.now += timedelta(seconds=HOLD)
    assert len(await deliver(city)) == 1
    assert (await outcomes(city)).count("silent:burst") == 4


async def test_nothing_is_sent_before_the_hold_is_over(city: Town) -> None:
    await write(city, "你好", apart=0.1)
    assert await deliver(city) == []
    city.now += timedelta(seconds=HOLD)
    assert len(await deliver(city)) == 1


async def test_who_waits_for_each_reply_gets_each(city: Town) -> None:
    for text in PIECES[:3]:
        await write(city, text, apart=HOLD)
        assert len(await deliver(city)) == 1
    assert "silent:burst" not in await outcomes(city)


async def test_a_warning_of_danger_goes_out_at_once_and_is_never_left_out(city: Town) -> None:
    await write(city, "你好", "家里煤气漏了，有人晕倒了", apart=0.1)
    assert any("119" in text for text in await deliver(city))
    await write(city, "在海淀区田村路街道", apart=0.1)
    city.now += timedelta(seconds=HOLD)
    await deliver(city)
    assert (await outcomes(city))[1] == "turned"


async def test_the_number_of_a_new_ticket_is_told_though_more_is_written_at_once(
    city: Town,
) -> None:
    await write(city, "海淀区田村路街道阜石路第一社区5号楼暖气不热", apart=2)
    await write(city, "1", "谢谢", "再见", apart=0.1)
    city.now += timedelta(seconds=HOLD)
    assert any("编号" in text for text in await deliver(city))


async def test_a_reply_that_is_being_sent_is_not_taken_back(city: Town) -> None:
    await write(city, "你好", apart=0.1)
    await city.pool.execute("update outbox set state = 'sending', lease = 'x', attempts = 1")
    await write(city, "我家暖气不热", apart=0.1)
    assert await outcomes(city) == ["turned", "turned"]


async def test_a_repeat_of_a_message_that_was_answered_by_a_later_reply_gets_none(
    city: Town,
) -> None:
    first = piece(city, "你好")
    async with (turns := city.turns()).running():
        await turns.submit(first)
        await turns.submit(piece(city, "我家暖气不热"))
        outcome = await turns.submit(first)
    assert (outcome.repeated, outcome.messages) == (True, ())


async def test_a_plan_made_while_nothing_was_open_looks_up_one_address_at_a_time(
    pool: Pool,
) -> None:
    async with pool.acquire() as connection:
        await connection.execute(f"prepare giving as {outbox.GIVE_WAY}")
        rows = await connection.fetch("explain execute giving(null)")
        await connection.execute("deallocate giving")
    plan = "\n".join(row[0] for row in rows)
    assert "Index Cond: (address_id = t.address_id)" in plan
    assert "Bitmap Index Scan on outbox" not in plan
