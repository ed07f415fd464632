"""What the web application holds, by key: handlers of requests find everything they need here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp.web import AppKey
from redis.asyncio import Redis

from channels.base import CallEvent, DeliveryReport, Inbound, Message, Reachable
from gateway.config import Settings
from gateway.metrics import Metrics
from gateway.spool import Spool
from handlers.world import World
from store.database import Pool
from store.keys import Keys


class TurnOutcome(Protocol):
    """What a turn made of one message; `messages` are for the answer to this very request."""

    @property
    def messages(self) -> tuple[Message, ...]: ...  # noqa: D102
    @property
    def repeated(self) -> bool: ...  # noqa: D102
    @property
    def conversation_id(self) -> int | None: ...  # noqa: D102
    @property
    def spooled(self) -> bool:
        """Whether it waits in the spool; its reply comes when the database is back."""


class TakesTurns(Protocol):
    """Takes a message; returns when it is on disk."""

    async def submit(self, inbound: Inbound) -> TurnOutcome: ...  # noqa: D102


class TakesReports(Protocol):
    """Takes what a provider says of a message; returns when it is on disk."""

    async def submit(self, report: DeliveryReport) -> None: ...  # noqa: D102


class HeedsSigns(Protocol):
    """Heeds what is no message: who can be reached, and what becomes of calls; returns when it is on disk."""

    async def reachable(self, report: Reachable) -> None: ...  # noqa: D102
    async def call(self, event: CallEvent) -> Sequence[Message]: ...  # noqa: D102


POOL = AppKey("POOL", Pool)
TURNS = AppKey[TakesTurns]("TURNS")
SETTINGS = AppKey("SETTINGS", Settings)
KEYS = AppKey("KEYS", Keys)
REDIS = AppKey("REDIS", Redis)
CLOCK = AppKey[Callable[[], datetime]]("CLOCK")
WORLD = AppKey("WORLD", World)
# A form has had its effect: look at timers and outbox now.
KICK = AppKey[Callable[[], None]]("KICK")
REPORTS = AppKey[TakesReports]("REPORTS")
SIGNS = AppKey[HeedsSigns]("SIGNS")
METRICS = AppKey("METRICS", Metrics)
SPOOL = AppKey("SPOOL", Spool)
