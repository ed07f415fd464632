"""Supervision on a ticket's page: demand an answer, give it, end it."""

from collections.abc import Sequence

from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from gateway.console.case.moments import read_moment
from handlers.staff_acts import StaffAct
from handlers.supervise import answer_supervision, end_supervision, supervise
from store import supervisions
from store.database import Connection
from store.supervisions import Supervision


async def _supervise(connection: Connection, sent: Sent) -> None:
    typed, zone = sent.typed, sent.world.timezone
    due_at = read_moment(typed["due_at"], zone, "答复期限") if typed["due_at"].strip() else None
    await supervise(connection, sent.world, sent.who, sent.ticket_id, typed["demand"], due_at)


async def _answer(connection: Connection, sent: Sent) -> None:
    text = sent.typed["text"]
    await answer_supervision(connection, sent.world, sent.who, sent.ticket_id, sent.subject, text)


async def _end(connection: Connection, sent: Sent) -> None:
    note = sent.typed["note"]
    await end_supervision(connection, sent.world, sent.who, sent.ticket_id, sent.subject, note)


def _subject(one: Supervision) -> Subject:
    answer = f"\n答复：{one.answer}" if one.answer else ""
    return Subject(one.id, f"{one.by_unit}的督办", f"{one.demand}{answer}")


async def _open(connection: Connection, asked: Asked) -> list[Supervision]:
    found = await supervisions.open_of(connection, [asked.view.facts.id])
    return list(found.values())


async def _to_answer(connection: Connection, asked: Asked) -> Sequence[Subject]:
    own = asked.staff.unit_id
    return [_subject(one) for one in await _open(connection, asked) if one.unit_id == own]


async def _to_end(connection: Connection, asked: Asked) -> Sequence[Subject]:
    own = asked.staff.unit_id
    return [
        _subject(one) for one in await _open(connection, asked) if own in (None, one.by_unit_id)
    ]


async def _lines(connection: Connection, asked: Asked) -> object | None:
    return await supervisions.of_ticket(connection, asked.view.facts.id) or None


def _means(asked: Asked) -> str:
    rules = asked.world.rules
    hours, again = rules.value("supervise.hours"), rules.value("supervise.again_hours")
    most = rules.value("supervise.most")
    return (
        f"主办单位的收发员和负责人会收到督办要求；不填期限的，{hours}小时内要答复。"
        f"到期没有答复，报其负责人和上级，每{again}小时再报，最多{most}次，最后一次也报热线中心。市民不会收到消息。"
    )


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.SUPERVISE,
        _means,
        "督办已发出。",
        _supervise,
        (
            Field("demand", "督办要求"),
            Field("due_at", "答复期限", Input.MOMENT, needed=False),
        ),
        button="督办",
    ),
    Form(
        StaffAct.ANSWER_SUPERVISION,
        "督办的单位会收到您的答复；答复可以再补，直到督办结束。市民不会收到消息。",
        "已答复督办。",
        _answer,
        (Field("text", "答复"),),
        subjects=_to_answer,
        button="答复",
    ),
    Form(
        StaffAct.END_SUPERVISION,
        "督办到此结束，主办单位会收到通知。",
        "督办已结束。",
        _end,
        (Field("note", "意见"),),
        subjects=_to_end,
        button="结束督办",
    ),
)
SECTIONS: tuple[Section, ...] = (Section("督办", "console/case/supervision.html", _lines),)
