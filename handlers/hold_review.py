"""The review of a hold (挂账复查): its unit goes on with the matter, or asks for a later day; otherwise it rings."""

from collections.abc import Sequence
from datetime import datetime

from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.case_timers import HOLD, Ringing, Rung, case_timer, dropped
from handlers.hold import HOLDING, Holding, ask, resume
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import applications, holds
from store.database import Connection
from store.holds import HoldRow
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow


async def review_hold(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    note: str,
    until: datetime | None,
) -> None:
    """Say what the review has found. `until` None: the matter can be handled now; a later day needs approval again."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.REVIEW_HOLD)
    running = await running_hold(connection, case)
    note = worded(note, "复查情况")
    if until is not None:
        if until <= running.review_at:
            raise ActRefusedError("新的复查日期要晚于现在的复查日期。")
        await ask(connection, case, Holding(running.reason, note, until))
    else:
        await holds.end(connection, running.id, "ended", by.at, note)
        case.effects.dropped.append(dropped(ticket_id, HOLD, running.id))
        case.record("hold_ended", note)
        resume(case, running)
    await finish(connection, case)


async def running_hold(connection: Connection, case: Case) -> HoldRow:
    """The hold that a ticket is on; raises `ActRefusedError` when it is on none."""
    found = await holds.open_of(connection, [case.ticket_id])
    if case.ticket_id not in found:
        raise ActRefusedError("这张工单没有在挂账。")
    return found[case.ticket_id]


async def ring_holds(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Remind the unit before the day and on it; who has not reviewed it after that is named above, again and again."""
    tickets = [one.ticket.id for one in rungs]
    found = await holds.open_of(connection, tickets)
    asked = {
        one.ticket_id
        for one in await applications.open_of_tickets(connection, tickets)
        if one.kind == HOLDING.code
    }
    for rung in rungs:
        running = found.get(rung.ticket.id)
        if running is None or running.id != rung.id:
            continue
        if rung.ticket.id in asked:  # whoever decides has a timer of their own
            _again(ringing, rung, ringing.now + ringing.world.rules.span("hold.again_days"))
        else:
            _ring(ringing, rung, running)


def _ring(ringing: Ringing, rung: Rung, running: HoldRow) -> None:
    rules, now = ringing.world.rules, ringing.now
    again = now + rules.span("hold.again_days")
    day = running.review_at.astimezone(ringing.world.timezone)
    if now < running.review_at:
        said = f"挂账到{day:%Y-%m-%d}复查，请提前准备"
        _tell(ringing, rung, "hold_coming", said, [(running.unit_id, "desk")])
        _again(ringing, rung, running.review_at)
    elif rung.due_at <= running.review_at:
        said = "挂账今天复查：能办就接着办，不能办请重新申请"
        _tell(ringing, rung, "hold_due", said, [(running.unit_id, "desk")])
        _again(ringing, rung, running.review_at + rules.span("hold.late_hours"))
    else:
        above = ringing.world.city.superiors.get(running.unit_id)
        said = f"{running.unit}的挂账应于{day:%Y-%m-%d}复查，至今没有复查"
        whom = [(running.unit_id, "head"), (above, "head")]
        _tell(ringing, rung, "hold_unreviewed", said, whom)
        _again(ringing, rung, again)


def _tell(
    ringing: Ringing, rung: Rung, event: str, said: str, whom: Sequence[tuple[int | None, str]]
) -> None:
    effects, now, ticket = ringing.effects, ringing.now, rung.ticket
    effects.events.append(EventRow(ticket.id, now, event, "system", note=said))
    effects.unit_notices.extend(
        UnitNoticeRow(
            unit_id,
            audience,
            ticket.id,
            event,
            f"“{ticket.title}”：{said}。",
            now,
            urgent=event == "hold_unreviewed",
        )
        for unit_id, audience in whom
    )


def _again(ringing: Ringing, rung: Rung, due_at: datetime) -> None:
    ringing.effects.timers.append(case_timer(rung.ticket, HOLD, rung.id, due_at))
