"""A resident blocks us at the provider, or lets us in again: noted with the address, so that nothing is sent in vain."""

from datetime import datetime

from channels.base import Reachable
from handlers.world import World
from store import conversations
from store.database import Connection


async def note_reachable(
    connection: Connection, world: World, report: Reachable, now: datetime
) -> None:
    """Note it; an address that never wrote to us is not made for that."""
    channel, where = world.where(report.channel, report.address)
    await conversations.set_blocked(connection, channel, where, now, blocked=report.blocked)
