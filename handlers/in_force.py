"""What is on just now and every process goes by: events that were declared, open-line days, our numbers meanwhile."""

from datetime import datetime

from handlers.hotlines import lines
from handlers.surges import read_surges, with_scripts
from handlers.world import World
from store import open_lines
from store.database import Connection


async def read_events(connection: Connection, world: World, now: datetime) -> None:
    """Let this process know the events and days, and how our numbers greet while they last."""
    surges = await read_surges(connection, now.astimezone(world.timezone).date())
    world.lines = with_scripts(await lines(connection), surges)
    world.surges = surges
    world.open_lines = tuple(await open_lines.not_over(connection, now))
