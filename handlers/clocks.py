"""The three clocks of a unit's share: to sign, to get in touch, to answer (签收, 首次联系, 答复).

Set where a share is made (`set_clocks`), or by their first timer where its maker knew nothing of clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from dialogs.words import AssignmentRole, Grade, Kind, TicketState
from handlers.case_timers import CLOCKS
from handlers.effects import Effects
from handlers.new_work import CASE, look_at_clocks
from handlers.rules import Rules
from handlers.working_time import Calendar
from handlers.world import World
from store.assignments import AssignmentRow
from store.clocks import DueRow
from store.tickets import LockedTicket
from store.timers import TimerRow


class Clock(StrEnum):
    """What a unit has to do in time."""

    SIGN = "sign"
    CONTACT = "contact"
    FEEDBACK = "feedback"


CLOCK_NAMES = {Clock.SIGN: "签收", Clock.CONTACT: "首次联系", Clock.FEEDBACK: "答复"}

_BY_CLOCK = frozenset({Grade.I, Grade.II})  # through nights and holidays, whatever the rule says
_ALL = frozenset(Clock)

# Which clocks stop where; in triage those of assisting units go on, beside that of dispatch itself.
STOPPED: dict[TicketState, frozenset[Clock]] = {
    TicketState.TRIAGE: frozenset(),
    TicketState.DISPATCHED: frozenset(),
    TicketState.HANDLING: frozenset(),
    TicketState.RESOLVED: _ALL,
    TicketState.CLOSED: _ALL,
    TicketState.WITHDRAWN: _ALL,
}
ON_HOLD = frozenset({Clock.FEEDBACK})  # 挂账: until its review, which has a timer of its own


def stopped(ticket: LockedTicket, now: datetime) -> frozenset[Clock]:
    """The clocks of a ticket's shares that do not run at a moment."""
    held = ticket.hold_until is not None and ticket.hold_until > now
    return STOPPED[TicketState(ticket.state)] | (ON_HOLD if held else frozenset())


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides how long a share's clocks run. `reachable`: somebody can be contacted."""

    grade: Grade
    kind: str
    reachable: bool

    @property
    def contact(self) -> bool:
        """Whether a first contact is due; praise is passed on, and asks for none."""
        return self.reachable and self.kind != Kind.PRAISE


def working(rules: Rules, clock: Clock, grade: str) -> bool:
    """Whether a clock runs in working time."""
    return grade not in _BY_CLOCK and rules.on(f"{clock}.working_time")


@lru_cache(maxsize=64)  # the tickets of a batch begin at one moment
def feedback_due(rules: Rules, timezone: ZoneInfo, grade: str, begins: datetime) -> datetime:
    """When an answer is due that is worked on from a moment."""
    span = rules.span(f"feedback.{grade}_hours")
    if not working(rules, Clock.FEEDBACK, grade):
        return begins + span
    calendar = rules.calendar(timezone)
    return calendar.add(calendar.span(span), begins)


def share_due(world: World, role: str, begins: datetime, due_at: datetime) -> datetime:
    """When a share's own answer is due: the assisting unit's before the one that is made of both."""
    if role != AssignmentRole.ASSIST:
        return due_at
    return begins + (due_at - begins) * world.rules.value("assist.share_percent") / 100


@dataclass(frozen=True, slots=True)
class Plan:
    """When the clocks of shares that begin at one moment are due, and when somebody first hears of them."""

    sign_due_at: datetime
    sign_first_at: datetime
    contact_due_at: datetime
    contact_first_at: datetime


