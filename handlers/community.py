"""Community intake (不诉自办): a street's community takes and solves a matter of its own residents, outside the rates.

What it cannot solve in its time becomes a ticket with a fresh clock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from dialogs.phrases import phrase
from dialogs.requests import Draft
from dialogs.understanding.place import Place
from dialogs.words import AssignmentRole, Kind, Role, TicketState
from handlers.anew import dispatch_anew
from handlers.case import ActRefusedError, By, claim, finish, take_up, worded
from handlers.case_timers import COMMUNITY, Ringing, Rung, case_timer, dropped
from handlers.dispatch import Decision
from handlers.effects import Effects
from handlers.first_receiver import deadline
from handlers.notices import as_sentence, language_of, notice, notify, within
from handlers.open_ticket import Origin, open_uncounted
from handlers.permit_table import UNIT_ROLES
from handlers.staff_acts import StaffAct
from handlers.survey import close
from handlers.walk_in import WalkIn, draft_and_row, talking_of
from handlers.world import World
from store import casework, community, tickets
from store.assignments import AssignmentChange
from store.community import Matter
from store.conversations import ConversationRow
from store.database import Connection
from store.tickets import EventRow, LockedTicket, TicketRow

TAKEN = phrase(
    "“{title}”: {unit} has it and answers within {time}. What is not done by then goes on by itself."
)
SOLVED = phrase("“{title}”: {unit} says it is done: {text} If it is not, just tell us here.")
PASSED_ON = phrase(
    "“{title}” is with {unit} now, with an answer within {time}. You need not tell it again."
)
PASSED_ON_UNPLACED = phrase(
    "“{title}” goes on: the centre is finding who handles it. You need not tell it again."
)
NOT_OPEN = "这不是社区正在自办的事项。"
AN_HOUR = timedelta(hours=1)
LONGEST_PLACE = 160  # what is read for it, with the street before


def may_take(world: World, unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody may take matters for a community: those who work for a street."""
    unit = world.city.units.get(unit_id) if unit_id is not None else None
    is_street = unit is not None and world.city.reader.street(unit.code) is not None
    return is_street and bool(roles & UNIT_ROLES)


async def take_matter(
    connection: Connection, world: World, by: By, typed: WalkIn, office_id: int | None = None
) -> int:
    """Take a matter of the street's own residents, in the caller's transaction; returns the ticket's id.

    It runs inside `world.numbers.held(1, now)`. Raises `ActError`.
    """
    await claim(connection, by)
    if not may_take(world, by.unit_id, by.roles) or by.unit_id is None:
        raise ActRefusedError("只有街道和社区的工作人员可以受理社区自办事项。")
    office_id = await _office(connection, by, office_id)
    draft, row = await draft_and_row(connection, world, by, _near(world, by.unit_id, typed))
    effects = Effects()
    ticket = _opened(world, effects, _own(world, by.unit_id, draft), row, by)
    await effects.write(connection, by.at)
    await community.add(connection, ticket.id, office_id, ticket.due_at)
    await _take_in_hand(connection, by, ticket.id)
    await casework.set_result(connection, by.key, str(ticket.id))
    return ticket.id


def _near(world: World, unit_id: int, typed: WalkIn) -> WalkIn:
    """What is typed at a street's desk lies in that street, unless a street or community of another is named."""
    reader, said = world.city.reader, (typed.place or typed.matter)[:LONGEST_PLACE]
    own, plain = reader.street(world.city.units[unit_id].code), reader.place(said).place
    named = reader.street(plain.street)
    if own is None or (named is not None and named.name in said):
        return typed
    district = reader.district(own.district_code)
    here = f"{district.name if district else ''}{own.name}{said}"
    place = reader.place(here).place
    near = place.street == own.code and (place.community or not plain.community)
    return replace(typed, place=here) if near else typed


async def _office(connection: Connection, by: By, chosen: int | None) -> int | None:
    """The community that has it: the one chosen, else the one that whoever types it in works for."""
    offices = {id_ for id_, _ in await community.offices(connection, by.unit_id or 0)}
    if chosen is not None and chosen not in offices:
        raise ActRefusedError("请从列表里选择社区。")
    own = await community.office_of(connection, by.staff_id)
    return chosen or (own if own in offices else None)


def _opened(
    world: World, effects: Effects, draft: Draft, row: ConversationRow | None, by: By
) -> TicketRow:
    street = world.city.units[by.unit_id or 0]
    decision = Decision(street, (), f"社区自办：{street.short_name}受理本辖区居民的事项")
    due_at = by.at + world.rules.span("community.days")
    origin = Origin(None, None, "", "community", by.staff_id)
    if row is not None:
        origin = Origin(row.id, row.resident_id, row.channel, "community", by.staff_id)
    ticket = open_uncounted(world, effects, draft, origin, decision, due_at, by.at)
    if row is not None:
        slots = {"title": ticket.title, "unit": street.short_name}
        time = within(world, language_of(world, row), round((due_at - by.at) / AN_HOUR))
        about = talking_of(world, row, ticket.id)
        notify(world, effects, about, ticket.id, by.at, TAKEN, time=time, **slots)
    return ticket


def _own(world: World, unit_id: int, draft: Draft) -> Draft:
    """A matter as a community may have it: of this street, no danger, no tip-off."""
    street = world.city.units[unit_id].code
    if draft.emergency:
        raise ActRefusedError("有危险的事不能社区自办，请马上报110、119、120，并请市民拨打12345。")
    if draft.kind is Kind.TIP_OFF:
        raise ActRefusedError("举报不能社区自办，请市民拨打12345。")
    if draft.place.street and draft.place.street != street:
        raise ActRefusedError("不是本街道的事，请市民拨打12345。")
    if not draft.place.street:
        known = world.city.reader.street(street)
        district = known.district_code if known else ""
        place = Place(district, street, "", draft.place.detail)
        draft = msgspec.structs.replace(draft, place=place)
    return draft


