"""Which acts would be refused now whatever were typed: no form is offered for them, the page says why elsewhere."""

from dialogs.words import Grade
from gateway.console.case.form import Asked
from handlers.coordinations import COORDINATING
from handlers.correct import CORRECTION
from handlers.extend import EXTENSION
from handlers.hold import HOLDING
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
    _A.RETURN: RETURN,
    _A.CORRECT: CORRECTION,
    _A.EXTEND: EXTENSION,
    _A.HOLD: HOLDING,
    _A.WRITE_OFF: WRITING_OFF,
    _A.UNREASONABLE: UNREASONABLE,
    _A.INVALID: INVALIDITY,
}


async def in_vain(connection: Connection, asked: Asked) -> set[StaffAct]:
    """What of a reader's acts cannot be done now: asked for already, too late, or once too often."""
    acts, ticket_id = set(asked.view.acts), asked.view.facts.id
    vain = set()
    if not asked.view.joined:
        vain.add(_A.CLOSE_JOINED)
    if acts & set(APPLYING):
        found = await applications.open_of_tickets(connection, [ticket_id])
        waiting = {one.kind for one in found}
        vain |= {act for act, kind in APPLYING.items() if kind.code in waiting}
    if _A.COORDINATE in acts and await _coordinated(connection, ticket_id):
        vain.add(_A.COORDINATE)
    if _A.RETURN in acts and await _returned_late(connection, asked):
        vain.add(_A.RETURN)
    if acts & {_A.EXTEND, _A.HOLD}:
        vain |= await _fixed(connection, asked)
    return vain & acts


async def _coordinated(connection: Connection, ticket_id: int) -> bool:
    talks = await coordinations.of_ticket(connection, ticket_id)
    return any(one.open and one.kind in COORDINATING for one in talks)


async def _returned_late(connection: Connection, asked: Asked) -> bool:
    led = await casework.leading(connection, asked.view.facts.id)
    return led is None or asked.now > led.since + asked.world.rules.span("return.hours")


async def _fixed(connection: Connection, asked: Asked) -> set[StaffAct]:
    """Of extension and hold, what the ticket's limit no longer allows."""
    facts, rules = asked.view.facts, asked.world.rules
    if await holds.open_of(connection, [facts.id]):
        return {_A.EXTEND, _A.HOLD}
    present = await present_round(connection, facts.id)
    by_law = present.statutory and not rules.on("extension.statutory")
    found = {_A.EXTEND} if present.extended or by_law or asked.now >= facts.due_at else set()
    return found | {_A.HOLD} if facts.grade == Grade.I else found
