"""What everybody is told of an event may be enough: answered at once, asked about, and given to a unit if it did not help."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.surge_report import Report, make_report
from store.database import Pool
from tests.office import CGW, Office, open_office
from tests.test_surge import AT, ELSEWHERE, EVENT, HEAT, begin, shown

NEWS = "热力集团今晚十点前修好，请不要自行放水。"
OTHER_PHONE = "+8613800138001"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    article = await office.value(
        "insert into articles (question, answer, published, words, edited_at)"
        " values ('抢修到几点', $1, true, '', now()) returning id",
        NEWS,
    )
    await begin(
        office,
        replace(EVENT, articles=f"#{article}", lead_unit_id=office.units[CGW], script="请说"),
    )
    return office


async def report(office: Office) -> Report:
    async with office.pool.acquire() as connection:
        surge_id = office.world.surges[0].surge.id
        return await make_report(connection, office.world, surge_id, office.at)


async def last(office: Office) -> int:
    found: int = await office.value("select max(id) from tickets")
    return found


@pytest.mark.parametrize("words", ["1", "谢谢"])
async def test_who_says_that_it_is_enough_is_answered_and_asked_an_hour_later(
    office: Office, words: str
) -> None:
    await office.say(AT + HEAT, words)
    ticket = await office.ticket(await last(office))
    assert (ticket["state"], ticket["result"], ticket["last_reply"]) == (
        "resolved",
        "at_once",
        NEWS,
    )
    assert "answered_at_once" in await office.events(ticket["id"])
    assert await office.value("select count(*) from assignments") == 0
    await office.ring(timedelta(minutes=59))
    assert await office.value("select count(*) from surveys") == 0
    await office.ring(timedelta(minutes=1))
    assert "已当场答复您" in await shown(office)
    await office.say("1", "1", "跳过")
    now = await report(office)
    assert (now.at_once, now.answered, now.open) == (1, 1, 0)
    assert (now.response, now.resolution, now.satisfaction) == (None, 1.0, 1.0)
    assert (await office.ticket(ticket["id"]))["state"] == "closed"


async def test_what_did_not_help_after_all_goes_to_the_events_unit(office: Office) -> None:
    await office.say(AT + HEAT, "1")
    await office.ring(timedelta(hours=1))
    await office.say("3", "4", "跳过")
    ticket = await office.ticket(await last(office))
    assert (ticket["state"], ticket["round"], ticket["result"]) == ("dispatched", 2, "")
    assert ticket["lead_unit_id"] == office.units[CGW]
    lead = await office.value("select unit_id from assignments where role = 'lead'")
    assert lead == office.units[CGW]


@pytest.mark.parametrize("words", ["没用", "我家老人冻病了"])
async def test_who_wants_more_is_taken_down_as_any_other(office: Office, words: str) -> None:
    await office.say(AT + HEAT, words)
    ticket = await office.ticket(await last(office))
    assert (ticket["state"], ticket["lead_unit_id"]) == ("dispatched", office.units[CGW])
    assert (await report(office)).at_once == 0


async def test_who_says_nothing_more_has_a_ticket_the_next_day(office: Office) -> None:
    await office.say(AT + HEAT)
    assert await office.value("select count(*) from tickets") == 0
    for _ in range(3):
        await office.value(
            "update outbox set state = 'delivered', sent_at = created_at,"
            " part_states = replace(part_states, 'p', 'd') returning 1"
        )
        await office.ring(timedelta(days=1))
    assert (await office.ticket(await last(office)))["result"] == ""


async def test_an_event_goes_on_over_midnight_and_its_report_tells_the_days_apart(
    office: Office,
) -> None:
    office.at = office.at.replace(hour=15, minute=30)  # half past eleven in the evening in Beijing
    await office.say(AT + HEAT, "2")
    office.at += timedelta(hours=1)
    await office.say(ELSEWHERE + HEAT, "2", phone=OTHER_PHONE)
    days = [(one.name, one.tickets) for one in (await report(office)).counts if one.what == "day"]
    assert days == [("2026-11-23", 1), ("2026-11-24", 1)]
