"""A person comes to the phone: the caller is fetched out of the queue, staff are rung, both meet in a room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.call_orders import OwnPhone, take_next
from store.database import Pool
from tests.telephone import Caller, Town, town

DESK = "+8613900001111"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        yield made


async def met(city: Town) -> tuple[Caller, Caller]:
    """A caller and the member of staff who has taken the call."""
    caller, _ = await city.call()
    await caller.key("1")
    await caller.key("0")
    async with city.office.pool.acquire() as connection, connection.transaction():
        own = OwnPhone("13900001111", "CN")
        await take_next(connection, city.office.world, city.office.by("centre"), own)
    staff = await city.rings(DESK)
    await staff.pick_up()
    await staff.key("1")
    await city.until(lambda: caller.waits == "talk", "both in one room")
    return caller, staff


async def test_caller_and_staff_hear_each_other(city: Town) -> None:
    caller, staff = await met(city)
    await caller.say("我家漏水了。")
    assert staff.heard().endswith("我家漏水了。")
    await staff.say("马上派人。")
    assert caller.heard().endswith("马上派人。")


async def test_when_the_person_hangs_up_the_caller_goes_on(city: Town) -> None:
    caller, staff = await met(city)
    await staff.hang_up()
    await city.until(lambda: caller.waits != "talk", "the caller goes on")
    await caller.settled()
    assert caller.waits == "keys+speech"
    assert await city.office.value("select state from human_talks") == "ended"


async def test_when_the_caller_hangs_up_the_room_is_over(city: Town) -> None:
    caller, staff = await met(city)
    await caller.hang_up()
    await city.until(lambda: staff.waits == "over", "the person is let go")
    assert await city.office.value("select state from human_talks") == "ended"
