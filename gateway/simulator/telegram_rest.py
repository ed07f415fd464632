"""The Bot API over HTTP, with its errors as Telegram words them, and the files that residents have sent."""

import asyncio

import msgspec
from aiohttp import web

from gateway.simulator.telegram import TelegramStandIn
from gateway.simulator.telegram_calls import carry_out
from gateway.simulator.telegram_chats import JSON
from gateway.simulator.telegram_rules import RefusedError


def add_routes(app: web.Application, standin: TelegramStandIn, base: str = "") -> None:
    """Serve the API under `base`: the value of TELEGRAM_API_URL is the server's address with that."""
    rest = _Rest(standin)
    app.router.add_route("*", f"{base}/bot{{token}}/{{method}}", rest.call)
    app.router.add_get(f"{base}/file/bot{{token}}/{{path:.+}}", rest.file)


class _Rest:
    def __init__(self, standin: TelegramStandIn) -> None:
        self._standin = standin

    async def call(self, request: web.Request) -> web.StreamResponse:
        state = self._standin.state
        method = request.match_info["method"]
        if request.match_info["token"] != state.token:
            return _refused(RefusedError(401, "Unauthorized"))
        if method == "sendMessage":
            struck = await self._strike(request)
            if struck is not None:
                return struck
        try:
            result = carry_out(state, method, await _parameters(request))
        except RefusedError as error:
            if error.code not in (403, 429):  # a resident's doing, or ours for the test's sake
                state.complain(f"{method}: {error.words}")
            return _refused(error)
        if method == "sendMessage" and state.faults.spend("lose_next"):
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def file(self, request: web.Request) -> web.StreamResponse:
        state = self._standin.state
        if request.match_info["token"] != state.token:
            return _refused(RefusedError(401, "Unauthorized"))
        path = request.match_info["path"]
        file = next((one for one in state.files.values() if one.path == path), None)
        if file is None:
            return _refused(RefusedError(404, "Not Found"))
        return web.Response(body=file.body, content_type="application/octet-stream")

    async def _strike(self, request: web.Request) -> web.StreamResponse | None:
        faults = self._standin.state.faults
        await asyncio.sleep(faults.slow_seconds)
        if faults.spend("drop_next"):
            return _cut(request)
        if faults.spend("throttle_next"):
            wait = faults.retry_after_seconds
            words = f"Too Many Requests: retry after {wait}"
            return _refused(RefusedError(429, words, {"retry_after": wait}))
        if faults.spend("break_next"):
            return _refused(RefusedError(500, "Internal Server Error"))
        return None


async def _parameters(request: web.Request) -> JSON:
    """A call's parameters: of the query, a form or JSON, as Telegram takes them alike."""
    given: JSON = dict(request.query)
    if request.content_type == "application/json":
        given |= msgspec.json.decode(await request.read())
    else:
        given |= {name: str(value) for name, value in (await request.post()).items()}
    return given


def _refused(error: RefusedError) -> web.Response:
    answer: JSON = {"ok": False, "error_code": error.code, "description": error.words}
    if error.parameters:
        answer["parameters"] = error.parameters
    return web.json_response(answer, status=error.code)


def _cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
