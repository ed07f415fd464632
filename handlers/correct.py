"""Correction (更正): a ticket with the wrong topic or place is put right and dispatched anew, as a return is decided."""

from dataclasses import dataclass

from dialogs.understanding.place import Place
from dialogs.words import Language
from handlers.applications import Kind, apply
from handlers.case import ActRefusedError, By, Case, finish, take_up
from handlers.dispatch import by_kind
from handlers.first_receiver import PASSED_ON_BY_DUTY, PASSED_ON_BY_PLACE, pass_on
from handlers.retopic import put_right
from handlers.return_unit import ROUTE, chosen_unit, end_conference
from handlers.staff_acts import StaffAct
from handlers.surge_marks import mark_again
from handlers.world import World
from store import casework
from store.applications import ApplicationRow
from store.casework import Correction
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Correcting:
    """What is right in the unit's eyes; None leaves it as it is."""

    evidence: str
    topic: str | None = None
    place: Place | None = None


async def correct(
    connection: Connection, world: World, by: By, ticket_id: int, order: Correcting
) -> None:
    """Ask for the right topic or place. The unit leads and its clocks run until that is decided."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CORRECT)
    if order.topic and world.city.reader.topic(order.topic) is None:
        raise ActRefusedError("问题分类不在目录中。")
    data: dict[str, object] = {}
    if order.topic and order.topic != case.ticket.topic:
        data["topic"] = order.topic
    if order.place is not None:
        data["place"] = order.place
    if not data:
        raise ActRefusedError("请填写正确的问题分类或者地点。")
    await apply(connection, case, CORRECTION, order.evidence, data=data)
    await finish(connection, case)


async def _uphold(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """Put right what was wrong; then it goes where the catalogue sends it, unless the decision names a unit."""
    await end_conference(connection, case, application, note or "同意更正")
    said, ticket, world = application.said, case.ticket, case.world
    topic = said.get("topic") or ticket.topic
    await put_right(connection, case, None, said.get("topic"))
    place = await _put_place_right(connection, case, said.get("place"), application.note)
    by_event = await mark_again(connection, case)
    lead, assist, why = chosen_unit(world, application), None, f"{application.unit}申请更正"
    if lead is None:
        rules = world.city.responsibilities
        by_catalogue = by_kind(rules, ticket.kind, topic, place, ticket.enterprise)
        decision = by_event or by_catalogue
        lead, assist, why = decision.lead, decision.assist, f"{why}后重派：{decision.why}"
    if lead is None or lead.id != ticket.lead_unit_id:
        told = PASSED_ON_BY_PLACE if said.get("place") else PASSED_ON_BY_DUTY
        await pass_on(connection, case, lead, why, assist, told=told)


async def _put_place_right(
    connection: Connection, case: Case, told: dict[str, str] | None, why: str
) -> Place:
    if told is None:
        return Place(*await casework.place_of(connection, case.ticket_id))
    place = Place(**told)
    correction = Correction(None, place.district, place.street, place.community, place.detail)
    await casework.correct(connection, case.ticket_id, correction, why)
    case.record("corrected", f"地点改为{_full(case.world, place)}")
    return place


def _full(world: World, place: Place) -> str:
    return world.city.reader.full_name(place, Language.CHINESE) or "不明"


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """Topic and place stay, and so does the lead."""
    await end_conference(connection, case, application, note)


async def _taken_back(connection: Connection, case: Case, application: ApplicationRow) -> None:
    await end_conference(connection, case, application, "申请已撤回", heard=False)


def _asks(world: World, application: ApplicationRow) -> str:
    said, reader = application.said, world.city.reader
    topic = reader.topic(said.get("topic") or "")
    parts = [f"问题分类改为“{topic.level3}”"] if topic else []
    if said.get("place"):
        parts.append(f"地点改为{_full(world, Place(**said['place']))}")
    return f"申请：{'，'.join(parts)}。" if parts else ""


CORRECTION = Kind(
    "correction",
    "更正",
    ROUTE,
    _uphold,
    _refuse,
    means="按申请改正分类或地点，并照派单目录重派（您选了单位的，派给您选的）；主办变了的，市民会收到通知，办理期限不变。",
    asks=_asks,
    taken_back=_taken_back,
)
