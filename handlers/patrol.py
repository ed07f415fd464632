"""What a steward finds on a round (实时报, 随手做): a ticket that is no complaint, closed at once where it was fixed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from dialogs.requests import Draft, OpenTicket, TicketOpened
from handlers.answer_due import answer_due
from handlers.case_timers import CASE, FIXED, Ringing, Rung
from handlers.dispatch import Decision
from handlers.effects import Effects
from handlers.open_ticket import Origin, decide, open_uncounted
from handlers.survey import close
from handlers.visit import Visit
from handlers.world import World
from store import stewards
from store.database import Connection
from store.tickets import EventRow
from store.timers import TimerRow

FIXED_NOTE = "小巷管家当场处理，附照片"


async def steward_units(
    connection: Connection, opening: Sequence[tuple[Visit, OpenTicket]]
) -> dict[int, int]:
    """The street's unit of each of these residents who is a steward still and reports as one."""
    ids = [visit.row.resident_id for visit, order in opening if order.draft.steward]
    if not ids:
        return {}
    found = await stewards.known(connection, ids)
    return {id_: one.unit_id for id_, one in found.items() if one.state == "active"}


def open_find(
    world: World, effects: Effects, draft: Draft, origin: Origin, unit_id: int, now: datetime
) -> TicketOpened:
    """Open what a steward reports: what was fixed stays with the street, all else is dispatched by the catalogue."""
    origin = replace(origin, source="steward")
    grade = draft.grade or "III"
    due_at = answer_due(world, draft.topic, grade, now)
    own = world.city.units.get(unit_id)
    if draft.fixed and own is not None:
        decision = Decision(own, (), "小巷管家发现并当场处理，归所在街道")
        ticket = open_uncounted(world, effects, draft, origin, decision, due_at, now)
        kind = f"{FIXED}:{ticket.id}"
        effects.timers.append(TimerRow(CASE, ticket.id, kind, ticket.conversation_id, now))
        return TicketOpened(ticket.id, own.short_name)
    decision = decide(world, msgspec.structs.replace(draft, green=None))
    decision = replace(decision, why=f"小巷管家上报；{decision.why}")
    ticket = open_uncounted(world, effects, draft, origin, decision, due_at, now)
    return TicketOpened(ticket.id, decision.lead.short_name if decision.lead else "")


async def ring_fixed(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """What a steward has fixed ends at once, with the photos as evidence; nobody is asked."""
    now, effects = ringing.now, ringing.effects
    open_ones = [rung.ticket for rung in rungs if rung.ticket.state == "dispatched"]
    await stewards.keep_photos(connection, [ticket.id for ticket in open_ones], now)
    for ticket in open_ones:
        event = EventRow(ticket.id, now, "steward_fixed", "resident", note=FIXED_NOTE)
        effects.events.append(event)
        changed = effects.change(ticket.id, result="solved", last_reply=FIXED_NOTE, resolved_at=now)
        close(effects, changed, "小巷管家当场处理，不回访", now)
