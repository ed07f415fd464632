"""What is known already of a matter that is about to be submitted: answers, the resident's own tickets, others nearby."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.known import KnownAnswer
from dialogs.requests import Draft, FindRelated, RelatedFound
from dialogs.words import Kind
from handlers.known_answers import find_answers
from handlers.surges import in_force_for
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
    told = await told_before(
        connection, world, [(visit.row.resident_id, find.draft) for visit, find in asking], now
    )
    answers = [
        _with_news(world, visit, find.draft, known)
        for (visit, find), known in zip(asking, answers, strict=True)
    ]
    return [
        RelatedFound(answers=known, own=own, nearby=nearby)
        for known, (own, nearby) in zip(answers, told, strict=True)
    ]


def _with_news(
    world: World, visit: Visit, draft: Draft, known: tuple[KnownAnswer, ...]
) -> tuple[KnownAnswer, ...]:
    """What everybody has to know of an event in force comes first, but for a question that has its own answer."""
    surge = in_force_for(world.surges, draft, visit.line)
    if surge is None or (known and draft.kind is Kind.QUESTION):
        return known
    return surge.known_answers(draft) + known
