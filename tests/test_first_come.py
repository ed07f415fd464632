"""Two do what excludes each other at the same moment: it goes as if the second had come when the first was done."""

import pytest

from dialogs.ticket_number import format_number
from handlers.join import join, split
from store import tickets
from store.database import Pool
from tests.meanwhile import meanwhile
from tests.office import Office, act, open_office
from tests.test_join import joined


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_who_joins_two_tickets_locks_both_at_once_as_everybody_does(office: Office) -> None:
    lower, higher, _ = await joined(office)
    await act(office, split, "centre", higher)
    by = office.by("centre")
    await meanwhile(
        office.pool,
        lambda other: tickets.lock(other, [lower]),
        lambda one: join(one, office.world, by, higher, format_number(lower)),
        lambda other: tickets.lock(other, [higher]),
    )
    assert (await office.ticket(higher))["joined_to"] == lower
