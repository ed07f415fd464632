"""Conference (会商): whoever decides about a disputed return asks the units concerned first; their opinions stand on the ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.applications import due
from handlers.case import ActRefusedError, By, UnknownTicketError, finish, take_up, worded
from handlers.case_timers import APPLICATION, case_timer
from handlers.coordinations import TalkKind, begin, checked_units
from handlers.decide import KINDS, is_theirs
from handlers.return_unit import MOVING
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import applications, coordinations
from store.coordinations import NewCoordination
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Conferring:
    """Whom to ask about an open return or correction, and what."""

    application_id: int
    unit_ids: Sequence[int]
    question: str


async def confer(
    connection: Connection, world: World, by: By, ticket_id: int, order: Conferring
) -> int:
    """Ask units before deciding. The decision's own time begins when theirs is over."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CONFER)
    question = worded(order.question, "会商事项")
    found = await applications.open_of_tickets(connection, [ticket_id])
    application = next((one for one in found if one.id == order.application_id), None)
    if application is None or application.kind not in MOVING:
        raise ActRefusedError("这份申请已经有结果了，或者不用会商。")
    if not is_theirs(application, by.unit_id):
        raise UnknownTicketError
    talks = await coordinations.of_ticket(connection, ticket_id)
    if any(one.open and one.application_id == application.id for one in talks):
        raise ActRefusedError("这份申请正在会商。")
    unit_ids = checked_units(world, (*order.unit_ids, application.unit_id or 0), besides=by.unit_id)
    if len(unit_ids) < 2:  # noqa: PLR2004 - the applicant and somebody else
        raise ActRefusedError("请写出参加会商的单位。")
    due_at = by.at + world.rules.span("confer.hours")
    new = NewCoordination(
        ticket_id,
        TalkKind.CONFERENCE,
        "city" if by.unit_id is None else "district",
        by.unit_id,
        by.staff_id,
        by.unit_id,
        question,
        by.at,
        due_at,
        application.id,
    )
    talk_id = await begin(connection, case, new, unit_ids)
    decided_by: timedelta = due_at - by.at
    later = due(world, KINDS[application.kind], application.stage, by.at) + decided_by
    await applications.pass_on(connection, application.id, application.stage, later)
    case.effects.timers.append(case_timer(case.ticket, APPLICATION, application.id, later))
    names = "、".join(world.city.units[one].short_name for one in unit_ids)
    case.record("conferred", f"{names}。{question}")
    await finish(connection, case, str(talk_id))
    return talk_id
