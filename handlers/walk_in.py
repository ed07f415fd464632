"""A walk-in (来访): staff type in what somebody says at the desk; with a phone number it goes on by SMS."""

from dataclasses import dataclass, replace

import asyncpg
import msgspec

from channels.base import Channel
from dialogs import session
from dialogs.phrases import phrase
from dialogs.requests import Draft, TicketOpened
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Understood
from dialogs.words import Grade, Kind, Language
from handlers.case import ActRefusedError, By, claim, worded
from handlers.effects import Effects
from handlers.notices import language_of, notify, within
from handlers.open_line import may_type_in
from handlers.open_ticket import TITLE_LENGTH, Origin, open_ticket
from handlers.walk_in_again import Chosen, choose
from handlers.world import World
from store import casework, conversations
from store.conversations import ConversationRow, NewAddress
from store.database import Connection

SMS = "sms"
LONGEST_MATTER = 4000
LONGEST_LINE = 200

# The same words as at the end of an intake: what is opened and dispatched in one moment is told in one message.
ACCEPTED = phrase(
    "“{title}” is taken down, number {number}, passed to {unit}; answer within {time}. "
    "Progress: reply “status”."
)
ACCEPTED_UNPLACED = phrase(
    "“{title}” is taken down, number {number}. The centre passes it on; answer within {time}. "
    "Progress: reply “status”."
)
ADDED = phrase("Added to “{title}”; the unit sees it.")


@dataclass(frozen=True, slots=True)
class WalkIn:
    """What was typed. `kind`, `topic` and `title` are read out of the matter where they are empty."""

    matter: str
    place: str
    kind: Kind | None = None
    topic: str = ""
    title: str = ""
    wanted: str = ""
    contact_name: str = ""
    phone: str = ""
    confidential: bool = False
    told_before: str = (
        ""  # what whoever types it in has chosen, where the same has been told before
    )


