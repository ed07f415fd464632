"""A ticket as a member of staff may see it: what belongs to it, and no more of the resident than is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from dialogs.understanding.personal import masked
from dialogs.words import Role, TicketState
from handlers.permit_table import CENTRE_ROLES, UNIT_ROLES
from handlers.permits import hold_of, possible
from handlers.secrecy import events_for, facts_for, tries_for
from handlers.staff_acts import Hold, StaffAct, Standing
from handlers.transcript import Entry, entries
from store import casework, ticket_page
from store.database import Connection
from store.joined import JoinedTicket, joined_tickets
from store.ticket_page import Facts, File, Happened, ShareLine, Try, Window

NEWEST = 400
MOST_JOINED = 500


@dataclass(frozen=True, slots=True)
class TicketView:
    """What stands on the page. `said` holds the conversation with how far each of our messages has come.

    `whole`: nothing of the conversation is left out; `may_open`: the contact may be opened.
    """

    facts: Facts
    hold: Hold
    acts: tuple[StaffAct, ...]
    events: Sequence[Happened]
    shares: Sequence[ShareLine]
    tries: Sequence[Try]
    files: Sequence[File]
    missing: Mapping[
        str, tuple[str, str]
    ]  # state and reason of files of the talk that are not here
    said: Sequence[tuple[Entry, str]]
    joined: Sequence[JoinedTicket]
    whole: bool
    may_open: bool


async def view_ticket(
    connection: Connection, unit_id: int | None, roles: frozenset[Role], ticket_id: int
) -> TicketView | None:
    """The ticket as this unit (None: the centre) sees it; None when it is not there, or not theirs to see."""
    hold = hold_of(unit_id, await casework.shares(connection, ticket_id))
    facts = await ticket_page.facts(connection, ticket_id) if hold is not None else None
    if facts is None or hold is None:
        return None
    hold = replace(hold, joined=facts.joined_to is not None)
    centre = hold.standing is Standing.CENTRE
    hands = {Standing.LEAD, Standing.ASSIST, Standing.CENTRE}
    asked = roles & (UNIT_ROLES | CENTRE_ROLES)
    happened = await ticket_page.events(connection, ticket_id, unit_id)
    tried = await ticket_page.tries(connection, ticket_id)
    return TicketView(
        facts=facts_for(facts, centre=centre),
        hold=hold,
        acts=tuple(possible(TicketState(facts.state), hold, roles)),
        events=events_for(happened, facts, centre=centre),
        shares=await ticket_page.share_lines(connection, ticket_id),
        tries=tries_for(tried, facts, centre=centre),
        files=await ticket_page.files(connection, ticket_id, whole=centre),
        missing=await _missing(connection, facts),
        joined=[_masked(one) for one in await joined_tickets(connection, ticket_id, MOST_JOINED)],
        said=await _said(connection, facts, centre=centre),
        whole=centre,
        may_open=bool(asked) and hold.standing in hands and (centre or not facts.confidential),
    )


def _masked(one: JoinedTicket) -> JoinedTicket:
    return replace(one, matter=masked(one.matter))


async def _said(
    connection: Connection, facts: Facts, *, centre: bool
) -> Sequence[tuple[Entry, str]]:
    """The centre sees the whole conversation; a unit what led to its ticket and what was told about it.

    Of a confidential ticket a unit sees our own messages about it only.
    """
    if facts.conversation_id is None:
        return ()
    shown = Window(None, None)
    if not centre:
        shown = await ticket_page.window(connection, facts.id)
        if facts.confidential:
            shown = Window(shown.until, shown.until)
    found = await ticket_page.lines(connection, facts.conversation_id, facts.id, shown, NEWEST)
    readable = entries(line for line, _ in found)
    return [
        (msgspec.structs.replace(entry, text=masked(entry.text)), state)
        for entry, (_, state) in zip(readable, found, strict=True)
    ]


async def _missing(connection: Connection, facts: Facts) -> Mapping[str, tuple[str, str]]:
    if facts.conversation_id is None:
        return {}
    return await ticket_page.missing_files(connection, facts.conversation_id)


async def may_see(connection: Connection, unit_id: int, ticket_id: int) -> bool:
    """Whether a ticket is a unit's to see."""
    return hold_of(unit_id, await casework.shares(connection, ticket_id)) is not None


async def may_see_file(connection: Connection, unit_id: int | None, media_id: str) -> bool:
    """Whether a file came with a ticket that this unit may see; the centre sees those of conversations too."""
    if unit_id is None:
        return True
    for ticket_id in await ticket_page.tickets_of_file(connection, media_id):
        if await may_see(connection, unit_id, ticket_id):
            return True
    return False
