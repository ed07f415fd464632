"""A correction brings a ticket into an event in force, or takes it out of it; the event's figures follow."""

from dataclasses import replace

import pytest

from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from handlers.contact import record_contact
from handlers.correct import Correcting, correct
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.join import join
from handlers.retopic import Retopicing, retopic
from handlers.sign import sign
from handlers.surge import Declaring, declare, end_surge
from store import surge_figures
from store.database import Pool
from tests.in_force import follow
from tests.office import CGW, TIANCUN, Office, act, open_office
from tests.returned import agree

AT = "海淀区田村路街道阜石路第一社区5号楼"
CLUTTER, HEAT = AT + "楼道堆物", AT + "暖气不热"
EVENT = Declaring("供热抢修", "heating", topics=("T001",), places="田村路街道", grade="I")


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def begin(office: Office, event: Declaring = EVENT) -> int:
    surge_id: int = await act(office, declare, "admin", event)
    await follow(office)
    return surge_id


async def marked(office: Office, ticket: int) -> object:
    return (await office.ticket(ticket))["surge_id"]


async def test_another_topic_brings_it_in_and_out_again_and_the_figures_follow(
    office: Office,
) -> None:
    surge_id = await begin(office)
    ticket = await office.open(CLUTTER)
    before = await office.ticket(ticket)
    await act(office, retopic, "centre", ticket, Retopicing(topic="T001"))
    assert await marked(office, ticket) == surge_id
    after = await office.ticket(ticket)
    assert (after["grade"], after["due_at"]) == (before["grade"], before["due_at"])
    async with office.pool.acquire() as connection:
        whole, *_ = await surge_figures.figures(connection, surge_id, office.at)
    assert whole.tickets == 1
    await act(office, retopic, "centre", ticket, Retopicing(topic="T002"))
    assert await marked(office, ticket) is None
    assert (await office.events(ticket))[-4:] == [
        "retopiced",
        "in_surge",
        "retopiced",
        "out_of_surge",
    ]


async def test_another_place_takes_it_out(office: Office) -> None:
    surge_id = await begin(office)
    ticket = await office.open(HEAT)
    assert await marked(office, ticket) == surge_id
    order = Dispatching(office.units[CGW], "不在田村", place=Place("110108", "110108020"))
    await act(office, dispatch_by_hand, "centre", ticket, order)
    assert await marked(office, ticket) is None


async def test_a_correction_that_is_upheld_goes_to_the_events_leading_unit(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW]))
    ticket = await office.open(CLUTTER)
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await act(office, correct, "tiancun", ticket, Correcting("说的是暖气", "T001"))
    await act(office, agree, "tiancun", ticket)
    row = await office.ticket(ticket)
    assert (row["surge_id"], row["lead_unit_id"]) == (surge_id, office.units[CGW])
    assert "平战转换" in row["why"]


async def test_what_has_joined_goes_along(office: Office) -> None:
    surge_id = await begin(office)
    ticket = await office.open(CLUTTER)
    other = await office.open(CLUTTER, phone="+8613800138002")
    await act(office, join, "centre", other, format_number(ticket))
    await act(office, retopic, "centre", ticket, Retopicing(topic="T001"))
    assert await marked(office, other) == surge_id
    assert "in_surge" in await office.events(other)


async def test_what_came_before_it_is_not_the_events_and_what_has_ended_keeps_its_own(
    office: Office,
) -> None:
    early = await office.open(CLUTTER)
    office.at = office.at.replace(minute=30)
    surge_id = await begin(office)
    await act(office, retopic, "centre", early, Retopicing(topic="T001"))
    assert await marked(office, early) is None
    late = await office.open(HEAT, phone="+8613800138002")
    await act(office, end_surge, "admin", surge_id)
    await follow(office)
    await act(office, retopic, "centre", late, Retopicing(topic="T002"))
    assert await marked(office, late) == surge_id


async def test_what_was_told_to_its_experts_stays_the_events(office: Office) -> None:
    surge_id = await begin(office)
    ticket = await office.open(HEAT)
    await office.value(
        "insert into human_talks (conversation_id, kind, channel, language, state, surge_id, asked_at)"
        " select conversation_id, 'chat', channel, 'zh-CN', 'ended', $2, opened_at from tickets where id = $1"
        " returning 1",
        ticket,
        surge_id,
    )
    await act(office, retopic, "centre", ticket, Retopicing(topic="T002"))
    assert await marked(office, ticket) == surge_id


async def test_danger_whose_place_is_told_later_is_the_events_then(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, words="着火", topics=()))
    await office.say("着火了，有人被困，快救命")
    ticket = await office.value("select max(id) from tickets")
    assert await marked(office, ticket) is None
    await office.say(AT)
    assert (await office.ticket(ticket))["street_code"] == TIANCUN
    assert await marked(office, ticket) == surge_id
