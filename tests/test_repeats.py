"""Webhooks that come twice or in another order, at two processes at once: no talk breaks, nothing is done twice."""

import asyncio
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from channels.base import Inbound
from gateway.turns import Outcome, Turns
from store.database import Pool
from tests.world import GAPS, Town, shown, town

RESIDENTS = 100
SHARE = 0.05  # of all webhooks are repeated, and as many overtaken by the next one
SCRIPTS = (
    ("海淀区田村路街道阜石路第一社区5号楼暖气不热", "1", "查询", "补充 家里有老人", "催办"),
    ("朝阳区望京街道垃圾没人收", "1", "谢谢"),
)
WEBHOOKS = RESIDENTS * sum(map(len, SCRIPTS))
NUMBER = re.compile(r"\d{6}-\d{6}-\d")
ASKED = re.compile("对吗|一起办，有进展")
OPENED = re.compile(rf"已(?:受理|并到一起办).*?({NUMBER.pattern})", re.DOTALL)
MOST_TRIES = 6

DUE = "select state = 'offered' and due_at <= $1 from outbox"


@dataclass(slots=True)
class Line:
    """A resident's line to the gateway, over which webhooks come as `chance` wills; what was answered, by message."""

    city: Town
    doors: tuple[Turns, Turns]
    phone: str
    chance: random.Random
    answers: dict[str, str] = field(default_factory=dict)
    sent: list[Inbound] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    last: str = ""
    repeats: int = 0
    overtaken: int = 0

    async def play(self) -> None:
        """Tell each complaint, and end it as a sensible resident does who has not heard its number yet."""
        for count, script in enumerate(SCRIPTS, 1):
            for message in self.in_order_of_arrival(script):
                await self.post(message)
            for _ in range(MOST_TRIES):
                if len(self.told) < count:
                    await self.post(self.message("1" if ASKED.search(self.last) else "返回"))

    def in_order_of_arrival(self, script: Sequence[str]) -> Iterator[Inbound]:
        """What is said, some of it behind what was said after it."""
        held: list[Inbound] = []
        for number, text in enumerate(script, 1):
            message = self.message(text)
            if not held and number < len(script) and self.chance.random() < SHARE:
                self.overtaken += 1
                held.append(message)
            else:
                yield message
                yield from held
                held.clear()

    def message(self, text: str) -> Inbound:
        return self.city.message(text, phone=self.phone)

    async def post(self, message: Inbound) -> None:
        """Post a message to one process or the other, or to both at once; sometimes one from before again."""
        if self.chance.random() < SHARE / 2:
            self.repeats += 1
            outcomes = await asyncio.gather(*(door.submit(message) for door in self.doors))
            assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
            first, again = sorted(outcomes, key=lambda outcome: outcome.repeated)
            self.note(message, first)
            self.check_repeat(message, again)
        else:
            self.note(message, await self.chance.choice(self.doors).submit(message))
        if self.chance.random() < SHARE / 2:
            await self.repeat(self.chance.choice(self.sent))

    async def repeat(self, message: Inbound) -> None:
        self.repeats += 1
        self.check_repeat(message, await self.chance.choice(self.doors).submit(message))

    def note(self, message: Inbound, outcome: Outcome) -> None:
        assert not outcome.repeated
        self.sent.append(message)
        self.last = shown(outcome)
        self.answers[message.key] = self.last
        self.told.update(OPENED.findall(self.last))

    def check_repeat(self, message: Inbound, outcome: Outcome) -> None:
        """A repeat gets the stored reply, or none once that has been delivered."""
        assert outcome.repeated
        assert shown(outcome) in {self.answers[message.key], ""}


def _chance(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - the same fate for the same resident every time


async def test_repeated_and_reordered_webhooks_break_no_talk_and_open_no_second_ticket(
    pool: Pool,
) -> None:
    city, other = await town(pool), await town(pool)
    async with (one := city.turns()).running(), (two := other.turns()).running():
        lines = [
            Line(city, (one, two), f"+86138{number:04d}8000", _chance(number))
            for number in range(RESIDENTS)
        ]
        await asyncio.gather(*(line.play() for line in lines))
        await city.deliver()
        for line in lines:  # much later
            late = await one.submit(line.chance.choice(line.sent))
            assert late.repeated
            assert late.messages == ()
    assert sum(line.repeats for line in lines) > WEBHOOKS * SHARE / 2
    assert sum(line.overtaken for line in lines) > WEBHOOKS * SHARE / 2
    assert [line.phone for line in lines if len(line.told) != len(SCRIPTS)] == []
    assert city.notes.failures + other.notes.failures == []
    await _check_store(pool, lines)


async def _check_store(pool: Pool, lines: list[Line]) -> None:
    """Every message stands there once, and each complaint is one ticket."""
    keys = [row["key"] for row in await pool.fetch("select key from inbound")]
    assert sorted(keys) == sorted(message.key for line in lines for message in line.sent)
    assert await pool.fetch(GAPS) == []
    tickets = await pool.fetch(
        "select resident_id, topic, count(*) from tickets group by 1, 2 having count(*) > 1"
    )
    assert tickets == []
    assert await pool.fetchval("select count(*) from tickets") == RESIDENTS * len(SCRIPTS)
    untouched = sum(not line.overtaken for line in lines)
    for kind in ("added", "urged"):
        done = await pool.fetch(
            "select count(*) from ticket_events where type = $1 group by ticket_id", kind
        )
        assert {row[0] for row in done} == {1}
        assert untouched <= len(done) <= RESIDENTS


async def test_a_reply_whose_commit_was_not_heard_of_is_sent_when_the_spool_comes_back(
    pool: Pool,
) -> None:
    city = await town(pool)
    message = city.message(SCRIPTS[0][0])
    async with (turns := city.turns()).running():
        await turns.submit(message)
        assert not await pool.fetchval(DUE, city.now)
        await turns.replay([replace(message, inline=False)])
        assert await pool.fetchval(DUE, city.now)
    assert await pool.fetchval("select count(*) from inbound") == 1
