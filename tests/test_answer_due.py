"""The limit of a ticket: a statute's time before the grade's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.answer_due import answer_due
from handlers.dispatch import Responsibility
from handlers.world import World
from store.database import Pool
from tests.office import Office, open_office
from tests.world import START, make_world

HEATING = "T001"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def with_statute(world: World, span: timedelta, *, working: bool = False) -> None:
    rules = world.city.responsibilities
    known: Responsibility = rules.topics[HEATING]
    changed = replace(known, statutory=span, statutory_working=working, statute="某条例")
    topics = {**rules.topics, HEATING: changed}
    world.city = replace(world.city, responsibilities=replace(rules, topics=topics))


@pytest.fixture
async def world(pool: Pool) -> World:
    return await make_world(pool)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


def test_without_a_statute_the_grade_counts(world: World) -> None:
    assert answer_due(world, HEATING, "II", START) == START + DAY
    assert answer_due(world, "", "III", START) == START + 7 * DAY


def test_a_statute_s_time_wins_be_it_shorter_or_longer(world: World) -> None:
    with_statute(world, 12 * HOUR)
    assert answer_due(world, HEATING, "II", START) == START + 12 * HOUR
    with_statute(world, 30 * DAY)
    assert answer_due(world, HEATING, "II", START) == START + 30 * DAY


def test_danger_never_waits_for_a_statute(world: World) -> None:
    with_statute(world, 30 * DAY)
    assert answer_due(world, HEATING, "I", START) == START + 2 * HOUR


def test_a_statute_may_count_working_days(world: World) -> None:
    with_statute(world, 5 * DAY, working=True)  # from a Monday to the Friday, when people go home
    assert answer_due(world, HEATING, "III", START) > START + 5 * DAY


async def test_a_ticket_is_opened_with_its_statute_s_limit(office: Office) -> None:
    with_statute(office.world, 36 * HOUR)
    ticket_id = await office.open()
    ticket = await office.ticket(ticket_id)
    assert ticket["due_at"] == START + 36 * HOUR
    share = await office.value("select due_at from assignments where role = 'lead'")
    assert share == START + 36 * HOUR
