"""Intake ends here (受理): a draft becomes a ticket, dispatched by the responsibility catalogue in the same moment."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from dialogs.requests import Draft, TicketOpened
from dialogs.understanding.text import is_chinese
from dialogs.words import AssignmentRole, Grade, Kind, TicketState, stricter
from handlers.answer_due import answer_due
from handlers.clocks import Terms, start_clocks
from handlers.dispatch import Decision, by_kind
from handlers.effects import Effects
from handlers.following import decision_of, look_again, may_be_joined, note_joined
from handlers.green_first import begin_settling, settling
from handlers.group import size_told, told_for_many
from handlers.open_line import day_of, note_day
from handlers.point import point_of
from handlers.repeated import is_too_often, mark_repeated
from handlers.surges import SurgeInForce, in_force_for, note_surge
from handlers.world import World
from store.assignments import AssignmentRow
from store.joined import Parent
from store.tickets import EventRow, TicketRow
from store.timers import TimerRow

TITLE_LENGTH = 8
ENGLISH_TITLE_LENGTH = 24  # a few whole words; three times as many units fit into an SMS
AN_HOUR = timedelta(hours=1)
WHOLE_NUMBER = 11  # digits of a mobile number


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a ticket comes from. Both ids are None for somebody who left no contact."""

    conversation_id: int | None
    resident_id: int | None
    channel: str
    source: str = "resident"
    staff_id: int | None = None
    line: str = ""  # our number that was called
    surge_id: int = 0  # the event that it was told to the experts of


def open_ticket(
    world: World,
    effects: Effects,
    draft: Draft,
    origin: Origin,
    now: datetime,
    parent: Parent | None = None,
) -> TicketOpened:
    """Open and dispatch a ticket; what is opened and dispatched in one moment is told in one message by the dialog.

    `parent`: the ticket that it wants to join. Where that has ended meanwhile, this one goes its own way.
    """
    if draft.anonymous:  # tied to nothing that has a name
        origin = replace(origin, conversation_id=None, resident_id=None)
        draft = msgspec.structs.replace(draft, linked_ticket=0, repeats=0)
        parent = None
    surge = _surge(world, draft, origin)
    draft = surge.surge.graded(draft) if surge else draft
    if parent is not None and may_be_joined(parent) and not draft.confidential:
        return _open_joined(world, effects, draft, origin, parent, now)
    decision = sent_to(world, draft, origin)
    first = settling(draft, decision, world.rules.span("green.hours"))
    if first is not None:
        decision = first.decision(decision)
    ticket = new_ticket(world, draft, origin, decision, now)
    if first is not None:
        ticket = ticket._replace(due_at=now + first.span)
    begin(world, effects, draft, origin, ticket)
    if first is not None:  # nobody is asked how it went when the enterprise's time is over
        begin_settling(effects, ticket, first, now)
    else:
        effects.timers.append(_deadline(ticket))
    before = len(effects.assignments)
    assign(effects, ticket.id, 1, decision, now, ticket.due_at)
    _begin_clocks(world, effects, ticket, before)
    return _opened(ticket, decision)


def open_uncounted(
    world: World,
    effects: Effects,
    draft: Draft,
    origin: Origin,
    decision: Decision,
    due_at: datetime,
    now: datetime,
) -> TicketRow:
    """Open what is no complaint: outside the rates and without a survey; whoever is given it answers by `due_at`.

    Who gets what a steward has found, and not fixed, has to sign in time too, as for any other.
    """
    ticket = new_ticket(world, draft, origin, decision, now)
    ticket = ticket._replace(counted=False, due_at=due_at, surge_id=None, surge_line_id=None)
    begin(world, effects, draft, origin, ticket)
    before = len(effects.assignments)
    assign(effects, ticket.id, 1, decision, now, due_at)
    if draft.steward and not draft.fixed:
        _begin_clocks(world, effects, ticket, before)
        return ticket
    shares = effects.assignments[before:]
    effects.assignments[before:] = [one._replace(sign_due_at=due_at) for one in shares]
    return ticket


def _begin_clocks(world: World, effects: Effects, ticket: TicketRow, before: int) -> None:
    """Set the clocks of the shares made after the first `before`; those of other handlers get theirs by a timer."""
    reachable = ticket.conversation_id is not None or ticket.contact is not None
    start_clocks(world, effects, before, Terms(Grade(ticket.grade), ticket.kind, reachable))


def sent_to(world: World, draft: Draft, origin: Origin) -> Decision:
    """Where a draft goes: as its event says, else as the catalogue does."""
    surge = _surge(world, draft, origin)
    return (surge.routed(world.city.units, draft) if surge else None) or decide(world, draft)


def decide(world: World, draft: Draft) -> Decision:
    """Where the catalogue sends a draft."""
    responsibilities = world.city.responsibilities
    if draft.elsewhere is not None:
        return responsibilities.insisted(draft.elsewhere)
    if draft.kind is Kind.PRAISE:
        return responsibilities.praised(draft.topic, draft.place, draft.enterprise)
    if draft.emergency:  # who can turn off the gas comes first, whoever is accused
        return responsibilities.decide(draft.topic, draft.place, draft.enterprise)
    return by_kind(responsibilities, draft.kind, draft.topic, draft.place, draft.enterprise)


def _open_joined(
    world: World,
    effects: Effects,
    draft: Draft,
    origin: Origin,
    parent: Parent,
    now: datetime,
) -> TicketOpened:
    """Open a ticket that follows another: its units answer for both, so that nothing is dispatched."""
    decision = decision_of(world, parent)
    grade = stricter(draft.grade or Grade.III, Grade(parent.grade))
    draft = msgspec.structs.replace(draft, grade=grade)
    ticket = new_ticket(world, draft, origin, decision, now)
    ticket = ticket._replace(state=parent.state, joined_to=parent.id)
    begin(world, effects, draft, origin, ticket)
    effects.timers.append(_deadline(ticket))
    note_joined(effects, ticket.id, parent, now)
    look_again(effects, ticket.id, ticket.conversation_id, now)
    return msgspec.structs.replace(_opened(ticket, decision), joined=True)


