"""What a ticket looks like under its lock is what it is by then, not what it was when the wait for the lock began."""

from store import tickets
from store.database import Connection, Pool
from tests.meanwhile import meanwhile
from tests.office import TIANCUN, Office, open_office

TRIED = """
    insert into contact_tries (ticket_id, round, unit_id, staff_id, at, outcome, note)
    select $1, 1, $2, $3, $4, 'reached', ''
"""


async def _look(connection: Connection, ticket: int) -> bool:
    return (await tickets.lock(connection, [ticket]))[ticket].contacted


async def _contact(connection: Connection, office: Office, ticket: int) -> None:
    await tickets.lock(connection, [ticket])
    who = office.units[TIANCUN], office.staff_ids["tiancun"], office.at
    await connection.execute(TRIED, ticket, *who)


async def test_who_waited_for_a_lock_sees_what_was_done_under_it(pool: Pool) -> None:
    office = await open_office(pool)
    ticket = await office.open()
    seen = await meanwhile(
        pool, lambda other: _contact(other, office, ticket), lambda one: _look(one, ticket)
    )
    assert seen
