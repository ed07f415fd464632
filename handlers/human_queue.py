"""Residents who ask for a person join the queue within their turn, keep their place, and leave it when they like.

Out of hours, and when nobody comes in time, a call-back is kept, so that nobody is brushed off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.human import draft_of
from dialogs.requests import CallHuman, HumanDone, JoinQueue, LeaveQueue, QueueJoined
from dialogs.understanding.personal import masked
from handlers.effects import Effects
from handlers.experts import Seat, find_seats
from handlers.visit import Visit
from handlers.world import World
from store import human_talks
from store.database import Connection
from store.human_talks import Joined, NewTalk, Pace
from store.human_tasks import TaskRow
from store.timers import FiredTimer, TimerRow

SUBJECT, WAIT, IDLE = "human_talk", "wait", "idle"  # its timers
CALL_REASONS = {
    "asked": "市民要找人工",
    "misunderstood": "几次没听懂市民的话",
    "message": "市民电话留言",
}  # as staff read them
CLOSED = "人工不在服务时间"
NOBODY_CAME = "等人工没有等到"
_UNKNOWN_SECONDS = 60.0  # for each who waits, where nobody was taken lately
_LONGEST_ABOUT = 300


async def join_queue(
    connection: Connection,
    world: World,
    effects: Effects,
    joining: Sequence[tuple[Visit, JoinQueue]],
    now: datetime,
) -> list[QueueJoined]:
    """Put them into the queue, in order; whoever is in it keeps the place."""
    seats = await find_seats(connection, world, [visit for visit, _ in joining], now)
    local = now.astimezone(world.timezone)
    is_open = world.human.hours.is_open(local)
    coming = [
        _Coming(visit, order, seat)
        for (visit, order), seat in zip(joining, seats, strict=True)
        if is_open or (seat is not None and seat.present)
    ]
    answers = await _enter(connection, world, effects, coming, now) if coming else {}
    if not is_open:
        effects.tasks += [
            call_back(visit.row.id, CLOSED, order.about or _matter(visit), now)
            for visit, order in joining
            if visit.row.id not in answers and not visit.channel.abilities.voice
        ]
    closed = QueueJoined(
        open=False, opens_at=None if is_open else world.human.hours.opens_at(local)
    )
    return [answers.get(visit.row.id, closed) for visit, _ in joining]


@dataclass(frozen=True, slots=True)
class _Coming:
    """Somebody who joins the queue; `seat`: that of experts."""

    visit: Visit
    order: JoinQueue
    seat: Seat | None

    def queue(self, now: datetime) -> tuple[str, int | None]:
        """Which queue it is: by phone or chat, for the centre (None) or at first for the experts of an event."""
        alone = self.seat is not None and self.seat.until > now
        return kind_of(self.visit), self.seat.surge_id if self.seat is not None and alone else None


async def _enter(
    connection: Connection,
    world: World,
    effects: Effects,
    coming: Sequence[_Coming],
    now: datetime,
) -> dict[int, QueueJoined]:
    """Put them into their queues; returns by conversation what they hear."""
    places = await human_talks.join(connection, [_entry(one, now) for one in coming])
    held = [one.visit for one in coming if one.visit.row.held_by is not None]
    await _release(connection, held)
    queues = {one.queue(now) for one in coming}
    paces = {
        (kind, surge_id): await human_talks.pace(connection, kind, now, surge_id)
        for kind, surge_id in queues
    }
    answers = {}
    for one in coming:
        key, queue = one.visit.row.id, one.queue(now)
        place = places[key]
        if queue[0] == human_talks.CHAT and place.asked_at == now:
            ends_at = wait_ends(world, now, place.experts_until)
            effects.timers.append(wait_timer(place.id, key, ends_at))
        minutes = expected_minutes(place, paces[queue])
        answers[key] = QueueJoined(place.ahead, minutes, expert=queue[1] is not None)
    return answers


async def _release(connection: Connection, held: Sequence[Visit]) -> None:
    """Whoever writes to a person and then calls for one waits on the phone: the talk is with nobody any more."""
    if held:
        await human_talks.hold(connection, [(visit.row.id, None) for visit in held])
        for visit in held:
            visit.row = replace(visit.row, held_by=None)


def queues(visit: Visit, order: CallHuman) -> bool:
    """Whether somebody who was not understood waits for a person in this chat; else a call-back is kept."""
    return order.reason == "misunderstood" and not visit.channel.abilities.voice


async def call_in(
    connection: Connection,
    world: World,
    effects: Effects,
    calling: Sequence[tuple[Visit, CallHuman]],
    now: datetime,
) -> None:
    """Put those into the queue whom the dialog has not understood; they were told that somebody contacts them."""
    joining = [(visit, JoinQueue(order.reason, order.about)) for visit, order in calling]
    await join_queue(connection, world, effects, joining, now)


def kind_of(visit: Visit) -> str:
    """Whether this resident waits on the phone or in a chat."""
    return human_talks.CALL if visit.channel.abilities.voice else human_talks.CHAT


def expected_minutes(place: Joined, pace: Pace) -> int:
    """About how long it takes until somebody comes, in whole minutes, at least one.

    Measured lately: nobody waits longer than those before did for each place, nor than people were taken one after another.
    """
    known = [each for each in (pace.wait_seconds, pace.between_seconds) if each is not None]
    return max(1, round((place.ahead + 1) * min(known, default=_UNKNOWN_SECONDS) / 60))


async def leave_queue(
    connection: Connection,
    effects: Effects,
    leaving: Sequence[tuple[Visit, LeaveQueue]],
    now: datetime,
) -> None:
    """Take them out of the queue; who wants one is kept a call-back."""
    left = await human_talks.leave(connection, [visit.row.id for visit, _ in leaving], now)
    entries = {one.conversation_id: one for one in left}
    effects.dropped += [(SUBJECT, one.id, WAIT) for one in left]
    for visit, order in leaving:
        if order.call_back:
            entry = entries.get(visit.row.id)
            about = entry.about if entry is not None else _matter(visit)
            why = CALL_REASONS.get(entry.reason if entry is not None else "asked", "")
            effects.tasks.append(call_back(visit.row.id, why, about, now))


async def nobody_came(
    connection: Connection, effects: Effects, fired: Sequence[FiredTimer], now: datetime
) -> dict[int, HumanDone]:
    """The set time is over: for those who still wait a call-back is kept; returns what their conversations hear."""
    talk_ids = [
        timer.subject_id for timer in fired if (timer.subject, timer.kind) == (SUBJECT, WAIT)
    ]
    if not talk_ids:
        return {}
    missed = await human_talks.end(
        connection, talk_ids, human_talks.MISSED, now, of=(human_talks.WAITING,)
    )
    for one in missed:
        urgent = one.urgent
        task = call_back(one.conversation_id, NOBODY_CAME, one.about, now)
        effects.tasks.append(task._replace(urgent=urgent))
    return {one.conversation_id: HumanDone(nobody_came=True) for one in missed}


def call_back(conversation_id: int, why: str, about: str, now: datetime) -> TaskRow:
    """A call-back that somebody of the centre settles."""
    note = "：".join(filter(None, (why, masked(about)[:_LONGEST_ABOUT])))
    return TaskRow("call_back", conversation_id, None, note, now)


def wait_ends(world: World, since: datetime, experts_until: datetime | None) -> datetime:
    """Until when somebody has to come; the centre has its whole time after that of the experts."""
    return max(since, experts_until or since) + world.human.wait


def wait_timer(talk_id: int, conversation_id: int, ends_at: datetime) -> TimerRow:
    """When to look whether somebody has come."""
    return TimerRow(SUBJECT, talk_id, WAIT, conversation_id, ends_at)


def _entry(coming: _Coming, now: datetime) -> NewTalk:
    visit, order, seat = coming.visit, coming.order, coming.seat
    inbound = visit.inbound
    on_phone = visit.channel.abilities.voice
    draft = draft_of(visit.session)
    return NewTalk(
        conversation_id=visit.row.id,
        kind=kind_of(visit),
        channel=visit.channel.name,
        language=visit.session.language,
        line=inbound.line if inbound is not None else "",
        # The key of what is said on a phone is the provider's id of the call and the number of the step.
        call_id=inbound.key.rpartition("-")[0] if on_phone and inbound is not None else None,
        reason=order.reason,
        about=order.about or _matter(visit),
        urgent=bool(visit.session.alerted) or (draft is not None and draft.emergency),
        asked_at=now,
        surge_id=seat.surge_id if seat is not None else None,
        experts_until=seat.until if seat is not None else None,
    )


def _matter(visit: Visit) -> str:
    draft = draft_of(visit.session)
    return draft.matter if draft is not None else ""