@lru_cache(maxsize=64)  # as above
def plan(rules: Rules, timezone: ZoneInfo, grade: Grade, begins: datetime) -> Plan:
    """Signing and first contact; what is counted in working time is counted in one go."""
    percent = rules.value("warn.first_percent")
    spans = {
        Clock.SIGN: rules.span(f"sign.{grade}_minutes"),
        Clock.CONTACT: rules.span(f"contact.{grade}_minutes"),
    }
    ends = {clock: [begins + span, begins + span * percent / 100] for clock, span in spans.items()}
    worked = [clock for clock in spans if working(rules, clock, grade)]
    if worked:
        calendar = rules.calendar(timezone)
        inside = [calendar.span(spans[clock]) for clock in worked]
        parts = [part for span in inside for part in (span, span * percent / 100)]
        counted = calendar.add_each(parts, begins)
        ends |= {clock: counted[2 * place : 2 * place + 2] for place, clock in enumerate(worked)}
    return Plan(*ends[Clock.SIGN], *ends[Clock.CONTACT])


def set_clocks(world: World, share: AssignmentRow, terms: Terms, plan: Plan) -> AssignmentRow:
    """A new share with its clocks."""
    contact = terms.contact and (
        share.role == AssignmentRole.LEAD or world.rules.on("contact.by_assist")
    )
    return share._replace(
        sign_due_at=plan.sign_due_at,
        contact_due_at=plan.contact_due_at if contact else None,
        due_at=share_due(world, share.role, share.dispatched_at, share.due_at),
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs."""

    clock: Clock
    begins_at: datetime
    due_at: datetime
    working: bool

    def moment(self, calendar: Calendar, percent: int) -> datetime:
        """When so much of its time is over."""
        if percent == 100:  # noqa: PLR2004 - all of it
            return self.due_at
        if self.working:
            span = calendar.between(self.begins_at, self.due_at)
            if span:
                return calendar.add(span * percent / 100, self.begins_at)
        return self.begins_at + (self.due_at - self.begins_at) * percent / 100


class Step(StrEnum):
    """How far a clock has run when somebody hears of it."""

    HALF = "half"
    NEAR = "near"
    DUE = "due"
    OVER = "over"


def steps(rules: Rules, calendar: Calendar, clock: Running) -> Iterator[tuple[datetime, Step]]:
    """When who hears of a clock, in order."""
    yield clock.moment(calendar, rules.value("warn.first_percent")), Step.HALF
    yield clock.moment(calendar, rules.value("warn.second_percent")), Step.NEAR
    yield clock.due_at, Step.DUE
    yield clock.moment(calendar, rules.value("warn.superior_percent")), Step.OVER


def start_clocks(world: World, effects: Effects, before: int, terms: Terms) -> None:
    """Set and arm the clocks of the shares that are to be written, but for the first `before`; all begin at once."""
    shares = effects.assignments[before:]
    if not shares:
        return
    rules = world.rules
    calendar = rules.calendar(world.timezone)
    planned = plan(rules, world.timezone, terms.grade, shares[0].dispatched_at)
    clocked = [set_clocks(world, share, terms, planned) for share in shares]
    effects.assignments[before:] = clocked
    percent, worked = rules.value("warn.first_percent"), working(rules, Clock.FEEDBACK, terms.grade)
    for share in clocked:
        feedback = Running(Clock.FEEDBACK, share.dispatched_at, share.due_at, worked)
        first = min(planned.sign_first_at, feedback.moment(calendar, percent))
        if share.contact_due_at is not None:
            first = min(first, planned.contact_first_at)
        effects.timers.append(
            TimerRow(CASE, share.ticket_id, f"{CLOCKS}:{share.unit_id}", None, first)
        )


def move_feedback(
    effects: Effects, ticket: LockedTicket, due_at: datetime, now: datetime
) -> LockedTicket:
    """Let a ticket be answered by another time: its limit, its leading unit's clock and its timers move along.

    Returns the ticket as it will be. `now` is when its clocks are looked at again.
    """
    moved = effects.change(ticket.id, due_at=due_at)
    effects.timers.append(limit_timer(ticket, due_at))
    if ticket.lead_unit_id is not None:
        effects.dues.append(DueRow(ticket.id, ticket.lead_unit_id, due_at))
        effects.timers.append(look_at_clocks(ticket.id, now))
    return moved


def limit_timer(ticket: LockedTicket, due_at: datetime) -> TimerRow:
    """When a ticket's resident is asked at the latest."""
    return TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at)
