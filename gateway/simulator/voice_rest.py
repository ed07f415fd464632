"""The part of Twilio's REST API about calls that the gateway uses: https://www.twilio.com/docs/voice/api."""

from collections.abc import Mapping
from email.utils import format_datetime

from aiohttp import web

from gateway.simulator.acts import Redirected
from gateway.simulator.calls import Call
from gateway.simulator.leg import Step
from gateway.simulator.outgoing import ANSWERED_BY
from gateway.simulator.recorded import silence, tone
from gateway.simulator.rest import E164, MOST_LISTED
from gateway.simulator.rest_wire import authentic, cut, not_found, refused, struck, unknown_caller
from gateway.simulator.standin import TwilioStandIn
from gateway.simulator.texts import API_VERSION

NOT_IN_PROGRESS = (21220, "Unable to update record. Call is not in-progress. Cannot redirect.")
RING_SECONDS = 60
MOST_RING_SECONDS = 600
DETECTIONS = frozenset(kind for kind, _ in ANSWERED_BY)
ENDINGS = frozenset({"completed", "canceled"})
# What else a call may be asked for with; whatever is not here or below was misspelt.
# https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
KNOWN = frozenset(
    {"To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback"}
    | {"StatusCallbackEvent", "StatusCallbackMethod", "Timeout", "SendDigits", "CallReason"}
    | {"MachineDetection", "MachineDetectionTimeout", "TimeLimit"}
)

# Numbers that can never be called: https://www.twilio.com/docs/iam/test-credentials#test-calls
MAGIC = {
    "+15005550001": (21217, "Phone number does not appear to be valid"),
    "+15005550002": (21214, "'To' phone number cannot be reached"),
    "+15005550003": (21215, "Account not authorized to make an international call"),
    "+15005550004": (21216, "Account not allowed to call this number"),
}


def add_routes(app: web.Application, standin: TwilioStandIn, base: str = "") -> None:
    """Serve calls and recordings under `base`, beside the messages."""
    rest = _Rest(standin)
    account = f"{base}/{API_VERSION}/Accounts/{{account}}"
    app.router.add_post(f"{account}/Calls.json", rest.create)
    app.router.add_get(f"{account}/Calls.json", rest.listed)
    app.router.add_get(f"{account}/Calls/{{sid}}.json", rest.one)
    app.router.add_post(f"{account}/Calls/{{sid}}.json", rest.update)
    app.router.add_get(f"{account}/Recordings/{{sid}}", rest.recording)
    app.router.add_delete(f"{account}/Recordings/{{sid}}", rest.delete_recording)


