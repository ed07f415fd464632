"""`jiesu serve`: the web process, from its first connection to the last drained turn."""

import asyncio
import gc
import signal
from collections.abc import Callable

import structlog
from aiohttp import web

from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.web import application

log = structlog.get_logger()

DRAIN_SECONDS = 20.0
CONNECTIONS = 8
GARBAGE_OBJECTS = 20_000  # new objects between two collections: turns leave few cycles

Extend = Callable[[web.Application], None]


async def serve(
    settings: Settings,
    extend: Extend | None = None,
    ready: Callable[[], None] | None = None,
    *,
    share_port: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is under way.

    `extend` adds routes (the simulators of `dev`). `share_port`: other processes may serve the same port, and the
    kernel spreads connections over them.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_core(settings, connections=CONNECTIONS) as core:
        app = await application(core)
        if extend is not None:
            extend(app)
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=DRAIN_SECONDS, keepalive_timeout=75
        )
        await runner.setup()
        _settle_memory()
        try:
            await web.TCPSite(
                runner, settings.host, settings.port, backlog=1024, reuse_port=share_port or None
            ).start()
            log.info("serving", host=settings.host, port=settings.port)
            if ready is not None:
                ready()
            await stop.wait()
            log.info("draining")
        finally:
            await runner.cleanup()


def _settle_memory() -> None:
    """Take the catalogue, which lives as long as the process, out of what the garbage collector looks through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 50)
