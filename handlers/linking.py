"""One resident on many channels: whoever proves the same phone number is the same resident, the older one of two.

A number is proven by an address of its own, by a contact that the provider vouches for, or by a code. Whose resident an
address is stands in the rows of its conversation and its tickets too: two residents become one while all conversations of
both are locked, so that no turn opens a ticket for one who is gone. Where somebody holds one of them, a timer tries again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.effects import Effects
from handlers.visit import Visit
from handlers.world import World
from store import residents
from store.database import Connection
from store.residents import LinkRow
from store.timers import FiredTimer, TimerRow

ADDRESS = "address"  # the timer's subject; its kind is how the number was proven
CONTACT, CODE = "contact", "code"
AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that has proven a number, and how: contact or code."""

    address_id: int
    conversation_id: int
    number_hash: bytes
    how: str


def link_contact(world: World, effects: Effects, visit: Visit, number: str) -> None:
    """Remember the number that a provider has vouched for just now; an address that is a number stays with its own."""
    abilities = world.channels[visit.row.channel].abilities
    vouched = visit.inbound is not None and visit.inbound.said.phone == number
    if vouched and not (abilities.phone or abilities.voice):
        hashed = world.hash_of_number(number)
        effects.links.append((visit.row.address_id, visit.row.id, hashed, CONTACT))


async def make_one(connection: Connection, links: Sequence[Link], now: datetime) -> list[TimerRow]:
    """Make residents one by what their addresses have proven; returns timers for those that have to wait.

    The conversations of the addresses are locked. One after another: a link may be about the resident that the one
    before has made.
    """
    return [row for one in links if (row := await _make_one(connection, one, now)) is not None]


async def _make_one(connection: Connection, one: Link, now: datetime) -> TimerRow | None:
    place = await residents.place_of(connection, one.address_id)
    await residents.prove(connection, one.address_id, one.number_hash)
    owner = await residents.claim_number(connection, one.number_hash, place.resident_id)
    if owner == place.resident_id:
        if place.number_hash != one.number_hash:
            row = LinkRow(one.address_id, owner, owner, one.how, now)
            await residents.note(connection, row)
        return None
    gone, stays = max(owner, place.resident_id), min(owner, place.resident_id)
    if not await residents.lock_all(connection, [gone, stays]):
        return TimerRow(ADDRESS, one.address_id, one.how, one.conversation_id, now + AGAIN)
    await residents.merge(connection, gone, stays, one.how, now)
    return None


async def linked_late(connection: Connection, fired: Sequence[FiredTimer]) -> list[Link]:
    """What timers that have fired are to make one; an address that was taken apart meanwhile proves nothing."""
    found = []
    for timer in fired:
        if timer.subject != ADDRESS or timer.conversation_id is None:
            continue
        place = await residents.place_of(connection, timer.subject_id)
        if place.number_hash is not None:
            number = place.number_hash
            found.append(Link(timer.subject_id, timer.conversation_id, number, timer.kind))
    return found
