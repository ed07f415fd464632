"""Due timers enter through the turn: taken, their conversations locked, their reasons checked again, then stepped.

A timer whose reason is gone does nothing. The resident's clock starts when the message to them was sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialogs.requests import Event, HumanDone, Silence, SurveyDue
from dialogs.words import TicketState
from handlers.at_once import ASK, survey_of
from handlers.case_ringing import ring_cases
from handlers.case_timers import CASE, Ringing
from handlers.converse import converse
from handlers.effects import Effects
from handlers.fall_back import Move, Moved, carry_out, find_moves
from handlers.following import NEWS
from handlers.human_idle import after_waiting
from handlers.joined_news import pass_on
from handlers.link_codes import TIMER as LINK_CODE
from handlers.link_codes import tell_codes
from handlers.linking import ADDRESS, linked_late, make_one
from handlers.message_timer import MESSAGE, named
from handlers.survey import ask_by_hand, end_unasked, is_asked, survey_due
from handlers.visit import Visit, visit
from handlers.world import World
from store import conversations, surveys, tickets, timers, turns
from store.conversations import ConversationRow
from store.database import Connection
from store.fall_back import Key, revive
from store.human_tasks import TaskRow
from store.surveys import SurveyRow, SurveyState
from store.tickets import EventRow, LockedTicket
from store.timers import FiredTimer, TimerRow

UNSENT_PATIENCE = timedelta(minutes=10)  # how long a wake waits for a question that is not out yet
APART = frozenset({MESSAGE, ADDRESS, LINK_CODE, CASE})  # subjects that tell no dialog anything
HANDLED_BY_UNIT = (TicketState.DISPATCHED, TicketState.HANDLING)
SURVEYED = (*HANDLED_BY_UNIT, TicketState.RESOLVED)


@dataclass(slots=True)
class _Run:
    """One batch of fired timers with what is locked and loaded for it."""

    world: World
    effects: Effects
    now: datetime
    rows: dict[int, ConversationRow]
    locked_surveys: dict[int, SurveyState]
    last_sent: dict[int, turns.LastSent]
    moves: dict[Key, Move] = field(default_factory=dict)
    people: dict[int, HumanDone] = field(default_factory=dict)  # by conversation

    def has(self, timer: FiredTimer) -> bool:
        """Tell whether all that this timer is about is locked."""
        if timer.conversation_id is not None and timer.conversation_id not in self.rows:
            return False
        if timer.subject == MESSAGE:
            move = self.moves.get(named(timer))
            return move is None or move.to is None or move.to.to in self.rows
        if timer.subject in {"ticket", CASE}:
            return timer.subject_id in self.effects.locked
        if timer.subject == "survey":
            survey = self.locked_surveys.get(timer.subject_id)
            return survey is None or survey.ticket_id in self.effects.locked
        return True


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a batch of timers: how many were carried out, and the conversations that were stepped.

    Those whose conversation or ticket somebody else holds just now stay for the next time.
    """

    count: int
    visits: tuple[Visit, ...] = ()


async def run_timers(
    connection: Connection, world: World, held: Sequence[FiredTimer], now: datetime
) -> Ran:
    """Carry out timers that the caller's transaction holds.

    Nothing here waits for a lock: others hold a conversation while they arm or drop its timers.
    """
    run = await _load(connection, world, held, now)
    fired = [timer for timer in held if run.has(timer)]
    await timers.spend(connection, [timer.id for timer in fired])
    await _begin_overdue_surveys(connection, run, fired)
    await _ask_answered(connection, run, fired)
    told = await _pass_on(connection, run, fired)
    run.people = await after_waiting(connection, world, run.effects, run.rows, fired, now)
    queues: dict[int, list[Event]] = defaultdict(list)
    for timer in fired:
        event = _event(run, timer) if timer.subject not in APART else None
        if event is not None and timer.conversation_id is not None:
            queues[timer.conversation_id].append(event)
    moved = _move(run, fired)
    for key, due, _ in moved.surveys:
        queues[key].append(due)
    await tell_codes(connection, world, run.effects, run.rows, fired, now)
    await ring_cases(connection, Ringing(world, run.effects, run.rows, now), fired)
    await run.effects.write(connection, now)
    if moved.revived:
        await revive(connection, moved.revived, now)
    instead: dict[tuple[int, Event], Key] = {(key, due): of for key, due, of in moved.surveys}
    done = await _converse(connection, run, queues, instead)
    waiting = await make_one(connection, await linked_late(connection, fired), now)
    await timers.arm(connection, waiting)
    return Ran(len(fired), (*told, *moved.told, *done))


