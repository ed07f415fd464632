"""One conversation in the middle of a turn: what it was, what was said, and what the dialog made of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from channels.base import Channel, Inbound, Message
from dialogs import engine, session
from dialogs.dialog import Facts
from dialogs.engine import Step
from dialogs.overhearing import overhear
from dialogs.requests import Answer, Awaited, CallHuman, Event, JoinQueue, LeaveQueue, Request, Told
from dialogs.said import Reply, Said
from dialogs.session import Session
from dialogs.words import Delivery, Moment
from handlers.effects import Effects
from handlers.media import attachments
from handlers.world import World
from store.conversations import ConversationRow
from store.keys import Keys
from store.turns import OutboxRow

ROUNDS = 8  # a dialog that asks the city more often in one turn is wired in a circle


@dataclass(slots=True)
class Visit:
    """`row` is the locked conversation as it stood before this turn; `inbound` is None for a timer."""

    row: ConversationRow
    channel: Channel
    event: Event
    inbound: Inbound | None
    before: Session
    session: Session
    steps: list[Step] = field(default_factory=list)
    orders: list[Request] = field(default_factory=list)  # to carry out, which nobody waits for
    message: Message | None = None
    sent: OutboxRow | None = None
    budget: tuple[float, datetime | None] = (0.0, None)
    over_budget: bool = False
    instead_of: tuple[int, int] | None = None  # the message that this one's first words stand for
    told_texts: tuple[str, ...] = ()  # what the call of ours that was picked up is about
    left_open: bool = False  # there is something to be read a second time

    def step(self, world: World, event: Event, now: datetime) -> None:
        """Step the dialog once more."""
        if len(self.steps) >= ROUNDS:
            raise engine.DialogError("the dialog asks the city in a circle")
        facts = self._facts(world, now)
        if isinstance(event, Said) and event.moment is Moment.PICKED_UP:
            event = Told(self.told_texts)
        take = overhear if self.held else engine.step
        step = take(self.session, event, facts, world.repertoire)
        self.session = step.session
        self.steps.append(step)
        self.orders += [one for one in step.requests if not isinstance(one, Awaited)]

    def _facts(self, world: World, now: datetime) -> Facts:
        """What is known here; in a call, whether its number can be called back, and texted."""
        facts = world.facts(self.channel, now, self.line, numbered=self.row.numbered)
        if not facts.voice:
            return facts
        number = self.channel.number
        known = self.inbound is None or number is None or number(self.inbound.address) is not None
        texts = not world.channels[self.row.channel].abilities.voice
        return replace(facts, brief=True, reachable=known, texts=texts)

    @property
    def held(self) -> bool:
        """Whether a person has this talk, so that the dialog is silent; who calls hears the dialog all the same."""
        in_call = self.channel.abilities.voice or self.ended
        return self.row.held_by is not None and not in_call

    @property
    def ended(self) -> bool:
        """Whether somebody has hung up."""
        return isinstance(self.event, Said) and self.event.moment is Moment.ENDED

    @property
    def awaited(self) -> Awaited | None:
        """What the dialog waits for before it goes on."""
        return self.steps[-1].awaited if self.steps else None

    @property
    def for_people(self) -> bool:
        """Whether the queue for a person is another after this turn."""
        joins = any(isinstance(step.awaited, JoinQueue) for step in self.steps)
        return joins or any(isinstance(one, CallHuman | LeaveQueue) for one in self.orders)

    @property
    def reply(self) -> Reply | None:
        """The one message that the resident gets, None for silence."""
        return engine.join(tuple(self.steps))

    @property
    def address(self) -> str:
        """The address as far as it is known here: whole when it spoke just now, masked when a timer woke us."""
        return self.inbound.address if self.inbound else self.row.masked

    @property
    def inline(self) -> bool:
        """Whether the provider waits for the reply."""
        inbound = self.inbound
        return inbound is not None and inbound.inline and inbound.channel == self.channel.name

    @property
    def line(self) -> str:
        """Our number that was called or written to, where the channel says so."""
        return self.inbound.line if self.inbound else ""

    def said_json(self) -> str:
        """What was said, as it is kept."""
        return msgspec.json.encode(self.event).decode()

    def after(self, effects: Effects) -> ConversationRow:
        """The conversation as this turn leaves it, for the next turn of the same transaction."""
        update = effects.sessions[self.row.id]
        return replace(
            self.row,
            session=update.session,
            seq=update.seq,
            last_said_at=update.last_said_at,
            wake_at=update.wake_at,
            budget=update.budget,
            budget_at=update.budget_at,
            queued=self.row.queued
            or (self.sent is not None and self.sent.state == Delivery.PENDING),
        )

    def patience(self, world: World) -> tuple[int, ...]:
        """Seconds of silence, stage by stage, that the open dialog waits for; none when the talk is idle."""
        return engine.patience(self.before, world.repertoire)

    def told(self, world: World, answer: Answer, now: datetime) -> None:
        """Give the dialog what it waited for."""
        self.step(world, answer, now)


def visit(
    world: World, row: ConversationRow, event: Event, inbound: Inbound | None = None
) -> Visit:
    """Begin a turn of a locked conversation. A session that cannot be read any more starts afresh."""
    if row.session == "{}":
        hint = inbound.language if inbound is not None else None
        language = hint if hint in world.languages else world.language
        before = Session(language=language, marked_until=row.marked_until)
    else:
        try:
            before = session.load(row.session)
        except msgspec.ValidationError:
            before = Session(language=world.language)
    return Visit(
        row,
        world.channels[_speaks_by(row, event, inbound)],
        event,
        inbound,
        before,
        before,
        budget=(row.budget, row.budget_at),
    )


def _speaks_by(row: ConversationRow, event: Event, inbound: Inbound | None) -> str:
    """The channel of the reply: the one that was spoken by, but to who has hung up we write, where we can."""
    ended = isinstance(event, Said) and event.moment is Moment.ENDED
    return row.channel if inbound is None or ended else inbound.channel


def said(keys: Keys, inbound: Inbound) -> Said:
    """What was said, with what is still to be fetched, without the characters that PostgreSQL cannot keep."""
    heard = inbound.said
    if inbound.media:
        heard = msgspec.structs.replace(heard, attachments=attachments(keys, inbound))
    if rb"\u0000" in msgspec.json.encode(heard):
        heard = msgspec.convert(_without_nul(msgspec.to_builtins(heard)), Said)
    return heard


def _without_nul(value: object) -> object:
    """Texts anywhere within without U+0000: once one is kept, nothing of its conversation can be queried any more."""
    match value:
        case str():
            return value.replace("\x00", "")
        case list() | tuple():
            return [_without_nul(one) for one in value]
        case dict():
            return {name: _without_nul(one) for name, one in value.items()}
        case _:
            return value
