"""A unit's list reads that unit's tickets: how many others the city has is nothing to it."""

import json
from collections.abc import Iterator

import pytest

from store import worklist
from store.database import Pool
from tests.office import CGW, TIANCUN, open_office

STATES = ["triage", "dispatched", "handling"]


def nodes(plan: dict[str, object]) -> Iterator[dict[str, object]]:
    yield plan
    inner = plan.get("Plans", [])
    assert isinstance(inner, list)
    for one in inner:
        yield from nodes(one)


@pytest.mark.parametrize("counted", [False, True])
async def test_a_units_list_looks_up_no_ticket_of_others(pool: Pool, *, counted: bool) -> None:
    office = await open_office(pool)
    for caller in range(5):
        await office.open(phone=f"+861380013810{caller}")
    units = [office.units[CGW]]
    page = (worklist.LIST, units, STATES, None, "", None, None, None, 101, office.at, None, False, None)  # fmt: skip
    query, *values = (worklist.COUNTS, units, office.at) if counted else page
    await pool.execute("delete from assignments where unit_id = $1", units[0])
    explained = await pool.fetchval(f"explain (analyze, format json) {query}", *values)
    read = [
        one
        for one in nodes(json.loads(explained)[0]["Plan"])
        if one.get("Relation Name") == "tickets" and one["Actual Loops"]
    ]
    assert not read


async def test_the_city_and_a_unit_count_the_same_tickets(pool: Pool) -> None:
    office = await open_office(pool)
    await office.open()
    async with pool.acquire() as connection:
        city = await worklist.counts(connection, None, office.at)
        unit = await worklist.counts(connection, [office.units[TIANCUN]], office.at)
    assert city == unit == {"dispatched": (1, 0)}
