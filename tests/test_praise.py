"""Praise reaches the unit and asks it for nothing; a suggestion is thanked for, filed and answered."""

from datetime import timedelta

import orjson
import pytest

from handlers.sign import sign
from store.database import Pool
from tests.office import Office, open_office

PRAISE = "表扬海淀区田村路街道阜石路第一社区的工作人员，帮老人提水上楼"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def praised(office: Office) -> int:
    await office.say(PRAISE, "1")
    ticket_id: int = await office.value("select id from tickets where kind = 'praise'")
    return ticket_id


async def said(office: Office) -> str:
    row = await office.value(
        "select reply from outbox order by conversation_id desc, seq desc limit 1"
    )
    return str(orjson.loads(row)["text"])


async def act(office: Office, ticket_id: int, login: str) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await sign(connection, office.world, office.by(login), ticket_id)


async def lead_login(office: Office, ticket_id: int) -> str:
    unit_id = await office.value("select lead_unit_id from tickets where id = $1", ticket_id)
    units = {office.units[code]: login for login, code in LEADS.items()}
    return units[unit_id]


LEADS = {"tiancun": "110108021", "cgw": "110108-cgw", "district": "110108"}


async def test_praise_is_done_when_the_unit_signs_for_it_and_one_thing_is_asked(
    office: Office,
) -> None:
    ticket_id = await praised(office)
    assert "谢谢您" in await said(office) or "感谢" in await said(office)
    await act(office, ticket_id, await lead_login(office, ticket_id))
    assert (await office.ticket(ticket_id))["state"] == "resolved"
    share = (await office.rows("select state, signed_at from assignments where role = 'lead'"))[0]
    assert share["state"] == "done"
    assert share["signed_at"] == office.at
    await office.ring(timedelta(seconds=1))
    assert "已转达" in await said(office)
    assert "对我们的转达满意吗？" in await said(office)
    await office.say("满意")
    assert (await office.ticket(ticket_id))["state"] == "closed"
    survey = (await office.rows("select state, contacted, solved, result from surveys"))[0]
    assert tuple(survey) == ("finished", None, None, "satisfied")


async def test_a_unit_that_signs_late_closes_the_praise_that_was_asked_about_already(
    office: Office,
) -> None:
    ticket_id = await praised(office)
    await office.ring(timedelta(days=16))
    assert "对我们的转达满意吗？" in await said(office)
    await office.say("满意")
    assert (await office.ticket(ticket_id))["state"] == "dispatched"
    await act(office, ticket_id, await lead_login(office, ticket_id))
    assert (await office.ticket(ticket_id))["state"] == "closed"


async def test_a_suggestion_is_thanked_for_and_the_unit_answers_it(office: Office) -> None:
    await office.say("建议海淀区田村路街道阜石路第一社区增加垃圾桶", "1")
    told = await said(office)
    assert "感谢您的建议" in told
    assert "答复您" in told
    assert await office.value("select kind from tickets") == "suggestion"
