"""A resident asks how a ticket stands (查询): own ones freely, others by number with a proof."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogs.requests import FindTickets, TicketCard, TicketsFound
from dialogs.words import Course, TicketState
from handlers.effects import Effects
from handlers.hold import REASONS
from handlers.visit import Visit
from handlers.world import World
from store import cards as ticket_cards
from store.cards import Card
from store.database import Connection
from store.related import Related
from store.tickets import EventRow

PROOF = re.compile(r"[0-9]{4}")
PROOFS_A_DAY = 5  # wrong proofs after which a ticket is shown to nobody by number for a day


async def find_tickets(
    connection: Connection,
    world: World,
    effects: Effects,
    asking: Sequence[tuple[Visit, FindTickets]],
    now: datetime,
) -> list[TicketsFound]:
    """Answer a batch of questions with at most two queries, in their order."""
    own = {(visit.row.resident_id, find.open_only) for visit, find in asking if not find.ticket_id}
    numbers = {find.ticket_id for _, find in asking if find.ticket_id}
    newest = await ticket_cards.newest_of_residents(connection, sorted(own)) if own else {}
    cards = await ticket_cards.by_ids(connection, sorted(numbers)) if numbers else {}
    refusals = (
        await ticket_cards.proofs_refused(connection, sorted(numbers), now - timedelta(days=1))
        if numbers
        else {}
    )
    found = []
    for visit, find in asking:
        if not find.ticket_id:
            mine = newest.get(visit.row.resident_id, [])
            found.append(TicketsFound(tuple(ticket_card(world, card, now) for card in mine)))
            continue
        card = cards.get(find.ticket_id)
        tried = refusals.get(find.ticket_id, 0)
        answer = _by_number(world, effects, visit, find, card, tried, now)
        refusals[find.ticket_id] = tried + answer.refused
        found.append(answer)
    return found


def _by_number(
    world: World,
    effects: Effects,
    visit: Visit,
    find: FindTickets,
    card: Card | None,
    tried: int,
    now: datetime,
) -> TicketsFound:
    """Nobody learns from the answer whether a ticket that is not theirs exists."""
    if (
        card is not None
        and card.resident_id is not None
        and card.resident_id == visit.row.resident_id
    ):
        return TicketsFound((ticket_card(world, card, now),))
    if card is None or tried >= PROOFS_A_DAY or not _proven(world, card, find.proof):
        if card is not None and find.proof and tried < PROOFS_A_DAY:
            effects.events.append(EventRow(card.id, now, "proof_refused", "resident"))
        return TicketsFound(refused=True)
    return TicketsFound((ticket_card(world, card, now, own=False),))


def _proven(world: World, card: Card, proof: str) -> bool:
    """The last four digits of a phone number that the ticket was opened with."""
    if PROOF.fullmatch(proof) is None:
        return False
    channel = world.channels.get(card.channel)
    phone = channel is not None and channel.abilities.phone
    sealed = [card.contact, card.address_sealed if phone else None]
    return any(world.keys.open(text).endswith(proof) for text in sealed if text)


def ticket_card(
    world: World, card: Card | Related, now: datetime, *, own: bool = True
) -> TicketCard:
    """The resident's view of a ticket."""
    pressed = card.urged if isinstance(card, Card) else 0
    course = Course(card.course) if isinstance(card, Card) and card.course else None
    reason = REASONS[card.hold_reason][1] if isinstance(card, Card) and card.hold_reason else ""
    window = world.rules.span("reopen.days")
    return TicketCard(
        ticket_id=card.id,
        title=card.title,
        state=TicketState(card.state),
        unit=card.unit,
        opened_at=card.opened_at,
        due_at=card.due_at,
        last_reply="" if course is Course.FIXED else card.last_reply,  # that is a note for staff
        reopened=card.round > 1,
        own=own,
        head_hears=pressed + 1 >= world.rules.value("urge.head"),
        may_reopen=card.closed_at is not None and now - card.closed_at <= window,
        course=course,
        reason=reason,
    )
