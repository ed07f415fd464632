"""What a resident has to tell for the third time is marked, and the unit's superior is to look into it (重复诉求)."""

from datetime import datetime

from handlers.effects import Effects
from handlers.reopen import above
from handlers.world import World
from store.human_tasks import TaskRow
from store.tickets import EventRow, LockedTicket, TicketRow
from store.unit_notices import UnitNoticeRow


def is_too_often(world: World, repeats: int) -> bool:
    """Whether what had been told so often before is for the unit above by now."""
    return repeats + 1 >= world.rules.value("repeat.superior")


def told_again(world: World, effects: Effects, ticket: LockedTicket, now: datetime) -> None:
    """Count one more time on a locked ticket, to which the same matter has been added instead of a new ticket."""
    repeats = ticket.repeats + 1
    effects.link(ticket.id, repeats=repeats)
    if is_too_often(world, repeats) and not is_too_often(world, repeats - 1):
        mark_repeated(world, effects, effects.locked[ticket.id], now)


def mark_repeated(
    world: World, effects: Effects, ticket: TicketRow | LockedTicket, now: datetime
) -> None:
    """Mark a ticket, and put it before the government over its unit; before the centre, where a secret is to be kept."""
    superior = above(world, ticket.lead_unit_id, secret=ticket.confidential)
    note = f"第{ticket.repeats + 1}次反映“{ticket.title}”，请督促办理单位解决。"
    effects.events.append(
        EventRow(
            ticket.id, now, "repeated", "system", None, superior, f"第{ticket.repeats + 1}次反映"
        )
    )
    effects.tasks.append(TaskRow("repeated", None, ticket.id, note, now, superior))
    effects.unit_notices.append(
        UnitNoticeRow(superior, "head", ticket.id, "repeated", note, now, urgent=True)
    )
