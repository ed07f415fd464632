"""A resident's contact is opened for those who handle the ticket, one at a time, and every look is logged."""

from dataclasses import dataclass

from handlers.case import ActRefusedError, By, UnknownTicketError, worded
from handlers.permit_table import CENTRE_ROLES, UNIT_ROLES
from handlers.permits import hold_of
from handlers.staff_acts import Standing
from handlers.world import World
from store import casework
from store.casework import SealedContact, View
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a resident; texts are empty where nothing was left."""

    name: str
    phone: str  # the address that is talking, where that is a phone number
    other_phone: str


async def show_contact(
    connection: Connection, world: World, by: By, ticket_id: int, purpose: str
) -> Contact:
    """Open the contact in the caller's transaction and log the look. A chat's address is a secret and never shown.

    Raises:
        ActError: the ticket is confidential, or not in this unit's hands.
    """
    sealed = await casework.sealed_contact(connection, ticket_id)
    hold = hold_of(by.unit_id, await casework.shares(connection, ticket_id))
    if sealed is None or hold is None:
        raise UnknownTicketError
    if hold.standing not in (Standing.LEAD, Standing.ASSIST, Standing.CENTRE):
        raise ActRefusedError("只有经办单位和热线中心可以查看联系方式。")
    if not by.roles & (UNIT_ROLES | CENTRE_ROLES):
        raise ActRefusedError("您的角色不能查看联系方式。")
    if sealed.confidential and hold.standing is not Standing.CENTRE:
        raise ActRefusedError("市民要求保密，承办单位不能查看联系方式。")
    purpose = worded(purpose, "查看理由", longest=200)
    view = View(by.staff_id, ticket_id, None, by.at, purpose)
    await casework.note_view(connection, view)
    return _opened(world, sealed)


async def show_task_contact(connection: Connection, world: World, by: By, task_id: int) -> Contact:
    """Open the address that a human task is about, for the centre; it is logged too. Raises `ActRefusedError`."""
    if by.unit_id is not None or not by.roles & CENTRE_ROLES:
        raise ActRefusedError("人工事项由热线中心处理。")
    sealed = await casework.sealed_contact_of_task(connection, task_id)
    if sealed is None:
        raise ActRefusedError("这件事没有联系方式。")
    await casework.note_view(connection, View(by.staff_id, None, task_id, by.at, "人工事项"))
    return _opened(world, sealed)


def _opened(world: World, sealed: SealedContact) -> Contact:
    channel = world.channels.get(sealed.channel or "")
    by_phone = channel is not None and channel.abilities.phone
    return Contact(
        name=_open(world, sealed.contact_name),
        phone=_open(world, sealed.address) if by_phone else "",
        other_phone=_open(world, sealed.contact),
    )


def _open(world: World, sealed: bytes | None) -> str:
    return world.keys.open(sealed) if sealed else ""
