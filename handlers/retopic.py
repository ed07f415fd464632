"""Another kind or topic (改分类): what staff put right counts, and is what `jiesu learn` learns from."""

from dataclasses import dataclass

import msgspec

from dialogs.words import Kind
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.staff_acts import StaffAct
from handlers.surge_marks import mark_again
from handlers.world import World
from store import casework
from store.database import Connection
from store.joined import Retopiced, retopic_joined
from store.tickets import EventRow

KIND_NAMES = {
    Kind.QUESTION: "咨询",
    Kind.REQUEST: "求助",
    Kind.COMPLAINT: "投诉",
    Kind.TIP_OFF: "举报",
    Kind.SUGGESTION: "建议",
    Kind.PRAISE: "表扬",
}
UNKNOWN = "不明"


@dataclass(frozen=True, slots=True)
class Retopicing:
    """What it is in truth; None leaves it as it is."""

    kind: Kind | None = None
    topic: str | None = None
    reason: str = ""


async def retopic(
    connection: Connection, world: World, by: By, ticket_id: int, order: Retopicing
) -> None:
    """Put kind and topic right. Unit, grade and limit stay: to send it elsewhere is an act of its own."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RETOPIC)
    reason = worded(order.reason, "理由", needed=False)
    if not await put_right(connection, case, order.kind, order.topic, reason):
        raise ActRefusedError("类型和分类都没有改动。")
    await mark_again(connection, case)
    await finish(connection, case)


async def put_right(
    connection: Connection, case: Case, kind: Kind | None, topic: str | None, reason: str = ""
) -> bool:
    """Change kind and topic of a ticket under lock, with an event that keeps both; False when nothing is new."""
    reader, ticket = case.world.city.reader, case.ticket
    if topic and reader.topic(topic) is None:
        raise ActRefusedError("问题分类不在目录中。")
    before = await casework.retopic(connection, ticket.id, kind, topic or None)
    after = casework.Sorted(kind or before.kind, topic or before.topic)
    if after == before:
        return False
    case.effects.change(ticket.id, topic=after.topic)
    note = "；".join(filter(None, (*_changes(case, before, after), reason)))
    data = msgspec.json.encode({"from": before._asdict(), "to": after._asdict()}).decode()
    by = case.by
    case.effects.events.append(
        EventRow(ticket.id, by.at, "retopiced", "staff", by.staff_id, by.unit_id, note, data)
    )
    if ticket.has_joined and after.topic != before.topic:
        said = f"随并案工单：{note}"
        changed = Retopiced(
            ticket.id, before.topic, after.topic, said, by.at, by.staff_id, by.unit_id
        )
        await retopic_joined(connection, changed)
    return True


def _changes(case: Case, before: casework.Sorted, after: casework.Sorted) -> list[str]:
    changes = []
    if after.topic != before.topic:
        names = (_name(case, before.topic), _name(case, after.topic))
        changes.append("问题分类由“{}”改为“{}”".format(*names))
    if after.kind != before.kind:
        changes.append(f"类型由{KIND_NAMES[Kind(before.kind)]}改为{KIND_NAMES[Kind(after.kind)]}")
    return changes


def _name(case: Case, code: str) -> str:
    topic = case.world.city.reader.topic(code)
    return topic.level3 if topic else UNKNOWN
