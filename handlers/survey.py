"""The survey (回访): begun when the unit says "done" or the time limit ends, ended by answers or by silence.

By the centre, never by the handling unit, through the channel the resident came by.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.requests import FinishSurvey, RecordAnswer, SurveyDue
from dialogs.words import Kind, Solved, SurveyQuestion, TicketState
from handlers.effects import Effects
from handlers.life_cycle import Act, move
from handlers.reopen import above, reopen
from handlers.world import World
from store.assignments import AssignmentChange
from store.human_tasks import TaskRow
from store.surveys import SurveyAnswer, SurveyState
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow

SURVEY_BY_HAND = timedelta(days=7)  # for a person to ask who has stopped our messages
_TRUTH = {"yes": "true", "no": "false"}


def survey_due(world: World, survey: SurveyState, ticket: LockedTicket) -> SurveyDue:
    """What the conversation is told when a survey is to begin."""
    again = ticket.regulator_id or ticket.lead_unit_id
    other = world.city.units.get(ticket.regulator_id or 0)
    return SurveyDue(
        survey_id=survey.id,
        ticket_id=ticket.id,
        title=ticket.title,
        unit=ticket.lead_name,
        result="" if survey.overdue else ticket.last_reply,
        overdue=survey.overdue,
        praise=ticket.kind == Kind.PRAISE,
        manner=survey.manner,
        superior=above(world, again, secret=ticket.confidential) is not None,
        again=other.short_name if other else "",
        at_once=survey.at_once,
    )


def record_answer(effects: Effects, surveys: dict[int, SurveyState], order: RecordAnswer) -> None:
    """Keep one answer, so that a partial survey is kept too."""
    survey = surveys.get(order.survey_id)
    if survey is None or survey.state not in ("waiting", "asked"):
        return
    value = order.value
    if order.question is SurveyQuestion.CONTACTED:
        value = _TRUTH[value]
    effects.answers.append(SurveyAnswer(survey.id, order.question, value))
    if order.question is SurveyQuestion.SOLVED:
        surveys[survey.id] = replace(survey, solved=value)


def finish_survey(
    world: World,
    effects: Effects,
    surveys: dict[int, SurveyState],
    order: FinishSurvey,
    now: datetime,
) -> tuple[int, bool] | None:
    """End a survey and draw its consequence for the ticket; returns (survey id, expired) to be written."""
    survey = surveys.get(order.survey_id)
    if survey is None or survey.state not in ("waiting", "asked"):
        return None
    surveys[survey.id] = replace(survey, state="expired" if order.expired else "finished")
    ticket = effects.locked[survey.ticket_id]
    effects.events.append(
        EventRow(ticket.id, now, "survey_expired" if order.expired else "surveyed", "resident")
    )
    if ticket.round == survey.round:
        _conclude(world, effects, survey, ticket, now)
    return survey.id, order.expired


def _conclude(
    world: World, effects: Effects, survey: SurveyState, ticket: LockedTicket, now: datetime
) -> None:
    open_states = (TicketState.DISPATCHED, TicketState.HANDLING, TicketState.RESOLVED)
    if ticket.state not in open_states:
        return
    if survey.solved == Solved.NO and not survey.manner:
        reopen(world, effects, ticket, "回访：市民表示没解决", now)
    elif ticket.state == TicketState.RESOLVED or survey.solved == Solved.YES:
        close(effects, ticket, "回访结束" if survey.solved else "回访期满未答复", now)


def ask_by_hand(effects: Effects, survey_id: int, ticket: LockedTicket, now: datetime) -> None:
    """The resident has stopped our messages: a person asks, and what nobody has asked ends after a while."""
    note = f"市民已退订消息，请电话回访：{ticket.title}"
    conversation_id = ticket.conversation_id
    effects.tasks.append(TaskRow("survey_by_hand", conversation_id, ticket.id, note, now))
    until = now + SURVEY_BY_HAND
    effects.timers.append(TimerRow("survey", survey_id, "end", conversation_id, until))


def end_unasked(effects: Effects, survey: SurveyState | None, now: datetime) -> None:
    """End a survey that cannot be held by message, and what waits for it."""
    if survey is None or survey.state not in {"waiting", "asked"}:
        return
    effects.ended.append((survey.id, True))
    ticket = effects.locked[survey.ticket_id]
    if ticket.round == survey.round and ticket.state == TicketState.RESOLVED:
        close(effects, ticket, "未能回访", now)


def is_asked(ticket: LockedTicket) -> bool:
    """Whether anybody is asked how it went: not about what a steward found, who reports it for others."""
    return ticket.source != "steward"


def close(effects: Effects, ticket: LockedTicket, why: str, now: datetime) -> None:
    """Close a locked ticket (结案)."""
    effects.change(ticket.id, state=move(ticket.state, Act.CLOSE), closed_at=now)
    effects.events.append(EventRow(ticket.id, now, "closed", "system", note=why))
    if ticket.state != TicketState.RESOLVED:  # a share that is done stays done
        effects.assignment_changes.append(AssignmentChange(ticket.id, "", "ended", now))
    effects.dropped.append(("ticket", ticket.id, "deadline"))


def begun(
    before: Iterable[SurveyDue], after: Iterable[SurveyDue], came: SurveyDue | None
) -> list[int]:
    """Which surveys a turn has begun: they waited, or came just now, and do not wait any more."""
    waiting = {due.survey_id for due in after}
    candidates = [due.survey_id for due in before] + ([came.survey_id] if came else [])
    return [survey_id for survey_id in candidates if survey_id not in waiting]