class _Rest:
    def __init__(self, standin: TwilioStandIn) -> None:
        self._standin = standin
        self._voice = standin.voice

    async def create(self, request: web.Request) -> web.StreamResponse:
        fault = await struck(request, self._standin.faults)
        if fault is not None:
            return fault
        if not self._authentic(request):
            return unknown_caller()
        posted = await request.post()
        form = {name: str(value) for name, value in posted.items()}
        broken = self._refusal(form)
        if broken is not None:
            return refused(400, *broken)
        call = self._voice.outgoing(form["From"], form["To"], "outbound-api")
        call.callback_url = form.get("StatusCallback", "")
        events = {str(event) for event in posted.getall("StatusCallbackEvent", ["completed"])}
        call.callback_events = frozenset(events)
        call.ring_seconds = int(form.get("Timeout", RING_SECONDS))
        step = Step(form.get("Url", ""), twiml=form.get("Twiml", ""))
        self._voice.place(call, step, detect=form.get("MachineDetection", ""))
        if self._standin.faults.spend("lose_next"):
            return cut(request)
        return web.json_response(self._resource(call), status=201)

    async def update(self, request: web.Request) -> web.StreamResponse:
        """Send a call elsewhere, or end it."""
        if not self._authentic(request):
            return unknown_caller()
        call = self._voice.calls.get(request.match_info["sid"])
        if call is None:
            return not_found()
        form = {name: str(value) for name, value in (await request.post()).items()}
        broken = self._moved(call, form)
        return refused(400, *broken) if broken else web.json_response(self._resource(call))

    def _moved(self, call: Call, form: Mapping[str, str]) -> tuple[int, str] | None:
        """End a call, or let it go on elsewhere; returns what speaks against it."""
        leg = self._voice.legs.get(call.sid)
        status, url, twiml = (form.get(name, "") for name in ("Status", "Url", "Twiml"))
        rules = (
            (leg is None or call.is_over, *NOT_IN_PROGRESS),
            (status not in {"", *ENDINGS}, 20001, f"Invalid Status {status}"),
            (not (status or url or twiml), 21205, "Url parameter is required."),
            (not status and call.status != "in-progress", *NOT_IN_PROGRESS),
        )
        broken = next(((code, words) for wrong, code, words in rules if wrong), None)
        if leg is None or broken is not None:
            return broken
        if status:
            leg.hang_up(status if call.answered_at is None else "completed")
        else:
            leg.post(Redirected(url, twiml))
        return None

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if not self._authentic(request):
            return unknown_caller()
        size = min(int(request.query.get("PageSize", "50")), MOST_LISTED)
        asked = {name: request.query.get(name, "") for name in ("From", "To", "Status")}
        found = self._voice.calls.matching(
            sender=asked["From"], receiver=asked["To"], status=asked["Status"]
        )[:size]
        uri = f"/{API_VERSION}/Accounts/{self._standin.sid}/Calls.json?PageSize={size}&Page=0"
        page = {
            "calls": [self._resource(call) for call in found],
            "page": 0,
            "page_size": size,
            "start": 0,
            "end": max(len(found) - 1, 0),
            "uri": uri,
            "first_page_uri": uri,
            "next_page_uri": None,
            "previous_page_uri": None,
        }
        return web.json_response(page)

    async def one(self, request: web.Request) -> web.StreamResponse:
        if not self._authentic(request):
            return unknown_caller()
        call = self._voice.calls.get(request.match_info["sid"])
        return not_found() if call is None else web.json_response(self._resource(call))

    async def recording(self, request: web.Request) -> web.StreamResponse:
        """The sound itself, told to the account alone."""
        if not self._authentic(request):
            return unknown_caller()
        sid, _, ending = request.match_info["sid"].partition(".")
        kept = self._voice.calls.recording(sid)
        if kept is None or ending not in {"", "wav", "mp3"}:
            return not_found()
        if ending == "mp3":
            return web.Response(body=silence(kept.seconds), content_type="audio/mpeg")
        return web.Response(body=tone(kept.seconds), content_type="audio/x-wav")

    async def delete_recording(self, request: web.Request) -> web.StreamResponse:
        """Sounds are made anew each time: there is nothing to delete."""
        return web.Response(status=204) if self._authentic(request) else unknown_caller()

    def _refusal(self, form: Mapping[str, str]) -> tuple[int, str] | None:
        """The first of Twilio's rules that a call breaks, as its code and words."""
        receiver, sender = form.get("To", ""), form.get("From", "")
        seconds = form.get("Timeout", str(RING_SECONDS))
        detection = form.get("MachineDetection")
        strange = sorted(set(form) - KNOWN)
        rules = (
            (not receiver, 21201, "No 'To' number is specified"),
            (not sender, 21213, "'From' phone number is required"),
            (not form.get("Url") and not form.get("Twiml"), 21205, "Url parameter is required."),
            (receiver in MAGIC, *MAGIC.get(receiver, (0, ""))),
            (not E164.fullmatch(receiver), 21211, f"Invalid 'To' Phone Number: {receiver[-4:]}"),
            (sender not in self._voice.numbers, 21210, "'From' phone number not verified"),
            (not seconds.isdecimal() or int(seconds) > MOST_RING_SECONDS, 21218, "Invalid Timeout"),
            (detection not in {None, *DETECTIONS}, 20001, "Invalid MachineDetection"),
            (bool(strange), 20001, f"Unknown parameters: {strange}"),
        )
        return next(((code, words) for broken, code, words in rules if broken), None)

    def _authentic(self, request: web.Request) -> bool:
        return authentic(request, self._standin.sid, self._standin.auth_token)

    def _resource(self, call: Call) -> dict[str, object]:
        return resource(call, self._standin.sid)


def resource(call: Call, account_sid: str) -> dict[str, object]:
    """A call as Twilio's API gives it: https://www.twilio.com/docs/voice/api/call-resource."""
    made = format_datetime(call.created_at)
    return {
        "sid": call.sid,
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "parent_call_sid": call.parent_sid or None,
        "from": call.sender,
        "from_formatted": call.sender,
        "to": call.receiver,
        "to_formatted": call.receiver,
        "direction": call.direction,
        "status": call.status,
        "answered_by": call.answered_by or None,
        "start_time": format_datetime(call.answered_at) if call.answered_at else None,
        "end_time": format_datetime(call.ended_at) if call.ended_at else None,
        "duration": str(call.seconds) if call.is_over else None,
        "date_created": made,
        "date_updated": made,
        "annotation": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/Calls/{call.sid}.json",
        "subresource_uris": {},
    }
