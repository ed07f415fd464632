"""The part of Twilio's REST API that the gateway uses, with its errors as Twilio words them."""

import re
from collections.abc import Mapping

from aiohttp import web

from gateway.simulator import whatsapp
from gateway.simulator.rest_wire import authentic, cut, not_found, refused, struck, unknown_caller
from gateway.simulator.standin import TwilioStandIn
from gateway.simulator.texts import API_VERSION, Text, resource

MOST_CHARACTERS = 1600
MOST_LISTED = 1000
E164 = re.compile(r"\+[1-9]\d{6,14}")

# Numbers that always fail: https://www.twilio.com/docs/iam/test-credentials#test-sms-messages
MAGIC = {
    "+15005550001": (21211, "Invalid 'To' Phone Number"),
    "+15005550002": (21612, "The 'To' phone number cannot be reached from this sender"),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region"),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number is not a valid mobile number"),
}


def add_routes(app: web.Application, standin: TwilioStandIn, base: str = "") -> None:
    """Serve the API under `base`: the value of TWILIO_API_URL is the server's address with that."""
    rest = _Rest(standin)
    messages = f"{base}/{API_VERSION}/Accounts/{{account}}/Messages"
    app.router.add_post(f"{messages}.json", rest.create)
    app.router.add_get(f"{messages}.json", rest.listed)
    app.router.add_get(f"{messages}/{{sid}}.json", rest.one)
    app.router.add_get(f"{messages}/{{sid}}/Media/{{media}}", rest.picture)
    app.router.add_delete(f"{messages}/{{sid}}/Media/{{media}}", rest.delete_picture)


class _Rest:
    def __init__(self, standin: TwilioStandIn) -> None:
        self._standin = standin

    async def create(self, request: web.Request) -> web.StreamResponse:
        fault = await struck(request, self._standin.faults)
        if fault is not None:
            return fault
        if not self._authentic(request):
            return unknown_caller()
        return await self._take(request)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if not self._authentic(request):
            return unknown_caller()
        size = min(int(request.query.get("PageSize", "50")), MOST_LISTED)
        found = self._standin.texts.matching(
            sender=request.query.get("From", ""), receiver=request.query.get("To", "")
        )[:size]
        uri = f"/{API_VERSION}/Accounts/{self._standin.sid}/Messages.json?PageSize={size}&Page=0"
        return web.json_response(
            {
                "messages": [self._resource(text) for text in found],
                "page": 0,
                "page_size": size,
                "start": 0,
                "end": max(len(found) - 1, 0),
                "uri": uri,
                "first_page_uri": uri,
                "next_page_uri": None,
                "previous_page_uri": None,
            }
        )

    async def one(self, request: web.Request) -> web.StreamResponse:
        if not self._authentic(request):
            return unknown_caller()
        text = self._standin.texts.get(request.match_info["sid"])
        if text is None:
            return not_found()
        return web.json_response(self._resource(text))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """What a phone sent; told to the account alone."""
        if not self._authentic(request):
            return unknown_caller()
        if self._standin.texts.get(request.match_info["sid"]) is None:
            return not_found()
        return web.Response(body=whatsapp.picture(), content_type="image/png")

    async def delete_picture(self, request: web.Request) -> web.StreamResponse:
        """Pictures are made anew each time: there is nothing to delete."""
        return web.Response(status=204 if self._authentic(request) else 401)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        by_whatsapp = form.get("To", "").startswith(whatsapp.PREFIX)
        broken = whatsapp.refusal(form) if by_whatsapp else self._refusal(form)
        if broken is not None:
            return refused(400, *broken)
        if by_whatsapp:
            text = self._standin.take_by_whatsapp(form)
        else:
            callback_url = form.get("StatusCallback", "")
            text = self._standin.take(form["To"], form["Body"], callback_url, "outbound-api")
        if self._standin.faults.spend("lose_next"):
            return cut(request)
        return web.json_response(self._resource(text), status=201)

    def _refusal(self, form: Mapping[str, str]) -> tuple[int, str] | None:
        """The first of Twilio's rules that the message breaks, as its code and words."""
        receiver, sender, body = (form.get(name, "") for name in ("To", "From", "Body"))
        rules = (
            (not receiver, 21604, "A 'To' phone number is required."),
            (not sender, 21603, "A 'From' phone number is required."),
            (not body, 21602, "Message body is required."),
            (receiver in MAGIC, *MAGIC.get(receiver, (0, ""))),
            (not E164.fullmatch(receiver), 21211, f"Invalid 'To' Phone Number: {receiver[-4:]}"),
            (sender == receiver, 21266, "'To' and 'From' number cannot be the same"),
            (sender != self._standin.phone_number, 21606, "The 'From' number is not yours"),
            (receiver in self._standin.stopped, *MAGIC["+15005550004"]),
            (len(body) > MOST_CHARACTERS, 21617, "The body exceeds the 1600 character limit"),
        )
        return next(((code, words) for broken, code, words in rules if broken), None)

    def _authentic(self, request: web.Request) -> bool:
        return authentic(request, self._standin.sid, self._standin.auth_token)

    def _resource(self, text: Text) -> dict[str, object]:
        return resource(text, self._standin.sid)
