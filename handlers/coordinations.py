"""Talks of units about a ticket: what conference (会商), coordination (提级协调) and deliberation (议事协商) have in common.

A host puts a question to parties; each says what it thinks; the host ends it. The first receiver leads meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import AssignmentRole, Role
from handlers.case import ActRefusedError, By, Case, UnknownTicketError, finish, take_up, worded
from handlers.case_timers import COORDINATION, case_timer, dropped
from handlers.permit_table import ABOVE_ROLES, DECIDER_ROLES, DESK_ROLES, UNIT_ROLES
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import coordinations
from store.assignments import AssignmentRow
from store.coordinations import Coordination, Decided, NewCoordination, Party
from store.database import Connection
from store.unit_notices import UnitNoticeRow


class TalkKind(StrEnum):
    """What a talk of units is."""

    CONFERENCE = "conference"
    AREA = "area"
    TRADE = "trade"
    DELIBERATION = "deliberation"


class TalkState(StrEnum):
    """How far a talk has come."""

    OPEN = "open"
    DECIDED = "decided"
    PASSED_UP = "passed_up"
    TAKEN_BACK = "taken_back"


class TalkAct(StrEnum):
    """What can happen to a talk."""

    INVITE = "invite"
    OPINE = "opine"
    DECIDE = "decide"
    ESCALATE = "escalate"
    END = "end"  # its ticket or its application has ended


TALK_NAMES = {
    TalkKind.CONFERENCE: "会商",
    TalkKind.AREA: "提级协调",
    TalkKind.TRADE: "条线协调",
    TalkKind.DELIBERATION: "议事协商",
}
TALK_STATES = {
    TalkState.OPEN: "进行中",
    TalkState.DECIDED: "已决定",
    TalkState.PASSED_UP: "已上报上级",
    TalkState.TAKEN_BACK: "已终止",
}
TALK_MOVES: Mapping[tuple[TalkState, TalkAct], TalkState] = {
    (TalkState.OPEN, TalkAct.INVITE): TalkState.OPEN,
    (TalkState.OPEN, TalkAct.OPINE): TalkState.OPEN,
    (TalkState.OPEN, TalkAct.DECIDE): TalkState.DECIDED,
    (TalkState.OPEN, TalkAct.ESCALATE): TalkState.PASSED_UP,
    (TalkState.OPEN, TalkAct.END): TalkState.TAKEN_BACK,
}
# The event that a talk begins with.
EVENTS = {
    TalkKind.CONFERENCE: "conferred",
    TalkKind.AREA: "coordinated",
    TalkKind.TRADE: "coordinated",
    TalkKind.DELIBERATION: "deliberated",
}
COORDINATING = (TalkKind.AREA, TalkKind.TRADE)


LIST_ROLES = UNIT_ROLES | DESK_ROLES | ABOVE_ROLES | DECIDER_ROLES


def may_list(roles: frozenset[Role]) -> bool:
    """Whether somebody sees the list of talks: a unit's own, a district's, the city's at the centre."""
    return bool(roles & LIST_ROLES)


def moved(talk: Coordination, act: TalkAct) -> TalkState:
    """The state after an act; raises `ActRefusedError` when it does not fit."""
    after = TALK_MOVES.get((TalkState(talk.state), act))
    if after is None:
        raise ActRefusedError(f"{name_of(talk)}{TALK_STATES[TalkState(talk.state)]}，不能再办。")
    return after


def name_of(talk: Coordination) -> str:
    """What a talk is called."""
    return TALK_NAMES[TalkKind(talk.kind)]


async def begin(
    connection: Connection, case: Case, new: NewCoordination, unit_ids: Sequence[int]
) -> int:
    """Open a talk in a case: its parties hear of it, its host too, and both when its time is over. Returns its id."""
    talk_id = await coordinations.add(connection, new)
    name = TALK_NAMES[TalkKind(new.kind)]
    event, host = EVENTS[TalkKind(new.kind)], new.host_unit_id
    await invite(connection, case, talk_id, new, unit_ids, event)
    if host != case.by.unit_id:
        if host is not None:
            _give_share(case, talk_id, new, host, f"牵头{name}")
        note = f"“{case.ticket.title}”请您牵头{name}，{_by_when(case, new)}前决定。{new.reason}"
        case.effects.unit_notices.append(
            UnitNoticeRow(host, "head", case.ticket_id, event, note, case.by.at)
        )
    case.effects.timers.append(case_timer(case.ticket, COORDINATION, talk_id, new.due_at))
    return talk_id


