"""A try to reach the resident (联系): each is recorded, with its outcome."""

from enum import StrEnum

from handlers.case import ActRefusedError, By, finish, take_up, worded
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.database import Connection
from store.tickets import TryRow


class Outcome(StrEnum):
    """What came of a try."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


OUTCOME_NAMES = {
    Outcome.REACHED: "已联系上",
    Outcome.NO_ANSWER: "无人接听",
    Outcome.WRONG_NUMBER: "号码不对",
}


async def record_contact(
    connection: Connection, world: World, by: By, ticket_id: int, outcome: str, note: str
) -> None:
    """Keep one try of the acting unit in this round; it is the unit's own record beside the resident's word."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CONTACT)
    if outcome not in set(Outcome):
        raise ActRefusedError("请选择联系的结果。")
    note = worded(note, "联系情况", needed=False)
    case.effects.tries.append(
        TryRow(ticket_id, case.ticket.round, by.unit_id, by.staff_id, by.at, outcome, note)
    )
    name = OUTCOME_NAMES[Outcome(outcome)]
    case.record("contacted", f"{name}：{note}" if note else name)
    await finish(connection, case)
