"""What the page's telephones ask for: call, answer, press, speak, hang up, watch, and hear what was recorded."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from gateway.simulator.acts import Act, HungUp, Keyed, NotPickedUp, PickedUp, Silent, Spoken
from gateway.simulator.calls import Call
from gateway.simulator.page_wire import (
    HEADERS,
    WATCH_SECONDS,
    Phone,
    read,
    version_after,
    waits,
    written,
)
from gateway.simulator.recorded import tone
from gateway.simulator.standin import TwilioStandIn

Keys = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]*$", max_length=32)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]
Sure = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Calling(msgspec.Struct, forbid_unknown_fields=True):
    """A phone calls us. `timed`: what is said takes as long as saying it does."""

    phone: Phone
    timed: bool = True


class Done(msgspec.Struct, forbid_unknown_fields=True):
    """What is done at a phone in a call."""

    sid: str
    act: Literal["keys", "say", "silence", "hang_up", "answer", "machine", "busy", "no-answer"]
    keys: Keys = ""
    words: Words = ""
    confidence: Sure = 0.92

    def happening(self) -> Act:
        """The same, as the line takes it."""
        done: dict[str, Act] = {
            "keys": Keyed(self.keys),
            "say": Spoken(self.words, self.confidence),
            "silence": Silent(),
            "hang_up": HungUp(),
            "answer": PickedUp(),
            "machine": PickedUp("machine"),
        }
        return done.get(self.act) or NotPickedUp(self.act)


def add_routes(app: web.Application, standin: TwilioStandIn) -> None:
    """Serve the phones' JSON."""
    phones = _Phones(standin)
    app.router.add_get("/simulator/voice", phones.watch)
    app.router.add_post("/simulator/voice/call", phones.call)
    app.router.add_post("/simulator/voice/act", phones.act)
    app.router.add_get("/simulator/voice/recordings/{sid}", phones.recording)


class _Phones:
    def __init__(self, standin: TwilioStandIn) -> None:
        self._voice = standin.voice

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """What changed after a version, as soon as something has; with `wait=0` at once."""
        calls = self._voice.calls
        after = version_after(request)
        if waits(request):
            await calls.changes.after(after, WATCH_SECONDS)
        found = calls.since(after, frozenset(request.query.getall("phone", [])))
        return written({"version": calls.changes.version, "calls": [shown(one) for one in found]})

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Call; the answer comes when something can be said."""
        calling = await read(request, Calling)
        leg = await self._voice.call(calling.phone, timed=calling.timed)
        return written(shown(leg.call))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Let something happen; the answer comes when the line waits again."""
        done = await read(request, Done)
        leg = self._voice.legs.get(done.sid)
        if leg is None:
            raise web.HTTPConflict(text="the call is over")
        await leg.act(done.happening())
        return written(shown(leg.call))

    async def recording(self, request: web.Request) -> web.StreamResponse:
        """The sound of a recording."""
        kept = self._voice.calls.recording(request.match_info["sid"])
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=tone(kept.seconds), content_type="audio/wav", headers=HEADERS)


def shown(call: Call) -> dict[str, object]:
    """A call as the page shows it."""
    return {
        "number": call.number,
        "sid": call.sid,
        "phone": call.phone,
        "other": call.receiver if call.is_inbound else call.sender,
        "incoming": not call.is_inbound,
        "status": call.status,
        "waits": call.waits,
        "over": call.is_over,
        "lines": [
            {"kind": line.kind, "text": line.text, "language": line.language} for line in call.lines
        ],
        "recordings": [
            {"sid": one.sid, "seconds": one.seconds, "source": one.source}
            for one in call.recordings
        ],
        "at": call.created_at.isoformat(),
    }
