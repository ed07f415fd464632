"""What many tell together: group complaints are marked (群诉), joined tickets closed with the one they follow (并案办结)."""

from dataclasses import dataclass

from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent
from handlers.close_joined import close_joined
from handlers.group import mark_group
from handlers.result import RESULT_NAMES
from handlers.staff_acts import StaffAct
from store import together
from store.database import Connection
from store.together import Earlier


@dataclass(frozen=True, slots=True)
class Together:
    """How many stand behind a ticket (0: it is no group complaint), and what the same resident told before of it."""

    group_size: int
    earlier: list[Earlier]


async def _mark(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    await mark_group(connection, sent.world, sent.who, sent.ticket_id, typed["size"], typed["note"])


async def _close(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    await close_joined(
        connection,
        sent.world,
        sent.who,
        sent.ticket_id,
        typed["text"],
        typed["result"],
        typed["why"],
    )


def _closing(asked: Asked) -> str:
    count = len(asked.view.joined)
    return (
        f"工单和并在一起的另外{count}张一同办结：每位市民都会在各自的对话里收到结果、各自回访，"
        "谁说没解决就单独重办。理由只给工作人员看；主办单位会收到通知。"
    )


async def _load(connection: Connection, asked: Asked) -> Together | None:
    found = await together.group_and_earlier(connection, asked.view.facts.id)
    return Together(*found) if any(found) else None


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.MARK_GROUP,
        "很多人反映同一件事时用：列表和本页会标出“群诉”，单位负责人和上级单位会收到通知；市民不会收到消息。",
        "已标记群诉，负责人和上级单位会收到通知。",
        _mark,
        (
            Field("size", "约多少人", Input.NUMBER, longest=7),
            Field("note", "说明", Input.LINE, needed=False, longest=200),
        ),
    ),
    Form(
        StaffAct.CLOSE_JOINED,
        _closing,
        "已办结；每位市民会收到结果，各自回访。",
        _close,
        (
            Field(
                "result",
                "办理结果",
                Input.SELECT,
                options=lambda _: tuple((str(one), name) for one, name in RESULT_NAMES.items()),
            ),
            Field("text", "告诉市民的结果"),
            Field("why", "并案办结的理由（给工作人员看）", longest=200),
        ),
        danger=True,
    ),
)
SECTIONS: tuple[Section, ...] = (Section("群诉与重复反映", "console/case/together.html", _load),)
