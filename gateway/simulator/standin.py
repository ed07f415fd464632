"""Twilio as the gateway sees it: takes messages, reports on them, and lets phones that are not there write."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode, urljoin
from xml.etree import ElementTree

import aiohttp

from channels.length import measure
from channels.twilio import FORM, signature
from gateway import clock
from gateway.simulator import whatsapp
from gateway.simulator.faults import Faults, strikes
from gateway.simulator.switchboard import Switchboard
from gateway.simulator.texts import API_VERSION, Text, Texts

MESSAGE_PATH = "/webhooks/twilio/sms"
WEBHOOK_SECONDS = 15.0  # Twilio waits no longer for an answer
UNANSWERED = 11200  # Twilio's error codes: a webhook that failed,
UNREACHABLE = 30003  # a phone that is switched off

# What Twilio does by itself with these words, unless the operator has set up others:
# https://help.twilio.com/articles/223134027-Twilio-support-for-opt-out-keywords-SMS-STOP-filtering-
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
STOPPED_TEXT = (
    "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe."
)
STARTED_TEXT = "You have successfully been re-subscribed to messages from this number."


@dataclass(frozen=True, slots=True)
class Exchange:
    """How the gateway answered a webhook: HTTP status (0: not at all) and the texts it sent back."""

    sid: str
    status: int
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What `jiesu dev` uses where no account is set: worth nothing outside the stand-in."""

    sid: str = "AC00000000000000000000000000000000"
    auth_token: str = "simulator"  # noqa: S105 - opens nothing
    phone_number: str = "+15005550006"  # Twilio's own number for tests


