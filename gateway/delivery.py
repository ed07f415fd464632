"""The drain of the outbox: claim under a lease, send part by part at the channel's rate, note what came of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import orjson
import structlog

from channels.base import Channel, Message, Parcel, SendError, Sent
from dialogs.said import Reply
from dialogs.words import Delivery
from gateway import clock
from handlers import delivery
from handlers.delivery import Tried
from handlers.world import World
from store import outbox
from store.database import Pool, transaction
from store.outbox import Claimed

log = structlog.get_logger()

AT_ONCE = 50  # rows that a claim takes at the most
CLAIM_SECONDS = 10.0  # and no more than can go out in this time at the channel's rate
PART_SECONDS = 18.0  # the longest that one part may take: asked for, then sent
LEASE = timedelta(
    seconds=45
)  # longer than a provider's time-out, shorter than the minute we promise


class Deliverer:
    """Sends what is due. Many may run at once, in many processes."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        counted: Callable[[str, str], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """`counted(channel, outcome)` is told of every message that was tried: sent, retried, given_up, cancelled."""
        self._pool = pool
        self._world = world
        self._counted = counted
        self._now = now
        self._channels = {
            name: channel for name, channel in world.channels.items() if channel.send is not None
        }
        self._paces = {name: _Pace(c.abilities.per_second) for name, c in self._channels.items()}

    async def drain(self) -> int:
        """Send until nothing is due; returns how many messages were tried."""
        count = 0
        for channel in self._channels.values():
            while tried := await self._drain_some(channel):
                count += tried
        return count

    async def _drain_some(self, channel: Channel) -> int:
        """Claim what can be sent well within the lease, and send it."""
        most = min(AT_ONCE, max(1, int(channel.abilities.per_second * CLAIM_SECONDS)))
        lease, until = clock.new_id(), clock.monotonic() + LEASE.total_seconds() - PART_SECONDS
        async with transaction(self._pool) as connection:
            claimed = await outbox.claim(
                connection, [channel.name], self._now(), lease, LEASE, most
            )
        if not claimed:
            return 0
        tries = await asyncio.gather(*(self._try(_Attempt(row, lease, until)) for row in claimed))
        for row, tried in zip(claimed, tries, strict=True):
            self._counted(row.channel, _outcome(tried))
        async with transaction(self._pool) as connection:
            await delivery.finish(connection, tries, self._now())
        return len(claimed)

    async def _try(self, attempt: "_Attempt") -> Tried:
        """Send the open parts of one message, in order."""
        row = attempt.row
        channel = self._channels[row.channel]
        if row.stopped and row.purpose != "reply":
            return attempt.result(error="stopped", cancelled=True)
        quiet = self._quiet(row, channel)
        if quiet:
            return attempt.result(error="quiet hours", retry_at=self._now() + quiet)
        address = self._world.keys.open(row.sealed)
        for index in range(len(attempt.message.parts)):
            if attempt.states[index] != "p":
                continue
            if clock.monotonic() > attempt.until:  # somebody else may soon hold it
                return attempt.result(error="out of time", retry_at=self._now())
            try:
                taken = await self._send(channel, attempt, address, index)
            except SendError as error:
                return self._failed(attempt, index, error)
            except Exception as error:
                log.exception("send_broke", message=f"{row.conversation_id}-{row.seq}-{index}")
                unknown = SendError(type(error).__name__, retry_seconds=60, unknown=True)
                return self._failed(attempt, index, unknown)
            attempt.took(index, taken)
        return attempt.result()

    def _quiet(self, row: Claimed, channel: Channel) -> timedelta:
        """What was due by day and comes late, or is tried again, does not wake anybody either."""
        if row.purpose != "notice" or row.again:
            return timedelta(0)
        voice = channel.abilities.voice
        return self._world.quiet.wait(self._now(), voice=voice, urgent=row.urgent)

    async def _send(self, channel: Channel, attempt: "_Attempt", address: str, index: int) -> Sent:
        """Send one part; after a crash between sending and noting, ask the provider first."""
        row = attempt.row
        first_open = attempt.states.index("p") == index
        if row.again and first_open:
            if channel.find is None:
                attempt.doubtful += 1
            else:
                attempt.in_doubt = True
                text = attempt.message.parts[index]
                found = await channel.find(address, text, row.created_at)
                if found is not None and found.delivery is not Delivery.FAILED:
                    return found
                attempt.in_doubt = False
        await self._paces[row.channel].turn()
        if channel.send is None:
            raise SendError("this channel sends nothing", retry_seconds=None)
        message, now = attempt.message, self._now()
        return await channel.send(Parcel(address, message, index, row.purpose, row.heard_at, now))

    def _failed(self, attempt: "_Attempt", index: int, error: SendError) -> Tried:
        row = attempt.row
        wait = delivery.back_off(row.attempts, error.retry_seconds)
        log.warning(
            "send_failed",
            channel=row.channel,
            message=f"{row.conversation_id}-{row.seq}-{index}",
            reason=error.reason,
            again=wait is not None,
        )
        attempt.in_doubt |= error.unknown
        if wait is None and attempt.in_doubt:
            attempt.doubtful += 1
        if wait is None and not error.blocked:
            attempt.states[index] = "f"
        return attempt.result(
            error=error.reason,
            retry_at=self._now() + wait if wait is not None else None,
            blocked=error.blocked,
            cancelled=error.blocked,
            textless=error.textless,
        )


def _outcome(tried: Tried) -> str:
    if tried.cancelled:
        return "cancelled"
    if tried.error:
        return "retried" if tried.retry_at else "given_up"
    return "sent"


class _Attempt:
    """One try at one message: which parts are out by now."""

    def __init__(self, row: Claimed, lease: str, until: float) -> None:
        self.row = row
        self.lease = lease
        self.until = until  # on the monotonic clock: no part is begun later
        self.in_doubt = False  # the first open part may have been taken
        self.message = Message(
            row.conversation_id,
            row.seq,
            msgspec.json.decode(row.reply, type=Reply),
            msgspec.json.decode(row.parts, type=tuple[str, ...]),
        )
        self.states = list(row.part_states)
        self.ids: list[str] = orjson.loads(row.provider_ids)
        self.doubtful = 0

    def took(self, index: int, taken: Sent) -> None:
        self.states[index] = "s"
        self.ids.append(taken.provider_id)

    def result(
        self,
        *,
        error: str = "",
        retry_at: datetime | None = None,
        blocked: bool = False,
        cancelled: bool = False,
        textless: bool = False,
    ) -> Tried:
        return Tried(
            self.row.conversation_id,
            self.row.seq,
            self.lease,
            "".join(self.states),
            tuple(self.ids),
            error,
            retry_at,
            blocked,
            cancelled,
            self.doubtful,
            self.in_doubt,
            textless,
        )


class _Pace:
    """At most so many messages a second, evenly."""

    def __init__(self, per_second: int) -> None:
        self._every = 1 / per_second
        self._free_at = 0.0

    async def turn(self) -> None:
        now = clock.monotonic()
        at = max(self._free_at, now)
        self._free_at = at + self._every
        if at > now:
            await asyncio.sleep(at - now)