async def walk_in(connection: Connection, world: World, by: By, typed: WalkIn) -> TicketOpened:
    """Open a ticket for somebody at the desk, in the caller's transaction; or add to the one that there is.

    It runs inside `world.numbers.held(1, now)`. Raises `ActError`; `ToldBeforeError` where it has to be chosen which.
    """
    await claim(connection, by)
    if not may_type_in(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心的话务员和派单员可以录入工单。")
    effects = Effects()
    draft, row = await draft_and_row(connection, world, by, typed)
    if row is None:
        origin = Origin(None, None, "", "walk_in", by.staff_id)
    else:
        origin = Origin(row.id, row.resident_id, row.channel, "walk_in", by.staff_id)
    chosen = await choose(connection, world, effects, (draft, row), typed.told_before, by.at)
    if chosen.added_to:
        opened = TicketOpened(chosen.added_to)
        _say_added(world, effects, row, chosen, by)
    else:
        opened = open_ticket(world, effects, chosen.draft, origin, by.at, chosen.parent)
        if row is not None:
            row = talking_of(world, row, opened.ticket_id)
            _tell(world, effects, row, draft, opened, by)
    await effects.write(connection, by.at)
    await casework.set_result(connection, by.key, str(opened.ticket_id))
    return opened


async def draft_and_row(
    connection: Connection, world: World, by: By, typed: WalkIn
) -> tuple[Draft, ConversationRow | None]:
    """What was typed as a draft, and the locked conversation of its number, None where none can be texted."""
    phone = worded(typed.phone, "电话", longest=40, needed=False)
    channel, address = _reachable(world, phone)
    draft = typed_draft(world, typed, "" if channel else phone)
    row = await _conversation(connection, world, channel, address, by) if channel else None
    return draft, row


def typed_draft(world: World, typed: WalkIn, contact: str) -> Draft:
    """What was typed as a draft; `contact` is a number to be called at. Raises `ActRefusedError`."""
    matter = worded(typed.matter, "反映内容", longest=LONGEST_MATTER)
    understood = world.city.reader.understand(matter)
    topic = world.city.reader.topic(typed.topic or understood.topic)
    if typed.topic and topic is None:
        raise ActRefusedError("问题分类不在目录中，请从列表里选择。")
    kind = typed.kind or understood.kind or Kind.REQUEST
    return Draft(
        matter=matter,
        title=_title(typed, understood, matter),
        kind=kind,
        topic=topic.code if topic else "",
        grade=Grade.I if understood.emergency else topic.grade if topic else None,
        emergency=understood.emergency,
        place=read_place(world, typed.place, understood.place.place),
        enterprise=understood.enterprise,
        wanted=worded(typed.wanted, "期望诉求", longest=LONGEST_LINE, needed=False),
        contact_name=worded(typed.contact_name, "姓名", longest=LONGEST_LINE, needed=False),
        contact=contact,
        confidential=typed.confidential or kind is Kind.TIP_OFF,
        confirmed=True,
    )


def _title(typed: WalkIn, understood: Understood, matter: str) -> str:
    title = worded(typed.title, "标题", longest=LONGEST_LINE, needed=False)
    return (title or understood.title or matter)[:TITLE_LENGTH]


def read_place(world: World, text: str, said_already: Place) -> Place:
    """A place as staff typed it; raises `ActRefusedError` when it can be several.

    What the catalogue does not know is kept as it stands: such a ticket waits for the centre.
    """
    typed = worded(text, "地点", longest=LONGEST_LINE, needed=False)
    if not typed:
        return said_already
    found = world.city.reader.place(typed)
    if found.candidates:
        names = "、".join(world.city.reader.candidates_label(one) for one in found.candidates[:4])
        raise ActRefusedError(f"地点不明确，请写明区和街道：{names}。")
    return found.place if found.place.depth else Place(detail=typed)


def _reachable(world: World, phone: str) -> tuple[Channel | None, str]:
    """The SMS channel and the number as it is known there; None where no SMS can be sent from here."""
    channel = world.channels.get(SMS)
    if not phone or channel is None:
        return None, phone
    address = channel.normalise(phone)
    if address is None:
        raise ActRefusedError("电话号码不对，请核对；没有电话可以不填。")
    return channel, address


async def _conversation(
    connection: Connection, world: World, channel: Channel, address: str, by: By
) -> ConversationRow:
    """The number's conversation under its lock, made where there is none."""
    where = (channel.name, world.address_hash(channel.name, address))
    row = await conversations.lock_by_address(connection, *where)
    if row is not None:
        return row
    sealed, number = world.keys.seal(address), world.number_hash(channel.name, address)
    new = NewAddress(*where, sealed, channel.mask(address), number)
    try:
        async with connection.transaction():
            return (await conversations.create(connection, [new], by.at))[0]
    except asyncpg.UniqueViolationError:  # a message of the same number came in this very moment
        row = await conversations.lock_by_address(connection, *where)
    if row is None:
        raise ActRefusedError("刚才有同一号码来信，请再提交一次。")
    return row


def talking_of(world: World, row: ConversationRow, ticket_id: int) -> ConversationRow:
    """The conversation with the ticket that its resident is told of next: what is said then is about that one."""
    language, before = language_of(world, row), session.load(row.session)
    after = msgspec.structs.replace(before, language=language, last_ticket=ticket_id)
    return replace(row, session=session.dump(after).decode())


def accepted(
    world: World, language: Language, draft: Draft, opened: TicketOpened
) -> tuple[str, dict[str, object]]:
    """What the resident is told of a ticket that staff have opened: the phrase and what fills it."""
    slots: dict[str, object] = {
        "title": draft.title,
        "number": format_number(opened.ticket_id),
        "unit": opened.unit,
        "time": within(world, language, opened.hours),
    }
    return ACCEPTED if opened.unit else ACCEPTED_UNPLACED, slots


def _tell(
    world: World,
    effects: Effects,
    row: ConversationRow,
    draft: Draft,
    opened: TicketOpened,
    by: By,
) -> None:
    message, slots = accepted(world, language_of(world, row), draft, opened)
    notify(world, effects, row, opened.ticket_id, by.at, message, **slots)


def _say_added(
    world: World, effects: Effects, row: ConversationRow | None, chosen: Chosen, by: By
) -> None:
    if row is not None:
        notify(world, effects, row, chosen.added_to, by.at, ADDED, title=chosen.title)
