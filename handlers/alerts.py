"""Alerts: despair, crowds, threats, children reach the duty leader in the transaction in which the words are heard.

An urgent task stands on every page of the centre's console until somebody takes it; phones of `DUTY_PHONES` get an SMS.
"""

from collections.abc import Sequence
from datetime import datetime

from channels.base import Channel
from dialogs.phrases import phrase
from dialogs.requests import AddToTicket, RaiseAlert, UrgeTicket
from dialogs.said import Reply
from dialogs.ticket_number import format_number
from dialogs.understanding.personal import masked
from dialogs.words import AlertKind
from handlers.case import ActRefusedError, By, claim
from handlers.effects import Effects
from handlers.notices import language_of
from handlers.outgoing import Errand, outbox_row, render
from handlers.settle_task import may_settle
from handlers.visit import Visit
from handlers.world import World
from store import alerts, conversations, tickets, turns
from store.conversations import ConversationRow, NewAddress
from store.database import Connection
from store.human_tasks import TaskRow
from store.tickets import EventRow
from store.turns import SessionUpdate

ALERT_NAMES = {
    AlertKind.SELF_HARM: "轻生",
    AlertKind.CROWD: "聚集",
    AlertKind.WAGES: "讨薪聚集",
    AlertKind.THREAT: "扬言报复",
    AlertKind.CHILD: "儿童受害或走失",
}
UNTOLD = "（值班手机{phone}已退订短信，没有通知到）"
_SMS = "sms"
_LONGEST_NOTE = 300
_LONGEST_TOLD = 30
_RING = phrase("On duty, {what}: “{about}” {number} Please act in the console now.")


async def raise_alerts(
    connection: Connection, world: World, effects: Effects, visits: Sequence[Visit], now: datetime
) -> None:
    """Make tasks of what was raised in these turns, and ring; after the turns themselves are settled.

    A ticket that comes of the talk is named by its open alert, also when it is opened a few turns later.
    """
    alarmed = [visit.row.id for visit in visits if visit.session.alerted]
    effects.alarmed += [
        (one.conversation_id, one.id) for one in effects.tickets if one.conversation_id in alarmed
    ]
    raised = [
        (visit, order)
        for visit in visits
        for order in visit.orders
        if isinstance(order, RaiseAlert)
    ]
    if not raised:
        return
    again = [(visit.row.id, _note(order)) for visit, order in raised if order.again]
    known = await alerts.add_words(connection, again) if again else set()
    # What is said again after the alert was settled is an alert of its own.
    fresh = [(v, order) for v, order in raised if not (order.again and v.row.id in known)]
    channel = world.channels.get(_SMS)
    phones: list[ConversationRow] = []
    if fresh and channel is not None and world.duty_phones:
        phones = await _phones(connection, world, channel, now)
    untold = "".join(UNTOLD.format(phone=row.masked) for row in phones if row.stopped)
    for visit, order in fresh:
        ticket_id, note = _ticket_of(effects, visit), _note(order) + untold
        effects.tasks.append(TaskRow(alerts.KIND, visit.row.id, ticket_id, note, now, urgent=True))
    for row in phones:
        for visit, order in fresh:
            _ring(world, effects, row, order, _ticket_of(effects, visit), now)


async def take_alert(connection: Connection, by: By, task_id: int) -> int | None:
    """Take an alert in the caller's transaction; returns its ticket. Raises `ActError`."""
    await claim(connection, by)
    if by.unit_id is not None or not may_settle(None, by.roles):
        raise ActRefusedError("您的角色不能处理值班提醒。")
    taken = await alerts.take(connection, task_id, by.staff_id, by.at)
    if taken is None:
        raise ActRefusedError("这条提醒已经有人接手了。")
    if taken.ticket_id is not None:
        event = EventRow(taken.ticket_id, by.at, "alert_taken", "staff", by.staff_id)
        await tickets.insert_rows(connection, tickets.INSERT_EVENTS, [event])
    return taken.ticket_id


def _note(order: RaiseAlert) -> str:
    about = masked(" ".join(order.about.split()))
    return f"{ALERT_NAMES[order.kind]}：“{about[:_LONGEST_NOTE]}”"


def _ticket_of(effects: Effects, visit: Visit) -> int | None:
    """The ticket that these words open or are about: whose unit sees the alert taken and settled, so no other will do."""
    opened = [one.id for one in effects.tickets if one.conversation_id == visit.row.id]
    told = [one.ticket_id for one in visit.orders if isinstance(one, AddToTicket | UrgeTicket)]
    return next(iter(opened + told), None)


async def _phones(
    connection: Connection, world: World, channel: Channel, now: datetime
) -> list[ConversationRow]:
    """The conversations of the duty phones under their locks, made where there are none.

    They are locked after those of the residents. Who waits for one of these and holds one of those is found out as a
    deadlock, and its turn runs again: alerts are rare, and duty phones say little.
    """
    numbers = dict.fromkeys(filter(None, map(channel.normalise, world.duty_phones)))
    wheres = {number: world.address_hash(channel.name, number) for number in numbers}
    rows, _ = await turns.lock(
        connection, [(channel.name, where, "", "") for where in wheres.values()]
    )
    found = {row.hash for row in rows}
    missing = [
        NewAddress(
            channel.name,
            where,
            world.keys.seal(number),
            channel.mask(number),
            world.number_hash(channel.name, number),
        )
        for number, where in wheres.items()
        if where not in found
    ]
    return rows + (await conversations.create(connection, missing, now) if missing else [])


def _ring(
    world: World,
    effects: Effects,
    row: ConversationRow,
    order: RaiseAlert,
    ticket_id: int | None,
    now: datetime,
) -> None:
    """Put an SMS behind all that was said to a duty phone, in this very batch too."""
    before = effects.sessions.get(row.id) or SessionUpdate(
        row.id, row.session, row.seq, row.last_said_at, row.wake_at, row.budget, row.budget_at
    )
    after = before._replace(seq=before.seq + 1)
    channel, language = world.channels[row.channel], language_of(world, row)
    about = masked(" ".join(order.about.split()))
    text = world.phrases.say(
        language,
        _RING,
        what=ALERT_NAMES[order.kind],
        about=about[:_LONGEST_TOLD] + ("…" if len(about) > _LONGEST_TOLD else ""),
        number=format_number(ticket_id) if ticket_id else "",
    )
    message = render(channel, language, Reply(text), row.id, after.seq)
    errand = Errand("alert", now, stopped=row.stopped, ticket_id=ticket_id)
    effects.outbox.append(outbox_row(channel, row.address_id, message, errand))
    effects.sessions[row.id] = after
