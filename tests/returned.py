"""A return on its whole way, for tests about something else: contact, application, screening, decision."""

from dataclasses import replace

from dialogs.words import Role
from handlers.case import By
from handlers.contact import record_contact
from handlers.decide import Deciding, act_of, decide
from handlers.return_unit import Returning, return_unit
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import applications
from store.database import Connection

SOMEBODY = """
    select id from staff where unit_id is not distinct from $1 and id <> $2 and active order by id limit 1
"""


async def give_back(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    evidence: str,
    unit_id: int | None = None,
) -> None:
    """Return a ticket and let everybody agree; without a unit it waits at the centre."""
    contact = replace(by, key=f"{by.key}-contact")
    await record_contact(connection, world, contact, ticket_id, "no_answer", "")
    await return_unit(connection, world, by, ticket_id, Returning("area", evidence))
    await agree(connection, world, by, ticket_id, unit_id)


async def agree(
    connection: Connection, world: World, by: By, ticket_id: int, unit_id: int | None = None
) -> None:
    """Let all who decide about what is open say yes, stage after stage."""
    added = {"unit": unit_id} if unit_id else {}
    for stage in range(2):
        for one in await applications.open_of_tickets(connection, [ticket_id]):
            step = act_of(one)
            above = one.superior_id if step is StaffAct.SCREEN else None
            staff_id = await connection.fetchval(SOMEBODY, above, one.staff_id or 0)
            decider = replace(
                by,
                staff_id=staff_id,
                unit_id=above,
                roles=frozenset({Role.HEAD, Role.DISPATCHER}),
                key=f"{by.key}-{stage}",
            )
            order = Deciding(step, one.id, upheld=True, note="", added=added)
            await decide(connection, world, decider, ticket_id, order)
