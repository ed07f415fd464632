"""Duty phones (值班电话): for grades I and II they ring in order, again and again, until somebody presses a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels import phone
from channels.base import Message
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.words import CallAct, Grade, Language, Role, TicketState
from handlers.calls_said import said
from handlers.case import ActRefusedError, By, claim, worded
from handlers.world import World
from store import call_orders, duty_phones, duty_tickets, human_tasks, tickets
from store.call_orders import Change, Order
from store.database import Connection
from store.duty_phones import DutyPhone
from store.duty_tickets import DutyTicket
from store.human_tasks import TaskRow
from store.tickets import EventRow
from store.turnstiles import Matter, one_at_a_time

KNOWN = "已记下，谢谢。请尽快在系统里签收。"
AGAIN = "没有按键，稍后再打给您。"
MOST_PHONES = 10
DUTY_ROLES = frozenset({Role.DESK, Role.HEAD, Role.DISTRICT_ADMIN, Role.ADMIN, Role.DISPATCHER})
_WAITING = (TicketState.DISPATCHED, TicketState.TRIAGE)


@dataclass(frozen=True, slots=True)
class Dial:
    """A call that is to be made now."""

    order: Order
    to: str
    callee: str
    words: str


async def prepare(
    connection: Connection, world: World, orders: Sequence[Order], now: datetime
) -> tuple[list[Dial], list[Change]]:
    """Which duty phone each of these orders rings now, and which need not ring any more, or not yet."""
    found = await duty_tickets.by_ids(connection, [o.ticket_id for o in orders if o.ticket_id])
    units = [o.unit_id for o in orders if o.unit_id is not None]
    phones = await duty_phones.of_units(connection, units)
    dials, changes = [], []
    for order in orders:
        ticket = found.get(order.ticket_id or 0)
        ringing = _phones(phones, order, ticket)
        if ticket is None or ticket.state not in _WAITING or not ringing:
            changes.append(Change(order.id, "given_up", now, "signed" if ringing else "no phone"))
        elif (due_at := _rings_at(world, ticket, now)) > now:
            changes.append(Change(order.id, "due", due_at))
        else:
            one = ringing[order.attempts % len(ringing)]
            callee = f"{one.name} {one.masked}".strip()
            words = _words(world, ticket)
            dials.append(Dial(order, world.keys.open(one.phone), callee, words))
    return dials, changes


def _phones(
    phones: dict[int | None, list[DutyPhone]], order: Order, ticket: DutyTicket | None
) -> list[DutyPhone]:
    """The unit's; where it has none, danger to life rings at the centre."""
    own = phones.get(order.unit_id, [])
    if own or ticket is None or ticket.grade != Grade.I:
        return own
    return phones.get(None, [])


def _rings_at(world: World, ticket: DutyTicket, now: datetime) -> datetime:
    if ticket.grade == Grade.I:
        return now
    return world.calling.duty_hours.next_within(now, world.timezone)


def _words(world: World, ticket: DutyTicket) -> str:
    place = Place(
        ticket.district_code, ticket.street_code, ticket.community_code, ticket.address_detail
    )
    where = world.city.reader.full_name(place, Language.CHINESE)
    local = ticket.due_at.astimezone(world.timezone)
    due = f"{local.month}月{local.day}日{local.hour}点{local.minute:02}分前反馈"
    what = "，".join(filter(None, (where, ticket.title, due)))
    return f"12345值班提醒，{ticket.grade}级工单，{what}。编号{format_number(ticket.id)}。"


async def pressed(
    connection: Connection, order: Order, digits: str, now: datetime
) -> Sequence[Message]:
    """1 says that somebody knows of it: no phone rings any more, and the ticket tells who."""
    if order.state != "acknowledged":
        if digits != "1":
            return said(AGAIN, CallAct.HANG_UP)
        await call_orders.change(connection, [Change(order.id, "acknowledged", now)])
        await _record(connection, order, "duty_acknowledged", order.callee, now)
    return said(KNOWN, CallAct.HANG_UP)


async def unanswered(
    connection: Connection, world: World, order: Order, outcome: str, now: datetime
) -> None:
    """The next phone rings; after the last one all of them again, a while later; in the end the centre has to act."""
    count = await _count(connection, order)
    rounds, place = divmod(order.attempts, max(1, count))
    if place:
        await call_orders.change(connection, [Change(order.id, "due", now, outcome)])
    elif rounds < world.calling.duty_rounds:
        due_at = now + world.calling.duty_pause
        await call_orders.change(connection, [Change(order.id, "due", due_at, outcome)])
    else:
        await call_orders.change(connection, [Change(order.id, "given_up", now, outcome)])
        note = f"值班电话打了{order.attempts}次，没有人应答"
        await _record(connection, order, "duty_unanswered", note, now)
        task = TaskRow("duty_unanswered", None, order.ticket_id, note, now, urgent=True)
        await human_tasks.insert(connection, [task])


async def _count(connection: Connection, order: Order) -> int:
    own = await duty_phones.of_unit(connection, order.unit_id)
    return len(own or await duty_phones.of_unit(connection, None))


async def _record(
    connection: Connection, order: Order, kind: str, note: str, now: datetime
) -> None:
    if order.ticket_id is not None:
        event = EventRow(order.ticket_id, now, kind, "system", unit_id=order.unit_id, note=note)
        await tickets.insert_rows(connection, tickets.INSERT_EVENTS, [event])


def may_set(by_unit: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sets the duty phones of the own unit (None: of the centre)."""
    del by_unit
    return bool(roles & DUTY_ROLES)


async def add_phone(
    connection: Connection, world: World, by: By, number: str, name: str, region: str
) -> None:
    """Add a phone of one's own unit in the caller's transaction. Raises `ActError`."""
    await claim(connection, by)
    _check(by)
    name = worded(name, "姓名或岗位", longest=30)
    called = phone.normalise(number, region)
    if called is None:
        raise ActRefusedError("请填写完整的电话号码，如13800138000或010-12345678。")
    await one_at_a_time(connection, Matter.DUTY_PHONES)
    if len(await duty_phones.of_unit(connection, by.unit_id)) >= MOST_PHONES:
        raise ActRefusedError(f"最多设{MOST_PHONES}个值班电话。")
    sealed, masked = world.keys.seal(called), phone.mask(called)
    await duty_phones.add(connection, by.unit_id, name, sealed, masked, by.staff_id, by.at)
    await _log(connection, by, f"添加{name} {masked}")


async def remove_phone(connection: Connection, by: By, phone_id: int) -> tuple[str, str]:
    """Take a phone of one's own unit away; returns its name and masked number."""
    await claim(connection, by)
    _check(by)
    removed = await duty_phones.remove(connection, by.unit_id, phone_id)
    if removed is None:
        raise ActRefusedError("这个值班电话已经删除了。")
    await _log(connection, by, f"删除{' '.join(removed)}")
    return removed


async def raise_phone(connection: Connection, by: By, phone_id: int) -> None:
    """Let a phone of one's own unit ring before the one above it."""
    await claim(connection, by)
    _check(by)
    await duty_phones.move_up(connection, by.unit_id, phone_id)
    await _log(connection, by, "调整次序")


async def _log(connection: Connection, by: By, note: str) -> None:
    await duty_phones.note_change(connection, by.unit_id, by.at, by.staff_id, note)


def _check(by: By) -> None:
    if not may_set(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能设值班电话，请找本单位的收发员或负责人。")
