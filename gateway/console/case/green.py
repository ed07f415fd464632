"""Green channel on a ticket's page: what the enterprise says came of it, and what the resident has agreed to."""

from collections.abc import Sequence

from gateway.console.case.form import Asked, Field, Form, Section, Sent, Subject
from gateway.console.told import notified
from handlers.green import not_reconciled, reconciled
from handlers.staff_acts import StaffAct
from store import green
from store.database import Connection

STATE_NAMES = {
    "open": "协商中",
    "reconciled": "已和解",
    "failed": "未能和解",
    "late": "逾期没有谈成",
    "ended": "随工单结束",
}


CONFIRMED = {
    "yes": "（市民已确认）",
    "partly": "（市民说部分解决）",
    "no": "（市民说没解决，已交监管部门）",
}


async def _settled_now(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """The ticket itself, while its enterprise settles it."""
    found = await green.of_ticket(connection, asked.view.facts.id)
    return [Subject(0, "")] if found is not None and found.state == "open" else []


async def _reconciled(connection: Connection, sent: Sent) -> None:
    await reconciled(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])


async def _not_reconciled(connection: Connection, sent: Sent) -> None:
    await not_reconciled(connection, sent.world, sent.who, sent.ticket_id, sent.typed["note"])


async def _told(connection: Connection, asked: Asked) -> object | None:
    found = await green.of_ticket(connection, asked.view.facts.id)
    if found is None:
        return None
    state = STATE_NAMES[found.state]
    if found.state == "reconciled":
        state += CONFIRMED.get(found.solved or "", "（企业所说，市民还没有确认）")
    return {"told": found, "state": state}


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.RECONCILED,
        "先要联系过市民。由本单位另一位审核人审核（没有的直接生效）；审核后市民会收到和解结果，同时由热线中心回访："
        "市民说解决了才算和解成功，说没解决就交监管部门重办。",
        "已提交。审核后市民会收到和解结果和回访。",
        _reconciled,
        (Field("text", "和解结果"),),
        subjects=_settled_now,
    ),
    Form(
        StaffAct.NOT_RECONCILED,
        lambda asked: f"工单马上转监管部门办理，时限重新计算。{notified(asked.view)}。",
        "已转监管部门。",
        _not_reconciled,
        (Field("note", "没有谈成的原因"),),
        subjects=_settled_now,
        danger=True,
    ),
)
SECTIONS: tuple[Section, ...] = (Section("绿色通道", "console/case/green.html", _told),)
