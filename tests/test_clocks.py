"""The three clocks of a share: when they are due, who hears of them, what stops them."""

from datetime import timedelta

import pytest
from asyncpg import Record

from store.database import Pool
from tests.office import CGW, Office, open_office
from tests.world import START

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
WHERE_UNKNOWN = "楼道灯坏了"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def shares(office: Office, ticket: int) -> dict[str, Record]:
    rows = await office.rows(
        "select a.*, u.code from assignments a join units u on u.id = a.unit_id "
        "where ticket_id = $1 and a.state in ('open', 'signed')",
        ticket,
    )
    return {row["role"]: row for row in rows}


async def told(office: Office, ticket: int) -> list[tuple[str, str, str]]:
    """Who was told what of a ticket's clocks: (unit's code, audience, event)."""
    rows = await office.rows(
        "select coalesce(u.code, '') as code, n.audience, n.event from unit_notices n "
        "left join units u on u.id = n.unit_id where ticket_id = $1 order by n.id",
        ticket,
    )
    return [tuple(row) for row in rows if row["event"].startswith(("clock", "dispatch_"))]


def lead_only(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [one for one in found if one[0] != CGW]


async def test_a_share_gets_three_clocks_when_its_ticket_is_opened(office: Office) -> None:
    ticket = await office.open()
    lead = (await shares(office, ticket))["lead"]
    assist = (await shares(office, ticket))["assist"]

    # A Monday at ten; heating is grade II, which counts through the night.
    assert (await office.ticket(ticket))["grade"] == "II"
    assert lead["sign_due_at"] == START + timedelta(minutes=30)
    assert lead["contact_due_at"] == START + 2 * HOUR
    assert lead["due_at"] == START + DAY
    assert assist["due_at"] == START + 0.6 * DAY
    assert assist["contact_due_at"] is None
