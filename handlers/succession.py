"""Units merge, split and close with tickets open (承接): their people, work and figures have a successor.

They are named by a draft of the catalogue, which two people make (`catalogue_parts.py`), or by the operator. What is a
unit's own goes over when the day comes; each ticket by a timer of its own, under its lock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from dialogs.phrases import phrase
from handlers.case import ActRefusedError
from handlers.case_timers import Ringing, Rung
from handlers.heirs import KINDS, Handover, follow, handover_of
from handlers.new_work import look_at_clocks
from handlers.notices import notify
from store import heirs, succession
from store.database import Connection
from store.heirs import SuccessionRow
from store.succession import Moved
from store.tickets import EventRow
from store.turnstiles import Matter, if_nobody_else, one_at_a_time
from store.unit_notices import UnitNoticeRow

SUCCEEDED = phrase(
    "{unit} has taken over from {before} and goes on with your matter. The time limit stays; you need not tell it again."
)


async def name(connection: Connection, rows: Sequence[SuccessionRow]) -> None:
    """Write down who goes on, unless it leads nowhere. Raises `ActRefusedError`."""
    await one_at_a_time(connection, Matter.SUCCESSIONS)
    known = await heirs.until(connection, date.max)
    ending = {one.unit_code: one.unit for one in known if one.whole}
    for row in rows:
        if row.unit == row.successor:
            raise ActRefusedError("承接单位就是原单位。")
        whole = not (row.topic_codes or row.place_codes)
        if whole and row.unit in ending:
            raise ActRefusedError(f"{ending[row.unit]}已经指定了全部承接的单位。")
        if row.successor in ending:
            name = next(one.unit for one in known if one.unit_code == row.successor)
            raise ActRefusedError(f"{name}本身也将撤销，请选择别的承接单位。")
    await heirs.add(connection, rows)


async def begin_successions(connection: Connection, today: date, now: datetime) -> None:
    """What is due, and what came to units after they had ended; for a regular sweep, in a transaction of its own."""
    if not await if_nobody_else(connection, Matter.SUCCESSIONS):
        return
    begun = await succession.begin(connection, today, now)
    await succession.arm(connection, begun, now)


async def ring_successions(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Let locked tickets go over to whoever goes on with them."""
    today = ringing.now.astimezone(ringing.world.timezone).date()
    begun = await heirs.until(connection, today)
    ids = {one.successor_code: one.successor_id for one in begun}
    codes = {one.unit_id: one.unit_code for one in begun}
    handovers = [handover_of(one) for one in begun]
    places = await succession.places(connection, [rung.ticket.id for rung in rungs])
    moves: list[Moved] = []
    for rung in rungs:
        where = frozenset(filter(None, places[rung.ticket.id][1:]))
        path = follow(handovers, codes.get(rung.id, ""), rung.ticket.topic, where)
        heir = ids[path[-1].successor] if path else rung.id
        if heir != rung.id and all(one.ticket_id != rung.ticket.id for one in moves):
            moves.append(Moved(rung.ticket.id, rung.id, heir))
            _go_over(ringing, rung, heir, path)
    if moves:
        await succession.move(connection, moves, ringing.now)
    _to_desks(
        ringing, rungs, await succession.to_desks(connection, [one.ticket.id for one in rungs])
    )


def _go_over(ringing: Ringing, rung: Rung, heir: int, path: Sequence[Handover]) -> None:
    effects, now, ticket = ringing.effects, ringing.now, rung.ticket
    note = "；".join(
        f"{one.unit_name}{KINDS[one.kind]}，由{one.successor_name}继续办理" for one in path
    )
    led = ticket.lead_unit_id == rung.id
    if led:
        first = heir if ticket.first_unit_id == rung.id else ticket.first_unit_id
        why = f"{ticket.why}；{note}"
        effects.change(ticket.id, lead_unit_id=heir, first_unit_id=first, why=why)
    effects.events.append(EventRow(ticket.id, now, "succeeded", "system", None, heir, note))
    _tell_desk(ringing, rung, heir, "succeeded", note)
    effects.timers.append(look_at_clocks(ticket.id, now))
    if led:
        _tell(ringing, rung, path[-1].successor_name)


def _to_desks(ringing: Ringing, rungs: Sequence[Rung], found: Sequence[tuple[int, int]]) -> None:
    """Who had it in hand is another unit's now."""
    by_ticket = {rung.ticket.id: rung for rung in rungs}
    for ticket_id, unit_id in found:
        note = "原承办人或科室不再属于本单位，退回收发"
        ringing.effects.events.append(
            EventRow(ticket_id, ringing.now, "hand_taken_back", "system", None, unit_id, note)
        )
        _tell_desk(ringing, by_ticket[ticket_id], unit_id, "hand_taken_back", note)


def _tell_desk(ringing: Ringing, rung: Rung, unit_id: int, event: str, note: str) -> None:
    says = f"“{rung.ticket.title}”：{note}。"
    row = UnitNoticeRow(unit_id, "desk", rung.ticket.id, event, says, ringing.now)
    ringing.effects.unit_notices.append(row)


def _tell(ringing: Ringing, rung: Rung, name: str) -> None:
    """The resident hears of it where the name is another that they know the unit by."""
    row, before = ringing.row_of(rung.ticket), rung.ticket.lead_name
    if row is None or not before or name == before:
        return
    slots = {"unit": name, "before": before}
    notify(ringing.world, ringing.effects, row, rung.ticket.id, ringing.now, SUCCEEDED, **slots)
    ringing.rows[row.id] = replace(row, seq=row.seq + 1)
