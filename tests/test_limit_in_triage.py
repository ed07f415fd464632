"""A limit that passes while nobody has the ticket: the resident is asked when a unit has had it for a whole limit."""

from datetime import timedelta

import pytest

from handlers.coordinate import Settling, decide_coordination
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from store.database import Pool
from tests.office import OTHER, TIANCUN, Office, act, open_office
from tests.test_clocks import in_triage
from tests.test_coordination import coordinating
from tests.test_returns import contacted, returning, say
from tests.walk_checks import broken

DEADLINE = "select due_at from timers where subject = 'ticket' and kind = 'deadline'"
OVERDUE = "select count(*) from surveys where overdue and ticket_id = $1"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def missed(office: Office, ticket: int) -> None:
    """Its limit passes while it waits for dispatch: a person is told; there is no unit yet to ask the resident about."""
    await office.ring((await office.ticket(ticket))["due_at"] - office.at + timedelta(minutes=1))
    assert await office.value(DEADLINE) is None
    assert await office.value("select count(*) from human_tasks where kind = 'overdue'") == 1
    assert await office.value(OVERDUE, ticket) == 0


async def asked_after_a_whole_limit(office: Office, ticket: int) -> None:
    due_at = await office.value(DEADLINE)
    assert due_at > office.at
    assert await broken(office) == []
    await office.ring(due_at - office.at)
    assert await office.value(OVERDUE, ticket) == 1


async def test_it_is_asked_about_again_after_a_dispatch_by_hand(office: Office) -> None:
    ticket = await in_triage(office)
    await missed(office, ticket)
    order = Dispatching(office.units[TIANCUN], "居民说在田村")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    await asked_after_a_whole_limit(office, ticket)


async def test_it_is_asked_about_again_when_a_coordination_gives_it_a_lead(office: Office) -> None:
    ticket = await contacted(office)
    talk = await coordinating(office, ticket)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True)
    await missed(office, ticket)
    order = Settling(talk, "由东华门街道办", office.units[OTHER], [])
    await act(office, decide_coordination, "district", ticket, order)
    await asked_after_a_whole_limit(office, ticket)


async def test_it_is_asked_about_again_when_the_place_is_told_late(office: Office) -> None:
    await office.say("救命啊有人触电了！")
    ticket = await office.value("select id from tickets")
    await missed(office, ticket)
    await office.say("海淀区田村路街道阜石路第一社区5号楼")
    assert (await office.ticket(ticket))["state"] == "dispatched"
    await asked_after_a_whole_limit(office, ticket)
