"""What is typed in for somebody has been told before: whoever types it in says whether it is the same (重复诉求, 并案)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from dialogs.known import Nearby
from dialogs.requests import AddToTicket, Draft, TicketCard
from handlers.case import ActRefusedError
from handlers.effects import Effects
from handlers.follow_up import add
from handlers.told_before import told_before
from handlers.world import World
from store import joined, tickets
from store.conversations import ConversationRow
from store.database import Connection
from store.joined import Parent


class Choice(StrEnum):
    """What it is, seen beside what was told before."""

    ALONE = "alone"  # a ticket of its own; where the same resident told it, it names the one before
    ADD = "add"  # more of what the same resident has told
    JOIN = "join"  # what others have told


class ToldBeforeError(ActRefusedError):
    """It has to be chosen; `own` is what the same resident has told, newest first, `nearby` what others have."""

    def __init__(self, own: Sequence[TicketCard], nearby: Nearby | None) -> None:
        super().__init__("这件事可能已经反映过，请在下面选怎样受理，再提交一次。")
        self.own = own
        self.nearby = nearby


@dataclass(frozen=True, slots=True)
class Chosen:
    """The draft as it is to be opened, following `parent`; `added_to`: it has gone to that ticket instead, of this title."""

    draft: Draft
    parent: Parent | None = None
    added_to: int = 0
    title: str = ""


async def choose(
    connection: Connection,
    world: World,
    effects: Effects,
    told: tuple[Draft, ConversationRow | None],
    choice: str,
    now: datetime,
) -> Chosen:
    """Look whether it was told before, and do what was chosen; raises `ToldBeforeError` where nothing fitting was."""
    draft, row = told
    resident_id = row.resident_id if row is not None else None
    ((own, nearby),) = await told_before(connection, world, [(resident_id, draft)], now)
    if not own and nearby is None:
        return Chosen(draft)
    if choice == Choice.ALONE:
        return Chosen(_again(draft, own[0]) if own else draft)
    if choice == Choice.ADD and own:
        return await _add(connection, world, effects, own[0], draft, now)
    if choice == Choice.JOIN and nearby is not None:
        parents = await joined.parents(connection, [nearby.ticket_id])
        joining = msgspec.structs.replace(draft, joined_to=nearby.ticket_id)
        return Chosen(joining, parents.get(nearby.ticket_id))
    raise ToldBeforeError(own, nearby)


def _again(draft: Draft, before: TicketCard) -> Draft:
    return msgspec.structs.replace(
        draft, linked_ticket=before.ticket_id, repeats=before.repeats + 1
    )


async def _add(
    connection: Connection,
    world: World,
    effects: Effects,
    before: TicketCard,
    draft: Draft,
    now: datetime,
) -> Chosen:
    effects.locked.update(await tickets.lock(connection, [before.ticket_id]))
    order = AddToTicket(before.ticket_id, draft.matter, again=True)
    add(world, effects, effects.locked[before.ticket_id], order, now)
    return Chosen(draft, added_to=before.ticket_id, title=before.title)
