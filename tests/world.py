"""A whole city on the test database: Beijing's catalogue, both channels, and residents who text and wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from channels import sms, webchat
from channels.base import Inbound, Message
from channels.twilio import TwilioAccount
from dialogs.engine import Repertoire
from dialogs.repertoire import REPERTOIRE
from dialogs.said import Said
from dialogs.words import Language
from gateway.phrases import load_phrases
from gateway.turns import Outcome, Turns
from handlers.catalogue import CityCatalogue, read_city_catalogue
from handlers.limits import Limits, Rates
from handlers.ticket_numbers import TicketNumbers
from handlers.timers import run_timers
from handlers.turn import Turned
from handlers.world import World
from store import timers
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.catalogue.load import load
from store.catalogue.read import current_version
from store.database import Pool
from store.keys import load_keys

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in Beijing
ACCOUNT = TwilioAccount(
    sid="AC" + "0" * 32,
    auth_token="token",
    api_url="http://127.0.0.1:1",
    public_url="http://gateway.test",
)
PHONE = "+8613800138000"
MANY = Rates(address_per_hour=100_000, prefix_per_minute=999_999, all_per_second=999_999)

PHRASES = load_phrases()  # once a process: a world is made for every other test
_cities: dict[str, CityCatalogue] = {}
# Conversations whose messages are not numbered one by one.
GAPS = """
    select c.id from conversations c
    left join (
        select conversation_id, seq from inbound union all select conversation_id, seq from outbox
    ) said on said.conversation_id = c.id
    group by c.id, c.seq
    having count(*) <> c.seq or count(distinct said.seq) <> c.seq or min(said.seq) <> 1 or max(said.seq) <> c.seq
"""


async def city_of(pool: Pool) -> CityCatalogue:
    """Beijing's catalogue, loaded once a database and built once a process."""
    async with pool.acquire() as connection:
        name = str(await connection.fetchval("select current_database()"))
        version = await current_version(connection, START.date())
        known = _cities.get(name)
        if known is not None and known.version == version:
            return known
        await load(connection, read_folder(SHIPPED), date(2026, 1, 1), START)
        city = await read_city_catalogue(connection, START.date())
    if city is None:
        raise LookupError("the catalogue was loaded but is not in force")
    _cities[name] = city
    return city


async def make_world(
    pool: Pool,
    *,
    rates: Rates = MANY,
    repertoire: Repertoire = REPERTOIRE,
    city: CityCatalogue | None = None,
) -> World:
    """A world on this database, with Beijing's catalogue unless another is given."""
    city = city or await city_of(pool)
    async with pool.acquire() as connection:
        keys = await load_keys(connection, "s" * 40)
    zone = ZoneInfo("Asia/Shanghai")
    return World(
        city=city,
        channels={
            webchat.NAME: webchat.channel(),
            sms.NAME: sms.channel(ACCOUNT, "+861012345", "CN"),
        },
        keys=keys,
        phrases=PHRASES,
        repertoire=repertoire,
        timezone=zone,
        language=Language.CHINESE,
        languages=tuple(Language),
        numbers=TicketNumbers(pool, zone),
        limits=Limits(rates),
    )


@dataclass(slots=True)
class Shelf:
    """A spool that only remembers."""

    kept: list[Inbound] = field(default_factory=list)

    @property
    def active(self) -> bool:
        return bool(self.kept)

    async def keep(self, inbound: Sequence[Inbound]) -> None:
        self.kept += inbound


@dataclass(slots=True)
class Notes:
    """What turns told who watches."""

    batches: list[int] = field(default_factory=list)
    failures: list[Inbound] = field(default_factory=list)

    def turned(self, inbound: Sequence[Inbound], turned: Sequence[Turned], seconds: float) -> None:
        del turned, seconds
        self.batches.append(len(inbound))

    def failed(self, inbound: Inbound) -> None:
        self.failures.append(inbound)


@dataclass(slots=True)
class Town:
    """A world with a clock that is moved by hand, and a queue of turns."""

    pool: Pool
    world: World
    now: datetime = START
    shelf: Shelf = field(default_factory=Shelf)
    notes: Notes = field(default_factory=Notes)
    count: int = 0

    def turns(self) -> Turns:
        return Turns(self.pool, self.world, self.shelf, self.notes, lambda: self.now)

    def message(self, text: str, *, phone: str = PHONE, key: str = "", choice: str = "") -> Inbound:
        self.count += 1
        said = Said(text=text, choice=choice)
        return Inbound("sms", key or f"SM{self.count}", phone, said, self.now, inline=True)

    async def say(self, *texts: str, phone: str = PHONE) -> str:
        """Say one thing after another; returns what is answered to the last."""
        answer = ""
        async with (turns := self.turns()).running():
            for text in texts:
                answer = shown(await turns.submit(self.message(text, phone=phone)))
        return answer

    async def wait(self, **span: float) -> list[str]:
        """Let time pass and run what falls due; returns what residents are told."""
        self.now += timedelta(**span)
        told = []
        while True:
            async with (
                self.world.numbers.held(100, self.now),
                self.pool.acquire() as connection,
                connection.transaction(),
            ):
                held = await timers.due(connection, self.now, 100)
                ran = await run_timers(connection, self.world, held, self.now)
            told += [text(one.message) for one in ran.visits if one.message is not None]
            if not ran.count:
                return told

    async def deliver(self) -> None:
        """Let everything that was offered or is waiting be delivered."""
        await self.pool.execute(
            "update outbox set state = 'delivered', sent_at = created_at,"
            " part_states = replace(part_states, 'p', 'd') where state in ('offered', 'pending')"
        )


def shown(outcome: Outcome) -> str:
    """What a resident reads in the answer."""
    return "\n".join(text(message) for message in outcome.messages)


def text(message: Message) -> str:
    """A message as it was sent."""
    return "\n".join(message.parts)


async def town(pool: Pool, **changes: object) -> Town:
    """A town on this database."""
    return Town(pool, await make_world(pool, **changes))  # type: ignore[arg-type]  # the keywords of make_world
