"""Extension and hold on a ticket's page: ask for more time, put it on hold, look at it again, write it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from gateway.console.case.moments import read_day, read_moment
from handlers.case import ActRefusedError
from handlers.extend import extend
from handlers.hold import REASON_NAMES, Holding, hold
from handlers.hold_review import review_hold
from handlers.staff_acts import StaffAct
from handlers.write_off import write_off
from store import holds
from store.database import Connection
from store.holds import HoldRow

RESUME, LATER = "resume", "later"
HOLD_STATES = {"open": "挂账中", "written_off": "已销账", "ended": "已结束"}


@dataclass(frozen=True, slots=True)
class Line:
    """A hold as the page shows it."""

    row: HoldRow
    reason: str
    state: str


async def _extend(connection: Connection, sent: Sent) -> None:
    until = read_moment(sent.typed["until"], sent.world.timezone, "新的时限")
    await extend(connection, sent.world, sent.who, sent.ticket_id, until, sent.typed["note"])


def _day(sent: Sent, name: str) -> datetime:
    hour = sent.world.rules.value("working.ends_hour") % 24
    return read_day(sent.typed["review_at"], sent.world.timezone, hour, name)


async def _hold(connection: Connection, sent: Sent) -> None:
    order = Holding(sent.typed["reason"], sent.typed["plan"], _day(sent, "复查日期"))
    await hold(connection, sent.world, sent.who, sent.ticket_id, order)


async def _review(connection: Connection, sent: Sent) -> None:
    outcome = sent.typed["outcome"]
    if outcome not in (RESUME, LATER):
        raise ActRefusedError("请选择接着办还是继续挂账。")
    until = _day(sent, "新的复查日期") if outcome == LATER else None
    await review_hold(connection, sent.world, sent.who, sent.ticket_id, sent.typed["note"], until)


async def _write_off(connection: Connection, sent: Sent) -> None:
    await write_off(connection, sent.world, sent.who, sent.ticket_id, sent.typed["note"])


async def _running(connection: Connection, asked: Asked) -> Sequence[Subject]:
    ticket_id = asked.view.facts.id
    found = (await holds.open_of(connection, [ticket_id])).get(ticket_id)
    if found is None:
        return ()
    day = found.review_at.astimezone(asked.world.timezone)
    return (
        Subject(found.id, f"{day:%Y-%m-%d}复查", f"{REASON_NAMES[found.reason]}。{found.plan}"),
    )


async def _lines(connection: Connection, asked: Asked) -> object | None:
    found = await holds.of_ticket(connection, asked.view.facts.id)
    return [Line(one, REASON_NAMES[one.reason], HOLD_STATES[one.state]) for one in found] or None


def _extension(asked: Asked) -> str:
    percent = asked.world.rules.value("extension.percent")
    return (
        f"原时限以前提出，一轮只能延一次，最多再加原时限的{percent}%。由上级单位审批（没有上级的由热线中心），"
        "批准前时限不变；批准后市民会收到新的答复时间。"
    )


def _holding(asked: Asked) -> str:
    days = asked.world.rules.value("hold.most_days")
    return (
        f"眼下不具备条件的事才能挂账，最长{days}天后复查。由上级单位审批；批准后答复时间改到复查日期，"
        "市民会得知为什么要等、等到哪天。挂账不免考核。"
    )


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.EXTEND,
        _extension,
        "延期申请已提交，等上级审批。",
        _extend,
        (Field("until", "新的时限", Input.MOMENT), Field("note", "延期理由")),
        button="申请延期",
    ),
    Form(
        StaffAct.HOLD,
        _holding,
        "挂账申请已提交，等上级审批。",
        _hold,
        (
            Field("reason", "理由", Input.SELECT, options=lambda _: tuple(REASON_NAMES.items())),
            Field("plan", "计划（怎么办、谁来办、到哪一步）"),
            Field("review_at", "复查日期", Input.DATE),
        ),
        button="申请挂账",
    ),
    Form(
        StaffAct.REVIEW_HOLD,
        "能办了选“接着办”：挂账随即结束，时限从挂账时剩下的时间接着算，市民会收到通知。还不能办的选“继续挂账”，"
        "由上级重新审批，批准后市民会收到新的日期。",
        "复查已记录。",
        _review,
        (
            Field(
                "outcome",
                "复查结果",
                Input.SELECT,
                options=lambda _: ((RESUME, "接着办"), (LATER, "继续挂账")),
            ),
            Field("note", "复查情况"),
            Field("review_at", "新的复查日期（继续挂账时填）", Input.DATE, needed=False),
        ),
        subjects=_running,
        button="提交复查",
    ),
    Form(
        StaffAct.WRITE_OFF,
        "条件已经具备、事情可以办了，写清做了什么，由上级审批。同意后挂账结束，市民会得知由谁接着办、什么时候答复。",
        "销账申请已提交，等上级审批。",
        _write_off,
        (Field("note", "做了什么"),),
        subjects=_running,
        button="申请销账",
    ),
)
SECTIONS: tuple[Section, ...] = (Section("挂账", "console/case/deadlines.html", _lines),)
