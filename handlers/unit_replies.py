"""A unit without the console acts by what it writes back: signs, reports in, gives its opinion, says how it goes.

Each reply is carried out as the act of its unit, in the name of the contact that wrote it, and answered in a sentence.
"""

from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from handlers.case import ActError, ActRefusedError, By, RepeatedActError
from handlers.life_cycle import LifeCycleError
from handlers.progress import progress
from handlers.report_in import opine, report_in
from handlers.sign import sign
from handlers.unit_contacts import confirm
from handlers.unit_words import Command, Want, code_of, parse
from handlers.world import World
from store import casework, conversations, tickets, unit_contacts, unit_sendings, whistles
from store.database import Connection
from store.unit_contacts import Contact
from store.unit_sendings import Reply

ROLES = frozenset({Role.DESK, Role.HANDLER})
NOT_READ = "没有读懂。可以回：签收、报到、意见、进展，后面加编号后四位和内容。"
READ_ONLY = "好。还没有签收或报到，要办请回1。"
READ = "好。有进展请回“进展”加情况。"
NOT_BY_TEXT = "短信只能签收、报到、提意见、报进展，这一项请在系统里办，或者致电热线中心。"
NOTHING = "没有找到这张工单。请写明编号后四位，如“签收0123”。"
WHICH = "上一条通知不止一张工单，请写明编号后四位，如“{want}0123 已派人处理”。"
AT_THE_CENTRE = "这个号码只收提醒，请在系统里办理。"
NOT_THEIRS = "没有这张工单，或者不由贵单位办理。"


@dataclass(frozen=True, slots=True)
class _Order:
    """One act on one ticket, in the name of a contact."""

    by: By
    ticket_id: int
    command: Command


async def carry_out(connection: Connection, world: World, reply: Reply, now: datetime) -> str:
    """Carry out a reply in the caller's transaction; returns what is answered. What is refused leaves no trace."""
    contact = await unit_contacts.by_id(connection, reply.contact_id)
    command = parse(reply.text)
    if contact is None or contact.ended_at is not None or command is None:
        return NOT_READ
    match command.want:
        case Want.CONFIRM | Want.BIND:
            return await confirm(connection, contact, now)
        case _ if contact.unit_id is None:
            return AT_THE_CENTRE
        case Want.NOD:
            return READ_ONLY if await unit_sendings.last_waits(connection, contact.id) else READ
        case Want.ELSEWHERE:
            return NOT_BY_TEXT
        case _:
            return await _act(connection, world, contact, reply, command, now)


async def _act(
    connection: Connection,
    world: World,
    contact: Contact,
    reply: Reply,
    command: Command,
    now: datetime,
) -> str:
    about = await _tickets(connection, contact, command)
    if not about:
        return NOTHING
    if len(about) > 1 and command.want in (Want.OPINION, Want.PROGRESS):
        return WHICH.format(want=command.want)
    await _lock_first(connection, about)
    said = []
    for ticket_id in about:
        key = f"unit-reply-{reply.id}-{ticket_id}"
        by = By(contact.staff_id or 0, contact.name, contact.unit_id, ROLES, key, now)
        said.append(await _tried(connection, world, _Order(by, ticket_id, command)))
    return "".join(dict.fromkeys(said))


async def _lock_first(connection: Connection, about: list[int]) -> None:
    """Several acts in one transaction: all conversations before any ticket, as turns lock them."""
    if len(about) > 1:
        found = await tickets.conversations_of(connection, about)
        await conversations.lock_by_id(connection, [id_ for id_ in found.values() if id_])


async def _tickets(connection: Connection, contact: Contact, command: Command) -> list[int]:
    if command.ticket_id is not None:
        return [command.ticket_id]
    if command.code:
        found = await unit_sendings.ticket_by_code(connection, contact.unit_id, command.code)
        return [found] if found is not None else []
    return await unit_sendings.last_tickets(connection, contact.id)


async def _tried(connection: Connection, world: World, order: _Order) -> str:
    code = code_of(order.ticket_id)
    try:
        async with connection.transaction():
            return f"{code}{await _done(connection, world, order)}"
    except RepeatedActError:
        return ""
    except ActRefusedError as refused:
        return f"{code}：{refused}"
    except (ActError, LifeCycleError):
        return f"{code}：{NOT_THEIRS}"


async def _done(connection: Connection, world: World, order: _Order) -> str:
    """One act; returns what has come of it."""
    by, ticket_id, command = order.by, order.ticket_id, order.command
    want = command.want
    if want is Want.NEXT:
        want = await _next(connection, order)
    match want:
        case Want.SIGN:
            await sign(connection, world, by, ticket_id)
            return f"已签收，请尽快联系市民。有进展回“进展{code_of(ticket_id)}”加情况。"
        case Want.REPORT_IN:
            how = "on_the_spot" if command.on_the_spot else "on_line"
            blown = await _whistle(connection, by, ticket_id, reported=False)
            in_time = await report_in(connection, world, by, ticket_id, blown, how)
            opinion = f"意见请回“意见{code_of(ticket_id)}”加内容。"
            return f"已报到。{opinion}" if in_time else f"已报到，超过了报到时限。{opinion}"
        case Want.OPINION:
            blown = await _whistle(connection, by, ticket_id, reported=True)
            await opine(connection, world, by, ticket_id, blown, command.text)
            return "意见已交吹哨单位。"
        case _:
            await progress(connection, world, by, ticket_id, command.text)
            return "进展已记录。"


async def _next(connection: Connection, order: _Order) -> Want:
    """What waits for the unit on a ticket: to sign for it, or else to report in."""
    shares = await casework.shares(connection, order.ticket_id)
    own = {one.role for one in shares if one.unit_id == order.by.unit_id and one.state == "open"}
    if own & {"lead", "assist"}:
        return Want.SIGN
    if "called" in own:
        return Want.REPORT_IN
    raise ActRefusedError("现在没有要签收或报到的。")


async def _whistle(connection: Connection, by: By, ticket_id: int, *, reported: bool) -> int:
    """The whistle that calls the unit and waits for this; the newest, where it waits for none."""
    found = await whistles.open_whistles(connection, ticket_id)
    calls = await whistles.calls(connection, [one.id for one in found])
    mine = [one for one in calls if one.unit_id == by.unit_id]
    fitting = [one for one in mine if (one.reported_at is not None) is reported]
    if not mine:
        raise ActRefusedError("这张工单上没有叫贵单位的吹哨，或者吹哨已经结束。")
    return (fitting or mine)[-1].whistle_id
