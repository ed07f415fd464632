"""Joining by hand (并案) and taking out again (拆出): the centre or the lead sees that several tell of the same."""

from dialogs.phrases import phrase
from dialogs.ticket_number import format_number, parse_number
from dialogs.words import TicketState
from handlers.case import ActRefusedError, By, Case, finish, take_up
from handlers.following import (
    OPEN,
    is_joinable,
    look_again,
    may_be_joined,
    note_joined,
    stand_alone,
)
from handlers.joined_news import pass_on
from handlers.notices import notice
from handlers.permits import hold_of
from handlers.staff_acts import StaffAct, Standing
from handlers.world import World
from store import casework, joined
from store.assignments import AssignmentChange
from store.database import Connection
from store.joined import Parent

JOINED = phrase(
    "“{title}” is handled together with what others have told, by {unit}. Your number and time limit stay."
)
SPLIT = phrase("“{title}” is handled on its own now, by {unit}. Your number and time limit stay.")


async def join(connection: Connection, world: World, by: By, ticket_id: int, other: str) -> None:
    """Let a ticket follow another of the same matter; `other` is its number as staff type it."""
    number = parse_number(other)
    found = await joined.parents(connection, [number] if number is not None else [])
    followed = found.get(number or 0)
    beside = [followed.id] if followed is not None else []
    case = await take_up(connection, world, by, ticket_id, StaffAct.JOIN, beside=beside)
    if number is None:
        raise ActRefusedError("工单编号不对，请写全13位。")
    if followed is None or not await _may_see(connection, case, followed):
        raise ActRefusedError("没有这张工单，或者它不由您的单位主办。")
    parent = await _parent(connection, case, followed.id)
    ticket = case.ticket
    case.effects.change(ticket_id, state=parent.state, lead_unit_id=parent.lead_unit_id)
    case.effects.link(ticket_id, joined_to=parent.id)
    case.effects.assignment_changes.append(
        AssignmentChange(ticket_id, "", "ended", by.at, by.staff_id)
    )
    note_joined(case.effects, ticket_id, parent, by.at, by.staff_id)
    look_again(case.effects, ticket_id, ticket.conversation_id, by.at)
    notice(case, JOINED, title=ticket.title, unit=parent.unit or "12345")
    await finish(connection, case)


async def split(connection: Connection, world: World, by: By, ticket_id: int) -> None:
    """Take a joined ticket out: the unit that leads has it as one of its own."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.SPLIT)
    await _tell_first(connection, case)
    ticket = case.ticket
    followed = format_number(ticket.joined_to or 0)
    stand_alone(case.effects, ticket, f"从{followed}拆出单办", by.at, by.staff_id)
    if ticket.lead_unit_id is not None:
        case.effects.change(ticket_id, state=TicketState.DISPATCHED)
    notice(case, SPLIT, title=ticket.title, unit=ticket.lead_name or "12345")
    await finish(connection, case)


async def _tell_first(connection: Connection, case: Case) -> None:
    """What was said to all just now is still for this one too; its timer would come too late."""
    rows = {case.row.id: case.row} if case.row is not None else {}
    at = case.by.at
    telling = await pass_on(connection, case.world, case.effects, rows, [case.ticket], at)
    if case.ticket.state not in OPEN or case.ticket.joined_to is None or telling.surveys:
        raise ActRefusedError("一起办的工单刚刚有了结果，请刷新后再看。")
    case.row = rows.get(case.row.id) if case.row is not None else None


async def _parent(connection: Connection, case: Case, followed: int) -> Parent:
    """The ticket to join; both are locked, so that two are not joined crosswise: each would wait for the other."""
    found = await joined.parents(connection, [case.ticket_id, followed])
    own, parent = found[case.ticket_id], found[followed]
    if parent.id not in (followed, case.ticket_id):
        raise ActRefusedError("那一张刚刚并到了别的工单，请稍后再试。")
    if parent.id == case.ticket_id:
        raise ActRefusedError("不能并到自己：那一张已经并在这一张里了。")
    if not is_joinable(own) or not is_joinable(parent):
        raise ActRefusedError("只有求助和投诉能并案，保密和匿名的不并。")
    if not may_be_joined(parent):
        raise ActRefusedError("那张工单已经办完，不能再并进去。")
    if own.topic != parent.topic:
        raise ActRefusedError("两张工单的问题分类不同，不能并案；请先由热线中心更正分类。")
    return parent


async def _may_see(connection: Connection, case: Case, parent: Parent) -> bool:
    if case.by.unit_id is None:
        return True
    hold = hold_of(case.by.unit_id, await casework.shares(connection, parent.id))
    return hold is not None and hold.standing is Standing.LEAD
