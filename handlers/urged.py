"""A press (催单) reaches the unit each time; the one that is too many reaches its head (单位负责人), urgently."""

from datetime import datetime

from dialogs.words import TicketState
from handlers.effects import Effects
from handlers.world import World
from store.tickets import EventRow, LockedTicket
from store.unit_notices import UnitNoticeRow

URGED, URGED_HEAD = "urged", "urged_head"


def press(world: World, effects: Effects, ticket: LockedTicket, now: datetime) -> None:
    """Count one press on a locked ticket, and tell those who have it in hand; the centre, while nobody has."""
    pressed = effects.change(ticket.id, urged=ticket.urged + 1).urged
    if pressed < world.rules.value("urge.head"):
        audience = "handler" if ticket.state == TicketState.HANDLING else "desk"
        _tell(effects, ticket, audience, URGED, f"市民第{pressed}次催办“{ticket.title}”。", now)
        return
    said = f"第{pressed}次催办，已报单位负责人"
    lead = ticket.lead_unit_id
    effects.events.append(EventRow(ticket.id, now, URGED_HEAD, "system", None, lead, said))
    note = f"市民第{pressed}次催办“{ticket.title}”，请负责人过问。"
    _tell(effects, ticket, "head", URGED_HEAD, note, now, urgent=True)


def _tell(
    effects: Effects,
    ticket: LockedTicket,
    audience: str,
    event: str,
    note: str,
    now: datetime,
    *,
    urgent: bool = False,
) -> None:
    lead = ticket.lead_unit_id
    effects.unit_notices.append(
        UnitNoticeRow(lead, audience, ticket.id, event, note, now, urgent=urgent)
    )
