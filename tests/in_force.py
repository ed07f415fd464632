"""An event that was declared, as every process comes to know it."""

from handlers.in_force import read_events
from tests.office import Office


async def follow(office: Office) -> None:
    """Let the world know which events are in force."""
    async with office.pool.acquire() as connection:
        await read_events(connection, office.world, office.at)
