"""The queue for a person, on a real database: places, waits, leaving, and what is kept when nobody comes."""

from datetime import UTC, datetime

import pytest

from handlers.human_service import HumanService, read_hours
from handlers.turn import run_turns
from store.database import Pool
from tests.world import START, Town, town

OTHER, THIRD = "+8613800138001", "+8613800138002"


async def _states(one: Town) -> list[str]:
    rows = await one.pool.fetch("select state from human_talks order by id")
    return [row["state"] for row in rows]


async def _notes(one: Town) -> list[str]:
    rows = await one.pool.fetch("select note from human_tasks where kind = 'call_back' order by id")
    return [row["note"] for row in rows]


async def test_who_asks_for_a_person_waits_behind_those_who_asked_before(pool: Pool) -> None:
    one = await town(pool)
    first = await one.say("人工", phone=OTHER)
    second = await one.say("人工", phone=THIRD)
    third = await one.say("人工")
    assert "正在为您转人工，大约1分钟" in first
    assert "前面有1位，大约2分钟" in second
    assert "前面有2位，大约3分钟" in third


async def test_two_who_ask_in_one_batch_stand_one_behind_the_other(pool: Pool) -> None:
    one = await town(pool)
    await one.say("你好", phone=OTHER)
    await one.say("你好", phone=THIRD)
    both = [one.message("人工", phone=OTHER), one.message("人工", phone=THIRD)]
    async with (
        one.world.numbers.held(2, one.now),
        one.pool.acquire() as connection,
        connection.transaction(),
    ):
        turned = await run_turns(connection, one.world, both, one.now)
    said = ["".join(each.message.parts) for each in turned if each.message]
    assert ["前面有1位" in each for each in said] == [False, True]


async def test_the_complaint_goes_on_while_its_resident_waits_and_travels_with_the_entry(
    pool: Pool,
) -> None:
    one = await town(pool)
    answer = await one.say("暖气不热", "人工")
    assert "转人工" in answer
    assert "在什么地方" in answer
    assert "海淀区" in await one.say("海淀区田村路街道")
    assert await one.pool.fetchval("select about from human_talks") == "暖气不热"


async def test_asking_again_keeps_the_place(pool: Pool) -> None:
    one = await town(pool)
    await one.say("人工")
    await one.say("人工", phone=OTHER)
    assert "前面有" not in await one.say("人工")
    assert await _states(one) == ["waiting", "waiting"]


@pytest.mark.parametrize("words", ["不等了", "取消", "不用了"])
async def test_who_does_not_want_to_wait_leaves_the_queue(pool: Pool, words: str) -> None:
    one = await town(pool)
    await one.say("人工")
    assert "不等人工了" in await one.say(words)
    assert await _states(one) == ["left"]
    assert await one.wait(minutes=30) == []


async def test_when_nobody_comes_a_call_back_is_kept_and_the_open_question_is_asked_again(
    pool: Pool,
) -> None:
    one = await town(pool)
    await one.say("暖气不热", "人工")
    await one.deliver()
    told = await one.wait(minutes=5)
    assert "没有人有空" in told[0]
    assert "在什么地方" in told[0]
    assert await _states(one) == ["missed"]
    assert await _notes(one) == ["等人工没有等到：暖气不热"]
    await one.deliver()
    assert "“暖气不热”，海淀区田村路街道" in await one.say("海淀区田村路街道")


async def test_out_of_hours_the_resident_is_told_when_people_are_back(pool: Pool) -> None:
    one = await town(pool)
    one.world.human = HumanService(hours=read_hours("mon-fri 08:30-09:30"))
    assert "明天08:30有人" in await one.say("人工")
    assert await _states(one) == []
    assert await _notes(one) == ["人工不在服务时间"]


async def test_after_talks_were_taken_the_wait_is_said_from_them(pool: Pool) -> None:
    one = await town(pool)
    await one.say("人工", phone=OTHER)
    await one.pool.execute(
        "update human_talks set state = 'ended', taken_at = asked_at + interval '4 minutes'"
    )
    one.now = START.replace(minute=10)
    assert "大约4分钟" in await one.say("人工")


def test_hours_are_read_by_weekday_and_over_midnight() -> None:
    hours = read_hours("mon-fri 08:30-20:00, sat 22:00-02:00")
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert not hours.is_open(monday)
    assert hours.opens_at(monday) == monday.replace(minute=30)
    assert hours.is_open(datetime(2026, 11, 29, 1, 0, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 11, 29, 3, 0, tzinfo=UTC))
    assert hours.opens_at(datetime(2026, 11, 29, 3, 0, tzinfo=UTC)) == datetime(
        2026, 11, 30, 8, 30, tzinfo=UTC
    )
    assert read_hours("00:00-24:00").is_open(monday)


@pytest.mark.parametrize("text", ["", "8-20", "25:00-26:00", "mon-fry 08:00-09:00", "08:70-09:00"])
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="times like"):
        read_hours(text)
