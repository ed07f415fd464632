"""The three rates against rows counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from store.database import Pool
from store.rates import three_rates
from tests.office import CGW, DISTRICT, TIANCUN, Office, open_office

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)

INSERT = """
    insert into surveys (ticket_id, round, unit_id, conversation_id, state, unit_contacted, contacted, solved, result,
                         created_at)
    select t.id, $1, $2, t.conversation_id, $3, $4, $5, $6, $7, $8 from tickets t limit 1
"""

# unit, state, unit's own record, contacted, solved, result
SURVEYS = (
    (TIANCUN, "finished", True, True, "yes", "satisfied"),
    (TIANCUN, "finished", True, False, "no", "dissatisfied"),
    (TIANCUN, "finished", False, True, "partly", "basically"),
    (TIANCUN, "expired", True, True, None, None),  # broken off after the first question
    (TIANCUN, "expired", False, None, None, None),  # never answered
    (TIANCUN, "asked", False, None, None, None),  # still open
    (CGW, "finished", False, True, "yes", "satisfied"),
)


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await office.open()
    async with pool.acquire() as connection:
        for number, (unit, *answers) in enumerate(SURVEYS):
            at = BEGIN + timedelta(hours=number)
            await connection.execute(INSERT, number + 1, office.units[unit], *answers, at)
        outside = (office.units[TIANCUN], "finished", True, False, "no", "dissatisfied")
        await connection.execute(INSERT, 50, *outside, BEGIN - timedelta(microseconds=1))
        await connection.execute(INSERT, 51, *outside, END)
    return office


async def test_rates_count_answers_question_by_question(office: Office) -> None:
    async with office.pool.acquire() as connection:
        street, department = await three_rates(connection, BEGIN, END)
    assert (street.unit, street.surveys) == ("田村路街道", 6)
    assert (street.contacted, street.contact_answers, street.response) == (3, 4, 0.75)
    assert (street.solved, street.solved_answers) == (1, 3)
    assert street.resolution == pytest.approx(1 / 3)
    assert (street.satisfied, street.result_answers) == (1, 3)
    assert street.satisfaction == pytest.approx(1 / 3)
    assert (street.unit_contacted, street.own_record) == (3, 0.5)
    assert (department.response, department.resolution, department.satisfaction) == (1, 1, 1)
    assert department.own_record == 0


async def test_no_answer_counts_neither_way(office: Office) -> None:
    await office.value(
        "update surveys set contacted = null, solved = null, result = null returning 1"
    )
    async with office.pool.acquire() as connection:
        street, _ = await three_rates(connection, BEGIN, END)
    assert (street.response, street.resolution, street.satisfaction) == (None, None, None)


async def test_what_is_no_complaint_counts_for_no_rate(office: Office) -> None:
    await office.value("update tickets set counted = false returning 1")
    async with office.pool.acquire() as connection:
        assert await three_rates(connection, BEGIN, END) == []


async def test_a_unit_sees_itself_and_what_is_below_it(office: Office) -> None:
    async with office.pool.acquire() as connection:
        own = await three_rates(connection, BEGIN, END, office.units[CGW])
        below = await three_rates(connection, BEGIN, END, office.units[DISTRICT])
        none = await three_rates(connection, BEGIN - timedelta(days=60), BEGIN - timedelta(days=30))
    assert [rates.unit for rates in own] == ["海淀区城管委"]
    assert {rates.unit for rates in below} == {"田村路街道", "海淀区城管委"}
    assert none == []
