"""Group complaints (群诉): many residents tell of one matter, so that the head and the unit above have to know."""

from collections.abc import Sequence
from datetime import datetime

from handlers.case import ActRefusedError, By, finish, take_up, worded
from handlers.effects import Effects
from handlers.following import JOINABLE
from handlers.reopen import above
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import joined, tickets
from store.database import Connection
from store.tickets import EventRow, LockedTicket, TicketRow
from store.unit_notices import UnitNoticeRow

GROUP = "group_marked"
MOST_PEOPLE = 1_000_000


async def mark_group(
    connection: Connection, world: World, by: By, ticket_id: int, size: str, note: str
) -> None:
    """Mark by hand how many stand behind a ticket. Raises `ActRefusedError` below the rule's number."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.MARK_GROUP)
    least = world.rules.value("group.size")
    known = (
        size.strip().isascii() and size.strip().isdigit() and len(size.strip()) <= len("1000000")
    )
    people = int(size) if known else 0
    if not least <= people <= MOST_PEOPLE:
        raise ActRefusedError(f"请填写人数，{least}人以上才算群诉。")
    note = worded(note, "说明", needed=False)
    ticket = case.effects.change(ticket_id, group_size=people)
    case.record(GROUP, f"群诉，约{people}人{f'：{note}' if note else ''}")
    _tell(world, case.effects, ticket, people, by.at)
    await finish(connection, case)


def size_told(world: World, ticket: TicketRow) -> int:
    """How many a resident tells it for, where that makes it a group complaint; else 0."""
    least = world.rules.value("group.affected")
    return ticket.affected if ticket.kind in JOINABLE and ticket.affected >= least else 0


def told_for_many(world: World, effects: Effects, ticket: TicketRow) -> None:
    """Note and tell that a ticket that is opened just now is one."""
    said = f"市民说涉及约{ticket.group_size}（人或户）"
    effects.events.append(
        EventRow(ticket.id, ticket.opened_at, GROUP, "system", None, ticket.lead_unit_id, said)
    )
    _tell(world, effects, ticket, ticket.group_size, ticket.opened_at)


async def mark_grown(
    connection: Connection, world: World, effects: Effects, parents: Sequence[int], now: datetime
) -> None:
    """Mark those that so many follow by now; one that somebody holds is looked at with the next who joins.

    Once a ticket: the lists count those who join later by themselves.
    """
    least = world.rules.value("group.size")
    sizes = await joined.grown(connection, sorted(set(parents)), least)
    missing = sorted(sizes.keys() - effects.locked.keys())
    if missing:
        effects.locked.update(await tickets.lock_free(connection, missing))
    for ticket_id, people in sizes.items():
        ticket = effects.locked.get(ticket_id)
        if ticket is None or ticket.group_size:
            continue
        effects.change(ticket_id, group_size=people)
        said = f"已有{people}位市民反映"
        effects.events.append(
            EventRow(ticket_id, now, GROUP, "system", None, ticket.lead_unit_id, said)
        )
        _tell(world, effects, ticket, people, now)


def _tell(
    world: World, effects: Effects, ticket: TicketRow | LockedTicket, people: int, now: datetime
) -> None:
    """The lead's head and the unit above; the centre, where there is neither."""
    note = f"“{ticket.title}”是群诉，约{people}人，请负责人过问。"
    to = [above(world, ticket.lead_unit_id, secret=ticket.confidential)]
    if ticket.lead_unit_id is not None:
        to.insert(0, ticket.lead_unit_id)
    effects.unit_notices.extend(
        UnitNoticeRow(unit_id, "head", ticket.id, GROUP, note, now, urgent=True) for unit_id in to
    )