async def _converse(
    connection: Connection,
    run: _Run,
    queues: dict[int, list[Event]],
    instead: dict[tuple[int, Event], Key],
) -> list[Visit]:
    """Tell conversations what has happened, each one thing after another."""
    done: list[Visit] = []
    while queues:
        wave = [visit(run.world, run.rows[key], events.pop(0)) for key, events in queues.items()]
        for one in wave:
            one.instead_of = instead.get((one.row.id, one.event))
        effects = Effects()
        await converse(connection, run.world, effects, wave, run.now)
        await effects.write(connection, run.now)
        for one in wave:
            run.rows[one.row.id] = one.after(effects)
        done += wave
        queues = {key: events for key, events in queues.items() if events}
    return done


async def _load(
    connection: Connection, world: World, held: Sequence[FiredTimer], now: datetime
) -> _Run:
    """Lock conversations, then tickets; read surveys and what was sent last."""
    ids = sorted({t.conversation_id for t in held if t.conversation_id is not None})
    rows = {row.id: row for row in await conversations.lock_free(connection, ids)}
    moves = await _find_moves(connection, world, held, rows)
    fired = [t for t in held if t.conversation_id is None or t.conversation_id in rows]
    survey_ids = [t.subject_id for t in fired if t.subject == "survey"]
    survey_ids += [m.message.survey_id for m in moves.values() if m.message.survey_id]
    found = await surveys.by_ids(connection, survey_ids) if survey_ids else {}
    ticket_ids = {t.subject_id for t in fired if t.subject in {"ticket", CASE}}
    ticket_ids |= {survey.ticket_id for survey in found.values()}
    effects = Effects()
    if ticket_ids:
        effects.locked = await tickets.lock_free(connection, sorted(ticket_ids))
    waking = [t.subject_id for t in fired if t.subject == "conversation"]
    sent = await turns.last_sent(connection, waking) if waking else {}
    return _Run(world, effects, now, rows, found, sent, moves)


async def _find_moves(
    connection: Connection,
    world: World,
    held: Sequence[FiredTimer],
    rows: dict[int, ConversationRow],
) -> dict[Key, Move]:
    """Where messages that were not delivered go; the conversations they go to are locked, if nobody holds them."""
    keys = [named(timer) for timer in held if timer.subject == MESSAGE]
    if not keys:
        return {}
    moves = await find_moves(connection, world, keys)
    others = {move.to.to for move in moves.values() if move.to is not None} - rows.keys()
    locked = await conversations.lock_free(connection, sorted(others))
    rows.update({row.id: row for row in locked})
    return moves


def _move(run: _Run, fired: Sequence[FiredTimer]) -> Moved:
    moves = [run.moves.get(named(timer)) for timer in fired if timer.subject == MESSAGE]
    known = [move for move in moves if move is not None]
    return carry_out(run.world, run.effects, run.rows, known, run.locked_surveys, run.now)


async def _begin_overdue_surveys(
    connection: Connection, run: _Run, fired: Sequence[FiredTimer]
) -> None:
    """The time limit has ended: note it, and make a survey for each ticket that a unit still has."""
    overdue = [run.effects.locked.get(t.subject_id) for t in fired if t.kind == "deadline"]
    making = []
    for ticket in overdue:
        if ticket is None or ticket.state not in (*HANDLED_BY_UNIT, TicketState.TRIAGE):
            continue
        run.effects.events.append(EventRow(ticket.id, run.now, "deadline_passed", "system"))
        row = _survey_row(ticket, run.now)
        if row is None:
            note = f"到期未派单：{ticket.title}"
            if ticket.state == TicketState.TRIAGE and ticket.joined_to is None:
                run.effects.tasks.append(TaskRow("overdue", None, ticket.id, note, run.now))
        else:
            making.append(row)
    if making:
        await _make_surveys(connection, run, making)


async def _ask_answered(connection: Connection, run: _Run, fired: Sequence[FiredTimer]) -> None:
    """What was answered at once is asked about after a while."""
    asked = [run.effects.locked.get(t.subject_id) for t in fired if t.kind == ASK]
    making = [survey_of(ticket, run.now) for ticket in asked if ticket is not None]
    if rows := [row for row in making if row is not None]:
        await _make_surveys(connection, run, rows)


