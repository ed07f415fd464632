"""The three clocks of a unit's share: to sign, to get in touch, to answer (签收, 首次联系, 答复).

Set where a share is made (`start_clocks`), or by their first timer where its maker knew nothing of clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dialogs.words import AssignmentRole, Grade, Kind, TicketState
from handlers.case_timers import CLOCKS
from handlers.effects import Effects
from handlers.new_work import CASE, look_at_clocks
from handlers.rules import Rules
from handlers.working_time import Calendar
from handlers.world import World
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


class Terms(NamedTuple):
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


def share_due(rules: Rules, role: str, begins: datetime, due_at: datetime) -> datetime:
    """When a share's own answer is due: the assisting unit's before the one that is made of both."""
    if role != AssignmentRole.ASSIST:
        return due_at
    return begins + (due_at - begins) * rules.value("assist.share_percent") / 100


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


@dataclass(frozen=True, slots=True)
class Begun:
    """When the clocks of one share are due, and when somebody first hears of one of them."""

    sign_due_at: datetime
    contact_due_at: datetime | None
    due_at: datetime
    first_at: datetime


@lru_cache(maxsize=64)  # as above
def begun(
    rules: Rules, timezone: ZoneInfo, terms: Terms, role: str, begins: datetime, due_at: datetime
) -> Begun:
    """The clocks of a new share; `due_at` is its ticket's limit."""
    planned = plan(rules, timezone, terms.grade, begins)
    contact = terms.contact and (role == AssignmentRole.LEAD or rules.on("contact.by_assist"))
    due_at = share_due(rules, role, begins, due_at)
    worked = working(rules, Clock.FEEDBACK, terms.grade)
    feedback = Running(Clock.FEEDBACK, begins, due_at, worked)
    first = feedback.moment(rules.calendar(timezone), rules.value("warn.first_percent"))
    first = min(first, planned.sign_first_at)
    if not contact:
        return Begun(planned.sign_due_at, None, due_at, first)
    first = min(first, planned.contact_first_at)
    return Begun(planned.sign_due_at, planned.contact_due_at, due_at, first)


def start_clocks(world: World, effects: Effects, before: int, terms: Terms) -> None:
    """Set and arm the clocks of the shares that are to be written, but for the first `before`."""
    rules, timezone, shares = world.rules, world.timezone, effects.assignments[before:]
    del effects.assignments[before:]
    for share in shares:
        begins = share.dispatched_at
        clocks = begun(rules, timezone, terms, share.role, begins, share.due_at)
        effects.assignments.append(
            share._replace(
                sign_due_at=clocks.sign_due_at,
                contact_due_at=clocks.contact_due_at,
                due_at=clocks.due_at,
            )
        )
        kind = f"{CLOCKS}:{share.unit_id}"
        effects.timers.append(TimerRow(CASE, share.ticket_id, kind, None, clocks.first_at))


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
