"""Green channel (绿色通道): the enterprise says whether it has settled with the consumer; if not, the regulator has it.

The regulator gets a whole time of its own (assumption), and the resident is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.phrases import phrase
from handlers.anew import dispatch_anew
from handlers.applications import apply
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.case_timers import RECONCILIATION, Ringing, Rung, dropped
from handlers.dispatch import Decision
from handlers.effects import Effects
from handlers.first_receiver import deadline
from handlers.following import OPEN
from handlers.green_settled import count_settled
from handlers.notices import language_of, notice, notify, within
from handlers.reached import check_contact
from handlers.result import ResultKind
from handlers.review import RESULT, is_reviewed
from handlers.staff_acts import StaffAct
from handlers.whistle_close import refuse_while_whistling
from handlers.world import World
from store import applications, green
from store.conversations import ConversationRow
from store.database import Connection
from store.green import Reconciliation
from store.tickets import EventRow, LockedTicket

WITH_REGULATOR = phrase(
    "“{title}” was not settled: {unit} handles it now and answers within {time}. "
    "You need not tell it again."
)
TO_BE_FOUND = phrase(
    "“{title}” was not settled: the centre is finding who handles it. You need not tell it again."
)
LATE = "企业到时没有谈成"
OVER = "工单已结束，或者已转其他单位"
NONE_OPEN = "这张工单不在企业先行协商中。"
AN_HOUR = 3600


async def refuse_while_settling(connection: Connection, ticket_id: int) -> None:
    """Of a ticket that its enterprise settles there is no other result; raises `ActRefusedError`."""
    if await green.open_ones(connection, [ticket_id]):
        raise ActRefusedError("这张工单在企业先行协商中，请用“已和解”或者“未能和解”。")


async def reconciled(
    connection: Connection, world: World, by: By, ticket_id: int, text: str
) -> None:
    """The enterprise has settled it (已和解): it counts when a second person of it has looked at it, as any result.

    Then the resident hears what was agreed, and is asked whether it is so.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.RECONCILED)
    text = worded(text, "和解结果")
    await _open(connection, ticket_id)
    await check_contact(connection, world, ticket_id)
    await refuse_while_whistling(connection, ticket_id)
    if await is_reviewed(connection, case):
        data = {"kind": ResultKind.SOLVED, "why": "", "settled": True}
        await apply(connection, case, RESULT, text, data=data)
    else:
        await count_settled(connection, case, text)
    await finish(connection, case)


async def not_reconciled(
    connection: Connection, world: World, by: By, ticket_id: int, note: str
) -> None:
    """It could not be settled (未能和解): the regulator is dispatched at once, and the resident is told."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.NOT_RECONCILED)
    note = worded(note, "没有谈成的原因")
    found = await _open(connection, ticket_id)
    case.record("not_reconciled", note)
    await green.end(connection, [ticket_id], "failed", note, by.at)
    await applications.lapse(connection, [ticket_id], by.at)
    case.effects.dropped.append(dropped(ticket_id, RECONCILIATION, ticket_id))
    due_at = _to_regulator(world, case.effects, case.ticket, found, by.at)
    _tell(case, found, due_at)
    await finish(connection, case)


async def _open(connection: Connection, ticket_id: int) -> Reconciliation:
    found = (await green.open_ones(connection, [ticket_id])).get(ticket_id)
    if found is None:
        raise ActRefusedError(NONE_OPEN)
    return found


def _tell(case: Case, found: Reconciliation, due_at: datetime) -> None:
    if case.row is not None:
        message, slots = _words(case.world, case.row, case.ticket, found, due_at - case.by.at)
        notice(case, message, **slots)


async def ring_reconciliations(
    connection: Connection, ringing: Ringing, rungs: Sequence[Rung]
) -> None:
    """The enterprise's time is over: whoever else answers for it has it now."""
    found = await green.open_ones(connection, [rung.ticket.id for rung in rungs])
    late = [rung.ticket for rung in rungs if rung.ticket.id in found]
    going_on = [
        ticket
        for ticket in late
        if ticket.lead_unit_id == found[ticket.id].enterprise_unit_id
        and ticket.state in ("dispatched", "handling")
    ]
    elsewhere = [ticket for ticket in late if ticket not in going_on]
    if elsewhere:
        await green.end(connection, [one.id for one in elsewhere], "failed", OVER, ringing.now)
    for ticket in elsewhere:
        if ticket.state in OPEN:  # given to others meanwhile: their resident is asked in time, too
            ringing.effects.timers.append(deadline(ringing.world, ticket, ringing.now))
    if not going_on:
        return
    await green.end(connection, [one.id for one in going_on], "late", LATE, ringing.now)
    await applications.lapse(connection, [one.id for one in going_on], ringing.now)
    for ticket in going_on:
        _late(ringing, ticket, found[ticket.id])


def _late(ringing: Ringing, ticket: LockedTicket, found: Reconciliation) -> None:
    world, effects, now = ringing.world, ringing.effects, ringing.now
    event = EventRow(
        ticket.id, now, "reconciliation_late", "system", None, found.enterprise_unit_id, LATE
    )
    effects.events.append(event)
    due_at = _to_regulator(world, effects, ticket, found, now)
    row = ringing.row_of(ticket)
    if row is not None:
        message, slots = _words(world, row, ticket, found, due_at - now)
        notify(world, effects, row, ticket.id, now, message, **slots)
        ringing.rows[row.id] = replace(row, seq=row.seq + 1)


def _words(
    world: World,
    row: ConversationRow,
    ticket: LockedTicket,
    found: Reconciliation,
    span: timedelta,
) -> tuple[str, dict[str, object]]:
    regulator = world.city.units.get(found.regulator_unit_id or 0)
    if regulator is None:
        return TO_BE_FOUND, {"title": ticket.title}
    time = within(world, language_of(world, row), round(span.total_seconds() / AN_HOUR))
    return WITH_REGULATOR, {"title": ticket.title, "unit": regulator.short_name, "time": time}


def _to_regulator(
    world: World, effects: Effects, ticket: LockedTicket, found: Reconciliation, now: datetime
) -> datetime:
    """Give it to the regulator, or to the centre where none is known; returns the new limit."""
    regulator = world.city.units.get(found.regulator_unit_id or 0)
    to = f"转{regulator.short_name}" if regulator else "待人工派单"
    units = world.city.units
    assist = tuple(units[one] for one in found.assist_unit_ids if one in units)
    decision = Decision(regulator, assist, f"{ticket.why}；没有谈成，{to}")
    return dispatch_anew(world, effects, ticket, decision, now).due_at