async def _pass_on(
    connection: Connection, run: _Run, fired: Sequence[FiredTimer]
) -> tuple[Visit, ...]:
    """Tell joined tickets what has become of those that they follow; returns who was told."""
    children = [run.effects.locked.get(t.subject_id) for t in fired if t.kind == NEWS]
    known = [child for child in children if child is not None]
    telling = await pass_on(connection, run.world, run.effects, run.rows, known, run.now)
    if telling.surveys:
        await _make_surveys(connection, run, telling.surveys)
    return tuple(telling.told.values())


async def _make_surveys(connection: Connection, run: _Run, making: Sequence[SurveyRow]) -> None:
    """Make surveys to be held by message, or by a person where the resident wants none."""
    made = await surveys.create(connection, making)
    for survey in (await surveys.by_ids(connection, list(made.values()))).values():
        if run.rows[survey.conversation_id].stopped:
            ask_by_hand(run.effects, survey.id, run.effects.locked[survey.ticket_id], run.now)
        else:
            run.locked_surveys[survey.id] = survey


def _survey_row(ticket: LockedTicket, now: datetime) -> SurveyRow | None:
    if (
        ticket.state not in HANDLED_BY_UNIT
        or ticket.lead_unit_id is None
        or ticket.conversation_id is None
        or not is_asked(ticket)
    ):
        return None
    return SurveyRow(
        ticket.id,
        ticket.round,
        ticket.lead_unit_id,
        ticket.conversation_id,
        overdue=True,
        unit_contacted=ticket.contacted,
        created_at=now,
    )


def _event(run: _Run, timer: FiredTimer) -> Event | None:
    """What the conversation is told, None when the reason is gone or the timer was put off."""
    match timer.subject, timer.kind:
        case "conversation", "wake":
            return _silence(run, timer)
        case "ticket", "deadline":
            return _new_survey(run, timer, overdue=True)
        case "ticket", "joined_news" | "ask":
            return _new_survey(run, timer, overdue=False)
        case "survey", "start":
            return _survey_start(run, timer)
        case "survey", "end":
            end_unasked(run.effects, run.locked_surveys.get(timer.subject_id), run.now)
            return None
        case "human_talk", _:
            return run.people.pop(timer.conversation_id or 0, None)
        case _:
            raise ValueError(f"no one knows the timer {timer.subject}/{timer.kind}")


def _new_survey(run: _Run, timer: FiredTimer, *, overdue: bool) -> SurveyDue | None:
    """The survey that this timer's ticket has been given just now."""
    for survey in run.locked_surveys.values():
        if survey.ticket_id == timer.subject_id and survey.overdue is overdue:
            return survey_due(run.world, survey, run.effects.locked[survey.ticket_id])
    return None


def _survey_start(run: _Run, timer: FiredTimer) -> SurveyDue | None:
    survey = run.locked_surveys.get(timer.subject_id)
    if survey is None or survey.state != "waiting":
        return None
    ticket = run.effects.locked[survey.ticket_id]
    if ticket.state not in SURVEYED or run.rows[survey.conversation_id].stopped:
        end_unasked(run.effects, survey, run.now)
        return None
    return survey_due(run.world, survey, ticket)


def _silence(run: _Run, timer: FiredTimer) -> Silence | None:
    """Wake a conversation if its open question has been out for the patience of its stage; else look again later."""
    row = run.rows[timer.subject_id]
    one = visit(run.world, row, Silence(0))
    session = one.before
    patience = one.patience(run.world)
    if session.silence >= len(patience):
        run.rows[row.id] = _rearmed(run, row, None)
        return None
    due_at = _patience_ends(run, row, timedelta(seconds=patience[session.silence]))
    if due_at > run.now:
        run.rows[row.id] = _rearmed(run, row, due_at)
        return None
    run.rows[row.id] = _rearmed(run, row, None)
    return Silence(session.silence)


def _patience_ends(run: _Run, row: ConversationRow, patience: timedelta) -> datetime:
    sent = run.last_sent.get(row.id)
    if sent is not None and sent.waiting:
        return run.now + UNSENT_PATIENCE
    moments = [moment for moment in (row.last_said_at, sent and sent.sent_at) if moment]
    return max(moments, default=run.now) + patience


def _rearmed(run: _Run, row: ConversationRow, due_at: datetime | None) -> ConversationRow:
    """Note when the conversation's timer fires next, and arm it if it does."""
    if due_at is not None:
        run.effects.timers.append(TimerRow("conversation", row.id, "wake", row.id, due_at))
    run.effects.wakes.append((row.id, due_at))
    return conversations.with_wake(row, due_at)
