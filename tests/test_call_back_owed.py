"""A resident is owed one call-back, whoever writes it down and however many do so at once."""

import asyncio

from handlers.human_queue import call_back
from store import call_backs, human_tasks
from store.call_backs import CallBackRow
from store.database import Connection, Pool
from tests.world import START, town

WAITING = "select exists (select from pg_locks where not granted)"


async def _heard(pool: Pool) -> int:
    """Somebody has written; returns the conversation."""
    one = await town(pool)
    await one.say("你好")
    found: int = await pool.fetchval("select max(id) from conversations")
    return found


async def _until_somebody_waits(watcher: Connection) -> None:
    for _ in range(2000):
        if await watcher.fetchval(WAITING):
            return
        await asyncio.sleep(0)
    raise AssertionError("nobody waited for the other")


async def _owed(pool: Pool) -> list[str]:
    rows = await pool.fetch("select note from human_tasks where kind = 'call_back' order by id")
    return [row["note"] for row in rows]


async def test_the_turn_and_the_recording_write_one_at_the_same_moment(pool: Pool) -> None:
    conversation = await _heard(pool)
    async with pool.acquire() as turn, pool.acquire() as recording, pool.acquire() as watcher:
        rows = [CallBackRow(conversation, "电话留言9秒", START)]
        async with asyncio.TaskGroup() as group, turn.transaction():
            await human_tasks.insert(turn, [call_back(conversation, "电话留言", "漏水", START)])
            group.create_task(call_backs.add_call_backs(recording, rows))
            await _until_somebody_waits(watcher)
    assert await _owed(pool) == ["电话留言：漏水"]


async def test_what_two_turns_want_at_the_same_moment_stands_in_one(pool: Pool) -> None:
    conversation = await _heard(pool)
    async with pool.acquire() as first, pool.acquire() as second, pool.acquire() as watcher:
        wanted = [call_back(conversation, "无人", "停电", START)]
        async with asyncio.TaskGroup() as group, first.transaction():
            await human_tasks.insert(first, [call_back(conversation, "排队", "漏水", START)])
            group.create_task(human_tasks.insert(second, wanted))
            await _until_somebody_waits(watcher)
    assert await _owed(pool) == ["排队：漏水\n无人：停电"]
