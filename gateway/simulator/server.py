"""The stand-in on a port of its own: for tests, load generators, and a gateway that runs elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from gateway.simulator.page import API_BASE, mount, twilio
from gateway.simulator.standin import TwilioStandIn


@asynccontextmanager
async def serving(
    standin: TwilioStandIn, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Serve `standin` (port 0: any free one); gives the value for TWILIO_API_URL."""
    app = web.Application()
    mount(app, twilio(standin))
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        port = runner.addresses[0][1]
        standin.api_url = f"http://{host}:{port}{API_BASE}"
        yield standin.api_url
    finally:
        await runner.cleanup()
