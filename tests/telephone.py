"""Somebody on the phone: calls the real application through the stand-in, says, keys, is silent, hangs up.

Time stands still on the line until `silence` says that it has passed, so no test waits for words to be spoken.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from gateway import clock
from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.keys import KICK
from gateway.simulator.acts import Act, Keyed, NotPickedUp, PickedUp, Silent, Spoken
from gateway.simulator.leg import Leg
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn
from gateway.web import application
from store.database import Pool
from tests.office import Office, open_office
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port
from tests.webchat.small_city import served

DEMO = DemoAccount()
MOBILE, LAND_LINE = "+8613812345678", "+861068881234"
MOST_SILENCES = 12


@dataclass
class Caller:
    """One leg of a call, and what was heard on it since `heard` was asked last."""

    leg: Leg
    _read: int = 0

    async def say(self, words: str, confidence: float = 0.92) -> str:
        """Say something; returns what is answered."""
        return await self._act(Spoken(words, confidence))

    async def key(self, keys: str) -> str:
        """Press keys; returns what is answered."""
        return await self._act(Keyed(keys))

    async def silence(self) -> str:
        """Say nothing until that is noticed."""
        return await self._act(Silent())

    async def pick_up(self, by: str = "human") -> str:
        """Answer a call that rings."""
        return await self._act(PickedUp(by))

    async def decline(self, status: str = "busy") -> None:
        """Do not answer it."""
        await self._act(NotPickedUp(status))

    async def hang_up(self) -> None:
        """Lay the phone down; returns when the gateway has been told."""
        self.leg.hang_up()
        await self.leg.over.wait()

    async def settled(self) -> str:
        """Wait until the line waits for us again, because of what somebody else did."""
        await self.leg.settled()
        return self.heard()

    def heard(self) -> str:
        """What was said on the line since this was asked last, by whoever."""
        new = self.leg.call.lines[self._read :]
        self._read = len(self.leg.call.lines)
        return "".join(line.text for line in new if line.kind in {"say", "other"})

    @property
    def waits(self) -> str:
        """What the line waits for; "over" at the end."""
        return "over" if self.leg.over.is_set() else self.leg.call.waits

    @property
    def language(self) -> str:
        """The language of what was said last."""
        return next(line.language for line in reversed(self.leg.call.lines) if line.kind == "say")

    async def _act(self, act: Act) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.leg.act(act)
        return self.heard()


@dataclass
class Town:
    """A city that can be called, with its staff; the stand-in carries the calls and the texts."""

    office: Office
    standin: TwilioStandIn
    app: web.Application

    async def call(self, phone: str = MOBILE) -> tuple[Caller, str]:
        """Let a phone call the city; returns the caller, and what is heard first."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            caller = Caller(await self.standin.voice.call(phone))
        return caller, caller.heard()

    async def rings(self, phone: str) -> Caller:
        """Wait until the city rings a phone."""
        await self.until(lambda: bool(self._ringing(phone)), f"a call to {phone}")
        caller = Caller(self._ringing(phone)[0])
        await caller.leg.settled()
        return caller

    async def text(self, words: str, phone: str = MOBILE) -> str:
        """Wait for a text with these words on a phone."""
        await self.until(lambda: any(words in one for one in self.texts(phone)), words)
        return next(one for one in reversed(self.texts(phone)) if words in one)

    async def until(self, reached: Callable[[], bool], what: str) -> None:
        """Let the gateway work until something has happened."""
        ends = clock.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert clock.monotonic() < ends, (what, self.texts())
            self.app[KICK]()
            await asyncio.sleep(0.02)

    def texts(self, phone: str = MOBILE) -> list[str]:
        """What arrived on a phone, oldest first."""
        return [one.body for one in self.standin.texts.matching(receiver=phone)[::-1]]

    def _ringing(self, phone: str) -> list[Leg]:
        legs = self.standin.voice.legs.values()
        return [leg for leg in legs if leg.call.receiver == phone and leg.call.status == "ringing"]


@asynccontextmanager
async def town(pool: Pool, database_url: str, redis_url: str, folder: Path) -> AsyncIterator[Town]:
    """The whole application, and the stand-in on the other side.

    It fails at the end if anything was said that Twilio would not have understood, or answered otherwise when asked again.
    """
    office = await open_office(pool)
    port = free_port()
    async with AsyncExitStack() as stack:
        standin = TwilioStandIn(
            sid=DEMO.sid,
            auth_token=DEMO.auth_token,
            phone_number=DEMO.phone_number,
            public_url=f"http://127.0.0.1:{port}",
        )
        standin.voice.timed = False
        api_url = await stack.enter_async_context(serving(standin))
        settings = _settings(api_url, standin.public_url, database_url, redis_url, folder)
        core = await stack.enter_async_context(open_core(settings, city=office.world.city))
        office.world = core.world
        app = await application(core)
        await stack.enter_async_context(served(lambda: app, port))
        yield Town(office, standin, app)
        assert standin.voice.calls.complaints == []


def _settings(
    api_url: str, public_url: str, database_url: str, redis_url: str, folder: Path
) -> Settings:
    return Settings.from_env(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": public_url,
            "TWILIO_ACCOUNT_SID": DEMO.sid,
            "TWILIO_AUTH_TOKEN": DEMO.auth_token,
            "TWILIO_PHONE_NUMBER": DEMO.phone_number,
            "TWILIO_API_URL": api_url,
            "QUIET_HOURS": "none",
            "CALL_HOURS": "none",
        },
        production=False,
    )
