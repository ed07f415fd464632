"""The drain of calls to make: claimed under a lease, made at the provider, watched until something is heard of them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from channels.base import SendError
from gateway import clock
from handlers import calls_ours, duty
from handlers.duty import Dial
from handlers.world import World
from store import call_orders, calls
from store.call_orders import Change, Order
from store.calls import CallRow
from store.database import Connection, Pool, transaction

log = structlog.get_logger()

AT_ONCE = 20
LEASE = timedelta(seconds=45)  # longer than the provider's time-out
PATIENCE = timedelta(seconds=60)  # after the ringing; then the word on its end was lost
FETCH_TRIES = 3
FETCH_AGAIN = timedelta(seconds=2)


class PlacesCalls(Protocol):
    """What makes calls at the provider; raises `SendError`."""

    async def call(
        self, order_id: int, to: str, line: str, ring_seconds: int, *, detect: bool
    ) -> str:
        """Call a number from one of ours ("" for the usual one); returns the provider's id of the call.

        `detect`: find out first whether a machine has picked up.
        """

    async def fetch(self, call_id: str, query: str) -> None:
        """Let a running call go on with another document of ours."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class _Sorted:
    """What is to be done with what was claimed."""

    dials: Sequence[Dial]
    fetches: Sequence[Order]
    lapsed: Sequence[Order]


class CallMaker:
    """Makes calls that are due. Many may run at once, in many processes."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        places: PlacesCalls,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._pool = pool
        self._world = world
        self._places = places
        self._now = now

    async def drain(self) -> int:
        """Make calls until none is due; returns how many orders were looked at."""
        count = 0
        while done := await self._drain_some():
            count += done
        return count

    async def close(self) -> None:
        """Let go of the provider's connections."""
        await self._places.close()

    async def _drain_some(self) -> int:
        now, lease = self._now(), clock.new_id()
        async with transaction(self._pool) as connection:
            claimed = await call_orders.claim(connection, now, lease, LEASE, AT_ONCE)
            if not claimed:
                return 0
            work = await self._sort(connection, claimed, lease, now)
        done = [self._dial(one) for one in work.dials]
        done += [self._fetch(one) for one in work.fetches]
        done += [self._over(one, "no word") for one in work.lapsed]
        await asyncio.gather(*done)
        return len(claimed)

    async def _sort(
        self,
        connection: Connection,
        claimed: Sequence[Order],
        lease: str,
        now: datetime,
    ) -> _Sorted:
        """Those that nothing was heard of are over; of the others, note which are being called from now on."""
        due = [one for one in claimed if one.state == "due"]
        lapsed = [one for one in claimed if one.state != "due"]
        rung = [one for one in due if one.kind == "duty"]
        dials, changes = (
            await duty.prepare(connection, self._world, rung, now) if rung else ([], [])
        )
        await call_orders.change(connection, changes)
        dials += [
            Dial(one, self._world.keys.open(one.phone), one.callee, one.words)
            for one in due
            if one.kind in ("staff", "resident") and one.phone is not None
        ]
        fetches = [one for one in due if one.kind == "redirect"]
        begun = [(dial.order.id, dial.callee, dial.words) for dial in dials]
        begun += [(one.id, one.callee, one.words) for one in fetches]
        await call_orders.begin(connection, lease, begun)
        return _Sorted(dials, fetches, lapsed)

    async def _dial(self, dial: Dial) -> None:
        order, ring_seconds = dial.order, self._world.calling.ring_seconds
        try:
            call_id = await self._places.call(
                order.id, dial.to, order.line, ring_seconds, detect=order.kind == "resident"
            )
        except SendError as error:
            log.warning("call_not_made", order=order.id, kind=order.kind, reason=error.reason)
            await self._over(order, error.reason)
            return
        now = self._now()
        lapse_at = now + timedelta(seconds=ring_seconds) + PATIENCE
        async with transaction(self._pool) as connection:
            row = CallRow(call_id, "out", None, order.line, order.id, now)
            await calls.insert(connection, [row])
            await call_orders.rings(connection, [(order.id, call_id)], lapse_at)

    async def _fetch(self, order: Order) -> None:
        """Fetch a running call. One that has ended cannot be fetched, whatever is tried."""
        now = self._now()
        try:
            await self._places.fetch(order.call_id or "", order.words)
        except SendError as error:
            log.warning("call_not_fetched", order=order.id, reason=error.reason)
            if error.retry_seconds is None or order.attempts + 1 >= FETCH_TRIES:
                await self._over(order, error.reason)
            else:
                await self._change(Change(order.id, "due", now + FETCH_AGAIN, error.reason))
        else:
            await self._change(Change(order.id, "acknowledged", now))

    async def _change(self, change: Change) -> None:
        """Note what came of it, unless the caller's own webhook was quicker: nobody is fetched out of a talk."""
        async with transaction(self._pool) as connection:
            order = (await call_orders.lock(connection, [change.id]))[change.id]
            if order.open:
                await call_orders.change(connection, [change])

    async def _over(self, order: Order, outcome: str) -> None:
        async with transaction(self._pool) as connection:
            await calls_ours.over(connection, self._world, order.id, outcome, self._now())
