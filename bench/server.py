"""What the gateway is measured against: bare aiohttp, and the gateway itself with a transaction for every turn.

`python -m bench.server bare|single`, with the environment of `jiesu serve`; `api` says yes to whatever a bot is asked.
"""

import asyncio
import os
import signal
import sys

import uvloop
from aiohttp import web

from gateway import logs
from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.turns import Shape
from gateway.web import application

TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response><Message>hello</Message></Response>'
LANES = 16  # single turns that run beside each other; more made it slower


async def _bare(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=TWIML, content_type="text/xml")


async def _yes(request: web.Request) -> web.Response:
    """As the Bot API answers: a message where one was sent."""
    await request.read()
    chat = {"id": 1, "type": "private"}
    return web.json_response({"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}})


async def _serve(kind: str) -> None:
    logs.configure("error")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"])
    if kind in {"bare", "api"}:
        app = web.Application()
        app.router.add_post("/{path:.*}", _bare if kind == "bare" else _yes)
        app.router.add_get("/ready", _bare)
        await _run(app, host, port, stop)
        return
    async with open_core(Settings.load(production=True), connections=LANES + 4) as core:
        await _run(await application(core, Shape(LANES, 1)), host, port, stop)


async def _run(app: web.Application, host: str, port: int, stop: asyncio.Event) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=1024).start()
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))
