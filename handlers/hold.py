"""Hold (挂账): what cannot be solved yet is tracked instead, approved above the unit, until a day on which it is reviewed.

It exempts from nothing: the ticket is surveyed and counted like any other.
"""

from dataclasses import dataclass
from datetime import datetime

from dialogs.phrases import phrase
from dialogs.words import Grade
from handlers.answer_due import answer_due_after_stop
from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.case_timers import HOLD, case_timer, dropped
from handlers.clocks import limit_timer, move_feedback
from handlers.effects import HOLD_OVER
from handlers.notices import language_of, notice
from handlers.plain_dates import said_day
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import holds
from store.applications import ApplicationRow
from store.database import Connection
from store.holds import HoldRow, NewHold

# A reason, as staff choose it and as the resident hears it.
REASONS = {
    "planning": ("规划、审批尚未完成", phrase("the plans are not approved yet")),
    "funds": ("资金尚未落实", phrase("the money is not there yet")),
    "policy": ("政策尚未明确", phrase("the rules for it are not made yet")),
    "project": ("已列入计划，尚未到开工时间", phrase("the works have not begun yet")),
    "ownership": ("权属不清，正在确认", phrase("it is not settled yet whose it is")),
    "season": ("受季节、天气限制", phrase("the season does not allow it")),
    "history": ("历史遗留，须多方解决", phrase("it takes several parties to solve it")),
}
REASON_NAMES = {code: name for code, (name, _) in REASONS.items()}

HELD = phrase("“{title}” cannot be done yet: {reason}. We keep track of it, and answer by {date}.")
HELD_ON = phrase("“{title}” still has to wait: {reason}. We answer you by {date}.")
NOT_OF_GRADE_I = "I级工单涉及生命财产安全，不能挂账。"
RESUMED = phrase("“{title}” can go on: {unit} works on it and answers you by {date}.")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a unit asks for: why it has to wait, what it plans, when it looks again."""

    reason: str
    plan: str
    review_at: datetime


async def hold(
    connection: Connection, world: World, by: By, ticket_id: int, order: Holding
) -> None:
    """Ask for a ticket to be put on hold; nothing changes until it is approved."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.HOLD)
    if case.ticket.hold_until is not None:
        raise ActRefusedError("这张工单已经在挂账，请用“挂账复查”。")
    if case.ticket.grade == Grade.I:
        raise ActRefusedError(NOT_OF_GRADE_I)
    await ask(connection, case, order)
    await finish(connection, case)


async def ask(connection: Connection, case: Case, order: Holding) -> None:
    """Put a hold, or a later day of one, before those above the unit."""
    plan = worded(order.plan, "计划")
    check_review(case, order.review_at)
    data = {"review_at": order.review_at.isoformat()}
    await apply(connection, case, HOLDING, plan, reason=order.reason, data=data)


def check_review(case: Case, review_at: datetime) -> None:
    """A day to come, within the rule."""
    longest = case.by.at + case.world.rules.span("hold.most_days")
    if not case.by.at < review_at <= longest:
        last = longest.astimezone(case.world.timezone)
        raise ActRefusedError(f"复查日期要在今天以后，最晚{last:%Y-%m-%d}。")


async def _grant(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The answer is due on the day of the review; the resident hears why and until when."""
    del note
    review_at = datetime.fromisoformat(application.said["review_at"])
    check_review(case, review_at)
    found = await holds.open_of(connection, [case.ticket_id])
    known = found.get(case.ticket_id)
    if known is None:
        new = _new(case, application, review_at)
        hold_id = await holds.add(connection, new)
    else:
        hold_id = known.id
        await holds.review(connection, hold_id, review_at, application.note)
    move_feedback(case.effects, case.ticket, review_at, case.by.at)
    case.effects.change(case.ticket_id, hold_until=review_at)
    case.effects.timers.append(
        case_timer(case.ticket, HOLD, hold_id, first_ring(case.world, case.by.at, review_at))
    )
    local = review_at.astimezone(case.world.timezone)
    said = f"{REASON_NAMES[application.reason]}，{local:%Y-%m-%d}复查"
    case.record("held" if known is None else "hold_prolonged", said, unit_id=application.unit_id)
    date = said_day(case, review_at)
    reason = reason_in_words(case, application.reason)
    phrase_ = HELD if known is None else HELD_ON
    notice(case, phrase_, title=case.ticket.title, reason=reason, date=date)


def _new(case: Case, application: ApplicationRow, review_at: datetime) -> NewHold:
    unit_id = application.unit_id
    if unit_id is None:
        raise ActRefusedError("挂账由承办单位提出。")
    return NewHold(
        case.ticket_id,
        application.id,
        unit_id,
        application.reason,
        application.note,
        case.by.at,
        review_at,
        case.ticket.due_at,
    )


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """Handling goes on, or the hold as it was; the resident was told nothing."""
    del connection, case, application, note


def reason_in_words(case: Case, reason: str) -> str:
    """A reason as the resident hears it."""
    language = language_of(case.world, case.row) if case.row is not None else case.world.language
    return case.world.phrases.say(language, REASONS[reason][1])


def first_ring(world: World, now: datetime, review_at: datetime) -> datetime:
    """A while before the review, so that it can be prepared."""
    early = review_at - world.rules.span("hold.warn_days")
    return early if early > now else review_at


def resume(case: Case, running: HoldRow) -> datetime:
    """The clock of the answer goes on where the hold had stopped it; returns the new limit."""
    due_at = _limit_again(case, running)
    case.effects.change(case.ticket_id, hold_until=None)
    move_feedback(case.effects, case.ticket, due_at, case.by.at)
    unit = case.ticket.lead_name
    notice(case, RESUMED, title=case.ticket.title, unit=unit, date=said_day(case, due_at))
    return due_at


async def take_off_hold(connection: Connection, case: Case) -> None:
    """The ticket leaves the unit that put it on hold: whoever goes on with it has the time that was left.

    Says nothing to the resident, who hears of the new unit.
    """
    running = (await holds.open_of(connection, [case.ticket_id])).get(case.ticket_id)
    if running is None:
        return
    await holds.end(connection, running.id, "ended", case.by.at, HOLD_OVER)
    due_at = _limit_again(case, running)
    case.effects.change(case.ticket_id, hold_until=None, due_at=due_at)
    case.effects.timers.append(limit_timer(case.ticket, due_at))
    case.effects.dropped.append(dropped(case.ticket_id, HOLD, running.id))
    case.record("hold_ended", HOLD_OVER)


def _limit_again(case: Case, running: HoldRow) -> datetime:
    """The time that was left; never later than the day that the resident was told."""
    ticket, now = case.ticket, case.by.at
    limit, stopped_at = running.due_before, running.began_at
    left = answer_due_after_stop(case.world, ticket.topic, ticket.grade, limit, stopped_at, now)
    return min(running.review_at, left)


def _asks(world: World, application: ApplicationRow) -> str:
    review_at = datetime.fromisoformat(application.said["review_at"]).astimezone(world.timezone)
    return f"复查日期：{review_at:%Y-%m-%d}"


HOLDING = Kind(
    "hold",
    "挂账",
    (Stage(Decider.ABOVE, "hold.decide_hours"),),
    _grant,
    _refuse,
    REASON_NAMES,
    means="答复时间改到复查日期，市民会得知为什么要等、等到哪天；挂账不免考核，照常回访。",
    asks=_asks,
)
