"""A unit, or the centre, registers where it is told that something waits for it, and proves that the number or chat is its own.

A number answers “确认” to our message; a chat sends the code that the page shows; a web address is called with a signature.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from dialogs.words import Role
from handlers.case import ActRefusedError, By, UnknownTicketError, claim, worded
from handlers.effects import Effects
from handlers.unit_inbound import code_hash
from handlers.unit_messages import put
from handlers.unit_words import BINDING_DIGITS
from handlers.world import SMS, World
from store import conversations, turns, unit_contacts, unit_people
from store.conversations import ConversationRow, NewAddress
from store.database import Connection
from store.turnstiles import Matter, one_at_a_time
from store.unit_contacts import Contact, NewContact

CHANNELS = {"sms": "短信", "telegram": "Telegram", "webhook": "系统对接（HTTPS）"}
AUDIENCES = {"desk": "收发员、承办人", "head": "负责人"}
REGISTERS = frozenset({Role.DESK, Role.HEAD, Role.DISTRICT_ADMIN, Role.ADMIN})
MOST_CONTACTS = 10
LONGEST_URL = 500
ASKED = "{unit}登记用本号码接收工单通知，回信即可签收、报到。是贵单位的号码请回：确认"
ASKED_CENTRE = "热线中心登记用本号码接收派单提醒。是您的号码请回：确认"


@dataclass(frozen=True, slots=True)
class Registering:
    """What somebody typed in. `address`: a number, or a web address; a chat has none yet. `unit_id` None: the centre's.

    `duty_staff_id`: it is told only while that person is on duty by the roster.
    """

    channel: str
    name: str
    address: str
    audience: str
    unit_id: int | None
    duty_staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What is shown once: the code that a chat has to send, or the secret that a system verifies us by."""

    contact_id: int
    code: str = ""
    secret: str = ""


def may_register(roles: frozenset[Role]) -> bool:
    """Whether the page of contacts is for somebody."""
    return bool(roles & REGISTERS)


def is_theirs(
    world: World, by_unit: int | None, roles: frozenset[Role], unit_id: int | None
) -> bool:
    """Whether somebody sets a unit's contacts: its own, a district's admin those below, the centre's admin all."""
    if not may_register(roles):
        return False
    if by_unit is None:
        return Role.ADMIN in roles
    if unit_id is None or unit_id == by_unit:
        return unit_id == by_unit
    return Role.DISTRICT_ADMIN in roles and world.city.superiors.get(unit_id) == by_unit


async def register(
    connection: Connection, world: World, by: By, order: Registering, token: str
) -> Registered:
    """Register a contact in the caller's transaction; `token` is fresh and nobody's guess. Raises `ActError`."""
    await claim(connection, by)
    await _check(connection, world, by, order)
    name = worded(order.name, "名称", longest=30)
    match order.channel:
        case "sms":
            return await _register_number(connection, world, by, replace(order, name=name))
        case "telegram":
            return await _register_chat(connection, world, by, replace(order, name=name), token)
        case _:
            return await _register_system(connection, world, by, replace(order, name=name), token)


async def _check(connection: Connection, world: World, by: By, order: Registering) -> None:
    if order.unit_id is not None and order.unit_id not in world.city.units:
        raise ActRefusedError("请选择单位。")
    if not is_theirs(world, by.unit_id, by.roles, order.unit_id):
        raise ActRefusedError("您只能登记本单位的联系方式。")
    known = order.channel == "webhook" or order.channel in world.channels
    if order.channel not in CHANNELS or not known:
        raise ActRefusedError("这个渠道现在没有开通。")
    if order.audience not in AUDIENCES:
        raise ActRefusedError("请选择通知谁。")
    await one_at_a_time(connection, Matter.UNIT_CONTACTS)
    registered = await unit_contacts.of_units(connection, [order.unit_id or unit_contacts.CENTRE])
    if len(registered) >= MOST_CONTACTS:
        raise ActRefusedError(f"一个单位最多登记{MOST_CONTACTS}个。")
    if order.duty_staff_id is not None:
        people = await unit_people.people(connection, order.unit_id, by.at)
        if order.duty_staff_id not in {one.id for one in people}:
            raise ActRefusedError("请选择这个单位的值班人员。")


