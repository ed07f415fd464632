"""What happens when a share's clock has run so far: its desk hears of it, then who handles it, its head, the unit above.

One timer a share stands at the next step of whichever of its clocks comes first. All timers of a ticket's clocks that are
over ring together, so that no step is told twice, and none is passed over because its share was armed anew meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.words import AssignmentRole, Grade
from handlers.answer_due import answer_due
from handlers.case_timers import CLOCKS, Ringing, Rung, case_timer
from handlers.clocks import (
    CLOCK_NAMES,
    Clock,
    Running,
    Step,
    Terms,
    begun,
    steps,
    stopped,
    working,
)
from handlers.new_work import ALL_UNITS
from store import clocks
from store.clocks import ClockRow, RunningShare
from store.database import Connection
from store.tickets import EventRow, LockedTicket
from store.unit_notices import UnitNoticeRow

EVENTS = {
    Step.HALF: "clock_warned",
    Step.NEAR: "clock_warned",
    Step.DUE: "clock_due",
    Step.OVER: "clock_over",
}
_SAID = {
    Step.HALF: "“{title}”的{clock}时限已过一半，请在{when}前完成。",
    Step.NEAR: "“{title}”的{clock}时限快到了，请在{when}前完成。",
    Step.DUE: "“{title}”{clock}已超时（时限{when}），请负责人督办。",
    Step.OVER: "{unit}的“{title}”{clock}已超时（时限{when}），请督促。",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """A step that has been reached just now."""

    share: RunningShare
    clock: Running
    step: Step


async def ring_clocks(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """Tell what clocks have come to since their timer was set, and set the next; shares that have ended have none."""
    tickets = {rung.ticket.id: rung.ticket for rung in rungs}
    rung_at = {(rung.ticket.id, rung.id): rung.due_at for rung in rungs}
    rung_at |= await clocks.take_due(connection, list(tickets), ringing.now)
    found = await clocks.running(connection, list(tickets))
    for ticket in tickets.values():
        shares = found.get(ticket.id, ())
        units = {share.unit_id for share in shares}
        of_ticket = [(id_, at) for (of, id_), at in rung_at.items() if of == ticket.id]
        # The timer of a unit whose share has become another's is a look at all.
        of_all = [at for id_, at in of_ticket if id_ == ALL_UNITS or id_ not in units]
        for share in shares:
            own = of_all + [at for id_, at in of_ticket if id_ == share.unit_id]
            if own:
                _ring(ringing, ticket, share, min(own))


def _ring(ringing: Ringing, ticket: LockedTicket, share: RunningShare, since: datetime) -> None:
    """One share: who has to hear of what came to pass since, and when to look again."""
    if share.sign_due_at is None:
        share = _begin(ringing, ticket, share)
        since = share.begins_at
    rules, now = ringing.world.rules, ringing.now
    calendar = rules.calendar(ringing.world.timezone)
    held = stopped(ticket, now)
    following = [ticket.hold_until] if ticket.hold_until is not None else []
    for clock in _running(ringing, ticket, share):
        if clock.clock in held:
            continue
        moments = list(steps(rules, calendar, clock))
        passed = [step for moment, step in moments if since <= moment <= now]
        if passed:
            _tell(ringing, ticket, _Told(share, clock, passed[-1]))
        following += [moment for moment, _ in moments if moment > now]
    coming = [moment for moment in following if moment > now]
    if coming:
        timer = case_timer(ticket, CLOCKS, share.unit_id, min(coming))
        ringing.effects.timers.append(timer)


def _begin(ringing: Ringing, ticket: LockedTicket, share: RunningShare) -> RunningShare:
    """Set the clocks of a share whose maker did not.

    A limit that passed while nobody had the ticket stays missed for the resident; its unit has a whole one from then on.
    """
    world, begins_at, due_at = ringing.world, share.begins_at, share.due_at
    if due_at <= begins_at:
        due_at = answer_due(world, ticket.topic, ticket.grade, begins_at)
    terms = Terms(Grade(ticket.grade), ticket.kind, share.reachable)
    set_ = begun(world.rules, world.timezone, terms, share.role, begins_at, due_at)
    sign, contact, due = set_.sign_due_at, set_.contact_due_at, set_.due_at
    ringing.effects.clocks.append(ClockRow(share.id, sign, contact, due))
    return replace(share, sign_due_at=sign, contact_due_at=contact, due_at=due)


def _running(ringing: Ringing, ticket: LockedTicket, share: RunningShare) -> list[Running]:
    """The clocks of a share that have not been answered."""
    dues = {
        Clock.SIGN: None if share.signed else share.sign_due_at,
        Clock.CONTACT: None if share.contacted else share.contact_due_at,
        Clock.FEEDBACK: share.due_at,
    }
    rules = ringing.world.rules
    return [
        Running(clock, share.begins_at, at, working(rules, clock, ticket.grade))
        for clock, at in dues.items()
        if at is not None
    ]


def _tell(ringing: Ringing, ticket: LockedTicket, told: _Told) -> None:
    share, step, now = told.share, told.step, ringing.now
    name = CLOCK_NAMES[told.clock.clock]
    if share.role == AssignmentRole.ASSIST:
        name = f"协办{name}"
    local = told.clock.due_at.astimezone(ringing.world.timezone)
    when = f"{local.month}月{local.day}日{local:%H:%M}"
    note = _SAID[step].format(title=ticket.title, clock=name, when=when, unit=share.unit)
    event = EVENTS[step]
    effects = ringing.effects
    effects.events.append(
        EventRow(ticket.id, now, event, "system", unit_id=share.unit_id, note=f"{name}：时限{when}")
    )
    effects.unit_notices.extend(
        UnitNoticeRow(to, audience, ticket.id, event, note, now, urgent, staff_id)
        for to, audience, urgent, staff_id in _audiences(ringing, ticket, told)
    )


def _audiences(
    ringing: Ringing, ticket: LockedTicket, told: _Told
) -> Iterator[tuple[int | None, str, bool, int | None]]:
    """Who hears of a step: (unit, audience, urgent, the one person)."""
    share = told.share
    match told.step:
        case Step.HALF:
            yield share.unit_id, "desk", False, None
        case Step.NEAR:
            yield share.unit_id, "desk", False, None
            if share.handler_id is not None:
                yield share.unit_id, "handler", False, share.handler_id
        case Step.DUE:
            yield share.unit_id, "head", True, None
        case Step.OVER:  # where a secret is to be kept, or nobody is above: the centre
            superior = ringing.world.city.superiors.get(share.unit_id)
            yield None if ticket.confidential else superior, "head", True, None
