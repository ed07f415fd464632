"""What is known already of a matter that is about to be submitted: answers, the resident's own tickets, others nearby."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.requests import FindRelated, RelatedFound
from handlers.effects import Effects
from handlers.told_before import told_before
from handlers.visit import Visit
from handlers.world import World
from store.database import Connection


async def find_related(
    connection: Connection,
    world: World,
    effects: Effects,
    asking: Sequence[tuple[Visit, FindRelated]],
    now: datetime,
) -> list[RelatedFound]:
    """Answer a batch of questions set by set, in their order."""
    del effects
    told = await told_before(connection, world, asking, now)
    return [RelatedFound(own=own, nearby=nearby) for own, nearby in told]
