"""The turn: a batch of inbound messages becomes sessions, tickets and messages to send, in one transaction.

Lock, load, step, decide, write. Conversations are locked before anything else and in the order of their ids; under
that lock a provider's key that had its effect before is seen, because the same message always comes to the same
conversation. The unique index on it guards the rest: a violation means that the batch has to be run again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from channels.base import Inbound, Message
from dialogs.requests import RaiseAlert
from dialogs.said import Reply
from dialogs.words import Delivery
from handlers.converse import converse
from handlers.edited import recalled
from handlers.effects import Effects
from handlers.linking import Link, make_one
from handlers.unit_inbound import take_replies
from handlers.visit import Visit, said, visit
from handlers.world import World
from store import conversations, outbox, timers, turns
from store.conversations import ConversationRow, NewAddress
from store.database import Connection
from store.turns import Repeat

GIVEN = (Delivery.OFFERED, Delivery.SENT)  # to the provider's question, to the resident's mailbox
_UNDELIVERED = (Delivery.OFFERED, Delivery.PENDING)


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of one inbound message: the reply, if there is one, and whether it had been heard before.

    `offered`: the reply may (still) be given inline; otherwise the outbox brings it.
    """

    conversation_id: int
    message: Message | None
    offered: bool
    repeated: bool = False
    over_budget: bool = (
        False  # heard and kept, not answered: this address has made us send too much
    )
    wait_seconds: float = 0.0  # until the reply may be sent
    left_open: bool = False  # the rules left something for a second reading
    alerted: bool = False  # the duty leader is to hear of it at once
    hurry: bool = False  # a timer is due by now
    for_people: bool = False  # somebody has joined the queue for a person, or left it


@dataclass(slots=True)
class Batch:
    """One batch under way: locked conversations by address, and what has become of each message."""

    rows: dict[tuple[str, bytes], ConversationRow] = field(default_factory=dict)
    turned: dict[int, Turned] = field(default_factory=dict)


async def run_turns(
    connection: Connection, world: World, inbound: Sequence[Inbound], now: datetime
) -> list[Turned]:
    """Run a batch inside the caller's transaction; results stand in the order of `inbound`.

    Raises `asyncpg.UniqueViolationError` or a serialization error when it has to be run again from the start.
    """
    batch = Batch()
    wheres = [world.where(one.channel, one.address) for one in inbound]
    batch.rows, repeats = await lock_conversations(connection, world, inbound, wheres, now)
    await _bring_forward(connection, inbound, repeats, now)
    waves = _waves(world, inbound, wheres, repeats, batch)
    links: list[Link] = []
    hurry = False
    for wave in waves:
        effects = Effects()
        asked = [(batch.rows[wheres[i]], inbound[i]) for i in wave]
        theirs = await take_replies(connection, world, effects, asked)
        for place in theirs:
            _kept(batch, wave[place], wheres[wave[place]])
        left = [index for place, index in enumerate(wave) if place not in theirs]
        messages = [one for place, one in enumerate(asked) if place not in theirs]
        visits = [_visit(world, *one) for one in await recalled(connection, messages)]
        await converse(connection, world, effects, visits, now)
        await effects.write(connection, now)
        links += [Link(*one) for one in effects.links]
        hurry = hurry or any(timer.due_at <= now for timer in effects.timers)
        for index, one in zip(left, visits, strict=True):
            if wave is not waves[-1]:
                batch.rows[wheres[index]] = one.after(effects)
            batch.turned[index] = _turned(one, hurry=hurry)
    if links:
        await timers.arm(connection, await make_one(connection, links, now))
    _repeat_within(inbound, batch)
    return [batch.turned[index] for index in range(len(inbound))]


async def lock_conversations(
    connection: Connection,
    world: World,
    inbound: Sequence[Inbound],
    wheres: Sequence[tuple[str, bytes]],
    now: datetime,
) -> tuple[dict[tuple[str, bytes], ConversationRow], dict[int, Repeat]]:
    """Lock the conversations that these messages belong to; those of new addresses are made.

    Returns them by address, and the repeats among the messages by their place.
    """
    asked = [(*where, one.channel, one.key) for one, where in zip(inbound, wheres, strict=True)]
    locked, repeats = await turns.lock(connection, asked)
    rows = {(row.channel, row.hash): row for row in locked}
    missing: dict[tuple[str, bytes], NewAddress] = {}
    for one, where in zip(inbound, wheres, strict=True):
        if where not in rows and where not in missing:
            sealed = world.keys.seal(one.address)
            masked = world.channels[where[0]].mask(one.address)
            number = world.number_hash(one.channel, one.address)
            missing[where] = NewAddress(*where, sealed, masked, number)
    if missing:
        made = await conversations.create(connection, list(missing.values()), now)
        rows.update({(row.channel, row.hash): row for row in made})
    return rows, repeats


