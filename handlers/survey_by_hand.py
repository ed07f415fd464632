"""A survey that a person of the centre holds by phone (电话回访): the same questions, and the same consequences."""

from collections.abc import Mapping, Sequence

from dialogs.requests import FinishSurvey, RecordAnswer
from dialogs.words import Rating, Solved, SurveyQuestion
from handlers.case import ActRefusedError, By, claim, worded
from handlers.effects import Effects
from handlers.settle_task import may_settle
from handlers.survey import finish_survey, record_answer
from handlers.world import World
from store import casework, conversations, human_tasks, surveys, tickets
from store.database import Connection
from store.tickets import EventRow

_RATINGS: Mapping[str, str] = {
    Rating.SATISFIED: "满意",
    Rating.BASICALLY: "基本满意",
    Rating.NEUTRAL: "一般",
    Rating.DISSATISFIED: "不满意",
}
# Question: (as it is asked, answers by code)
QUESTIONS: Mapping[SurveyQuestion, tuple[str, Mapping[str, str]]] = {
    SurveyQuestion.CONTACTED: ("办理单位联系过您吗", {"yes": "联系过", "no": "没有"}),
    SurveyQuestion.SOLVED: (
        "问题解决了吗",
        {Solved.YES: "解决了", Solved.PARTLY: "部分解决", Solved.NO: "没解决"},
    ),
    SurveyQuestion.RESULT: ("对办理结果满意吗", _RATINGS),
    SurveyQuestion.ATTITUDE: ("对工作人员态度满意吗", _RATINGS),
}
LONGEST_REMARK = 500
KIND = "survey_by_hand"
OVER = "这次回访已经有结果了。"


async def survey_by_hand(
    connection: Connection, world: World, by: By, task_id: int, typed: Mapping[str, str]
) -> None:
    """Keep what the resident answered on the phone, and draw its consequence; "not solved" reopens.

    Raises:
        ActRefusedError: nothing was answered, it is no survey, or somebody has settled it.
    """
    await claim(connection, by)
    if by.unit_id is not None or not may_settle(None, by.roles):
        raise ActRefusedError("回访由热线中心来做。")
    answers = _read(typed)
    task = await human_tasks.open_one(connection, task_id)
    if task is None or task.kind != KIND or task.ticket_id is None:
        raise ActRefusedError(OVER)
    effects = Effects()
    if task.conversation_id is not None:
        await conversations.lock_by_id(connection, [task.conversation_id])
    effects.locked = await tickets.lock(connection, [task.ticket_id])
    ticket = effects.locked[task.ticket_id]
    found = await casework.survey_of_round(connection, ticket.id, ticket.round)
    known = await surveys.by_ids(connection, [found[0]] if found else [])
    settled = await human_tasks.settle(
        connection, task_id, by.staff_id, None, by.at, _said(answers)
    )
    if settled is None:
        raise ActRefusedError(OVER)
    effects.events.append(
        EventRow(ticket.id, by.at, "task_settled", "staff", by.staff_id, None, "电话回访")
    )
    for survey_id in known:
        for question, value in answers:
            record_answer(effects, known, RecordAnswer(survey_id, question, value))
        ended = finish_survey(world, effects, known, FinishSurvey(survey_id), by.at)
        effects.dropped.append(("survey", survey_id, "end"))
        effects.ended += [ended] if ended is not None else []
    await effects.write(connection, by.at)


def _read(typed: Mapping[str, str]) -> list[tuple[SurveyQuestion, str]]:
    """The answers that were given; a question that was not answered counts neither way."""
    given = [(one, typed.get(one, "")) for one in QUESTIONS]
    answers = [(one, value) for one, value in given if value in QUESTIONS[one][1]]
    if not answers:
        raise ActRefusedError("请至少填一个回答；没有联系上的，写明情况点“已处理”。")
    remark = worded(typed.get("remark", ""), "意见", longest=LONGEST_REMARK, needed=False)
    return [*answers, (SurveyQuestion.REMARK, remark)] if remark else answers


def _said(answers: Sequence[tuple[SurveyQuestion, str]]) -> str:
    """The answers as the settled task keeps them."""
    asked = [(QUESTIONS[one], value) for one, value in answers if one in QUESTIONS]
    return "，".join(f"{question}：{names[value]}" for (question, names), value in asked)
