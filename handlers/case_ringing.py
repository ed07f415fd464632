"""Which file knows what to do when a timer of casework fires."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handlers.case_timers import (
    APPLICATION,
    CASE,
    CLOCKS,
    COMMUNITY,
    COORDINATION,
    FIXED,
    HOLD,
    OPEN_LINE,
    RECONCILIATION,
    SUCCESSION,
    SUPERVISION,
    TRIAGE,
    WHISTLE,
    Ring,
    Ringing,
    Rung,
    named,
)
from handlers.clock_ringing import ring_clocks
from handlers.community import ring_communities
from handlers.coordination_due import ring_coordinations
from handlers.decide import ring_applications
from handlers.green import ring_reconciliations
from handlers.hold_review import ring_holds
from handlers.open_line import ring_open_lines
from handlers.patrol import ring_fixed
from handlers.succession import ring_successions
from handlers.supervise import ring_supervisions
from handlers.triage_clock import ring_triage
from handlers.whistle import ring_whistles
from store.database import Connection
from store.timers import FiredTimer

RINGS: Mapping[str, Ring] = {
    APPLICATION: ring_applications,
    CLOCKS: ring_clocks,
    COMMUNITY: ring_communities,
    COORDINATION: ring_coordinations,
    FIXED: ring_fixed,
    TRIAGE: ring_triage,
    HOLD: ring_holds,
    OPEN_LINE: ring_open_lines,
    RECONCILIATION: ring_reconciliations,
    SUCCESSION: ring_successions,
    SUPERVISION: ring_supervisions,
    WHISTLE: ring_whistles,
}


async def ring_cases(connection: Connection, ringing: Ringing, fired: Sequence[FiredTimer]) -> None:
    """Run timers of casework, kind by kind; their tickets are locked in `ringing.effects`."""
    of_kind: dict[str, list[Rung]] = defaultdict(list)
    for timer in fired:
        if timer.subject == CASE:
            what, id_ = named(timer)
            ticket = ringing.effects.locked[timer.subject_id]
            of_kind[what].append(Rung(ticket, id_, timer.due_at))
    for what, rungs in of_kind.items():
        await RINGS[what](connection, ringing, rungs)
