"""What a dialog asks of the city about the resident, not about tickets: a place in the queue, a channel to be told by, a number."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.requests import CheckLinkCode, JoinQueue, PreferChannel, SendLinkCode
from dialogs.rounds import FindSteward, Patrol
from handlers.effects import Effects
from handlers.human_queue import join_queue
from handlers.link_codes import check_codes, send_codes
from handlers.preferred import prefer
from handlers.stewards import find_stewards
from handlers.visit import Visit
from handlers.world import World
from store.database import Connection


async def answer_residents(
    connection: Connection, world: World, effects: Effects, asking: Sequence[Visit], now: datetime
) -> None:
    """Answer those of these dialogs that wait for such a thing, and step them again."""
    joining = [(v, v.awaited) for v in asking if isinstance(v.awaited, JoinQueue)]
    if joining:
        places = await join_queue(connection, world, effects, joining, now)
        for (visit, _), place in zip(joining, places, strict=True):
            visit.told(world, place, now)
    wishing = [(v, v.awaited) for v in asking if isinstance(v.awaited, PreferChannel)]
    if wishing:
        noted = await prefer(connection, world, wishing, now)
        for (visit, _), preferred in zip(wishing, noted, strict=True):
            visit.told(world, preferred, now)
    walking = [(v, v.awaited) for v in asking if isinstance(v.awaited, FindSteward | Patrol)]
    if walking:
        stewards = await find_stewards(connection, world, walking, now)
        for (visit, _), steward in zip(walking, stewards, strict=True):
            visit.told(world, steward, now)
    await _about_numbers(connection, world, effects, asking, now)


async def _about_numbers(
    connection: Connection, world: World, effects: Effects, asking: Sequence[Visit], now: datetime
) -> None:
    """Send codes, and check those that were typed in."""
    sending = [(v, v.awaited) for v in asking if isinstance(v.awaited, SendLinkCode)]
    if sending:
        sent = await send_codes(connection, world, effects, sending, now)
        for (visit, _), answer in zip(sending, sent, strict=True):
            visit.told(world, answer, now)
    checking = [(v, v.awaited) for v in asking if isinstance(v.awaited, CheckLinkCode)]
    if checking:
        checked = await check_codes(connection, world, effects, checking, now)
        for (visit, _), outcome in zip(checking, checked, strict=True):
            visit.told(world, outcome, now)
