"""What all of Twilio's REST API has in common: who may ask, how it says no, and what goes wrong on purpose."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from hmac import compare_digest

from aiohttp import web

from gateway.simulator.faults import Faults


def authentic(request: web.Request, sid: str, auth_token: str) -> bool:
    """Whether the account itself asks, about itself."""
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    known = compare_digest(given, b"Basic " + b64encode(f"{sid}:{auth_token}".encode()))
    return known and request.match_info["account"] == sid


def refused(
    status: int, code: int, words: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An error as Twilio words them."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    answer = {"code": code, "message": words, "more_info": more, "status": status}
    return web.json_response(answer, status=status, headers=headers)


def unknown_caller() -> web.Response:
    """Somebody else's credentials."""
    return refused(401, 20003, "Authenticate")


def not_found() -> web.Response:
    """No such thing."""
    return refused(404, 20404, "The requested resource was not found")


def cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def struck(request: web.Request, faults: Faults) -> web.Response | None:
    """What goes wrong before anything is taken; None when nothing does."""
    await asyncio.sleep(faults.slow_seconds)
    if faults.spend("drop_next"):
        return cut(request)
    if faults.spend("throttle_next"):
        wait = {"Retry-After": str(faults.retry_after_seconds)}
        return refused(429, 20429, "Too Many Requests", wait)
    if faults.spend("break_next"):
        return refused(500, 20500, "An internal server error has occurred")
    return None