class TwilioStandIn:
    """An account with one number. `webhook_attempts`: how often an unanswered webhook is posted.

    More than one is what an operator gets who sets the fallback URL or a retry policy at Twilio.
    """

    def __init__(
        self,
        *,
        sid: str,
        auth_token: str,
        phone_number: str,
        public_url: str,
        webhook_attempts: int = 1,
        retry_seconds: float = 0.5,
        status_seconds: float = 0.0,
    ) -> None:
        self.sid = sid
        self.auth_token = auth_token
        self.phone_number = phone_number
        self.public_url = public_url.rstrip("/")
        self.api_url = ""  # where it is served: pictures lie there
        self.faults = Faults()
        self.texts = Texts()
        self.stopped: set[str] = set()
        self._webhook_attempts = webhook_attempts
        self._retry_seconds = retry_seconds
        self._status_seconds = status_seconds
        self._webhooks = 0
        self._reports = 0
        self._http: aiohttp.ClientSession | None = None
        self.voice = Switchboard(
            sid=sid,
            numbers=(phone_number,),
            public_url=self.public_url,
            post=self._post,
            api_url=lambda: self.api_url,
        )
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["TwilioStandIn"]:
        """Hold the HTTP session; reports under way are dropped at the end."""
        timeout = aiohttp.ClientTimeout(total=WEBHOOK_SECONDS)
        connector = aiohttp.TCPConnector(limit=256)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as self._http:
            try:
                yield self
            finally:
                self.texts.wake()
                await self.voice.end()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Return when no report is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def take_by_whatsapp(self, form: Mapping[str, str]) -> Text:
        """Take a message to WhatsApp, which may refuse it later."""
        found = whatsapp.content(form)
        failure = whatsapp.failure(found, form["To"], self.texts, self.faults)
        text = self.texts.add(
            Text(
                sid=f"SM{clock.new_id()}",
                sender=form["From"],
                receiver=form["To"],
                body=found.body,
                direction="outbound-api",
                status="queued",
                created_at=clock.now(),
                callback_url=form.get("StatusCallback", ""),
                choices=found.choices,
                is_list=found.is_list,
                fails_with=failure,
            )
        )
        self._start(self._report(text))
        return text

    def take(self, receiver: str, body: str, callback_url: str, direction: str) -> Text:
        """Take a message to a phone: it is delivered there and reported on."""
        text = self.texts.add(
            Text(
                sid=f"SM{clock.new_id()}",
                sender=self.phone_number,
                receiver=receiver,
                body=body,
                direction=direction,
                status="queued",
                created_at=clock.now(),
                callback_url=callback_url,
            )
        )
        self._start(self._report(text))
        return text

    async def receive(
        self,
        phone: str,
        body: str,
        *,
        pictures: int = 0,
        more: Sequence[tuple[str, str]] = (),
    ) -> Exchange:
        """Let `phone` write: the message goes to the gateway, whose answer goes back to the phone.

        `more` are the fields that tell what else was done, by WhatsApp.
        """
        by_whatsapp = phone.startswith(whatsapp.PREFIX)
        text = self.texts.add(
            Text(
                sid=f"SM{clock.new_id()}",
                sender=phone,
                receiver=whatsapp.PREFIX + whatsapp.NUMBER if by_whatsapp else self.phone_number,
                body=body,
                direction="inbound",
                status="received",
                created_at=clock.now(),
                pictures=pictures,
            )
        )
        text.fields = tuple(whatsapp.fields(text, more) if by_whatsapp else more)
        if not by_whatsapp:
            self._heed_keyword(phone, body)
        self._webhooks += 1
        if strikes(self.faults.delay_every, self._webhooks):
            await asyncio.sleep(self.faults.delay_seconds)
        if strikes(self.faults.repeat_every, self._webhooks):
            await self._post(*self._webhook(text))
        return await self.post(text)

    async def post(self, text: Text) -> Exchange:
        """Post a phone's message to the gateway, be it for the first time or again under the same id."""
        status, body = await self._post(*self._webhook(text))
        taken = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        replies = twiml_messages(body) if taken else []
        self.texts.change(text, *(("received", None) if taken else ("failed", UNANSWERED)))
        for words, callback_url in replies:
            if text.sender not in self.stopped:
                url = urljoin(self.public_url + MESSAGE_PATH, callback_url) if callback_url else ""
                self.take(text.sender, words, url, "outbound-reply")
        return Exchange(text.sid, status, tuple(words for words, _ in replies))

    def _heed_keyword(self, phone: str, body: str) -> None:
        word = body.strip().upper()
        if word in STOP:
            self.take(phone, STOPPED_TEXT, "", "outbound-reply")
            self.stopped.add(phone)
        elif word in START and phone in self.stopped:
            self.stopped.discard(phone)
            self.take(phone, STARTED_TEXT, "", "outbound-reply")

    async def _report(self, text: Text) -> None:
        """Move a message on step by step, and post a report of each step."""
        gone = UNREACHABLE if text.receiver in self.faults.unreachable else None
        failure = text.fails_with or gone
        last = "delivered" if failure is None else "undelivered"
        steps = ["queued", "sent", last]
        self._reports += 1
        if strikes(self.faults.shuffle_every, self._reports):
            steps = ["queued", last, "sent"]
        for status in steps:
            await asyncio.sleep(self._status_seconds)
            code = failure if status == "undelivered" else None
            if status != "sent" or text.status != last:
                self.texts.change(text, status, code)
            if text.callback_url:
                form = report_form(text, self.sid, status, code)
                await self._post(text.callback_url, form)

    def _webhook(self, text: Text) -> tuple[str, list[tuple[str, str]]]:
        form = [*message_form(text, self.sid), *text.fields]
        if text.pictures and self.api_url:
            media = f"{self.api_url}/{API_VERSION}/Accounts/{self.sid}/Messages/{text.sid}/Media"
            for place in range(text.pictures):
                form += [(f"MediaUrl{place}", f"{media}/ME{place}")]
                form += [(f"MediaContentType{place}", "image/png")]
        return self.public_url + MESSAGE_PATH, form

    async def _post(self, url: str, form: Sequence[tuple[str, str]]) -> tuple[int, str]:
        """Sign and post; (0, "") when nobody answered however often it was tried."""
        if self._http is None:
            raise RuntimeError("the stand-in is not running")
        headers = {
            "Content-Type": FORM,
            "X-Twilio-Signature": signature(self.auth_token, url, form),
            "User-Agent": "TwilioProxy/1.1",
        }
        body = urlencode(form).encode()
        status, answer = 0, ""
        for attempt in range(self._webhook_attempts):
            await asyncio.sleep(self._retry_seconds * attempt)
            try:
                async with self._http.post(url, data=body, headers=headers) as response:
                    status, answer = response.status, await response.text()
            except (aiohttp.ClientError, TimeoutError):
                continue
            if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
        return status, answer

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def twiml_messages(body: str) -> list[tuple[str, str]]:
    """The texts and status URLs of a TwiML answer; a document that cannot be read sends nothing, as at Twilio."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - our own gateway's answer
    except ElementTree.ParseError:
        return []
    found = []
    for message in root.iter("Message"):
        words = message.findtext("Body") or message.text or ""
        found.append((words, message.get("action") or message.get("statusCallback") or ""))
    return found


def message_form(text: Text, account_sid: str) -> list[tuple[str, str]]:
    """The fields of https://www.twilio.com/docs/messaging/guides/webhook-request, in Twilio's order."""
    places = [(f"{end}{part}", "") for end in ("To", "From") for part in ("City", "State", "Zip")]
    return [
        ("ToCountry", "US"),
        ("FromCountry", "CN"),
        *places,
        ("SmsMessageSid", text.sid),
        ("SmsSid", text.sid),
        ("MessageSid", text.sid),
        ("SmsStatus", "received"),
        ("NumMedia", str(text.pictures)),
        ("NumSegments", str(measure(text.body).segments)),
        ("Body", text.body),
        ("To", text.receiver),
        ("From", text.sender),
        ("AccountSid", account_sid),
        ("ApiVersion", API_VERSION),
    ]


def report_form(
    text: Text, account_sid: str, status: str, code: int | None
) -> list[tuple[str, str]]:
    """The fields of https://www.twilio.com/docs/messaging/guides/track-outbound-message-status."""
    form = [
        ("SmsSid", text.sid),
        ("SmsStatus", status),
        ("MessageStatus", status),
        ("To", text.receiver),
        ("MessageSid", text.sid),
        ("AccountSid", account_sid),
        ("From", text.sender),
        ("ApiVersion", API_VERSION),
    ]
    if code is not None:
        form.append(("ErrorCode", str(code)))
    if status == "delivered":
        form.append(("RawDlrDoneDate", _done_at(clock.now())))
    return form


def _done_at(moment: datetime) -> str:
    return moment.strftime("%y%m%d%H%M")
