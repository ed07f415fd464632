"""The resident behind a ticket: which addresses are one, and how that was proven; staff can take one of them out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from handlers.case import ActRefusedError, By, UnknownTicketError, claim, worded
from handlers.linking import ADDRESS, CODE, CONTACT
from handlers.world import SMS
from store import abuse, casework, conversations, residents, timers
from store.casework import View
from store.database import Connection
from store.residents import Address, Linked, LinkRow, OwnTicket

LOOKED = "查看市民的渠道"
NEWEST = 50
LOOKING_ROLES = frozenset({Role.INTAKE, Role.QUALITY, Role.ADMIN})
SPLITTING_ROLES = frozenset({Role.QUALITY, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class ResidentView:
    """What the page of a resident shows; addresses are masked."""

    ticket_id: int
    addresses: Sequence[Address]
    links: Sequence[Linked]
    tickets: Sequence[OwnTicket]
    may_split: bool


def may_look(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody may see which channels are one resident: some of the centre, and no unit."""
    return unit_id is None and bool(roles & LOOKING_ROLES)


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looks, and when."""

    staff_id: int
    unit_id: int | None
    roles: frozenset[Role]
    at: datetime


async def view_resident(connection: Connection, by: By | Looks, ticket_id: int) -> ResidentView:
    """The resident of a ticket, in the caller's transaction; the look is logged. Raises `UnknownTicketError`."""
    resident_id = await _resident(connection, by, ticket_id)
    await casework.note_view(connection, View(by.staff_id, ticket_id, None, by.at, LOOKED))
    addresses = await residents.addresses_of(connection, resident_id)
    return ResidentView(
        ticket_id,
        addresses,
        await residents.links_of(connection, resident_id),
        await residents.tickets_of(connection, resident_id, NEWEST),
        may_split=bool(by.roles & SPLITTING_ROLES) and len(addresses) > 1,
    )


async def split_resident(
    connection: Connection, by: By, ticket_id: int, address_id: int, reason: str
) -> None:
    """Take an address out, with the tickets that came by it, in the caller's transaction; raises `ActError`.

    The next message there changes nothing about it: only a new proof makes them one again.
    """
    await claim(connection, by)
    resident_id = await _resident(connection, by, ticket_id)
    if not by.roles & SPLITTING_ROLES:
        raise ActRefusedError("拆开由质检员或管理员办理。")
    reason = worded(reason, "拆开的理由", longest=200)
    found = {one.id: one for one in await residents.addresses_of(connection, resident_id)}
    chosen = found.get(address_id)
    if chosen is None:
        raise ActRefusedError("这个渠道已经不在这位市民名下，请刷新再看。")
    await conversations.lock_by_id(connection, [chosen.conversation_id])
    await abuse.hold(connection, resident_id)
    if len(await residents.addresses_of(connection, resident_id)) == 1:
        raise ActRefusedError("这位市民只有一个渠道，不用拆开。")
    place = await residents.place_of(connection, address_id)
    if place.resident_id != resident_id:
        raise ActRefusedError("这个渠道刚才变了，请刷新再看。")
    own_number = chosen.channel == SMS
    fresh = await residents.split(connection, place, by.at, own_number=own_number)
    link = LinkRow(address_id, resident_id, fresh, "split", by.at, reason, by.staff_id)
    await residents.note(connection, link)
    await residents.tell_tickets(connection, chosen.conversation_id, by.staff_id, reason, by.at)
    await timers.drop(connection, [(ADDRESS, address_id, how) for how in (CONTACT, CODE)])


async def _resident(connection: Connection, by: By | Looks, ticket_id: int) -> int:
    if not may_look(by.unit_id, by.roles):
        raise UnknownTicketError
    resident_id = await residents.resident_of(connection, ticket_id)
    if resident_id is None:
        raise UnknownTicketError
    return resident_id