def _kept(batch: Batch, index: int, where: tuple[str, bytes]) -> None:
    """A message of a unit to its city was kept, and is answered when it has been carried out."""
    row = batch.rows[where]
    batch.rows[where] = replace(row, seq=row.seq + 1, of_unit=True)
    batch.turned[index] = Turned(row.id, None, offered=False)


def _waves(
    world: World,
    inbound: Sequence[Inbound],
    wheres: Sequence[tuple[str, bytes]],
    repeats: dict[int, Repeat],
    batch: Batch,
) -> list[list[int]]:
    """Indexes of what is new, in waves with one message a conversation, so that its messages run in order."""
    waves: list[list[int]] = []
    depth: dict[tuple[str, bytes], int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(inbound):
        repeat = repeats.get(index)
        if repeat is not None:
            voice = world.channels[one.channel].abilities.voice
            batch.turned[index] = _repeated(repeat, batch.rows[wheres[index]], voice=voice)
            continue
        if (one.channel, one.key) in seen:
            continue
        seen.add((one.channel, one.key))
        level = depth[wheres[index]]
        depth[wheres[index]] += 1
        if level == len(waves):
            waves.append([])
        waves[level].append(index)
    return waves


def _repeated(repeat: Repeat, row: ConversationRow, *, voice: bool) -> Turned:
    """A repeat gets the stored reply while that may still be undelivered, and an empty one afterwards.

    On the phone it gets it always: there is no other way to the caller's ear.
    """
    message = None
    wanted = voice or repeat.state in _UNDELIVERED
    if repeat.reply is not None and repeat.parts is not None and wanted:
        message = Message(
            repeat.conversation_id,
            repeat.reply_seq or 0,
            msgspec.json.decode(repeat.reply, type=Reply),
            msgspec.json.decode(repeat.parts, type=tuple[str, ...]),
        )
    offered = message is not None and (voice or repeat.state == Delivery.OFFERED)
    return Turned(row.id, message, offered, repeated=True)


async def _bring_forward(
    connection: Connection, inbound: Sequence[Inbound], repeats: dict[int, Repeat], now: datetime
) -> None:
    """What comes again from the spool was committed, but its answer was lost with the connection: nobody waits for it.

    A reply that was offered inline is looked after by the outbox at once, and not only when its lease has run out.
    """
    keys = {
        (repeat.conversation_id, repeat.reply_seq)
        for index, repeat in repeats.items()
        if repeat.state == Delivery.OFFERED
        and repeat.reply_seq is not None
        and not inbound[index].inline
    }
    if keys:
        await outbox.bring_forward(connection, sorted(keys), now)


def _repeat_within(inbound: Sequence[Inbound], batch: Batch) -> None:
    """The same message twice in one batch: the second gets what the first got."""
    first: dict[tuple[str, str], Turned] = {}
    for index, one in enumerate(inbound):
        turned = batch.turned.get(index)
        if turned is not None:
            first.setdefault((one.channel, one.key), turned)
        else:
            same = first[one.channel, one.key]
            batch.turned[index] = Turned(
                same.conversation_id, same.message, same.offered, repeated=True
            )


def _visit(world: World, row: ConversationRow, inbound: Inbound) -> Visit:
    return visit(world, row, said(world.keys, inbound), inbound)


def _turned(one: Visit, *, hurry: bool) -> Turned:
    offered = one.sent is not None and one.sent.state in GIVEN
    wait = one.sent.due_at - one.sent.created_at if one.sent is not None else timedelta(0)
    return Turned(
        one.row.id,
        one.message,
        offered,
        wait_seconds=wait.total_seconds(),
        over_budget=one.over_budget,
        left_open=one.left_open,
        hurry=hurry,
        alerted=any(isinstance(order, RaiseAlert) for order in one.orders),
        for_people=one.for_people,
    )
