"""A result that counts (办结): the lead's share is done, and the resident is told and asked, who alone says whether it is solved."""

from dataclasses import dataclass
from enum import StrEnum

from dialogs.phrases import phrase
from dialogs.words import AssignmentRole, Kind
from handlers.case import ActRefusedError, Case, finish, worded
from handlers.life_cycle import Act, move
from handlers.notices import notice
from handlers.survey import ask_by_hand, close, is_asked
from handlers.whistle_close import refuse_while_whistling
from store import casework, surveys
from store.assignments import AssignmentChange
from store.casework import running
from store.database import Connection
from store.surveys import SurveyRow
from store.timers import TimerRow

DONE = phrase("“{title}”: {unit} says: {result}")
PRAISE_HEARD = "表扬已转达"
SURVEY_ENDED = ("finished", "expired")


class ResultKind(StrEnum):
    """What a unit says has come of it."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    CANNOT = "cannot"


RESULT_NAMES = {
    ResultKind.SOLVED: "已解决",
    ResultKind.PARTLY: "部分解决",
    ResultKind.EXPLAINED: "已解释说明",
    ResultKind.CANNOT: "暂不能解决",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a unit gives as its result; `text` is its reply to the resident, `why` is for staff."""

    text: str
    kind: ResultKind = ResultKind.SOLVED
    why: str = ""

    @property
    def said(self) -> str:
        """As it stands among the events."""
        if self.kind is ResultKind.SOLVED:
            return self.text
        return f"{RESULT_NAMES[self.kind]}：{self.text}（原因：{self.why}）"


def read_result(text: str, kind: str, why: str) -> Result:
    """A result as it was typed; raises `ActRefusedError` where the text, or the reason of a lesser one, is missing."""
    text = worded(text, "办理结果")
    if kind not in set(ResultKind):
        raise ActRefusedError("请选择办理结果是哪一种。")
    chosen = ResultKind(kind)
    if chosen is ResultKind.SOLVED:
        return Result(text)
    return Result(text, chosen, worded(why, f"“{RESULT_NAMES[chosen]}”的原因"))


async def complete(connection: Connection, case: Case, result: Result, note: str = "") -> None:
    """Let a result count; the caller ends the act. It reaches the resident with the survey's first question: one message.

    `note` says in the event why it counts.
    """
    ticket_id, at = case.ticket_id, case.by.at
    await refuse_while_whistling(connection, ticket_id)
    case.effects.change(
        ticket_id,
        state=move(case.ticket.state, Act.RESOLVE),
        resolved_at=at,
        last_reply=result.text,
        result=result.kind,
        result_why=result.why,
    )
    settle_shares(case)
    case.record("resolved", f"{result.said}（{note}）" if note else result.said)
    case.effects.dropped.append(("ticket", ticket_id, "deadline"))
    await ask(connection, case)


async def pass_on_praise(connection: Connection, case: Case) -> None:
    """Praise asks for nothing to be done: the unit that signs for it has heard it, and that is the result."""
    ticket_id, at = case.ticket_id, case.by.at
    state = move(move(case.ticket.state, Act.SIGN), Act.RESOLVE)
    case.effects.change(ticket_id, state=state, resolved_at=at, last_reply=PRAISE_HEARD)
    settle_shares(case, case.by.staff_id)
    case.record("signed")
    case.record("resolved", PRAISE_HEARD)
    case.effects.dropped.append(("ticket", ticket_id, "deadline"))
    await ask(connection, case)
    await finish(connection, case)


def settle_shares(case: Case, signed_by: int | None = None) -> None:
    """The lead's share is done; assisting ones that were not answered end with it."""
    at, ticket_id = case.by.at, case.ticket_id
    changes = case.effects.assignment_changes
    changes.append(AssignmentChange(ticket_id, AssignmentRole.LEAD, "done", at, signed_by))
    changes.extend(
        AssignmentChange(ticket_id, AssignmentRole.ASSIST, "ended", at, unit_id=share.unit_id)
        for share in running(case.shares, AssignmentRole.ASSIST)
    )


async def ask(connection: Connection, case: Case, *, manner: bool = False) -> None:
    """Begin the survey; without one end only those who left no way to be asked.

    `manner`: about contact and attitude alone, of a resident who has been told the outcome.
    """
    row, ticket = case.row, case.ticket
    if not is_asked(ticket):
        notice(case, DONE, title=ticket.title, unit=case.unit, result=ticket.last_reply)
        close(case.effects, ticket, "小巷管家发现的问题，不回访", case.by.at)
        return
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
        manner=manner,
    )
    made = await surveys.create(connection, [survey])
    if not made:
        await _tell_after_survey(connection, case, told=manner)
    elif row.stopped:
        ask_by_hand(case.effects, made[ticket.id], ticket, case.by.at)
    else:
        timer = TimerRow("survey", made[ticket.id], "start", row.id, case.by.at)
        case.effects.timers.append(timer)


async def _tell_after_survey(connection: Connection, case: Case, *, told: bool) -> None:
    """The time limit had brought the survey already: the result is told alone; a survey still open goes on."""
    ticket = case.ticket
    if ticket.kind != Kind.PRAISE and not told:
        notice(case, DONE, title=ticket.title, unit=case.unit, result=ticket.last_reply)
    found = await casework.survey_of_round(connection, ticket.id, ticket.round)
    if found is not None and found[1] in SURVEY_ENDED:
        close(case.effects, ticket, "超期回访已结束", case.by.at)