async def _register_number(
    connection: Connection, world: World, by: By, order: Registering
) -> Registered:
    channel = world.channels[SMS]
    number = channel.normalise(order.address)
    if number is None:
        raise ActRefusedError("请填写能收短信的完整号码，如13800138000。")
    hashed, sealed = world.address_hash(SMS, number), world.keys.seal(number)
    await _refuse_taken(connection, SMS, hashed)
    row = await _conversation(connection, world, number, by.at)
    new = _new(order, by, (hashed, sealed, channel.mask(number)), None, row.id)
    contact_id = await unit_contacts.add(connection, new)
    effects = Effects()
    asked = ASKED_CENTRE
    if order.unit_id is not None:
        asked = ASKED.format(unit=world.city.units[order.unit_id].short_name)
    put(world, effects, row, asked, by.at)
    await effects.write(connection, by.at)
    return Registered(contact_id)


async def _register_chat(
    connection: Connection, world: World, by: By, order: Registering, token: str
) -> Registered:
    made = int.from_bytes(world.keys.lookup(f"unit code of {token}")[:8], "big")
    code = f"{made % 10**BINDING_DIGITS:0{BINDING_DIGITS}d}"
    address = (code_hash(world, code), world.keys.seal(""), "等待绑定")
    new = _new(order, by, address, None, None)
    return Registered(await unit_contacts.add(connection, new), code=code)


async def _register_system(
    connection: Connection, world: World, by: By, order: Registering, token: str
) -> Registered:
    url = worded(order.address, "网址", longest=LONGEST_URL)
    if not _is_web_address(url):
        raise ActRefusedError("网址要以https://开头，不能带用户名和密码。")
    hashed, sealed = world.address_hash("webhook", url), world.keys.seal(url)
    await _refuse_taken(connection, "webhook", hashed)
    address = (hashed, sealed, urlsplit(url).hostname or "")
    new = _new(order, by, address, world.keys.seal(token), None)
    contact_id = await unit_contacts.add(connection, new)
    await unit_contacts.verify(connection, contact_id, by.at, "")
    return Registered(contact_id, secret=token)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme == "https" and parts.hostname and parts.username is None)
    except ValueError:
        return False


async def _refuse_taken(connection: Connection, channel: str, hashed: bytes) -> None:
    """An address speaks for one unit only. What nobody has verified gives way to whoever comes next."""
    if await unit_contacts.taken(connection, channel, hashed):
        raise ActRefusedError("这个号码或网址已经登记过了。")


def _new(
    order: Registering,
    by: By,
    address: tuple[bytes, bytes, str],
    secret: bytes | None,
    conversation_id: int | None,
) -> NewContact:
    return NewContact(
        order.unit_id,
        order.audience,
        order.channel,
        order.name,
        *address,
        secret,
        conversation_id,
        order.duty_staff_id,
        by.staff_id,
        by.at,
    )


async def _conversation(
    connection: Connection, world: World, number: str, now: datetime
) -> ConversationRow:
    """The number's own conversation under its lock, made where there is none."""
    where = world.address_hash(SMS, number)
    rows, _ = await turns.lock(connection, [(SMS, where, "", "")])
    if rows:
        return rows[0]
    masked = world.channels[SMS].mask(number)
    sealed, proven = world.keys.seal(number), world.hash_of_number(number)
    made = await conversations.create(
        connection, [NewAddress(SMS, where, sealed, masked, proven)], now
    )
    return made[0]


async def confirm(connection: Connection, contact: Contact, now: datetime) -> str:
    """Its owner says that the number is the unit's; returns what is answered."""
    if contact.verified_at is not None:
        return "这个号码已经确认过了。"
    await unit_contacts.verify(connection, contact.id, now, CHANNELS[contact.channel])
    if contact.unit_id is None:
        return "已确认，待派单和超时的提醒会发到这里，请在系统里办。"
    return f"已确认，{contact.unit}的工单会通知到这里。回1签收，也可以回：签收、报到、意见、进展加编号。"


async def end(connection: Connection, world: World, by: By, contact_id: int) -> None:
    """Take a contact out of use; raises `ActError`."""
    await claim(connection, by)
    contact = await unit_contacts.by_id(connection, contact_id)
    if contact is None or not is_theirs(world, by.unit_id, by.roles, contact.unit_id):
        raise UnknownTicketError
    await unit_contacts.end(connection, contact_id, by.at)
