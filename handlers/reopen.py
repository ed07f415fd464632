"""Reopening (重办): a matter that was not solved goes back to its first receiver, with a round and a clock of its own."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.words import AssignmentRole, TicketState
from handlers.answer_due import answer_due
from handlers.effects import Effects
from handlers.following import OPEN, look_again, stand_alone
from handlers.life_cycle import Act, move
from handlers.supervise import open_supervision
from handlers.world import World
from store.assignments import AssignmentChange, AssignmentRow, ReopenedRow
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow
from store.unit_notices import UnitNoticeRow

# Uncounted only while they are held to be invalid, or a community solves them.
OF_RESIDENTS = frozenset({"resident", "walk_in", "community"})
FIRST_AGAIN = 2  # the round of the first second handling; after it the head is told


def reopen(world: World, effects: Effects, ticket: LockedTicket, why: str, now: datetime) -> None:
    """Start the next round of a locked ticket with the unit that led it; the earlier round's survey stays as it was.

    One that has joined another follows it again while that is open, and stands alone otherwise.
    """
    assist_ids: Sequence[int] = ()
    if ticket.regulator_id is not None:  # an enterprise said it was settled, and it was not
        regulator, assist_ids = ticket.regulator_id, ticket.regulator_assist_ids
        ticket = effects.change(ticket.id, lead_unit_id=regulator, first_unit_id=regulator)
    state = move(ticket.state, Act.REOPEN)
    if ticket.lead_unit_id is None:
        state = TicketState.TRIAGE
    follows = ticket.parent_state in OPEN
    due_at = answer_due(world, ticket.topic, ticket.grade, now)
    changed = effects.change(
        ticket.id,
        state=TicketState(ticket.parent_state) if follows and ticket.parent_state else state,
        round=ticket.round + 1,
        due_at=due_at,
        resolved_at=None,
        closed_at=None,
        result="",
        result_why="",
        extended=False,
        counted=ticket.counted or ticket.source in OF_RESIDENTS,
    )
    effects.assignment_changes.append(AssignmentChange(ticket.id, "", "ended", now))
    effects.events.append(
        EventRow(ticket.id, now, "reopened", "resident", unit_id=changed.lead_unit_id, note=why)
    )
    effects.timers.append(TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, due_at))
    if follows:
        look_again(effects, ticket.id, ticket.conversation_id, now)
    elif ticket.joined_to is not None:
        stand_alone(effects, changed, why, now)
    else:
        _assign_again(effects, changed, why, now, assist_ids)
    _tell_units(world, effects, changed, why, now)
    if not follows and changed.round >= world.rules.value("reopen.supervised_round"):
        demand = f"第{changed.round - 1}次重办，请负责人说明为什么没有解决、怎样解决。"
        open_supervision(world, effects, changed, demand, now)


def _assign_again(
    effects: Effects, ticket: LockedTicket, why: str, now: datetime, assist_ids: Sequence[int]
) -> None:
    """The unit that led leads again, and those assist who assisted, or (`assist_ids`) begin to."""
    lead = ticket.lead_unit_id
    shares = [(AssignmentRole.ASSIST, one) for one in assist_ids]
    if lead is not None:
        shares.insert(0, (AssignmentRole.LEAD, lead))
    effects.assignments.extend(
        AssignmentRow(ticket.id, ticket.round, role, unit_id, why, now, ticket.due_at)
        for role, unit_id in shares
    )
    effects.reopened.append(ReopenedRow(ticket.id, ticket.round, why, now, ticket.due_at))


def superior_of(world: World, ticket: LockedTicket) -> int | None:
    """The unit above the lead that may hear of a ticket; none where there is none, or a secret is to be kept."""
    return above(world, ticket.lead_unit_id, secret=ticket.confidential)


def above(world: World, lead: int | None, *, secret: bool) -> int | None:
    """The district government over a leading unit, None (the centre) where there is none or a secret is to be kept."""
    return None if lead is None or secret else world.city.superiors.get(lead)


def _tell_units(
    world: World, effects: Effects, ticket: LockedTicket, why: str, now: datetime
) -> None:
    """The lead has it on its desk again; the unit above, or else the centre, sees that it was not solved."""
    again, lead = f"“{ticket.title}”第{ticket.round - 1}次重办", ticket.lead_unit_id
    to = superior_of(world, ticket)
    notices = [UnitNoticeRow(to, "head", ticket.id, "reopened", f"{again}，请督促。{why}", now)]
    if lead is not None:
        note = f"{again}，请重新签收。{why}"
        audience = "head" if ticket.round > FIRST_AGAIN else "desk"
        notices.insert(0, UnitNoticeRow(lead, audience, ticket.id, "reopened", note, now))
    effects.unit_notices.extend(notices)
