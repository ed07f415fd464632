"""A load generator in a process of its own: webhooks over keep-alive connections, nothing else.

Reads a plan (JSON) on standard input: port, connections, seconds, conversations; prints one JSON line of figures. It
writes raw HTTP so that the machine's two cores are left to what is measured.
"""

import asyncio
import json
import sys
import time
from functools import partial
from typing import cast

from typing_extensions import override

from bench.traffic import Plan, requests


class Lane(asyncio.Protocol):
    """One connection: the next request as soon as the last was answered."""

    def __init__(
        self, ready: list[bytes], until: float, figures: "Figures", *, again: bool
    ) -> None:
        self._ready = ready
        self._again = again
        self._until = until
        self._figures = figures
        self._sent_at = 0.0
        self._buffer = b""
        self._next = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass of it
        self._send()

    @override
    def data_received(self, data: bytes) -> None:
        """Note the answer when it is whole, and send the next."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + 15
        length = int(head[at : head.find(b"\r", at) if b"\r" in head[at:] else None])
        if len(body) < length:
            return
        now = time.perf_counter()
        self._figures.answered(now - self._sent_at, head[9:12], body)
        self._buffer = b""
        self._send()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """The server hung up."""
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        if self._again and self._next >= len(self._ready):
            self._next = 0
        if self._next >= len(self._ready) or time.perf_counter() >= self._until:
            self._figures.dry += self._next >= len(self._ready)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._ready[self._next])
        self._next += 1


class Figures:
    """What was measured."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.bad = 0
        self.silent = 0
        self.dry = 0

    def answered(self, seconds: float, status: bytes, body: bytes) -> None:
        """One answer."""
        self.seconds.append(seconds)
        self.bad += status != b"200"
        self.silent += b"<Message" not in body and b"<Say" not in body


def _same(lane: Lane) -> Lane:
    return lane


async def run(plan: Plan) -> dict[str, object]:
    """Send for the plan's time; requests are made before, so that only sending is timed."""
    each = int(plan.seconds * 9000 / plan.connections) + 8
    ready = []
    for lane in range(plan.connections):
        source = requests(plan, lane)
        ready.append([next(source) for _ in range(each)])
    figures = Figures()
    loop = asyncio.get_running_loop()
    started, cpu = time.perf_counter(), time.process_time()
    lanes = [Lane(one, started + plan.seconds, figures, again=plan.again) for one in ready]
    for one in lanes:
        await loop.create_connection(partial(_same, one), "127.0.0.1", plan.port)
    await asyncio.gather(*(one.done for one in lanes))
    took = time.perf_counter() - started
    ordered = sorted(figures.seconds)
    return {
        "turns": len(ordered),
        "per_second": len(ordered) / took,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
        "bad": figures.bad,
        "silent": figures.silent,
        "dry": figures.dry,
        "generator_core": (time.process_time() - cpu) / took,
    }


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.install()
    except ImportError:
        pass
    json.dump(asyncio.run(run(Plan(**json.load(sys.stdin)))), sys.stdout)
