"""Telegram as the gateway sees it: updates are posted with the secret until they are taken."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import msgspec

from gateway import clock
from gateway.simulator.faults import strikes
from gateway.simulator.telegram_calls import carry_out
from gateway.simulator.telegram_chats import JSON
from gateway.simulator.telegram_rules import RefusedError
from gateway.simulator.telegram_state import State

WEBHOOK_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class DemoBot:
    """What `jiesu dev` uses where no token is set: worth nothing outside the stand-in."""

    token: str = "12345:SIMULATOR-simulator-SIMULATOR-simulator"  # noqa: S105 - opens nothing
    secret: str = "simulator-secret"  # noqa: S105 - likewise
    username: str = "jiesu_demo_bot"


class TelegramStandIn:
    """One bot. `attempts`: how often an update that was not taken is posted; Telegram itself tries for a day."""

    def __init__(
        self, *, token: str, username: str, attempts: int = 3, retry_seconds: float = 0.5
    ) -> None:
        self.state = State(token, username)
        self._attempts = attempts
        self._retry_seconds = retry_seconds
        self._updates = 500_000
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["TelegramStandIn"]:
        """Hold the HTTP session; updates under way are dropped at the end."""
        timeout = aiohttp.ClientTimeout(total=WEBHOOK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as self._http:
            try:
                yield self
            finally:
                self.state.chats.changes.wake()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Return when nothing that was started is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Let something go on by itself."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, kind: str, body: JSON) -> int:
        """Post an update until it is taken, as often as `attempts` allow; returns the last HTTP status, 0 for none."""
        state = self.state
        if kind not in state.hook.allowed:
            return 0
        self._updates += 1
        update = msgspec.json.encode({"update_id": self._updates, kind: body})
        if strikes(state.faults.delay_every, self._updates):
            await asyncio.sleep(state.faults.delay_seconds)
        if strikes(state.faults.repeat_every, self._updates):
            await self._post_until_taken(update)
        return await self._post_until_taken(update)

    async def _post_until_taken(self, update: bytes) -> int:
        hook = self.state.hook
        if self._http is None:
            raise RuntimeError("the stand-in is not running")
        if not hook.url:
            return 0
        status = 0
        hook.pending += 1
        for attempt in range(self._attempts):
            await asyncio.sleep(self._retry_seconds * attempt)
            status, answer = await self._post_once(self._http, update)
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                hook.pending -= 1
                self._heed(answer)
                return status
        hook.last_error = f"Wrong response from the webhook: {status}"
        hook.last_error_at = int(clock.now().timestamp())
        return status

    async def _post_once(self, http: aiohttp.ClientSession, update: bytes) -> tuple[int, bytes]:
        hook = self.state.hook
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        try:
            async with http.post(hook.url, data=update, headers=headers) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return 0, b""

    def _heed(self, answer: bytes) -> None:
        """Carry out the one call that may stand in the answer to a webhook; what comes of it is never told."""
        if not answer:
            return
        try:
            call = msgspec.json.decode(answer)
            carry_out(self.state, call.pop("method"), call)
        except (msgspec.DecodeError, AttributeError, KeyError):
            self.state.complain(f"the answer to a webhook is no call: {answer[:80]!r}")
        except RefusedError as error:
            self.state.complain(f"in the answer to a webhook: {error.words}")
