"""Applications on a ticket's page: what waits for one's own decision, what can be taken back, and how each went."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.console.case.choosing import unit_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from handlers.applications import ApplicationState, Kind
from handlers.case import ActRefusedError
from handlers.decide import KINDS, Deciding, act_of, decide, is_theirs, take_back
from handlers.return_unit import MOVING
from handlers.staff_acts import StaffAct
from store import applications
from store.applications import ApplicationRow, Step
from store.database import Connection

STATE_NAMES: Mapping[ApplicationState, str] = {
    ApplicationState.OPEN: "待裁定",
    ApplicationState.UPHELD: "已同意",
    ApplicationState.REFUSED: "未同意",
    ApplicationState.TAKEN_BACK: "已撤回",
    ApplicationState.LAPSED: "已失效",
}
UPHELD, REFUSED = "yes", "no"
UNKNOWN_UNIT = -1  # what was typed is none: refused where it is needed
_UNIT = "unit"

_FIELDS = (
    Field(
        "decision",
        "意见",
        Input.SELECT,
        options=lambda _: ((UPHELD, "同意"), (REFUSED, "不同意")),
    ),
    Field("note", "说明", needed=False),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One application as the page shows it; `asks` says what it is about besides its note."""

    row: ApplicationRow
    name: str
    state: str
    reason: str
    asks: str
    steps: Sequence[Step]


def name_of(row: ApplicationRow) -> str:
    """What a kind is called."""
    kind = KINDS.get(row.kind)
    return kind.name if kind else row.kind


def reason_of(row: ApplicationRow) -> str:
    """The reason that was chosen from the kind's list."""
    kind = KINDS.get(row.kind)
    return kind.reasons.get(row.reason, "") if kind else ""


def _asks(asked: Asked, row: ApplicationRow) -> str:
    kind = KINDS.get(row.kind)
    return kind.asks(asked.world, row) if kind and kind.asks else ""


def _subject(asked: Asked, row: ApplicationRow) -> Subject:
    kind = KINDS[row.kind]
    said = "。".join(part for part in (reason_of(row), row.note) if part)
    after = f"同意后：{kind.means}" if kind.means else ""
    last = row.stage == len(kind.route) - 1
    text = "\n".join(
        part for part in (said, _asks(asked, row), after, _otherwise(kind, last=last)) if part
    )
    also = _also(asked, row) if last and kind.code in MOVING else ()
    return Subject(row.id, f"{kind.name}（{row.unit}）", text, also)


def _otherwise(kind: Kind, *, last: bool) -> str:
    """What this opinion does: the last decides, one before may end it or only be heard."""
    if last:
        return "这是最后一级，您的意见即时生效。"
    refused = "不同意即退回申请单位" if kind.by_stage else "不同意的附上您的意见，由下一级裁定"
    return f"同意的报下一级裁定；{refused}。"


def _also(asked: Asked, row: ApplicationRow) -> tuple[Field, ...]:
    """Whoever decides last about a return or correction says whose it is; what the unit thinks stands there already."""
    proposed = asked.world.city.units.get(row.said.get("proposed") or 0)
    label = "改派给" if row.kind == "return" else "改派给（不填的按派单目录）"
    value = f"{proposed.name} {proposed.code}" if proposed else ""
    return (Field(_UNIT, label, Input.UNIT, needed=False, value=value),)


def _waiting(
    act: StaffAct,
) -> Callable[[Connection, Asked], Awaitable[Sequence[Subject]]]:
    async def subjects(connection: Connection, asked: Asked) -> Sequence[Subject]:
        staff = asked.staff
        found = await applications.open_of_tickets(connection, [asked.view.facts.id])
        return [
            _subject(asked, one)
            for one in found
            if act_of(one) is act and is_theirs(one, staff.unit_id) and one.staff_id != staff.id
        ]

    return subjects


async def _own(connection: Connection, asked: Asked) -> Sequence[Subject]:
    found = await applications.open_of_tickets(connection, [asked.view.facts.id])
    return [
        Subject(one.id, name_of(one), one.note)
        for one in found
        if one.unit_id == asked.staff.unit_id
    ]


def _deciding(act: StaffAct) -> Callable[[Connection, Sent], Awaitable[None]]:
    async def doing(connection: Connection, sent: Sent) -> None:
        typed = sent.typed
        if typed["decision"] not in (UPHELD, REFUSED):
            raise ActRefusedError("请选择同意或者不同意。")
        added: dict[str, int] = {}
        if typed[_UNIT].strip():
            added[_UNIT] = unit_of(sent.world, typed[_UNIT]) or UNKNOWN_UNIT
        order = Deciding(act, sent.subject, typed["decision"] == UPHELD, typed["note"], added)
        await decide(connection, sent.world, sent.who, sent.ticket_id, order)

    return doing


async def _take_back(connection: Connection, sent: Sent) -> None:
    await take_back(connection, sent.world, sent.who, sent.ticket_id, sent.subject)


async def _lines(connection: Connection, asked: Asked) -> object | None:
    ticket_id = asked.view.facts.id
    found = await applications.of_ticket(connection, ticket_id)
    if not found:
        return None
    steps = await applications.steps(connection, ticket_id)
    return [
        Line(
            one,
            name_of(one),
            STATE_NAMES[ApplicationState(one.state)],
            reason_of(one),
            _asks(asked, one),
            [step for step in steps if step.application_id == one.id],
        )
        for one in found
    ]


def _form(act: StaffAct, means: str) -> Form:
    return Form(
        act,
        means,
        "意见已记录，提出申请的单位会收到结果。",
        _deciding(act),
        _FIELDS,
        subjects=_waiting(act),
        button="提交意见",
    )


FORMS: tuple[Form, ...] = (
    _form(
        StaffAct.REVIEW,
        "本单位审核：同意的报上一级或者即时生效；不同意的请写说明，退回经办人。",
    ),
    _form(
        StaffAct.SCREEN,
        "由本单位作为上级审批或初审，效力写在下面。不同意的请写说明。申请单位会收到结果。",
    ),
    _form(
        StaffAct.DECIDE,
        "裁定后即时生效，不同意的请写说明，申请单位会收到结果；对市民有影响的，市民也会收到通知。",
    ),
    Form(
        StaffAct.TAKE_BACK_APPLICATION,
        "撤回后这份申请不再裁定，工单照常由本单位办理。",
        "申请已撤回。",
        _take_back,
        subjects=_own,
        button="撤回",
    ),
)
SECTIONS: tuple[Section, ...] = (Section("申请与裁定", "console/case/applications.html", _lines),)