async def invite(
    connection: Connection,
    case: Case,
    talk_id: int,
    new: NewCoordination,
    unit_ids: Sequence[int],
    event: str,
) -> None:
    """Ask units for their opinion; each gets a share that ends with the talk."""
    if not unit_ids:
        return
    await coordinations.add_parties(connection, talk_id, [(one, "") for one in unit_ids])
    name = TALK_NAMES[TalkKind(new.kind)]
    note = f"“{case.ticket.title}”{name}，请贵单位在{_by_when(case, new)}前提出意见。{new.reason}"
    for unit_id in unit_ids:
        if unit_id != case.ticket.lead_unit_id:
            _give_share(case, talk_id, new, unit_id, f"{name}：{new.reason}")
        case.effects.unit_notices.append(
            UnitNoticeRow(unit_id, "desk", case.ticket_id, event, note, case.by.at)
        )


def _give_share(case: Case, talk_id: int, new: NewCoordination, unit_id: int, why: str) -> None:
    ticket = case.ticket
    case.effects.assignments.append(
        AssignmentRow(
            ticket.id,
            ticket.round,
            AssignmentRole.PARTY,
            unit_id,
            why,
            case.by.at,
            new.due_at,
            subject_id=talk_id,
        )
    )


def _by_when(case: Case, new: NewCoordination) -> str:
    local = new.due_at.astimezone(case.world.timezone)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def checked_units(
    world: World, unit_ids: Sequence[int], *, besides: int | None = None
) -> list[int]:
    """Units that may be asked, each once; raises `ActRefusedError` for those that are not in the catalogue."""
    wanted = [one for one in dict.fromkeys(unit_ids) if one != besides]
    if any(one not in world.city.units for one in wanted):
        raise ActRefusedError("有的单位不在目录中。")
    return wanted


async def the_talk(
    connection: Connection, case: Case, talk_id: int, kinds: Sequence[TalkKind]
) -> Coordination:
    """A talk about the case's ticket, of one of these kinds; what the acting unit does not know of is not there."""
    for one in await coordinations.of_ticket(connection, case.ticket_id):
        if one.id == talk_id and one.kind in kinds:
            return one
    raise UnknownTicketError


def check_host(case: Case, talk: Coordination) -> None:
    """Only the host ends a talk and invites to it; raises `ActRefusedError`."""
    if talk.host_unit_id != case.by.unit_id:
        raise ActRefusedError(f"这次{name_of(talk)}由{talk.host}牵头，不由您的单位决定。")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a party thinks; of who takes no orders the host writes it down."""

    party_id: int
    text: str


def may_opine(talk: Coordination, party: Party, unit_id: int | None) -> bool:
    """Whether a unit (None: the centre) gives this party's opinion."""
    if party.unit_id is not None:
        return party.unit_id == unit_id
    return talk.host_unit_id == unit_id


async def opine(
    connection: Connection, world: World, by: By, ticket_id: int, order: Opinion
) -> None:
    """Give an opinion; it stands on the ticket for all who have it, and the host hears when all have spoken."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.OPINE)
    text = worded(order.text, "意见")
    talks = {one.id: one for one in await coordinations.of_ticket(connection, ticket_id)}
    parties = await coordinations.parties(connection, sorted(talks))
    party = next((one for one in parties if one.id == order.party_id), None)
    if party is None or not may_opine(talks[party.coordination_id], party, by.unit_id):
        raise UnknownTicketError
    talk = talks[party.coordination_id]
    moved(talk, TalkAct.OPINE)
    await coordinations.opine(connection, party, text, by.staff_id, by.at)
    case.record("opined", f"{name_of(talk)}，{party.name}：{text}")
    silent = [
        one.name
        for one in parties
        if one.coordination_id == talk.id and one.id != party.id and not one.opinion
    ]
    if not silent:
        note = f"“{case.ticket.title}”{name_of(talk)}的意见齐了，请决定。"
        case.effects.unit_notices.append(
            UnitNoticeRow(talk.host_unit_id, "head", ticket_id, "opined", note, by.at)
        )
    await finish(connection, case)


async def end(
    connection: Connection, case: Case, talk: Coordination, decided: Decided, said: str = ""
) -> set[int]:
    """End a talk in a case: its shares end, its timer rings no more; returns the units that hear what came of it."""
    await coordinations.end(connection, decided)
    case.effects.dropped.append(dropped(case.ticket_id, COORDINATION, talk.id))
    came = f"{name_of(talk)}{TALK_STATES[TalkState(decided.state)]}：{said or decided.decision}"
    case.record("coordination_ended", came)
    note = f"“{case.ticket.title}”{came}"
    asked = {one.unit_id for one in await coordinations.parties(connection, [talk.id])}
    told = {one for one in asked | {talk.asked_by_unit} if one is not None} - {case.by.unit_id}
    case.effects.unit_notices.extend(
        UnitNoticeRow(unit_id, "desk", case.ticket_id, "coordination_ended", note, case.by.at)
        for unit_id in sorted(told)
    )
    return told
