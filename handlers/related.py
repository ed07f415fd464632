"""What is known already of a matter that is about to be submitted: answers, the resident's own tickets, others nearby."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.requests import FindRelated, RelatedFound
from handlers.known_answers import find_answers
from handlers.told_before import told_before
from handlers.visit import Visit
from handlers.world import World
from store.database import Connection


async def find_related(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[Visit, FindRelated]],
    now: datetime,
) -> list[RelatedFound]:
    """Answer a batch of questions set by set, in their order."""
    answers = await find_answers(connection, world, asking, now)
    told = await told_before(connection, world, asking, now)
    return [
        RelatedFound(answers=known, own=own, nearby=nearby)
        for known, (own, nearby) in zip(answers, told, strict=True)
    ]
