"""The expert seat of an event (专家席): whose residents wait for its experts, and from when the centre takes them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.human import draft_of
from dialogs.requests import Draft
from handlers.surges import SurgeInForce, in_force_for
from handlers.visit import Visit
from handlers.world import World
from store import surge_seats
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Seat:
    """Experts of an event; `until` then they alone take who waits. `present`: one of them is logged in."""

    surge_id: int
    until: datetime
    present: bool


async def find_seats(
    connection: Connection, world: World, visits: Sequence[Visit], now: datetime
) -> list[Seat | None]:
    """The seat that each of these residents is to be queued for; None: the centre's queue.

    No query while no event has experts. Where none of them is there, or somebody is in danger, nobody waits for them.
    """
    staffed = {one.surge.id for one in world.surges if one.expert_ids}
    if not staffed:
        return [None] * len(visits)
    told = await surge_seats.of_conversations(connection, [visit.row.id for visit in visits])
    present = await surge_seats.with_experts(connection, now)
    alone_until = now + world.rules.span("surge.expert_minutes")
    found: list[Seat | None] = []
    for visit in visits:
        surge = _about(world, visit, told.get(visit.row.id))
        if surge is None or surge.surge.id not in staffed:
            found.append(None)
            continue
        is_there = surge.surge.id in present
        waits = is_there and not _in_danger(visit)
        found.append(Seat(surge.surge.id, alone_until if waits else now, is_there))
    return found


def _about(world: World, visit: Visit, told: int | None) -> SurgeInForce | None:
    """The event of the matter that is being told, else of the line, else of the resident's newest open ticket."""
    draft = draft_of(visit.session)
    if draft is not None and draft.matter:
        return in_force_for(world.surges, draft, visit.line)
    by_line = in_force_for(world.surges, Draft(), visit.line) if visit.line else None
    return by_line or next((one for one in world.surges if one.surge.id == told), None)


def _in_danger(visit: Visit) -> bool:
    draft = draft_of(visit.session)
    return bool(visit.session.alerted) or (draft is not None and draft.emergency)