async def _take_in_hand(connection: Connection, by: By, ticket_id: int) -> None:
    """Who takes a matter has signed for it; its time runs until `due_at`, and no other clock."""
    effects = Effects()
    effects.locked.update(await tickets.lock(connection, [ticket_id]))
    ticket = effects.change(ticket_id, state=TicketState.HANDLING)
    effects.assignment_changes.append(
        AssignmentChange(ticket_id, AssignmentRole.LEAD, "signed", by.at, by.staff_id, by.unit_id)
    )
    effects.events.append(EventRow(ticket_id, by.at, "signed", "staff", by.staff_id, by.unit_id))
    effects.timers.append(case_timer(ticket, COMMUNITY, ticket_id, ticket.due_at, tells=True))
    await effects.write(connection, by.at)


def refuse_while_community(ticket: LockedTicket) -> None:
    """What a community solves ends in its own way; raises `ActRefusedError`."""
    if ticket.source == "community" and not ticket.counted:
        raise ActRefusedError("社区自办的事项，请用“社区已办好”或者“社区转为工单”。")


async def community_solved(
    connection: Connection, world: World, by: By, ticket_id: int, text: str
) -> None:
    """The community has solved it (社区已办好): it ends, and the resident is told; nobody is asked for the rates."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.COMMUNITY_SOLVED)
    text = worded(text, "办理结果")
    await _open(connection, ticket_id)
    case.effects.change(ticket_id, last_reply=text, result="solved", resolved_at=by.at)
    case.record("community_solved", text)
    await community.end(connection, [ticket_id], "solved", by.at)
    close(case.effects, case.ticket, "社区自办办结，不回访", by.at)
    case.effects.dropped.append(dropped(ticket_id, COMMUNITY, ticket_id))
    notice(case, SOLVED, title=case.ticket.title, unit=case.unit, text=as_sentence(text))
    await finish(connection, case)


async def community_give_up(
    connection: Connection, world: World, by: By, ticket_id: int, note: str
) -> None:
    """The community cannot solve it (社区转为工单): it becomes a ticket at once."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.COMMUNITY_GIVE_UP)
    note = worded(note, "转为工单的原因")
    matter = await _open(connection, ticket_id)
    case.record("community_given_up", note)
    await community.end(connection, [ticket_id], "became_ticket", by.at)
    case.effects.dropped.append(dropped(ticket_id, COMMUNITY, ticket_id))
    ticket = _becomes_ticket(world, case.effects, case.ticket, matter, by.at, by.staff_id)
    if case.row is not None:
        message, slots = _words(world, case.row, ticket, by.at)
        notice(case, message, **slots)
    await finish(connection, case)


async def _open(connection: Connection, ticket_id: int) -> Matter:
    found = (await community.open_ones(connection, [ticket_id])).get(ticket_id)
    if found is None:
        raise ActRefusedError(NOT_OPEN)
    return found


async def ring_communities(connection: Connection, ringing: Ringing, rungs: Sequence[Rung]) -> None:
    """A community's time is over: what it has not solved becomes a ticket."""
    found = await community.open_ones(connection, [rung.ticket.id for rung in rungs])
    late = [rung.ticket for rung in rungs if rung.ticket.id in found]
    if not late:
        return
    await community.end(connection, [ticket.id for ticket in late], "became_ticket", ringing.now)
    for ticket in late:
        if ticket.state in (TicketState.DISPATCHED, TicketState.HANDLING):
            _late(ringing, ticket, found[ticket.id])
        elif (
            ticket.state == TicketState.TRIAGE
        ):  # given back meanwhile: it counts, and is asked about
            changed = ringing.effects.change(ticket.id, counted=True)
            ringing.effects.timers.append(deadline(ringing.world, changed, ringing.now))


def _late(ringing: Ringing, ticket: LockedTicket, matter: Matter) -> None:
    world, effects, now = ringing.world, ringing.effects, ringing.now
    note = "社区到时没有办好"
    effects.events.append(
        EventRow(ticket.id, now, "community_late", "system", None, ticket.lead_unit_id, note)
    )
    ticket = _becomes_ticket(world, effects, ticket, matter, now)
    row = ringing.row_of(ticket)
    if row is not None:
        message, slots = _words(world, row, ticket, now)
        notify(world, effects, row, ticket.id, now, message, **slots)
        ringing.rows[row.id] = replace(row, seq=row.seq + 1)


def _becomes_ticket(
    world: World,
    effects: Effects,
    ticket: LockedTicket,
    matter: Matter,
    now: datetime,
    staff_id: int | None = None,
) -> LockedTicket:
    place = Place(matter.district, matter.street, matter.community, matter.detail)
    decision = world.city.responsibilities.decide(ticket.topic, place, ticket.enterprise)
    decision = replace(decision, why=f"社区没有办好，转为工单；{decision.why}")
    return dispatch_anew(world, effects, ticket, decision, now, staff_id)


def _words(
    world: World, row: ConversationRow, ticket: LockedTicket, now: datetime
) -> tuple[str, dict[str, object]]:
    unit = world.city.units.get(ticket.lead_unit_id or 0)
    if unit is None:
        return PASSED_ON_UNPLACED, {"title": ticket.title}
    time = within(world, language_of(world, row), round((ticket.due_at - now) / AN_HOUR))
    return PASSED_ON, {"title": ticket.title, "unit": unit.short_name, "time": time}
