"""What is judged about a ticket: an unreasonable demand, an invalid ticket, marks of shirking and false closing."""

from collections.abc import Awaitable, Callable, Sequence

from gateway.console.case.choosing import unit_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from handlers import invalid, unreasonable
from handlers.marks import (
    MARK_KINDS,
    Marking,
    confirm_mark,
    hand_to_discipline,
    mark,
    take_back_mark,
)
from handlers.staff_acts import StaffAct, Standing
from store import marks
from store.database import Connection
from store.marks import Mark

Marked = Callable[[Mark, Asked], bool]


async def _unreasonable(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    await unreasonable.propose(
        connection, sent.world, sent.who, sent.ticket_id, typed["reason"], typed["note"]
    )


async def _invalid(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    await invalid.propose_invalid(
        connection, sent.world, sent.who, sent.ticket_id, typed["reason"], typed["note"]
    )


async def _mark(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    unit_id = unit_of(sent.world, typed["unit"]) or None
    order = Marking(typed["kind"], unit_id, typed["note"])
    await mark(connection, sent.world, sent.who, sent.ticket_id, order)


def _had(asked: Asked) -> Sequence[tuple[str, str]]:
    """The units that have or had the ticket."""
    return [(name, name) for name in dict.fromkeys(share.unit for share in asked.view.shares)]


def _about_mark(
    act: Callable[..., Awaitable[None]],
) -> Callable[[Connection, Sent], Awaitable[None]]:
    async def doing(connection: Connection, sent: Sent) -> None:
        note = sent.typed["note"]
        await act(connection, sent.world, sent.who, sent.ticket_id, sent.subject, note)

    return doing


def _subjects(
    fits: Marked,
) -> Callable[[Connection, Asked], Awaitable[Sequence[Subject]]]:
    async def subjects(connection: Connection, asked: Asked) -> Sequence[Subject]:
        found = await marks.of_ticket(connection, asked.view.facts.id)
        return [
            Subject(one.id, f"{one.unit} {MARK_KINDS[one.kind]}", one.note)
            for one in found
            if one.taken_back_at is None and fits(one, asked)
        ]

    return subjects


async def _lines(connection: Connection, asked: Asked) -> object | None:
    """Those above see all; a unit what has been confirmed about itself."""
    found = await marks.of_ticket(connection, asked.view.facts.id)
    if asked.view.hold.standing not in (Standing.CENTRE, Standing.SUPERIOR):
        own = asked.staff.unit_id
        found = [one for one in found if one.unit_id == own and one.confirmed_at is not None]
    return [(one, MARK_KINDS[one.kind]) for one in found] or None


_NOTE = (Field("note", "说明", needed=False),)

FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.UNREASONABLE,
        "联系过市民、传过佐证以后才能提出。区里复核，热线中心认定；认定前照常办理。认定后市民会得知由谁认定、为什么、"
        "还能怎么办；只回访联系和态度，态度照样计入。",
        "申请已提交，等上级复核。",
        _unreasonable,
        (
            Field(
                "reason",
                "理由",
                Input.SELECT,
                options=lambda _: tuple(unreasonable.REASON_NAMES.items()),
            ),
            Field("note", "事实和依据"),
        ),
        button="申请认定",
    ),
    Form(
        StaffAct.INVALID,
        "由热线中心另一位同事认定；认定前照常办理。认定后结案、不回访，除恶意骚扰外市民会得知由谁认定、为什么、还能怎么办。",
        "已提交，等另一位同事认定。",
        _invalid,
        (
            Field(
                "reason",
                "理由",
                Input.SELECT,
                options=lambda _: tuple(invalid.REASON_NAMES.items()),
            ),
            Field("note", "情况"),
        ),
        danger=True,
        button="申请认定无效",
    ),
    Form(
        StaffAct.MARK,
        "这只是提议，由热线中心另一位同事确认后才算数；确认后该单位负责人会收到通知。市民不会收到消息。",
        "已提议标记，等另一位同事确认。",
        _mark,
        (
            Field("kind", "标记", Input.SELECT, options=lambda _: tuple(MARK_KINDS.items())),
            Field("unit", "单位（经办过这张工单的）", Input.SELECT, options=_had),
            Field("note", "事实和依据"),
        ),
        button="提议标记",
    ),
    Form(
        StaffAct.CONFIRM_MARK,
        "确认后标记算数，该单位负责人会收到通知。提议的人不能确认。",
        "标记已确认。",
        _about_mark(confirm_mark),
        _NOTE,
        subjects=_subjects(
            lambda one, asked: one.confirmed_at is None and one.staff_id != asked.staff.id
        ),
        button="确认",
    ),
    Form(
        StaffAct.TAKE_BACK_MARK,
        "撤销后标记不再算数，但仍能看到；已经确认过的，该单位负责人会收到通知。",
        "标记已撤销。",
        _about_mark(take_back_mark),
        (Field("note", "撤销理由"),),
        subjects=_subjects(lambda one, asked: True),
        danger=True,
        button="撤销",
    ),
    Form(
        StaffAct.HAND_TO_DISCIPLINE,
        "纪检监察员会看到这个标记和这张工单（不含市民的联系方式），只读；该单位负责人会收到通知。",
        "已移交纪检监察。",
        _about_mark(hand_to_discipline),
        _NOTE,
        subjects=_subjects(
            lambda one, asked: one.confirmed_at is not None and one.handed_over_at is None
        ),
        button="移交",
    ),
)
SECTIONS: tuple[Section, ...] = (Section("标记", "console/case/marks.html", _lines),)
