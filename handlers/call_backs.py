"""Call-backs (回电) and what was talked on the phone: a word on how it went, and what came of it."""

from enum import StrEnum

from handlers.call_orders import may_take_calls, takes_for_centre
from handlers.case import ActRefusedError, By, claim, worded
from handlers.settle_task import settle_task
from store import call_backs, call_desk, tickets
from store.database import Connection
from store.tickets import EventRow


class CallBackOutcome(StrEnum):
    """What came of a call-back; only the first two settle it."""

    REACHED = "reached"
    WRONG_NUMBER = "wrong_number"
    NO_ANSWER = "no_answer"


CALL_BACK_NAMES = {
    CallBackOutcome.REACHED: "已联系上",
    CallBackOutcome.WRONG_NUMBER: "号码不对",
    CallBackOutcome.NO_ANSWER: "没有接通，稍后再打",
}


async def settle_call_back(
    connection: Connection, by: By, task_id: int, outcome: str, note: str
) -> bool:
    """Note a call-back in the caller's transaction; False when it stays on the list. Raises `ActError`."""
    if outcome not in set(CallBackOutcome):
        raise ActRefusedError("请选择回电的结果。")
    name = CALL_BACK_NAMES[CallBackOutcome(outcome)]
    reached = outcome == CallBackOutcome.REACHED
    note = worded(note, "处理情况", longest=400, needed=reached)
    words = "：".join(filter(None, (name, note)))
    if outcome != CallBackOutcome.NO_ANSWER:
        await settle_task(connection, by, task_id, words)
        return True
    await claim(connection, by)
    if not takes_for_centre(by.unit_id, by.roles):
        raise ActRefusedError("回电由热线中心负责。")
    if not await call_backs.note_call_back(connection, task_id, f"{by.name}：{words}"):
        raise ActRefusedError("这件事已经有人处理了。")
    return False


async def note_talk(
    connection: Connection, by: By, talk_id: int, note: str, ticket_id: int | None
) -> None:
    """Keep what was talked about with a resident, on a ticket of theirs too. Raises `ActError`."""
    await claim(connection, by)
    _check(by)
    note = worded(note, "处理情况", longest=500)
    conversation_id = await call_desk.note_talk(connection, talk_id, by.staff_id, note)
    if conversation_id is None:
        raise ActRefusedError("这次通话不是您接的。")
    if ticket_id is None:
        return
    theirs = await call_desk.tickets_of(connection, [conversation_id])
    if ticket_id not in {one.id for one in theirs.get(conversation_id, ())}:
        raise ActRefusedError("这张工单不是这位市民的。")
    event = EventRow(ticket_id, by.at, "talked", "staff", by.staff_id, None, note)
    await tickets.insert_rows(connection, tickets.INSERT_EVENTS, [event])


def _check(by: By) -> None:
    if not may_take_calls(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能接听市民来电。")
