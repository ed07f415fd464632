"""What has become of a followed ticket reaches those who have joined it, each in its own conversation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from dialogs.requests import Silence
from dialogs.ticket_number import format_number
from dialogs.words import TicketState
from handlers.effects import Effects
from handlers.first_receiver import FIRST, PASSED_ON, deadline
from handlers.following import NEWS, OPEN, stand_alone
from handlers.group import mark_grown
from handlers.joined_limits import follow_limit
from handlers.notices import notify
from handlers.reply import REPLIED
from handlers.result import DONE, SURVEY_ENDED
from handlers.survey import close
from handlers.visit import Visit, visit
from handlers.world import World
from store import joined, surveys, tickets
from store.conversations import ConversationRow
from store.database import Connection
from store.joined import Followed, News
from store.surveys import SurveyRow
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow

HELD = timedelta(seconds=5)  # somebody is at work on the followed ticket just now: look again


class Heir(NamedTuple):
    """Who goes on in the place of another; what was told to that one alone, up to event `seen`, is nobody else's."""

    ticket_id: int
    seen: int


@dataclass(slots=True)
class Telling:
    """A batch of joined tickets under their locks, with what they follow. `surveys` are to be made by the caller."""

    world: World
    effects: Effects
    rows: dict[int, ConversationRow]
    now: datetime
    news: dict[int, list[News]] = field(default_factory=dict)
    surveyed: dict[int, str] = field(
        default_factory=dict
    )  # ticket id -> state of this round's survey
    heirs: dict[int, Heir] = field(default_factory=dict)  # by the ticket that has ended
    surveys: list[SurveyRow] = field(default_factory=list)
    told: dict[int, Visit] = field(default_factory=dict)

    def tell(self, child: LockedTicket, message: str, /, **slots: object) -> None:
        """Put one notice into the child's conversation; several follow each other."""
        row = self.rows.get(child.conversation_id or 0)
        if row is None:
            return
        sent = notify(
            self.world, self.effects, row, child.id, self.now, message, title=child.title, **slots
        )
        self.rows[row.id] = replace(row, seq=row.seq + 1)
        one = visit(self.world, row, Silence(0))
        one.message = sent
        self.told[row.id] = one


async def pass_on(
    connection: Connection,
    world: World,
    effects: Effects,
    rows: dict[int, ConversationRow],
    children: Sequence[LockedTicket],
    now: datetime,
) -> Telling:
    """Bring joined tickets that are open up to what they follow; `rows` are their locked conversations."""
    telling = Telling(world, effects, rows, now)
    children = [child for child in children if child.joined_to is not None and child.state in OPEN]
    if not children:
        return telling
    followed = await joined.followed(connection, [child.id for child in children])
    parents = [parent.id for parent in followed.values()]
    await mark_grown(connection, world, effects, parents, now)
    await _load(connection, telling, children, followed)
    for child in children:
        parent = followed[child.id]
        heir = telling.heirs.get(parent.id)
        if parent.successor is not None and parent.successor != child.id:
            heir = Heir(parent.successor, parent.successor_seen)
        _keep_up(telling, child, parent)
        if heir is not None:
            _follow_the_heir(telling, child, heir)
        elif parent.resolved_at is not None and parent.state not in OPEN:
            _resolve(telling, child, parent)
        elif parent.state not in OPEN:
            _take_over(telling, child, parent)
    return telling


async def _load(
    connection: Connection,
    telling: Telling,
    children: Sequence[LockedTicket],
    followed: dict[int, Followed],
) -> None:
    parents = sorted({parent.id for parent in followed.values()})
    since = min(parent.seen for parent in followed.values())
    of_parent: dict[int, list[News]] = defaultdict(list)
    for one in await joined.news(connection, parents, since):
        of_parent[one.ticket_id].append(one)
    for child in children:
        parent = followed[child.id]
        telling.news[child.id] = [one for one in of_parent[parent.id] if one.id > parent.seen]
    done = [child for child in children if followed[child.id].resolved_at is not None]
    ended = {
        parent.id
        for parent in followed.values()
        if parent.state not in OPEN and parent.resolved_at is None and parent.successor is None
    }
    if ended:  # whoever holds one just now is not waited for: that may be for one of our timers
        telling.effects.locked.update(await tickets.lock_free(connection, sorted(ended)))
    if done:
        rounds = [(child.id, child.round) for child in done]
        telling.surveyed = await surveys.of_rounds(connection, rounds)


