"""A unit's list reads that unit's tickets: how many others the city has, and how many are long over, is nothing to it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dialogs.words import TicketState
from store import worklist
from store.database import Pool
from store.worklist import Cursor, Wanted
from tests.office import CGW, TIANCUN, Office, open_office

STATES = ("triage", "dispatched", "handling")
ALTERED = """
    update tickets t set state = n.state, opened_at = opened_at + n.place * interval '1 second'
    from unnest($1::bigint[], $2::text[]) with ordinality as n (id, state, place) where t.id = n.id
"""
OVER = "update assignments set state = 'ended' where ticket_id = any($1::bigint[])"
AGAIN = """
    insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at)
    select ticket_id, 2, role, unit_id, state, dispatched_at, due_at from assignments where ticket_id = any($1::bigint[])
"""
PARTED = """
    with parted as (update tickets set joined_to = null where joined_to is not null returning id, opened_at)
    insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at)
    select id, 1, 'lead', $1, 'open', opened_at, opened_at from parted
"""
# What is cheapest among five tickets is whatever the planner last heard of the table.
OF_A_CITY = """
    insert into tickets select (jsonb_populate_record(t, jsonb_build_object('id', t.id + 1000 * n))).*
    from tickets t, generate_series(1, 400) as n
"""
SOONER = "update tickets set due_at = due_at - interval '1 hour' where id = $1"
EVERY = tuple(str(state) for state in TicketState)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", []):
        yield from nodes(one)


@pytest.mark.parametrize("counted", [False, True])
async def test_a_units_list_looks_up_no_ticket_of_others(pool: Pool, *, counted: bool) -> None:
    office = await open_office(pool)
    for caller in range(5):
        await office.open(phone=f"+861380013810{caller}")
    units = (office.units[CGW],)
    query, values = worklist.asked(Wanted(units, STATES), None, 101, office.at)
    if counted:
        query, values = worklist.COUNTS, [units, office.at]
    await pool.execute("delete from assignments where unit_id = $1", units[0])
    await pool.execute(OF_A_CITY)
    await pool.execute("analyze tickets")
    explained = await pool.fetchval(f"explain (analyze, format json) {query}", *values)
    read = [
        one
        for one in nodes(json.loads(explained)[0]["Plan"])
        if one.get("Relation Name") == "tickets" and one["Actual Loops"]
    ]
    assert all(one["Actual Rows"] == one.get("Rows Removed by Filter", 0) == 0 for one in read)


async def test_the_city_and_a_unit_count_the_same_tickets(pool: Pool) -> None:
    office = await open_office(pool)
    await office.open()
    async with pool.acquire() as connection:
        city = await worklist.counts(connection, None, office.at)
        unit = await worklist.counts(connection, [office.units[TIANCUN]], office.at)
    assert city == unit == {"dispatched": (1, 0)}


async def test_pages_follow_each_other_from_what_presses_most_to_what_ended_first(
    pool: Pool,
) -> None:
    office = await open_office(pool)
    opened = [await office.open(phone=f"+861380013810{caller}") for caller in range(7)]
    await pool.execute(PARTED, office.units[TIANCUN])
    states = ["triage", "handling", "resolved", "closed", "withdrawn"]
    await pool.execute(ALTERED, opened[:5], states)
    await pool.execute(OVER, opened[3:5])
    await pool.execute(SOONER, opened[6])
    triage, handling, resolved, closed, withdrawn, dispatched, pressing = opened
    first_dispatched = sorted((handling, dispatched))
    expected = [triage, pressing, *first_dispatched, resolved, withdrawn, closed]
    for units in (None, (office.units[TIANCUN],)):
        assert await pages(office, Wanted(units, EVERY)) == expected
    assert await pages(office, Wanted(None, ("closed", "withdrawn"))) == [withdrawn, closed]
    assert await pages(office, Wanted(None, EVERY, words="暖气")) == expected


async def test_a_page_of_what_has_ended_reads_no_more_of_a_unit_than_it_shows(pool: Pool) -> None:
    office = await open_office(pool)
    opened = [await office.open(phone=f"+861380013810{caller}") for caller in range(7)]
    units = (office.units[TIANCUN],)
    await pool.execute(PARTED, *units)
    await pool.execute(ALTERED, opened, ["closed"] * len(opened))
    await pool.execute(OVER, opened)
    query, values = worklist.asked(Wanted(units, ("closed", "withdrawn")), None, 2, office.at)
    explained = await pool.fetchval(f"explain (analyze, format json) {query}", *values)
    read = [
        one["Actual Rows"] * one["Actual Loops"]
        for one in nodes(json.loads(explained)[0]["Plan"])
        if one.get("Index Name") == "assignments_of_unit"
    ]
    assert 2 <= sum(read) <= 4


async def test_a_unit_that_had_a_ticket_twice_sees_it_once_among_what_has_ended(pool: Pool) -> None:
    office = await open_office(pool)
    opened = [await office.open(phone=f"+861380013810{caller}") for caller in range(5)]
    units = (office.units[TIANCUN],)
    await pool.execute(PARTED, *units)
    await pool.execute(ALTERED, opened, ["closed"] * len(opened))
    await pool.execute(OVER, opened)
    await pool.execute(AGAIN, opened[2:])
    assert await pages(office, Wanted(units, ("closed", "withdrawn"))) == opened[::-1]


async def pages(office: Office, wanted: Wanted) -> list[int]:
    """All tickets of a list, read two a page."""
    found: list[int] = []
    after: Cursor | None = None
    async with office.pool.acquire() as connection:
        while items := await worklist.page(connection, wanted, after, 2, office.at):
            found += [item.ticket_id for item in items]
            after = Cursor(items[-1].rank, items[-1].moment, items[-1].ticket_id)
    return found
