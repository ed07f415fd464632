"""A resident is owed one call-back, whoever writes it down and however many do so at once."""

from handlers.human_queue import call_back
from store import call_backs, human_tasks
from store.call_backs import CallBackRow
from store.database import Pool
from tests.meanwhile import meanwhile
from tests.world import START, town


async def _heard(pool: Pool) -> int:
    """Somebody has written; returns the conversation."""
    one = await town(pool)
    await one.say("你好")
    found: int = await pool.fetchval("select max(id) from conversations")
    return found


async def _owed(pool: Pool) -> list[str]:
    rows = await pool.fetch("select note from human_tasks where kind = 'call_back' order by id")
    return [row["note"] for row in rows]


async def test_the_turn_and_the_recording_write_one_at_the_same_moment(pool: Pool) -> None:
    conversation = await _heard(pool)
    heard = [call_back(conversation, "电话留言", "漏水", START)]
    recorded = [CallBackRow(conversation, "电话留言9秒", START)]
    await meanwhile(
        pool,
        lambda turn: human_tasks.insert(turn, heard),
        lambda recording: call_backs.add_call_backs(recording, recorded),
    )
    assert await _owed(pool) == ["电话留言：漏水"]


async def test_what_two_turns_want_at_the_same_moment_stands_in_one(pool: Pool) -> None:
    conversation = await _heard(pool)
    queued = [call_back(conversation, "排队", "漏水", START)]
    missed = [call_back(conversation, "无人", "停电", START)]
    await meanwhile(
        pool,
        lambda first: human_tasks.insert(first, queued),
        lambda second: human_tasks.insert(second, missed),
    )
    assert await _owed(pool) == ["排队：漏水\n无人：停电"]
