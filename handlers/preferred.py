"""Note where a resident wishes to be told: one of the own addresses that are there, and that we may write to."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.requests import ChannelPreferred, PreferChannel
from handlers.visit import Visit
from handlers.world import World
from store import addresses
from store.database import Connection


async def prefer(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[Visit, PreferChannel]],
    now: datetime,
) -> list[ChannelPreferred]:
    """Note the wishes of these conversations; the answers stand in their order."""
    wishes = [
        addresses.Wish(visit.row.resident_id, order.channel or visit.row.channel)
        for visit, order in asking
    ]
    known = await addresses.prefer(connection, wishes, now)
    return [
        ChannelPreferred(known=wish in known and wish.channel in world.channels) for wish in wishes
    ]
