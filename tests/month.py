"""A city's month by a script: stories take turns on one clock, and keep count of what they expect to find in the tables.

A story is a generator of what happens to one ticket: it waits, a resident writes, a member of staff acts. Whatever falls
into the same hour goes to the city together: all that residents write in one batch, all acts in one transaction.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from channels.base import Inbound
from dialogs.said import Said
from gateway.unit_sending import UnitSender
from handlers.timers import run_timers
from handlers.turn import run_turns
from store import timers
from store.database import Connection
from tests.office import Office
from tests.unit_phone import Wire
from tests.walker import deliver

HOUR = timedelta(hours=1)
TIMERS_AT_ONCE = 500
MOST_TICKETS = 2_000  # that one batch may open


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens for some time."""

    hours: float


@dataclass(frozen=True, slots=True)
class Say:
    """A resident (or a unit's phone) writes, one message after another; all that is said on `voice` is one call.

    `mark` names the message of ours that a call which was picked up is about.
    """

    address: str
    texts: tuple[str | Said, ...]
    channel: str = "sms"
    mark: str = ""

    def said(self, count: int, now: datetime) -> list[Inbound]:
        """As it comes in; `count` is of this story's step alone."""
        call = self.channel == "voice"
        return [
            Inbound(
                self.channel,
                f"month{count}-{place}",
                self.address,
                text if isinstance(text, Said) else Said(text),
                now,
                inline=call,
                live=call,
                mark="" if place else self.mark,
            )
            for place, text in enumerate(self.texts)
        ]


@dataclass(frozen=True, slots=True)
class Do:
    """Somebody of the staff does something to a ticket; what comes of it is sent back."""

    login: str
    doing: Callable[..., Awaitable[Any]]
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Look one value up."""

    query: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """Which ticket came last from an address; None: none yet."""

    address: str
    channel: str = "sms"


@dataclass(frozen=True, slots=True)
class Drain:
    """What waits for units' phones is sent, and what they wrote back is carried out."""


Step = Wait | Say | Do | Ask | Newest | Drain
Story = Generator[Step, Any, None]

NEWEST = """
    select a.hash, max(t.id) as id from tickets t
    join conversations c on c.id = t.conversation_id join addresses a on a.id = c.address_id
    where a.hash = any($1) group by a.hash
"""


@dataclass
class Month:
    """A city under a script; `expected` is what its stories have counted, by what and by key."""

    office: Office
    expected: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wire: Wire = field(default_factory=Wire)
    _coming: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _count: int = 0

    def begin(self, story: Story, at: datetime) -> None:
        """Let a story begin at a moment."""
        self._count += 1
        heapq.heappush(self._coming, (at, self._count, story))

    def count(self, what: str, key: object = "", times: int = 1) -> None:
        """Expect one more of something."""
        self.expected[what][str(key)] += times

    @property
    def now(self) -> datetime:
        """The hour that is being played."""
        return self.office.at

    async def play(self) -> None:
        """Go on until the last story has been told."""
        while self._coming:
            await self._hour()
            await self._forward()

    async def _forward(self) -> None:
        """Move the clock to the next full hour by which something is due."""
        rung: datetime | None = await self.office.value("select min(due_at) from timers")
        moments = [self._coming[0][0]] if self._coming else []
        nearest = min([*moments, *([rung] if rung else [])], default=self.now)
        self.office.at += HOUR * max(1, math.ceil((nearest - self.now) / HOUR))

    async def _hour(self) -> None:
        await self._ring()
        telling: list[tuple[Story, object]] = []
        while self._coming and self._coming[0][0] <= self.now:
            telling.append((heapq.heappop(self._coming)[2], None))
        busy = bool(telling)
        while telling:
            telling = await self._go_on(telling)
        if busy:
            await self._ring()

    async def _go_on(self, telling: Sequence[tuple[Story, object]]) -> list[tuple[Story, object]]:
        """One step of each story: those that are not waiting go on with what came of it."""
        steps: list[tuple[Story, Step]] = []
        for story, came in telling:
            step = _next(story, came)
            if isinstance(step, Wait):
                self.begin(story, self.now + timedelta(hours=step.hours))
            elif step is not None:
                steps.append((story, step))
        came_of: dict[int, object] = {}
        await self._say([one for _, one in steps if isinstance(one, Say)])
        came_of.update(await self._look_up(steps))
        came_of.update(await self._act(steps))
        if any(isinstance(one, Drain) for _, one in steps):
            office = self.office
            await UnitSender(office.pool, office.world, self.wire, lambda: self.now).drain()
        return [(story, came_of.get(id(step))) for story, step in steps]

    async def _say(self, saying: Sequence[Say]) -> None:
        if not saying:
            return
        inbound: list[Inbound] = []
        for one in saying:
            self._count += 1
            inbound += one.said(self._count, self.now)
        async with (
            self.office.world.numbers.held(min(len(inbound), MOST_TICKETS), self.now),
            self.office.pool.acquire() as connection,
            connection.transaction(),
        ):
            await run_turns(connection, self.office.world, inbound, self.now)

    async def _look_up(self, steps: Iterable[tuple[Story, Step]]) -> dict[int, object]:
        newest = [step for _, step in steps if isinstance(step, Newest)]
        where = {
            id(one): self.office.world.address_hash(one.channel, one.address) for one in newest
        }
        rows = await self.office.rows(NEWEST, list(where.values())) if where else []
        found = {row["hash"]: row["id"] for row in rows}
        came: dict[int, object] = {one: found.get(hash_) for one, hash_ in where.items()}
        for _, step in steps:
            if isinstance(step, Ask):
                came[id(step)] = await self.office.value(step.query, *step.args)
        return came

    async def _act(self, steps: Iterable[tuple[Story, Step]]) -> dict[int, object]:
        doing = [step for _, step in steps if isinstance(step, Do)]
        if not doing:
            return {}
        async with (
            self.office.world.numbers.held(len(doing), self.now),
            self.office.pool.acquire() as connection,
            connection.transaction(),
        ):
            return {id(one): await self._do(connection, one) for one in doing}

    async def _do(self, connection: Connection, one: Do) -> object:
        try:
            return await one.doing(
                connection, self.office.world, self.office.by(one.login), *one.args
            )
        except Exception as error:
            error.add_note(f"{one.login}: {one.doing.__name__} {one.args} at {self.now}")
            raise

    async def _ring(self) -> None:
        """Run what is due by now, and deliver what that sends."""
        while True:
            async with (
                self.office.world.numbers.held(1, self.now),
                self.office.pool.acquire() as connection,
                connection.transaction(),
            ):
                held = await timers.due(connection, self.now, TIMERS_AT_ONCE)
                ran = await run_timers(connection, self.office.world, held, self.now)
            await deliver(self.office)
            if not ran.count:
                return


def _next(story: Story, came: object) -> Step | None:
    try:
        return story.send(came)
    except StopIteration:
        return None