def _keep_up(telling: Telling, child: LockedTicket, parent: Followed) -> None:
    """Take over state, lead and replies; what happened to the parent stands among the child's own events too.

    What the parent was told before the child came to follow it may be meant for the parent's resident alone.
    """
    effects = telling.effects
    lead = parent.lead_unit_id
    if lead is not None and lead != child.lead_unit_id:
        telling.tell(child, FIRST if child.lead_unit_id is None else PASSED_ON, unit=parent.unit)
        if child.state == TicketState.TRIAGE and child.due_at <= telling.now:
            effects.timers.append(deadline(telling.world, child, telling.now))
    for one in telling.news[child.id]:
        data = msgspec.json.encode({"seen": one.id}).decode()
        effects.events.append(
            EventRow(
                child.id,
                telling.now,
                one.type,
                one.actor,
                one.staff_id,
                one.unit_id,
                one.note,
                data,
            )
        )
        if one.type == "replied":
            telling.tell(child, REPLIED, unit=one.unit or "12345", text=one.note)
    _follow_limit(telling, child, parent)
    replies = [one.note for one in telling.news[child.id] if one.type == "replied"]
    effects.change(
        child.id,
        state=parent.state if parent.state in OPEN else child.state,
        lead_unit_id=lead if lead is not None else child.lead_unit_id,
        last_reply=replies[-1] if replies else child.last_reply,
    )


def _follow_limit(telling: Telling, child: LockedTicket, parent: Followed) -> None:
    """An extension or a hold is for all: each keeps an own promise, which moves along."""
    row = telling.rows.get(child.conversation_id or 0)
    types = frozenset(one.type for one in telling.news[child.id])
    told = follow_limit(telling.world, telling.effects, row, child, parent, types, telling.now)
    if told is not None:
        telling.tell(child, told[0], **told[1])


def _resolve(telling: Telling, child: LockedTicket, parent: Followed) -> None:
    """The unit says "done" for all: each is told and asked for itself."""
    effects, now = telling.effects, telling.now
    lead = parent.lead_unit_id
    ticket = effects.change(
        child.id,
        state=TicketState.RESOLVED,
        resolved_at=now,
        lead_unit_id=lead,
        last_reply=parent.last_reply,
        result=parent.result,
        result_why=parent.result_why,
    )
    effects.dropped.append(("ticket", child.id, "deadline"))
    survey = telling.surveyed.get(child.id)
    if child.conversation_id is None or child.anonymous or lead is None:
        close(effects, ticket, "没有留下联系方式，不回访", now)
    elif survey is not None:
        telling.tell(child, DONE, unit=parent.unit, result=parent.last_reply)
        if survey in SURVEY_ENDED:
            close(effects, ticket, "超期回访已结束", now)
    else:
        telling.surveys.append(
            SurveyRow(
                child.id,
                child.round,
                lead,
                child.conversation_id,
                overdue=False,
                unit_contacted=child.contacted,
                created_at=now,
            )
        )


def _follow_the_heir(telling: Telling, child: LockedTicket, heir: Heir) -> None:
    """What this ticket followed has joined another, or ended: it goes on with who went on."""
    telling.effects.link(child.id, joined_to=heir.ticket_id)
    _note_heir(telling, child.id, heir)
    _look(telling, child, telling.now)


def _note_heir(telling: Telling, ticket_id: int, heir: Heir) -> None:
    data = msgspec.json.encode({"seen": heir.seen, "to": heir.ticket_id}).decode()
    note = f"改并入{format_number(heir.ticket_id)}"
    event = EventRow(ticket_id, telling.now, "joined", "system", note=note, data=data)
    telling.effects.events.append(event)


def _take_over(telling: Telling, child: LockedTicket, parent: Followed) -> None:
    """What was followed has ended without a result (withdrawn): this one stands in its place, the others follow it."""
    effects = telling.effects
    first = effects.locked.get(parent.id)
    if first is None or first.joined_to is not None or first.state in OPEN:
        _look(telling, child, telling.now + HELD)
        return
    heir = telling.heirs[parent.id] = Heir(child.id, parent.own)
    effects.link(parent.id, joined_to=child.id)
    _note_heir(telling, parent.id, heir)
    lead = parent.lead_unit_id
    state = TicketState.TRIAGE if lead is None else TicketState.DISPATCHED
    ticket = effects.change(child.id, state=state, lead_unit_id=lead)
    stand_alone(effects, ticket, f"工单{format_number(parent.id)}已结束，由本单接着办", telling.now)


def _look(telling: Telling, child: LockedTicket, at: datetime) -> None:
    telling.effects.timers.append(TimerRow("ticket", child.id, NEWS, child.conversation_id, at))
