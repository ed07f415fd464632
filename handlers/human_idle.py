"""Timers of the queue for a person: nobody came in time, or whoever has the talk leaves a resident without an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.requests import HumanDone
from handlers.effects import Effects
from handlers.human_queue import IDLE, SUBJECT, nobody_came, wait_ends, wait_timer
from handlers.world import World
from store import human_attention, human_talks
from store.conversations import ConversationRow
from store.database import Connection
from store.human_attention import Attention
from store.timers import FiredTimer, TimerRow


async def after_waiting(
    connection: Connection,
    world: World,
    effects: Effects,
    rows: dict[int, ConversationRow],
    fired: Sequence[FiredTimer],
    now: datetime,
) -> dict[int, HumanDone]:
    """What conversations hear whose timers of the queue have fired; talks that are put back are held by nobody in `rows`."""
    heard = await nobody_came(connection, effects, fired, now)
    talk_ids = [
        timer.subject_id for timer in fired if (timer.subject, timer.kind) == (SUBJECT, IDLE)
    ]
    if not talk_ids:
        return heard
    for one in await human_attention.paid(connection, talk_ids, now):
        due_at = _due(one, world.human.idle, now)
        if one.present and due_at > now:
            effects.timers.append(idle_timer(one.talk_id, one.conversation_id, due_at))
            continue
        why = "没有及时答复" if one.present else "已退出登录"
        note = f"{one.name}{why}，退回排队"
        heard |= await put_back(connection, world, effects, rows, one, note, now)
    return heard


async def put_back(
    connection: Connection,
    world: World,
    effects: Effects,
    rows: dict[int, ConversationRow],
    one: Attention,
    note: str,
    now: datetime,
) -> dict[int, HumanDone]:
    """Let a taken talk wait again, before all that asked later; returns what its conversation hears."""
    if await human_talks.put_back(connection, one.talk_id, note) is None:
        return {}
    await human_talks.hold(connection, [(one.conversation_id, None)])
    rows[one.conversation_id] = replace(rows[one.conversation_id], held_by=None)
    ends_at = wait_ends(world, now, one.experts_until)
    effects.timers.append(wait_timer(one.talk_id, one.conversation_id, ends_at))
    return {one.conversation_id: HumanDone(waiting=True)}


def idle_timer(talk_id: int, conversation_id: int, due_at: datetime) -> TimerRow:
    """When to look whether a resident waits for an answer."""
    return TimerRow(SUBJECT, talk_id, IDLE, conversation_id, due_at)


def _due(one: Attention, idle: timedelta, now: datetime) -> datetime:
    return (one.unanswered_since or now) + idle
