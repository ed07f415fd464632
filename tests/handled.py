"""What a unit does between signing and the survey, for tests about something else: contact, result, review."""

from dataclasses import replace

from dialogs.words import Role
from handlers.case import By
from handlers.contact import record_contact
from handlers.decide import Deciding, decide
from handlers.resolve import answer_as_assist, resolve
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import applications, dual
from store.database import Connection

REVIEWER = """
    select id, name from staff
    where unit_id = $1 and id <> $2 and active and roles && array['reviewer', 'head'] order by id limit 1
"""


async def contact_and_resolve(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    text: str,
    kind: str = "solved",
    why: str = "",
) -> None:
    """Reach the resident, wait for who assists, give the result, and let a colleague review it where the unit has one."""
    contact = replace(by, key=f"{by.key}-contact")
    await record_contact(connection, world, contact, ticket_id, "reached", "说过怎么办")
    await answer_for_assists(connection, world, by, ticket_id)
    await resolve(connection, world, by, ticket_id, text, kind, why)
    await review(connection, world, by, ticket_id)


async def answer_for_assists(connection: Connection, world: World, by: By, ticket_id: int) -> None:
    """Let every assisting unit that the lead still waits for give its part."""
    for one in await dual.assists(connection, ticket_id):
        if one.waited_for:
            assist = replace(by, unit_id=one.unit_id, key=f"{by.key}-assist-{one.unit_id}")
            await answer_as_assist(connection, world, assist, ticket_id, "协办完成")


async def review(connection: Connection, world: World, by: By, ticket_id: int) -> None:
    """Let a colleague of `by` uphold the result that waits for it, if one does."""
    found = await applications.open_of_tickets(connection, [ticket_id])
    for one in found:
        if one.kind == "result":
            row = await connection.fetchrow(REVIEWER, by.unit_id, by.staff_id)
            assert row is not None
            reviewer = replace(
                by,
                staff_id=row["id"],
                name=row["name"],
                roles=frozenset({Role.REVIEWER}),
                key=f"{by.key}-review",
            )
            order = Deciding(StaffAct.REVIEW, one.id, upheld=True, note="")
            await decide(connection, world, reviewer, ticket_id, order)
