"""Applications (申请): one way for all that a unit may not decide alone. A kind is a route of deciders and what follows.

`handlers/decide.py` carries an application along its route; a kind is one file that exports a `Kind`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from handlers.case import ActRefusedError, Case, worded
from handlers.case_timers import APPLICATION, case_timer
from handlers.world import World
from store import applications, peopled
from store.applications import ApplicationRow, NewApplication
from store.database import Connection
from store.unit_notices import UnitNoticeRow


class Decider(StrEnum):
    """Who decides at a stage."""

    OWN = "own"  # somebody else of the same unit: its reviewer or head
    # Above whom nobody is, or nobody who could decide, for those the centre decides.
    SUPERIOR = "superior"  # the unit above; where there is none, the stage is left out
    ABOVE = "above"  # the unit above; where there is none, the centre
    CENTRE = "centre"


class ApplicationState(StrEnum):
    """How far an application has come."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


class ApplicationAct(StrEnum):
    """What can happen to an application."""

    SCREEN = "screen"  # passed on to who decides next
    UPHOLD = "uphold"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    LAPSE = "lapse"  # its round has ended, or another leads


_A, _S = ApplicationAct, ApplicationState
APPLICATION_MOVES: Mapping[tuple[ApplicationState, ApplicationAct], ApplicationState] = {
    (_S.OPEN, _A.SCREEN): _S.OPEN,
    (_S.OPEN, _A.UPHOLD): _S.UPHELD,
    (_S.OPEN, _A.REFUSE): _S.REFUSED,
    (_S.OPEN, _A.TAKE_BACK): _S.TAKEN_BACK,
    (_S.OPEN, _A.LAPSE): _S.LAPSED,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a route; `hours` is the rule that says within how long it decides."""

    decider: Decider
    hours: str


Consequence = Callable[[Connection, Case, ApplicationRow, str], Awaitable[None]]
Asks = Callable[[World, ApplicationRow], str]
TakenBack = Callable[[Connection, Case, ApplicationRow], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of application. `uphold` and `refuse` draw the consequence in the decider's case, with what was decided.

    `reasons`: the list to choose from, by code; empty: none is needed. `by_stage`: a refusal at the first
    stage ends it; otherwise the next stage hears the opinion and decides. `of_centre`: applied for by the
    centre itself, whose next colleague decides. `means`: what follows when it is upheld, and who is told; `asks`:
    what its data ask for; both are sentences for whoever decides. `taken_back`: what follows when the unit takes it back.
    """

    code: str
    name: str
    route: tuple[Stage, ...]
    uphold: Consequence
    refuse: Consequence
    reasons: Mapping[str, str] = field(default_factory=dict)
    by_stage: bool = True
    of_centre: bool = False
    means: str = ""
    asks: Asks | None = None
    taken_back: TakenBack | None = None


async def apply(
    connection: Connection,
    case: Case,
    kind: Kind,
    note: str,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    before: datetime | None = None,
) -> int:
    """Put an application of the acting unit before the first who decides; returns its id.

    `before`: when it is of no use any more. Its decision is due half-way at the latest, so that there is time to ring.

    Raises:
        ActRefusedError: the note or reason is missing, or one of this kind is open already.
    """
    ticket, by = case.ticket, case.by
    if (by.unit_id is None) is not kind.of_centre:
        raise ActRefusedError(f"{kind.name}由{'热线中心' if kind.of_centre else '承办单位'}提出。")
    note = worded(note, "理由")
    if kind.reasons and reason not in kind.reasons:
        raise ActRefusedError("请选择理由。")
    await applications.lapse_before(connection, ticket.id, ticket.round, by.at)
    found = await applications.open_of_tickets(connection, [ticket.id])
    if any(one.kind == kind.code for one in found):
        raise ActRefusedError(f"已经有一份“{kind.name}”在等裁定。")
    superior, absent = await _over(connection, case.world, by.unit_id)
    stage = next_stage(kind, -1, superior)
    due_at = due(case.world, kind, stage, by.at)
    if before is not None:
        due_at = min(due_at, by.at + (before - by.at) / 2)
    encoded = msgspec.json.encode(dict(data or {})).decode()
    new = NewApplication(
        ticket.id,
        ticket.round,
        kind.code,
        by.unit_id,
        by.staff_id,
        reason,
        note,
        encoded,
        stage,
        by.at,
        due_at,
    )
    application_id = await applications.add(connection, new)
    why = kind.reasons.get(reason, "")
    case.record("applied", f"{kind.name}：{f'{why}。' if why else ''}{note}{absent}")
    to = decider_unit(kind, stage, by.unit_id, superior)
    ring_decider(case, kind, to, application_id, due_at, absent=absent)
    return application_id


def next_stage(kind: Kind, stage: int, superior: int | None) -> int:
    """The place in the route that follows; one past its end when none does."""
    for place in range(stage + 1, len(kind.route)):
        if kind.route[place].decider is not Decider.SUPERIOR or superior is not None:
            return place
    return len(kind.route)


def due(world: World, kind: Kind, stage: int, now: datetime) -> datetime:
    """By when a stage decides."""
    span: timedelta = world.rules.span(kind.route[stage].hours)
    return now + span


async def _over(
    connection: Connection, world: World, unit_id: int | None
) -> tuple[int | None, str]:
    """The unit above that can decide, and where nobody there can, why it is the centre."""
    superior = world.city.superiors.get(unit_id or 0)
    absent = await peopled.without_deciders(connection, [superior])
    if superior in absent:
        return None, peopled.in_their_place(absent[superior])
    return superior, ""


def decider_unit(kind: Kind, stage: int, unit_id: int | None, superior: int | None) -> int | None:
    """The unit that decides at a stage about `unit_id`'s application; None: the centre."""
    match kind.route[stage].decider:
        case Decider.OWN:
            return unit_id
        case Decider.SUPERIOR | Decider.ABOVE:
            return superior
        case Decider.CENTRE:
            return None


def ring_decider(
    case: Case,
    kind: Kind,
    to: int | None,
    application_id: int,
    due_at: datetime,
    *,
    event: str = "applied",
    absent: str = "",
) -> None:
    """Tell those who decide what has come before them by which event, and remind them when their time is over."""
    note = f"“{case.ticket.title}”有一份“{kind.name}”等您裁定。{absent}"
    case.effects.unit_notices.append(
        UnitNoticeRow(to, "head", case.ticket_id, event, note, case.by.at)
    )
    case.effects.timers.append(case_timer(case.ticket, APPLICATION, application_id, due_at))
