"""Extension: asked for in time, decided above the unit, once a round; the resident hears the new date."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.case import ActRefusedError, UnknownTicketError
from handlers.extend import extend
from handlers.sign import sign
from store.database import Pool
from tests.applied import due, handling, joined, judge, told
from tests.office import DISTRICT, Office, act, open_office

DAY = timedelta(days=1)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_an_extension_moves_the_limit_when_the_district_agrees_and_the_resident_hears_it(
    office: Office,
) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    await act(office, extend, "tiancun", ticket, before + 5 * DAY, "等施工材料")
    assert await due(office, ticket) == before
    assert await office.notices() == []
    await judge(office, ticket)
    assert await due(office, ticket) == before + 5 * DAY
    timer = "select due_at from timers where subject = 'ticket' and kind = 'deadline'"
    assert await office.value(timer) == before + 5 * DAY
    (heard,) = await office.notices()
    assert heard.endswith("还需要一些时间，田村路街道会在12月5日10:00前答复您。")
    assert (await office.ticket(ticket))["extended"]
    assert (await office.events(ticket))[-2:] == ["upheld", "extended"]


async def test_an_extension_is_granted_once_a_round(office: Office) -> None:
    ticket = await handling(office)
    until = await due(office, ticket) + DAY
    await act(office, extend, "tiancun", ticket, until, "等材料")
    with pytest.raises(ActRefusedError, match="已经有一份"):
        await act(office, extend, "tiancun", ticket, until, "等材料")
    await judge(office, ticket, upheld=False)
    await act(office, extend, "tiancun", ticket, until, "材料明天到")
    await judge(office, ticket)
    with pytest.raises(ActRefusedError, match="只能延一次"):
        await act(office, extend, "tiancun", ticket, until + DAY, "还等")


async def test_an_extension_adds_no_more_than_the_round_had(office: Office) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    for until in (before, before + 8 * DAY):
        with pytest.raises(ActRefusedError, match="最晚到2026-12-07 10:00"):
            await act(office, extend, "tiancun", ticket, until, "等")


async def test_nobody_extends_what_is_late(office: Office) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    await act(office, extend, "tiancun", ticket, before + DAY, "等")
    office.at = before + timedelta(minutes=1)
    with pytest.raises(ActRefusedError, match="原时限已过"):
        await judge(office, ticket)
    await judge(office, ticket, upheld=False)
    with pytest.raises(ActRefusedError, match="时限已过"):
        await act(office, extend, "tiancun", ticket, before + 2 * DAY, "等")


async def test_an_extension_is_decided_while_there_is_time_left(office: Office) -> None:
    ticket = await handling(office)
    before = await due(office, ticket)
    decided = "select due_at from applications"
    office.at = before - timedelta(hours=4)
    await act(office, extend, "tiancun", ticket, before + DAY, "等")
    assert await office.value(decided) == before - timedelta(hours=2)


async def test_what_stays_undecided_rings_day_by_day_above_those_who_should_decide(
    office: Office,
) -> None:
    ticket = await handling(office)
    await act(office, extend, "tiancun", ticket, await due(office, ticket) + DAY, "等")
    await office.ring(timedelta(hours=8))
    assert await told(office, "undecided") == [(DISTRICT, "head")]
    for times in (1, 2):
        await office.ring(DAY)
        more = [(DISTRICT, "head"), (None, "head")] * times
        assert (await told(office, "undecided"))[1:] == more
    await judge(office, ticket)
    await office.ring(DAY)
    assert len(await told(office, "undecided")) == 5


async def test_a_statute_s_time_is_not_extended(office: Office) -> None:
    ticket = await handling(office)
    await office.value(
        "update topics o set statutory_minutes = 1440, statute = '条例' from tickets t"
        " where o.version_id = t.catalogue_version and o.code = t.topic and t.id = $1 returning 1",
        ticket,
    )
    try:
        with pytest.raises(ActRefusedError, match="《条例》规定"):
            await act(office, extend, "tiancun", ticket, await due(office, ticket) + DAY, "等")
    finally:
        await office.value(
            "update topics set statutory_minutes = null, statute = '' where statute = '条例' returning 1"
        )


async def test_only_the_lead_asks_and_only_those_above_decide(office: Office) -> None:
    ticket = await handling(office)
    until = await due(office, ticket) + DAY
    with pytest.raises(UnknownTicketError):
        await act(office, extend, "other", ticket, until, "等")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, extend, "district", ticket, until, "等")
    await act(office, extend, "tiancun", ticket, until, "等")
    with pytest.raises(ActRefusedError):
        await judge(office, ticket, login="reader")
    with pytest.raises(UnknownTicketError):
        await judge(office, ticket, login="centre")
    with pytest.raises(UnknownTicketError):
        await judge(office, ticket, login="other")


async def test_where_nobody_is_above_a_unit_the_centre_decides(office: Office) -> None:
    ticket = await office.open("海淀区田村路街道阜石路第一社区5号楼停水")
    water = await office.value("select lead_unit_id from tickets where id = $1", ticket)
    assert water not in office.world.city.superiors
    engineer = replace(office.by("tiancun"), unit_id=water, staff_id=office.staff_ids["cgw"])
    async with office.pool.acquire() as connection, connection.transaction():
        await sign(connection, office.world, engineer, ticket)
        asking = replace(engineer, key="asking")
        until = await due(office, ticket) + timedelta(hours=6)
        await extend(connection, office.world, asking, ticket, until, "抢修中")
    await judge(office, ticket, login="centre")
    assert await due(office, ticket) == until


async def test_an_extension_moves_the_limit_of_whose_tickets_follow(office: Office) -> None:
    ticket = await handling(office)
    office.at += timedelta(hours=1)
    follows = await joined(office, ticket)
    until = await due(office, ticket) + 3 * DAY
    await act(office, extend, "tiancun", ticket, until, "等材料")
    await judge(office, ticket)
    await office.ring()
    assert await due(office, follows) == until
    assert sum("还需要一些时间" in heard for heard in await office.notices()) == 2
