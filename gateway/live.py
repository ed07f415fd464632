"""Hints that a conversation has something new: one Redis subscription a process, fanned out to open pages.

A hint says "read the store again" and nothing else. Redis may be away: pages then only read less promptly.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import structlog
from aiohttp import web
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from gateway.keys import REDIS

log = structlog.get_logger()

PREFIX = "conversation:"
# No conversation has this id: it hints at the red bar of the console.
CONSOLE = 0
# A subscription must name something; nothing is ever published here.
ALWAYS = "conversations"
RETRY_SECONDS = 1.0
READ_SECONDS = 5.0
CONNECT_SECONDS = 5.0
# A Redis that is away must not hold up what publishes; clients try again for seconds by themselves.
PUBLISH_SECONDS = 0.5
STOP_SECONDS = 1.0


async def publish(redis: Redis, conversation_ids: Sequence[int]) -> None:
    """Hint at these conversations, after the commit; a Redis that is away is no failure."""
    if not conversation_ids:
        return
    with contextlib.suppress(RedisError, OSError):  # a TimeoutError is an OSError
        async with asyncio.timeout(PUBLISH_SECONDS), redis.pipeline(transaction=False) as pipeline:
            for conversation_id in set(conversation_ids):
                _queued = pipeline.publish(f"{PREFIX}{conversation_id}", b"")
            await pipeline.execute()


class Live:
    """The conversations that are watched by this process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._watchers: dict[int, set[asyncio.Event]] = {}
        self._changed = asyncio.Event()
        self.closed = asyncio.Event()
        self._settled = asyncio.Event()  # set but while a connection is being made

    @contextmanager
    def watching(self, conversation_id: int) -> Iterator[asyncio.Event]:
        """An event that is set whenever this conversation may have something new; clear it before reading."""
        hint = asyncio.Event()
        watchers = self._watchers.setdefault(conversation_id, set())
        watchers.add(hint)
        self._changed.set()
        try:
            yield hint
        finally:
            watchers.discard(hint)
            if not watchers:
                self._watchers.pop(conversation_id, None)
                self._changed.set()

    def hint(self, conversation_id: int) -> None:
        """Wake those who watch this conversation."""
        for event in self._watchers.get(conversation_id, ()):
            event.set()

    def hint_all(self) -> None:
        """Wake everyone: hints may have been missed."""
        for conversation_id in self._watchers:
            self.hint(conversation_id)

    def close(self) -> None:
        """Wake everyone for the last time: the process is going to stop."""
        self.closed.set()
        self.hint_all()

    async def run(self) -> None:
        """Listen until closed; an unreachable Redis is tried again for as long as it takes."""
        while not self.closed.is_set():
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await self._connect(pubsub)
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(self._listen(pubsub))
                        tasks.create_task(self._follow(pubsub))
            except* (RedisError, OSError) as errors:
                # A cancellation that meets such an error is lost with it: that is why the loop asks `closed`.
                if not self.closed.is_set():
                    log.warning("live_hints_lost", reason=repr(errors.exceptions[0])[:200])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.closed.wait(), RETRY_SECONDS)

    async def stop(self, running: asyncio.Task[None]) -> None:
        """Close, and end the task that runs `run`; a connection that is just being made would be left open."""
        self.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), STOP_SECONDS)
        running.cancel()
        await asyncio.wait({running})

    async def _connect(self, pubsub: PubSub) -> None:
        self._settled.clear()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await pubsub.subscribe(ALWAYS)
        finally:
            self._settled.set()

    async def _listen(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=READ_SECONDS)
            if message is not None:
                number = _text(message["channel"]).removeprefix(PREFIX)
                if number.isdecimal():
                    self.hint(int(number))

    async def _follow(self, pubsub: PubSub) -> None:
        """Keep the subscription at what is watched now."""
        subscribed: set[int] = set()
        while True:
            self._changed.clear()
            wanted = set(self._watchers)
            if wanted - subscribed:
                await pubsub.subscribe(*(f"{PREFIX}{each}" for each in wanted - subscribed))
                # What was published before the subscription stood is found by reading again.
                for conversation_id in wanted - subscribed:
                    self.hint(conversation_id)
            if subscribed - wanted:
                await pubsub.unsubscribe(*(f"{PREFIX}{each}" for each in subscribed - wanted))
            subscribed = wanted
            await self._changed.wait()


LIVE = web.AppKey("LIVE", Live)


def setup(app: web.Application) -> None:
    """Let hints flow while the application runs; calling it twice does no harm."""
    if LIVE in app:
        return
    app[LIVE] = Live(app[REDIS])
    app.on_shutdown.append(_close)
    app.cleanup_ctx.append(_running)


async def _close(app: web.Application) -> None:
    app[LIVE].close()


async def _running(app: web.Application) -> AsyncIterator[None]:
    listening = asyncio.get_running_loop().create_task(app[LIVE].run())
    yield
    await app[LIVE].stop(listening)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
