"""What is kept secret and what leaves the house: passing words on (转达), traces (留痕), marks for abuse (恶意标记)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.console.case.choosing import unit_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from handlers.abuse import confirm_abuse, in_force, is_proposed, lift_abuse, mark_abuse
from handlers.relay import LONGEST, WAY_NAMES, ask_relay, relay
from handlers.staff_acts import StaffAct, Standing
from handlers.traces import EXPORT, PRINT, TRACE_NAMES, Reader, forward, is_open, take_out
from store import abuse, traces
from store.abuse import Mark
from store.database import Connection
from store.traces import Trace


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A trace with the address of what it opens; "" where it opens nothing (any more)."""

    trace: Trace
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark for abuse, and how it stands."""

    mark: Mark
    state: str


async def _ask(connection: Connection, sent: Sent) -> None:
    await ask_relay(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])


async def _relay(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    await relay(connection, sent.world, sent.who, sent.ticket_id, typed["way"], typed["text"])


async def _forward(connection: Connection, sent: Sent) -> None:
    unit_id = unit_of(sent.world, sent.typed["to"])
    purpose = sent.typed["purpose"]
    await forward(connection, sent.world, sent.who, sent.ticket_id, unit_id, purpose)


async def _print(connection: Connection, sent: Sent) -> None:
    purpose = sent.typed["purpose"]
    await take_out(connection, sent.world, sent.who, sent.ticket_id, PRINT, purpose)


async def _export(connection: Connection, sent: Sent) -> None:
    purpose = sent.typed["purpose"]
    await take_out(connection, sent.world, sent.who, sent.ticket_id, EXPORT, purpose)


async def _mark(connection: Connection, sent: Sent) -> None:
    await mark_abuse(connection, sent.world, sent.who, sent.ticket_id, sent.typed["reason"])


async def _confirm(connection: Connection, sent: Sent) -> None:
    days = sent.typed["days"]
    await confirm_abuse(connection, sent.world, sent.who, sent.ticket_id, sent.subject, days)


async def _lift(connection: Connection, sent: Sent) -> None:
    reason = sent.typed["reason"]
    await lift_abuse(connection, sent.world, sent.who, sent.ticket_id, sent.subject, reason)


async def _confidential(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """Words are passed on for confidential tickets alone."""
    del connection
    return (Subject(0, "保密工单"),) if asked.view.facts.confidential else ()


async def _proposed(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """Marks that wait for a second person, which is not who proposed them."""
    marks = await abuse.of_ticket(connection, asked.view.facts.id)
    waiting = [one for one in marks if is_proposed(one) and one.proposed_by != asked.staff.id]
    return [Subject(one.id, f"{one.proposer}提议", one.reason) for one in waiting]


async def _held(connection: Connection, asked: Asked) -> Sequence[Subject]:
    marks = await abuse.of_ticket(connection, asked.view.facts.id)
    open_ones = [one for one in marks if is_proposed(one) or in_force(one, asked.now)]
    return [Subject(one.id, f"{one.proposer}提议", one.reason) for one in open_ones]


async def _markable(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """A ticket whose resident is known, and not marked yet."""
    if asked.view.facts.conversation_id is None or await _held(connection, asked):
        return ()
    return (Subject(0, "这位市民"),)


async def _traces(connection: Connection, asked: Asked) -> Sequence[TraceLine] | None:
    found = await traces.of_ticket(connection, asked.view.facts.id)
    return [TraceLine(one, TRACE_NAMES[one.what], _path(asked, one)) for one in found] or None


def _path(asked: Asked, trace: Trace) -> str:
    own = is_open(Reader(asked.world, asked.staff.id, asked.now), trace)
    listed = trace.purpose.startswith("列表导出")
    if not own or listed or trace.what not in (PRINT, EXPORT):
        return ""
    return f"/console/tickets/{asked.view.facts.id}/{trace.what}/{trace.id}"


async def _marks(connection: Connection, asked: Asked) -> Sequence[MarkLine] | None:
    """Of marks nobody but the centre knows."""
    if asked.view.hold.standing is not Standing.CENTRE:
        return None
    found = await abuse.of_ticket(connection, asked.view.facts.id)
    return [MarkLine(one, _state(asked, one)) for one in found] or None


def _state(asked: Asked, mark: Mark) -> str:
    if mark.lifted_at is not None:
        return "已解除"
    if is_proposed(mark):
        return "等第二个人确认"
    return "有效" if in_force(mark, asked.now) else "已到期"


_PURPOSE = Field("purpose", "用途", Input.LINE, longest=200)
_OPENS = "已留痕。请在下面“谁转发、打印、导出过”一栏里打开，不久后失效。"

FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.ASK_RELAY,
        "市民要求保密，本单位看不到是谁。写下要问或要说的话，由热线中心转达；市民的回答也由中心转回来。",
        "已交热线中心转达。",
        _ask,
        (Field("text", "要转达给市民的话", longest=LONGEST),),
        subjects=_confidential,
    ),
    Form(
        StaffAct.RELAY,
        "转给市民的算承办单位已联系；转给单位的会去掉姓名和号码，住处、长相等请您自己不要写。",
        "已转达。",
        _relay,
        (
            Field(
                "way",
                "转给谁",
                Input.SELECT,
                options=lambda _: tuple((str(way), name) for way, name in WAY_NAMES.items()),
            ),
            Field("text", "要转达的话", longest=LONGEST),
        ),
        subjects=_confidential,
    ),
    Form(
        StaffAct.FORWARD,
        "那个单位会收到一条通知，只有标题和用途，供了解，不用办理；市民不会收到消息。转给谁会记录在案。",
        "已转发并留痕。",
        _forward,
        (Field("to", "转给哪个单位", Input.UNIT), _PURPOSE),
    ),
    Form(
        StaffAct.PRINT,
        "打印页带有您的姓名和时间水印，不含联系方式。谁打印、做什么用会记录在案。",
        _OPENS,
        _print,
        (_PURPOSE,),
    ),
    Form(
        StaffAct.EXPORT,
        "导出一个表格文件，不含联系方式。谁导出、做什么用会记录在案。",
        _OPENS,
        _export,
        (_PURPOSE,),
    ),
    Form(
        StaffAct.MARK_ABUSE,
        "提议后由另一位同事确认才生效。生效后市民的诉求照样受理、危险照样处置，只是空消息、辱骂不再逐条回复；市民会收到通知。承办单位看不到。",
        "已提议，等另一位同事确认。",
        _mark,
        (Field("reason", "理由", longest=500),),
        subjects=_markable,
    ),
    Form(
        StaffAct.CONFIRM_ABUSE,
        "确认后生效，市民会收到通知：由谁决定、到什么时候。",
        "已确认，市民会收到通知。",
        _confirm,
        (Field("days", "多少天", Input.NUMBER, value="7", longest=3),),
        subjects=_proposed,
        danger=True,
    ),
    Form(
        StaffAct.LIFT_ABUSE,
        "解除后照常逐条回复；已经通知过市民的，会再通知一次。",
        "已解除。",
        _lift,
        (Field("reason", "理由", longest=500),),
        subjects=_held,
    ),
)
SECTIONS: tuple[Section, ...] = (
    Section("谁转发、打印、导出过", "console/case/traces.html", _traces),
    Section("恶意标记", "console/case/abuse.html", _marks),
)