def begin(world: World, effects: Effects, draft: Draft, origin: Origin, ticket: TicketRow) -> None:
    """What every ticket begins with: its row, its photos and its first event."""
    now = ticket.opened_at
    many = size_told(world, ticket)
    if many:
        ticket = ticket._replace(group_size=many)
    effects.tickets.append(ticket)
    effects.media.extend((ticket.id, attachment.id) for attachment in draft.attachments)
    actor = "staff" if origin.staff_id else "resident"
    effects.events.append(EventRow(ticket.id, now, "opened", actor, origin.staff_id))
    if ticket.surge_id is not None:
        note_surge(effects, world.surges, ticket)
    if ticket.open_line_id is not None:
        note_day(effects, world.open_lines, ticket)
    if is_too_often(world, ticket.repeats):
        mark_repeated(world, effects, ticket, now)
    if many:
        told_for_many(world, effects, ticket)


def _deadline(ticket: TicketRow) -> TimerRow:
    """When its resident is asked at the latest."""
    return TimerRow("ticket", ticket.id, "deadline", ticket.conversation_id, ticket.due_at)


def _opened(ticket: TicketRow, decision: Decision) -> TicketOpened:
    return TicketOpened(
        ticket_id=ticket.id,
        unit=decision.lead.short_name if decision.lead else "",
        hours=round((ticket.due_at - ticket.opened_at) / AN_HOUR),
    )


def assign(
    effects: Effects,
    ticket_id: int,
    round_number: int,
    decision: Decision,
    now: datetime,
    due_at: datetime,
    staff_id: int | None = None,
) -> None:
    """Give a ticket to its lead and assisting units, with the event that says why, and who decided if not the catalogue."""
    actor = "system" if staff_id is None else "staff"
    if decision.lead is None:
        effects.events.append(
            EventRow(ticket_id, now, "triaged", actor, staff_id, note=decision.why)
        )
        return
    shares = [(AssignmentRole.LEAD, decision.lead)]
    shares += [(AssignmentRole.ASSIST, unit) for unit in decision.assist]
    effects.assignments.extend(
        AssignmentRow(ticket_id, round_number, role, unit.id, decision.why, now, due_at)
        for role, unit in shares
    )
    effects.events.append(
        EventRow(ticket_id, now, "dispatched", actor, staff_id, decision.lead.id, decision.why)
    )


def new_ticket(
    world: World, draft: Draft, origin: Origin, decision: Decision, now: datetime
) -> TicketRow:
    """A draft as a row that is yet to be written; it follows no other."""
    grade = Grade.I if draft.emergency else draft.grade or Grade.III
    place, point = draft.place, point_of(draft.pin)
    surge = _surge(world, draft, origin)
    seal = world.keys.seal
    return TicketRow(
        id=world.numbers.take(),
        source=origin.source,
        conversation_id=origin.conversation_id,
        resident_id=origin.resident_id,
        channel=origin.channel,
        state=TicketState.DISPATCHED if decision.lead else TicketState.TRIAGE,
        kind=draft.kind or Kind.REQUEST,
        topic=draft.topic,
        catalogue_version=world.city.version,
        title=_title(draft),
        matter=draft.matter,
        wanted=draft.wanted,
        happened=draft.happened,
        about=draft.about,
        enterprise=draft.enterprise,
        contact_name=seal(draft.contact_name) if draft.contact_name else None,
        contact=seal(draft.contact) if draft.contact else None,
        contact_masked=mask_contact(draft.contact),
        confidential=draft.confidential,
        anonymous=draft.anonymous,
        follow_up_wanted=True,
        confirmed=draft.confirmed,
        linked_ticket_id=draft.linked_ticket or None,
        grade=grade,
        emergency=draft.emergency,
        district_code=place.district,
        street_code=place.street,
        community_code=place.community,
        address_detail=place.detail,
        latitude=point.latitude,
        longitude=point.longitude,
        affected=draft.affected,
        since=draft.since,
        on_behalf=draft.on_behalf,
        repeats=draft.repeats,
        joined_to=None,
        lead_unit_id=decision.lead.id if decision.lead else None,
        why=decision.why,
        created_by=origin.staff_id,
        opened_at=now,
        due_at=answer_due(world, draft.topic, grade, now),
        line=origin.line,
        first_unit_id=decision.lead.id if decision.lead else None,
        surge_id=surge.surge.id if surge else None,
        surge_line_id=surge.line_of(draft, origin.line) if surge else None,
        open_line_id=day_of(world.open_lines, origin.staff_id, now),
    )


def _surge(world: World, draft: Draft, origin: Origin) -> SurgeInForce | None:
    if not world.surges:
        return None
    told = next((one for one in world.surges if one.surge.id == origin.surge_id), None)
    return told or in_force_for(world.surges, draft, origin.line)


def _title(draft: Draft) -> str:
    """The matter in a few words, in whichever script it was told."""
    title = draft.title or draft.matter
    return title[: TITLE_LENGTH if is_chinese(title) else ENGLISH_TITLE_LENGTH]


def mask_contact(contact: str) -> str:
    """Hide the middle of a phone number: 138****5678; shorter ones show their last two digits only."""
    if len(contact) >= WHOLE_NUMBER:
        return f"{contact[:-8]}****{contact[-4:]}"
    return f"****{contact[-2:]}" if contact else ""
