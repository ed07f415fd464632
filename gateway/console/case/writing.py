"""What a unit writes (deliver: progress, note, evidence, reply, result), each act with its form."""

from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent
from gateway.console.case.templates import offered_templates
from gateway.console.told import notified
from gateway.console.typed import moment_of
from handlers.evidence import Attached, attach
from handlers.progress import note, progress
from handlers.reply import reply
from handlers.resolve import resolve
from handlers.result import RESULT_NAMES, ResultKind
from handlers.staff_acts import StaffAct
from handlers.ticket_view import TicketView
from store import evidence, inside
from store.database import Connection

SHARED = "shared"


async def _reply(connection: Connection, sent: Sent) -> None:
    await reply(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])


async def _progress(connection: Connection, sent: Sent) -> None:
    await progress(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])


async def _note(connection: Connection, sent: Sent) -> None:
    shared = SHARED in sent.many.get("who", ())
    text = sent.typed["text"]
    await note(connection, sent.world, sent.who, sent.ticket_id, text, shared=shared)


async def _evidence(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    files = [Attached(one.media_id, one.content_type, one.content) for one in sent.files]
    taken_at = moment_of(typed["taken_at"], sent.world.timezone)
    said = evidence.Said(typed["place"], taken_at, typed["note"])
    await attach(connection, sent.world, sent.who, sent.ticket_id, files, said)


async def _resolve(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    kind = typed["kind"] or ResultKind.SOLVED
    await resolve(
        connection, sent.world, sent.who, sent.ticket_id, typed["text"], kind, typed["why"]
    )


def _reply_means(asked: Asked) -> str:
    return f"{notified(asked.view)}；查询进度时也会看到。协办单位不直接答复市民，写给主办合并答复。工单状态不变。"


def _assisted(view: TicketView) -> str:
    """What the assisting units have said in this round, for the one answer to hold it too."""
    begins = [one.at for one in view.events if one.type == "reopened"]
    said = [
        one
        for one in view.events
        if one.type == "assisted" and one.at >= max(begins, default=one.at)
    ]
    answers = "；".join(f"{one.unit}：{one.note}" for one in said)
    return f"请合并协办答复（{answers}）。" if answers else ""


def _resolve_means(asked: Asked) -> str:
    view, facts = asked.view, asked.view.facts
    if facts.conversation_id is None or facts.anonymous:
        after = "市民没有留下联系方式，算数后即结案，不回访。"
    elif facts.stopped:
        after = "市民已退订消息：由热线中心电话回访。"
    else:
        after = "市民会收到办理结果，同时由热线中心回访；市民说没解决就会重办。"
    if view.joined:
        after += f"另外{len(view.joined)}位一起办的市民同样收到结果、各自回访。"
    if any(one.role == "assist" and one.state in ("open", "signed") for one in view.shares):
        after += "协办单位还没有答复：到期前要等，过期可以先办结，会点名并报其上级。"
    first = (
        "先由本单位审核人审核，审核通过才算办结（没有其他审核人的，直接办结），答复时限照常计算。"
    )
    return f"{_assisted(view)}办结前须已联系市民。{first}{after}"


async def _kept(connection: Connection, asked: Asked) -> object | None:
    return await evidence.of_ticket(connection, asked.view.facts.id) or None


async def _result(connection: Connection, asked: Asked) -> object | None:
    """The last result, where it is none that simply says solved."""
    found = await inside.result_of(connection, asked.view.facts.id)
    if found is None or found.kind not in set(ResultKind) or asked.view.facts.resolved_at is None:
        return None
    return {"name": RESULT_NAMES[ResultKind(found.kind)], "why": found.why}


_TEXT = Field("text", "答复内容")
FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.REPLY,
        _reply_means,
        "答复已记录；市民能收消息的，随即送达。",
        _reply,
        (_TEXT,),
        button="答复",
    ),
    Form(
        StaffAct.PROGRESS,
        "记在工单的经过里，各经办单位和热线中心都能看到；市民不会收到消息。",
        "进展已记录。",
        _progress,
        (Field("text", "进展"),),
        button="记录",
    ),
    Form(
        StaffAct.NOTE,
        "只给本单位和热线中心看，市民永远看不到；勾选后，这张工单的其他经办单位也能看到。",
        "备注已记录。",
        _note,
        (
            Field("text", "备注"),
            Field(
                "who",
                "其他单位",
                Input.CHECKS,
                needed=False,
                options=lambda _: ((SHARED, "其他经办单位也能看到"),),
            ),
        ),
        button="记录",
    ),
    Form(
        StaffAct.EVIDENCE,
        "照片、录音或PDF存入工单，经办单位和热线中心都能看到；市民不会收到消息。照片要有拍摄时间和地点："
        "照片自带的会自动读出，没有的请填写。",
        "佐证已上传。",
        _evidence,
        (
            Field("files", "文件（照片每张最多10兆，一次共38兆）", Input.FILES),
            Field("taken_at", "拍摄时间（照片没有自带时填写）", Input.MOMENT, needed=False),
            Field(
                "place",
                "拍摄地点（照片没有自带时填写）",
                Input.LINE,
                needed=False,
                longest=200,
            ),
            Field("note", "说明", Input.LINE, needed=False, longest=200),
        ),
        button="上传",
    ),
    Form(
        StaffAct.RESOLVE,
        _resolve_means,
        "办理结果已提交：审核通过后，留有联系方式的市民会收到结果和回访。",
        _resolve,
        (
            Field(
                "kind",
                "结果",
                Input.SELECT,
                options=lambda _: tuple(RESULT_NAMES.items()),
                value=ResultKind.SOLVED,
            ),
            Field("text", "办理结果（就是给市民的答复）"),
            Field("why", "原因：没有完全解决的要写明", Input.LINE, needed=False),
        ),
    ),
)
SECTIONS: tuple[Section, ...] = (
    Section("办理结果", "console/case/result.html", _result),
    Section("模板", "console/case/templates.html", offered_templates),
    Section("佐证", "console/case/evidence.html", _kept),
)
