"""What comes up to a district with nobody in it does not end in an empty room: the centre has it, and is told why."""

from datetime import timedelta

import pytest

from handlers.coordinate import Coordinating, coordinate
from handlers.coordinations import TalkKind
from handlers.extend import extend
from handlers.unheard import tell_of_unheard
from store import applications
from store.database import Pool
from tests.applied import due, handling, judge
from tests.office import DISTRICT, OTHER, TIANCUN, Office, act, open_office
from tests.test_returns import AREA, TOLD, returning, say
from tests.test_returns import contacted as tried
from tests.test_whistle import called, signed

DAY = timedelta(days=1)
WHY = "（海淀区政府没有可以处理的人员，由热线中心处理）"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def empty(office: Office) -> None:
    """Everybody of the district leaves."""
    await office.pool.execute(
        "update staff set active = false where unit_id = $1", office.units[DISTRICT]
    )


async def test_the_centre_decides_what_is_for_a_district_with_nobody_in_it(office: Office) -> None:
    await empty(office)
    ticket = await handling(office)
    until = await due(office, ticket) + DAY
    await act(office, extend, "tiancun", ticket, until, "等施工材料")
    note = await office.value("select note from ticket_events where type = 'applied'")
    assert note.endswith(WHY)
    (told,) = await office.rows(TOLD, "applied")
    assert (told["code"], told["audience"]) == ("centre", "head")
    assert told["note"].endswith(WHY)
    async with office.pool.acquire() as connection:
        (waiting,) = await applications.waiting(connection, [("extension", 0, "above")], None, 10)
    assert waiting.application.ticket_id == ticket
    await judge(office, ticket, login="centre")
    assert await due(office, ticket) == until


async def test_what_waits_for_a_district_whose_people_leave_is_the_centres_to_decide(
    office: Office,
) -> None:
    ticket = await tried(office)
    application = await returning(office, ticket)
    await empty(office)
    await say(office, "centre", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[OTHER]


async def test_a_return_skips_the_screening_where_nobody_screens(office: Office) -> None:
    await empty(office)
    ticket = await tried(office)
    await returning(office, ticket)
    assert await office.value("select stage from applications") == 1
    assert AREA.evidence in await office.value("select note from applications")


async def test_the_centre_hears_who_is_late_where_the_district_has_nobody(office: Office) -> None:
    await office.pool.execute("update staff set active = false where login = 'next_district'")
    ticket = await signed(office)
    await called(office, ticket, OTHER)
    await office.ring(timedelta(minutes=30))
    told = (await office.rows(TOLD, "whistle_late"))[-1]
    assert (told["code"], told["audience"]) == ("centre", "head")
    assert told["note"].endswith("（东城区政府没有可以处理的人员，由热线中心处理）")


async def test_who_hears_by_sms_alone_is_told_still(office: Office) -> None:
    await empty(office)
    await office.pool.execute(
        "insert into unit_contacts (unit_id, audience, channel, hash, sealed, masked, added_at, verified_at)"
        " values ($1, 'head', 'sms', '\\x00', '\\x00', '', now(), now())",
        office.units[DISTRICT],
    )
    ticket = await signed(office)
    await act(
        office, extend, "tiancun", ticket, await due(office, ticket) + timedelta(hours=1), "等"
    )
    assert [row["code"] for row in await office.rows(TOLD, "applied")] == ["centre"]
    await office.ring(timedelta(hours=29))  # a fifth past its limit
    assert (DISTRICT, "head") in [
        (row["code"], row["audience"]) for row in await office.rows(TOLD, "clock_over")
    ]


async def test_the_city_settles_what_nobody_in_the_district_could(office: Office) -> None:
    await empty(office)
    ticket = await office.open()
    await act(office, coordinate, "tiancun", ticket, Coordinating(TalkKind.AREA, "分界不清"))
    row = (await office.rows("select level, host_unit_id from coordinations"))[0]
    assert tuple(row) == ("city", None)


async def test_the_third_time_is_the_centres_task_where_the_district_has_nobody(
    office: Office,
) -> None:
    await empty(office)
    for _ in range(3):
        await office.open()
    tasks = await office.rows("select unit_id, note from human_tasks where kind = 'repeated'")
    assert all(row["unit_id"] is None and row["note"].endswith(WHY) for row in tasks)


async def test_the_centre_hears_once_a_day_who_has_tickets_and_nobody_to_see_them(
    office: Office,
) -> None:
    assert not await looking(office)
    await office.open()
    assert not await looking(office)
    await office.pool.execute(
        "update staff set active = false where unit_id = $1", office.units[TIANCUN]
    )
    assert await looking(office)
    (told,) = await office.rows(TOLD, "unheard")
    assert (told["code"], told["audience"]) == ("centre", "desk")
    assert "田村路街道（1件）" in told["note"]
    assert not await looking(office)
    office.at += DAY
    assert await looking(office)


async def looking(office: Office) -> bool:
    async with office.pool.acquire() as connection:
        return await tell_of_unheard(connection, office.at, office.world.timezone)
