"""Human tasks (人工事项): what only a person can settle is settled here, with a word on how."""

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.permit_table import CENTRE_ROLES, UNIT_TASK_ROLES
from store import human_tasks, outbox, surveys, tickets
from store.database import Connection
from store.tickets import EventRow

TASK_NAMES = {
    "call_back": "请回电",
    "failed_turn": "消息处理失败",
    "failed_timer": "定时事项失败",
    "undelivered": "消息未送达",
    "survey_by_hand": "电话回访",
    "overdue": "到期未派单",
    "relay": "保密转达",
    "repeated": "多次反映",
    "alert": "值班提醒",
    "follow_up": "对话后跟进",
    "duty_unanswered": "值班电话无人应答",
    "duty_stopped": "值班手机已退订",
}


def may_settle(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody settles the tasks of a unit (None: of the centre): the people of that unit, and nobody else."""
    return bool(roles & (CENTRE_ROLES if unit_id is None else UNIT_TASK_ROLES))


async def settle_task(
    connection: Connection, by: By, task_id: int, note: str, *, again: bool = False
) -> None:
    """Mark a task as done in the caller's transaction; `again` sends what was not delivered once more."""
    await claim(connection, by)
    if not may_settle(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能处理人工事项。")
    note = worded(note, "处理情况", longest=500, needed=not again)
    task = await human_tasks.settle(
        connection, task_id, by.staff_id, by.unit_id, by.at, note or "重新发送"
    )
    if task is None:
        raise ActRefusedError("这件事已经有人处理了。")
    if again:
        if task.kind != "undelivered" or task.conversation_id is None:
            raise ActRefusedError("只有未送达的消息可以重新发送。")
        await outbox.retry_conversation(connection, task.conversation_id, by.at)
    if task.kind == "survey_by_hand" and task.ticket_id is not None:
        await surveys.end_now(connection, task.ticket_id, by.at)
    if task.ticket_id is not None:
        said = f"{TASK_NAMES.get(task.kind, task.kind)}：{note or '重新发送'}"
        event = EventRow(
            task.ticket_id, by.at, "task_settled", "staff", by.staff_id, by.unit_id, said
        )
        await tickets.insert_rows(connection, tickets.INSERT_EVENTS, [event])
