"""Which acts would be refused now whatever were typed: no form is offered for them, but a sentence where it is not plain."""

from dialogs.words import Grade
from gateway.console.case.form import Asked
from handlers.coordinations import COORDINATING
from handlers.correct import CORRECTION
from handlers.extend import EXTENSION, not_extended
from handlers.hold import HOLDING, NOT_OF_GRADE_I
from handlers.invalid import INVALIDITY
from handlers.return_unit import RETURN
from handlers.review import RESULT
from handlers.staff_acts import StaffAct
from handlers.unreasonable import UNREASONABLE
from handlers.write_off import WRITING_OFF
from store import applications, casework, coordinations, holds
from store.database import Connection
from store.rounds import present_round

_A = StaffAct
APPLYING = {
    _A.RESOLVE: RESULT,
    _A.RECONCILED: RESULT,
    _A.RETURN: RETURN,
    _A.CORRECT: CORRECTION,
    _A.EXTEND: EXTENSION,
    _A.HOLD: HOLDING,
    _A.WRITE_OFF: WRITING_OFF,
    _A.UNREASONABLE: UNREASONABLE,
    _A.INVALID: INVALIDITY,
}


async def in_vain(connection: Connection, asked: Asked) -> dict[StaffAct, str]:
    """What of a reader's acts cannot be done now: asked for already, too late, or once too often; why, "" if plain to see."""
    acts, ticket_id = set(asked.view.acts), asked.view.facts.id
    vain: dict[StaffAct, str] = {}
    if _A.RETURN in acts:
        vain |= await _returned_late(connection, asked)
    if acts & {_A.EXTEND, _A.HOLD}:
        vain |= await _fixed(connection, asked)
    if asked.view.facts.confidential and asked.staff.unit_id is not None:
        vain |= {_A.REPLY: "", _A.CONTACT: ""}  # by the centre, whose form stands in their place
    if not asked.view.joined:
        vain[_A.CLOSE_JOINED] = ""
    if acts & set(APPLYING):
        found = await applications.open_of_tickets(connection, [ticket_id])
        waiting = {one.kind for one in found}
        vain |= {act: "" for act, kind in APPLYING.items() if kind.code in waiting}
    if _A.COORDINATE in acts and await _coordinated(connection, ticket_id):
        vain[_A.COORDINATE] = ""
    return {act: why for act, why in vain.items() if act in acts}


async def _coordinated(connection: Connection, ticket_id: int) -> bool:
    talks = await coordinations.of_ticket(connection, ticket_id)
    return any(one.open and one.kind in COORDINATING for one in talks)


async def _returned_late(connection: Connection, asked: Asked) -> dict[StaffAct, str]:
    led, rules = await casework.leading(connection, asked.view.facts.id), asked.world.rules
    if led is not None and asked.now <= led.since + rules.span("return.hours"):
        return {}
    return {_A.RETURN: f"退单要在派单后{rules.value('return.hours')}小时内申请，现在已过。"}


async def _fixed(connection: Connection, asked: Asked) -> dict[StaffAct, str]:
    """Of extension and hold, what the ticket's limit no longer allows."""
    facts, rules = asked.view.facts, asked.world.rules
    if await holds.open_of(connection, [facts.id]):
        return {_A.EXTEND: "", _A.HOLD: ""}
    found = {_A.HOLD: NOT_OF_GRADE_I} if facts.grade == Grade.I else {}
    present = await present_round(connection, facts.id)
    refused = not_extended(rules, present, facts.due_at, asked.now)
    return {_A.EXTEND: refused, **found} if refused else found
