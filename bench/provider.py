"""A provider that takes every message at once, and a client that posts to it and does nothing else.

`python -m bench.provider serve PORT`, `python -m bench.provider post URL COUNT`.
"""

import asyncio
import itertools
import signal
import sys
import time
from base64 import b64encode

import aiohttp
import uvloop
from aiohttp import web

from gateway.simulator.standin import DemoAccount

AT_ONCE = 50  # as the outbox sends them
ANSWER = (
    '{"account_sid":"AC00000000000000000000000000000000","api_version":"2010-04-01","body":"x",'
    '"date_created":"Mon, 23 Nov 2026 02:00:00 +0000","date_sent":null,"date_updated":'
    '"Mon, 23 Nov 2026 02:00:00 +0000","direction":"outbound-api","error_code":null,"error_message":null,'
    '"from":"+15005550006","messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,'
    '"price_unit":"USD","sid":"SM%032x","status":"queued","subresource_uris":{},"to":"+8613800000000",'
    '"uri":"/2010-04-01/Accounts/AC0/Messages/SM0.json"}'
)
FORM = {
    "To": "+8613800000000",
    "From": "+15005550006",
    "Body": "【12345】“暖气不热”已交田村路街道办理，工作人员会联系您，请接听来电。",
    "StatusCallback": "http://127.0.0.1:1/webhooks/twilio/status?ref=1-1-0",
}
_numbers = itertools.count(1)


async def _take(request: web.Request) -> web.Response:
    await request.read()
    body = ANSWER % next(_numbers)
    return web.Response(text=body, status=201, content_type="application/json")


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = web.Application()
    app.router.add_post("/{path:.*}", _take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await stop.wait()
    await runner.cleanup()


async def _post(url: str, count: int) -> float:
    account = DemoAccount()
    address = f"{url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    credentials = b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
    left = itertools.repeat(None, count)
    async with aiohttp.ClientSession(headers={"Authorization": f"Basic {credentials}"}) as session:

        async def some() -> None:
            for _ in left:
                async with session.post(address, data=FORM) as answer:
                    await answer.json()

        started = time.monotonic()
        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        return time.monotonic() - started


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        uvloop.run(_serve(int(sys.argv[2])))
    else:
        print(asyncio.run(_post(sys.argv[2], int(sys.argv[3]))))
