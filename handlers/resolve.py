"""Resolving (办结): the lead says what was done; then the resident is asked, who alone says whether it is solved."""

from dialogs.phrases import phrase
from dialogs.words import AssignmentRole, Kind
from handlers.case import By, Case, finish, take_up, worded
from handlers.life_cycle import Act, move
from handlers.notices import notice
from handlers.staff_acts import StaffAct
from handlers.survey import ask_by_hand, close
from handlers.world import World
from store import casework, surveys
from store.casework import running
from store.database import Connection
from store.surveys import SurveyRow
from store.tickets import AssignmentChange
from store.timers import TimerRow

DONE = phrase("“{title}”: {unit} says: {result}")
PRAISE_HEARD = "表扬已转达"
SURVEY_ENDED = ("finished", "expired")


async def resolve(
    connection: Connection, world: World, by: By, ticket_id: int, result: str
) -> None:
    """Take the lead's result. It reaches the resident with the first question of the survey: one moment, one message."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RESOLVE)
    result = worded(result, "办理结果")
    state = move(case.ticket.state, Act.RESOLVE)
    case.effects.change(ticket_id, state=state, resolved_at=by.at, last_reply=result)
    _settle_shares(case)
    case.record("resolved", result)
    case.effects.dropped.append(("ticket", ticket_id, "deadline"))
    await _ask(connection, case)
    await finish(connection, case)


async def pass_on_praise(connection: Connection, case: Case) -> None:
    """Praise asks for nothing to be done: the unit that signs for it has heard it, and that is the result."""
    ticket_id, at = case.ticket_id, case.by.at
    state = move(move(case.ticket.state, Act.SIGN), Act.RESOLVE)
    case.effects.change(ticket_id, state=state, resolved_at=at, last_reply=PRAISE_HEARD)
    _settle_shares(case, case.by.staff_id)
    case.record("signed")
    case.record("resolved", PRAISE_HEARD)
    case.effects.dropped.append(("ticket", ticket_id, "deadline"))
    await _ask(connection, case)
    await finish(connection, case)


async def answer_as_assist(
    connection: Connection, world: World, by: By, ticket_id: int, note: str
) -> None:
    """The assisting unit's part is done (协办答复): what it says goes to the lead, who gives one merged answer."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.ASSIST)
    note = worded(note, "协办情况")
    case.effects.assignment_changes.append(
        AssignmentChange(ticket_id, AssignmentRole.ASSIST, "done", by.at, by.staff_id, by.unit_id)
    )
    case.record("assisted", note)
    await finish(connection, case)


def _settle_shares(case: Case, signed_by: int | None = None) -> None:
    """The lead's share is done; assisting ones that were not answered end with it."""
    at, ticket_id = case.by.at, case.ticket_id
    changes = case.effects.assignment_changes
    changes.append(AssignmentChange(ticket_id, AssignmentRole.LEAD, "done", at, signed_by))
    changes.extend(
        AssignmentChange(ticket_id, AssignmentRole.ASSIST, "ended", at, unit_id=share.unit_id)
        for share in running(case.shares, AssignmentRole.ASSIST)
    )


async def _ask(connection: Connection, case: Case) -> None:
    """Begin the survey; without one end only those who left no way to be asked."""
    row, ticket = case.row, case.ticket
    if row is None or ticket.anonymous or ticket.lead_unit_id is None:
        close(case.effects, ticket, "没有留下联系方式，不回访", case.by.at)
        return
    survey = SurveyRow(
        ticket.id,
        ticket.round,
        ticket.lead_unit_id,
        row.id,
        overdue=False,
        unit_contacted=ticket.contacted,
        created_at=case.by.at,
    )
    made = await surveys.create(connection, [survey])
    if not made:
        await _tell_after_survey(connection, case)
    elif row.stopped:
        ask_by_hand(case.effects, made[ticket.id], ticket, case.by.at)
    else:
        timer = TimerRow("survey", made[ticket.id], "start", row.id, case.by.at)
        case.effects.timers.append(timer)


async def _tell_after_survey(connection: Connection, case: Case) -> None:
    """The time limit had brought the survey already: the result is told alone; a survey still open goes on."""
    ticket = case.ticket
    if ticket.kind != Kind.PRAISE:
        notice(case, DONE, title=ticket.title, unit=case.unit, result=ticket.last_reply)
    found = await casework.survey_of_round(connection, ticket.id, ticket.round)
    if found is not None and found[1] in SURVEY_ENDED:
        close(case.effects, ticket, "超期回访已结束", case.by.at)
