"""What Twilio reports later: how far a message or a notice by phone has come, how a call ended, that it was recorded.

One and the same webhook serves all channels of an account.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from channels.base import (
    Answer,
    CallEvent,
    CallSign,
    DeliveryReport,
    Heard,
    Inbound,
    MalformedError,
    Message,
    Reference,
    Webhook,
    Wire,
)
from channels.callers import VOICE, on_call
from channels.twilio import (
    DELIVERIES,
    STATUS_PATH,
    Form,
    TwilioAccount,
    read_count,
    read_form,
    read_sid,
)
from channels.twilio_errors import BLOCKED, REPORTED_LATER_SECONDS, TEXTLESS
from dialogs.said import Said
from dialogs.words import Delivery, Moment

MACHINE_DEAF = "fax"
# https://www.twilio.com/docs/voice/api/call-resource#call-status-values
CALLS: Final = {
    "completed": Delivery.DELIVERED,
    **dict.fromkeys(("busy", "no-answer", "failed", "canceled"), Delivery.FAILED),
}
# Nobody there just now; `failed` is a number that does not exist.
RING_AGAIN_SECONDS: Final = {"busy": 300.0, "no-answer": 1800.0}


@lru_cache(maxsize=64)
def status_webhook(account: TwilioAccount, region: str) -> Webhook:
    """The one webhook of an account's reports."""
    return Webhook(STATUS_PATH, partial(read_status, account, region), answer_status)


def read_status(account: TwilioAccount, region: str, wire: Wire, now: datetime) -> Sequence[Heard]:
    """What is reported; nothing where it is not of ours or the word for it is new."""
    form = read_form(account, wire)
    query = dict(parse_qsl(urlsplit(wire.url).query))
    if "RecordingSid" in form:
        return _recording(form, query, now)
    if "CallStatus" in form:
        return _call(form, query, region, now)
    return _message(form, query.get("ref", ""))


def answer_status(heard: Sequence[Heard], messages: Sequence[Message]) -> Answer:
    """Nothing is said to a report."""
    del heard, messages
    return Answer(status=204)


def _message(form: Form, reference: str) -> Sequence[DeliveryReport]:
    """How far a part of a message has come."""
    status = form.get("MessageStatus") or form.get("SmsStatus", "")
    delivery = DELIVERIES.get(status.lower())
    if not reference or delivery is None:
        return ()
    failed = delivery is Delivery.FAILED
    error = (form.get("ErrorCode") or status) if failed else ""
    code = read_count(error)
    return (
        DeliveryReport(
            Reference.parse(reference),
            delivery,
            provider_id=form.get("MessageSid") or form.get("SmsSid", ""),
            error=error,
            blocked=code in BLOCKED,
            retry_seconds=REPORTED_LATER_SECONDS.get(code),
            textless=code in TEXTLESS,
        ),
    )


def _call(form: Form, query: Mapping[str, str], region: str, now: datetime) -> Sequence[Heard]:
    """How a call ended. Of a notice by phone that is its delivery; what was talked about then ends, too."""
    status = form["CallStatus"]
    if status not in CALLS:
        return ()
    ended = _ended(form, query, region, now)
    if "order" in query:
        return (ended,)
    address, line = on_call(form, region)
    over = Inbound(
        VOICE,
        f"{ended.call}-ended",
        address,
        Said(moment=Moment.ENDED),
        now,
        line=line,
    )
    if "ref" not in query:
        return (over, ended)
    report = _told(Reference.parse(query["ref"]), form)
    return (report, over, ended) if report.delivery is Delivery.DELIVERED else (report, ended)


def _told(reference: Reference, form: Form) -> DeliveryReport:
    status, call = form["CallStatus"], form.get("CallSid", "")
    if form.get("AnsweredBy") == MACHINE_DEAF:
        return DeliveryReport(reference, Delivery.FAILED, call, MACHINE_DEAF)
    delivery = CALLS[status]
    if delivery is Delivery.DELIVERED:
        return DeliveryReport(reference, delivery, call)
    error = form.get("ErrorCode") or status
    later = RING_AGAIN_SECONDS.get(status)
    return DeliveryReport(reference, delivery, call, error, retry_seconds=later)


def _ended(form: Form, query: Mapping[str, str], region: str, now: datetime) -> CallEvent:
    call = _call_id(form)
    return CallEvent(
        VOICE,
        call,
        f"{call}-ended",
        CallSign.ENDED,
        now,
        address=on_call(form, region)[0],
        order=_number(query.get("order", "0")),
        outcome=form["CallStatus"],
        seconds=read_count(form.get("CallDuration", "")),
    )


def _recording(form: Form, query: Mapping[str, str], now: datetime) -> Sequence[CallEvent]:
    """A recording can be fetched. https://www.twilio.com/docs/voice/twiml/recording#recordingstatuscallback"""
    url = form.get("RecordingUrl", "")
    if form.get("RecordingStatus", "completed") != "completed" or not url:
        return ()
    event = CallEvent(
        VOICE,
        _call_id(form),
        form["RecordingSid"],
        CallSign.RECORDED,
        now,
        url=url,
        seconds=read_count(form.get("RecordingDuration", "")),
        purpose="message" if query.get("purpose") == "message" else "talk",
    )
    return (event,)


def _call_id(form: Form) -> str:
    return read_sid(form.get("CallSid", ""), "CallSid")


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:  # noqa: PLR2004
        raise MalformedError("not a number of ours")
    return int(digits)
