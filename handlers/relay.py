"""Between a unit and who is to stay unknown to it (保密): the centre passes words on, both ways (转达).

What a unit wants to ask becomes a task of the centre; what the resident answers goes back without name and number.
"""

from enum import StrEnum

from dialogs.phrases import phrase
from dialogs.understanding.personal import masked
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.notices import as_sentence, notice
from handlers.open_ticket import WHOLE_NUMBER
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import casework, inside
from store.casework import running
from store.database import Connection
from store.human_tasks import TaskRow
from store.unit_notices import UnitNoticeRow

ASKED, RELAYED, RELAYED_BACK = "relay_asked", "relayed", "relayed_back"
LONGEST = 500

THROUGH_US = phrase(
    "“{title}”: {unit} asks through us: {text} They do not see who you are. "
    "To answer, reply “add” and your words."
)


class Way(StrEnum):
    """Which way, and how, the centre passes words on."""

    MESSAGE = "message"
    PHONE = "phone"
    BACK = "back"


WAY_NAMES = {
    Way.MESSAGE: "发消息给市民",
    Way.PHONE: "已经电话转达给市民",
    Way.BACK: "把市民的话转给单位",
}


async def ask_relay(
    connection: Connection, world: World, by: By, ticket_id: int, text: str
) -> None:
    """A unit asks the centre to pass something on to a resident whom it is not to know."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.ASK_RELAY)
    _confidential(case)
    text = worded(text, "要转达的话", longest=LONGEST)
    case.record(ASKED, text)
    note = f"{case.unit}请转达给市民：{text}"
    conversation_id = case.ticket.conversation_id
    case.effects.tasks.append(TaskRow("relay", conversation_id, ticket_id, note, by.at))
    told = f"“{case.ticket.title}”（保密）：{note}"
    case.effects.unit_notices.append(UnitNoticeRow(None, "desk", ticket_id, ASKED, told, by.at))
    await finish(connection, case)


async def relay(
    connection: Connection, world: World, by: By, ticket_id: int, way: str, text: str
) -> None:
    """The centre passes words on; to the resident it counts as contact, for the unit has no other."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RELAY)
    _confidential(case)
    if way not in set(Way):
        raise ActRefusedError("请选择转达给谁、怎样转达。")
    text = worded(text, "要转达的话", longest=LONGEST)
    if way == Way.BACK:
        await _to_units(connection, case, text)
    else:
        await _to_resident(connection, case, text, by_message=way == Way.MESSAGE)
    await finish(connection, case)


def _confidential(case: Case) -> None:
    if not case.ticket.confidential:
        raise ActRefusedError("只有保密的工单要由热线中心转达，其他的请直接联系市民。")


async def _to_resident(connection: Connection, case: Case, text: str, *, by_message: bool) -> None:
    ticket = case.ticket
    if by_message and (case.row is None or case.row.stopped):
        raise ActRefusedError("市民收不到消息，请电话转达后选“已经电话转达”。")
    case.record(RELAYED, text)
    if by_message:
        unit = ticket.lead_name or "12345"
        notice(case, THROUGH_US, title=ticket.title, unit=unit, text=as_sentence(text))
    await inside.note_contact(connection, ticket.id, None, case.by.at)


async def _to_units(connection: Connection, case: Case, text: str) -> None:
    """All who work on it get it; name and number are taken out, whoever has written them in."""
    said = await _unnamed(connection, case, text)
    case.record(RELAYED_BACK, said)
    units = {share.unit_id for share in running(case.shares) if share.role in ("lead", "assist")}
    note = f"“{case.ticket.title}”：市民的话已由中心转达，请查看。"
    case.effects.unit_notices.extend(
        UnitNoticeRow(unit_id, "handler", case.ticket_id, RELAYED_BACK, note, case.by.at)
        for unit_id in sorted(units)
    )


async def _unnamed(connection: Connection, case: Case, text: str) -> str:
    sealed = await casework.sealed_contact(connection, case.ticket_id)
    found = [sealed.contact_name, sealed.contact, sealed.address] if sealed else []
    for known in found:
        secret = case.world.keys.open(known).strip() if known else ""
        for form in filter(None, (secret, secret[-WHOLE_NUMBER:] if secret[1:].isdigit() else "")):
            text = text.replace(form, "市民")
    return masked(text)
