"""Who has stopped our messages is asked by a person, whose form has the questions of the survey."""

from datetime import timedelta

import pytest

from handlers.case import ActRefusedError
from handlers.rules import Rules
from handlers.sign import sign
from handlers.survey_by_hand import survey_by_hand
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import Office, act, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def to_be_asked(office: Office) -> tuple[int, int]:
    """A ticket that is done, of a resident who has said STOP; and the task to ask by phone."""
    office.world.rules = Rules({"result.needs_contact": 0})
    ticket = await office.open()
    await office.say("STOP")
    await act(office, sign, "tiancun", ticket)
    await act(office, contact_and_resolve, "tiancun", ticket, "已维修。")
    await office.ring(timedelta(seconds=2))
    task = await office.value("select id from human_tasks where kind = 'survey_by_hand'")
    return ticket, task


async def test_answers_on_the_phone_count_and_close_the_ticket(office: Office) -> None:
    ticket, task = await to_be_asked(office)
    answers = {"contacted": "yes", "solved": "yes", "result": "basically", "remark": "师傅好"}
    await act(office, survey_by_hand, "centre", task, answers)
    (row,) = await office.rows("select * from surveys")
    kept = (row["state"], row["contacted"], row["solved"], row["result"], row["attitude"])
    assert kept == ("finished", True, "yes", "basically", None)
    assert (await office.ticket(ticket))["state"] == "closed"
    with pytest.raises(ActRefusedError, match="已经有结果"):
        await act(office, survey_by_hand, "centre", task, answers)


async def test_not_solved_on_the_phone_reopens(office: Office) -> None:
    ticket, task = await to_be_asked(office)
    await act(office, survey_by_hand, "centre", task, {"solved": "no"})
    row = await office.ticket(ticket)
    assert (row["state"], row["round"]) == ("dispatched", 2)


async def test_a_survey_by_hand_needs_an_answer_and_the_centre(office: Office) -> None:
    _, task = await to_be_asked(office)
    with pytest.raises(ActRefusedError, match="至少填一个"):
        await act(office, survey_by_hand, "centre", task, {"solved": "maybe"})
    with pytest.raises(ActRefusedError, match="热线中心"):
        await act(office, survey_by_hand, "tiancun", task, {"solved": "yes"})
