"""What could not be delivered goes to the resident's next channel, and at last to a person; what is preferred goes there.

Another conversation has to be locked for that: a timer of its own names the message, and runs after the failure is noted.
The copy has no buttons, for an answer to them would be heard by another talk; a survey is moved whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from channels.base import Channel
from dialogs import session
from dialogs.phrases import phrase
from dialogs.requests import Silence, SurveyDue
from dialogs.said import Reply
from dialogs.words import Delivery
from handlers.effects import Effects
from handlers.outgoing import Errand, outbox_row, render
from handlers.survey import survey_due
from handlers.visit import Visit, visit
from handlers.world import World
from store import fall_back
from store.conversations import ConversationRow
from store.database import Connection
from store.fall_back import Key, Refuge, Undelivered
from store.human_tasks import TaskRow
from store.surveys import SurveyState
from store.turns import SessionUpdate

NOT_REACHED = phrase("Our answer did not reach you there: {text}")
_HERE_ALONE = frozenset(
    {"code", "unit"}
)  # they prove the number, or speak to it as a unit's: no other address will do
_RANKS = {"telegram": 0, "whatsapp": 1, "sms": 2}  # between those used at the same time


@dataclass(frozen=True, slots=True)
class Move:
    """A message and where it goes, None where there is nowhere."""

    message: Undelivered
    to: Refuge | None

    @property
    def key(self) -> Key:
        """The message's name."""
        return self.message.conversation_id, self.message.seq


@dataclass(slots=True)
class Moved:
    """What came of the moves: surveys to begin elsewhere, and messages that go out where they were meant to after all."""

    surveys: list[tuple[int, SurveyDue, Key]] = field(default_factory=list)
    revived: list[Key] = field(default_factory=list)
    told: list[Visit] = field(default_factory=list)  # conversations that got a copy


async def find_moves(connection: Connection, world: World, keys: Sequence[Key]) -> dict[Key, Move]:
    """Where each of these goes; those that stand still, or that another stands for already, are left out."""
    found = [
        one
        for one in await fall_back.undelivered(connection, keys)
        if one.purpose not in _HERE_ALONE
    ]
    await _speak_to_land_lines(connection, world, found)
    refuges: dict[Key, list[Refuge]] = {}
    for refuge in await fall_back.refuges(connection, keys):
        if _serves(world.channels.get(refuge.channel), refuge):
            refuges.setdefault((refuge.conversation_id, refuge.seq), []).append(refuge)
    return {
        (one.conversation_id, one.seq): Move(
            one, _best(world, refuges.get((one.conversation_id, one.seq), []))
        )
        for one in found
        if not one.moved
        and not one.asked_elsewhere
        and one.state in (Delivery.FAILED, Delivery.CANCELLED, Delivery.SENT)
    }


async def _speak_to_land_lines(
    connection: Connection, world: World, found: Sequence[Undelivered]
) -> None:
    """A number that takes no texts is called instead, from now on."""
    deaf = [one for one in found if one.textless and not one.moved and not one.stopped]
    voice = next((name for name, c in world.channels.items() if c.abilities.voice and c.send), None)
    if deaf and voice is not None:
        numbers = [
            (one.address_id, world.address_hash(voice, world.keys.open(one.sealed))) for one in deaf
        ]
        await fall_back.make_spoken(connection, numbers, voice)


def _serves(channel: Channel | None, refuge: Refuge) -> bool:
    if channel is None:
        return False
    if channel.abilities.voice:
        return channel.send is not None and refuge.callable
    return channel.abilities.mailbox or channel.send is not None


def _best(world: World, refuges: Sequence[Refuge]) -> Refuge | None:
    """What the resident wished last, then what was used last; a call after texts, a mailbox after all."""

    def rank(one: Refuge) -> tuple[object, ...]:
        able = world.channels[one.channel].abilities
        preferred = one.preferred_at.timestamp() if one.preferred_at else 0.0
        used = one.last_said_at.timestamp() if one.last_said_at else 0.0
        return able.mailbox, -preferred, able.voice, -used, _RANKS.get(one.channel, len(_RANKS))

    return min(refuges, key=rank, default=None)


def carry_out(
    world: World,
    effects: Effects,
    rows: dict[int, ConversationRow],
    moves: Sequence[Move],
    surveys: Mapping[int, SurveyState],
    now: datetime,
) -> Moved:
    """Carry out moves whose conversations are locked: `rows` holds them, and goes on with their sequence."""
    moved = Moved()
    for move in moves:
        survey = surveys.get(move.message.survey_id or 0)
        row = rows.get(move.to.to) if move.to is not None else None
        if row is None:
            _nowhere(effects, moved, move, now)
        elif survey is None:
            rows[row.id] = _copy(world, effects, moved, row, move.message, now)
            if world.channels[row.channel].abilities.mailbox:
                _nowhere(effects, moved, move, now)
        elif _is_idle(row) and survey.ticket_id in effects.locked:
            due = survey_due(world, survey, effects.locked[survey.ticket_id])
            moved.surveys.append((row.id, due, move.key))
        else:
            _nowhere(effects, moved, move, now)
    return moved


def _nowhere(effects: Effects, moved: Moved, move: Move, now: datetime) -> None:
    """A failure becomes a task for a person; what was only preferred elsewhere goes out here; who stopped us is left alone."""
    one = move.message
    if one.state == Delivery.FAILED:
        effects.tasks.append(
            TaskRow("undelivered", one.conversation_id, one.ticket_id, one.error, now)
        )
    elif one.state == Delivery.CANCELLED and not one.stopped:
        moved.revived.append(move.key)


def _is_idle(row: ConversationRow) -> bool:
    try:
        return row.session == "{}" or not session.load(row.session).frames
    except msgspec.ValidationError:
        return True  # it starts afresh


def _copy(
    world: World,
    effects: Effects,
    moved: Moved,
    row: ConversationRow,
    one: Undelivered,
    now: datetime,
) -> ConversationRow:
    """Put the same words behind all that was said in another conversation; returns it as it is then."""
    reply = msgspec.json.decode(one.reply, type=Reply)
    text = reply.text
    if one.purpose == "reply":
        text = world.phrases.say(reply.language, NOT_REACHED, text=text)
    channel = world.channels[row.channel]
    plain = Reply(text, language=reply.language)
    message = render(channel, reply.language, plain, row.id, row.seq + 1)
    wait = timedelta(0)
    if one.purpose == "notice":
        wait = world.quiet.wait(now, voice=channel.abilities.voice, urgent=one.urgent)
    errand = Errand(
        "notice" if one.purpose == "reply" else one.purpose,
        now,
        wait,
        ticket_id=one.ticket_id,
        urgent=one.urgent,
        instead_of=(one.conversation_id, one.seq),
    )
    effects.outbox.append(outbox_row(channel, row.address_id, message, errand))
    told = visit(world, row, Silence(0))
    told.message = message
    moved.told.append(told)
    return _behind(effects, row)


def _behind(effects: Effects, row: ConversationRow) -> ConversationRow:
    after = replace(row, seq=row.seq + 1, queued=True)
    effects.sessions[row.id] = SessionUpdate(
        row.id, row.session, after.seq, row.last_said_at, row.wake_at, row.budget, row.budget_at
    )
    return after
