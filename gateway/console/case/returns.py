"""Return, correction and the conference about them, as forms of a ticket's page."""

from collections.abc import Sequence

from dialogs.understanding.place import Place
from gateway.console.case.choosing import unit_of, units_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from gateway.console.typed import moment_of
from handlers.case import ActRefusedError
from handlers.confer import Conferring, confer
from handlers.correct import Correcting, correct
from handlers.decide import KINDS, is_theirs
from handlers.evidence import Attached
from handlers.return_unit import MOVING, REASONS, Returning, return_unit
from handlers.staff_acts import StaffAct
from handlers.walk_in import read_place
from store import applications, coordinations
from store.database import Connection
from store.evidence import Said


def _topics(asked: Asked) -> Sequence[tuple[str, str]]:
    topics = asked.world.city.reader.topics
    return [(one.code, f"{one.level1}·{one.level3}（{one.code}）") for one in topics]


def _return_means(asked: Asked) -> str:
    rules = asked.world.rules
    return (
        f"派单后{rules.value('return.hours')}小时内、联系过市民的，可以申请退单。区级初审，热线中心裁定；"
        "裁定前仍由本单位办理，时限不停。同意的改派其他单位，市民会收到通知，本单位三率不受影响。"
        "职责交叉不能退单，由首接单位牵头，可以吹哨或者申请协调。"
        f"第{rules.value('return.most')}次退单直接转协调。"
    )


async def _return(connection: Connection, sent: Sent) -> None:
    typed, proposed = sent.typed, sent.typed["unit"].strip()
    unit_id = unit_of(sent.world, proposed) if proposed else None
    files = [Attached(one.media_id, one.content_type, one.content) for one in sent.files]
    said = Said(typed["place"], moment_of(typed["taken_at"], sent.world.timezone))
    order = Returning(typed["reason"], typed["text"], unit_id, files, said)
    await return_unit(connection, sent.world, sent.who, sent.ticket_id, order)


async def _correct(connection: Connection, sent: Sent) -> None:
    typed, world = sent.typed, sent.world
    place = read_place(world, typed["place"], Place()) if typed["place"].strip() else None
    order = Correcting(typed["text"], typed["topic"] or None, place)
    await correct(connection, world, sent.who, sent.ticket_id, order)


async def _disputed(connection: Connection, asked: Asked) -> list[Subject]:
    """What may be conferred about: not what is being talked over already."""
    ticket_id = asked.view.facts.id
    found = await applications.open_of_tickets(connection, [ticket_id])
    talks = await coordinations.of_ticket(connection, ticket_id)
    talked = {one.application_id for one in talks if one.open}
    return [
        Subject(one.id, f"{KINDS[one.kind].name}（{one.unit}）", one.note)
        for one in found
        if one.kind in MOVING and one.id not in talked and is_theirs(one, asked.staff.unit_id)
    ]


async def _confer(connection: Connection, sent: Sent) -> None:
    unit_ids = units_of(sent.world, sent.typed["units"])
    if not unit_ids:
        raise ActRefusedError("请写出参加会商的单位。")
    order = Conferring(sent.subject, unit_ids, sent.typed["text"])
    await confer(connection, sent.world, sent.who, sent.ticket_id, order)


def _confer_means(asked: Asked) -> str:
    hours = asked.world.rules.value("confer.hours")
    return (
        f"请有关单位在{hours}小时内提意见，申请单位也在其中；他们会收到通知，意见都写在工单上。"
        "意见齐了或者到期再裁定；到期没提意见的，报其上级。市民不会收到通知。"
    )


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.RETURN,
        _return_means,
        "已申请退单，裁定前仍由本单位办理。",
        _return,
        (
            Field("reason", "退单理由", Input.SELECT, options=lambda _: tuple(REASONS.items())),
            Field("text", "依据"),
            Field("files", "佐证（照片、录音、PDF）", Input.FILES, needed=False),
            Field("taken_at", "拍摄时间（照片没有自带时填写）", Input.MOMENT, needed=False),
            Field("place", "拍摄地点（照片没有自带时填写）", Input.LINE, needed=False, longest=200),
            Field("unit", "应由哪个单位办理", Input.UNIT, needed=False),
        ),
        danger=True,
    ),
    Form(
        StaffAct.CORRECT,
        "问题分类或地点错了，派单就会错。区级初审、热线中心裁定；同意的按正确的分类和地点重派，裁定前仍由本单位办理，时限不停。",
        "已申请更正，裁定前仍由本单位办理。",
        _correct,
        (
            Field("topic", "正确的问题分类", Input.SELECT, needed=False, options=_topics),
            Field("place", "正确的地点", Input.LINE, needed=False, longest=200),
            Field("text", "依据"),
        ),
    ),
    Form(
        StaffAct.CONFER,
        _confer_means,
        "会商已发起，参加单位会收到通知。",
        _confer,
        (Field("units", "参加单位", Input.UNITS), Field("text", "会商事项")),
        subjects=_disputed,
    ),
)
SECTIONS: tuple[Section, ...] = ()
