"""What residents send in a benchmark, as raw HTTP: signed SMS and phone webhooks, Telegram updates."""

import base64
import csv
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from store.catalogue.files import SHIPPED

# All over the city, as on a cold day: some find that neighbours have told it already, and join them.
STRIDE = 3571  # neighbours do not call one after another
MATTER = "{place}{n}号楼暖气不热"
SMS = (
    # two messages to a ticket, then a look at it and a message that only thanks: every 4th turn opens a ticket
    MATTER,
    "1",
    "查询",
    "谢谢",
)
PHONE: tuple[dict[str, str], ...] = (
    # a call: it begins, Chinese, the matter by speech, right by key, nothing more: every 5th turn opens a ticket
    {},
    {"Digits": "1", "FinishedOnKey": ""},
    {"SpeechResult": MATTER, "Confidence": "0.92"},
    {"Digits": "1", "FinishedOnKey": ""},
    {"SpeechResult": "没有了", "Confidence": "0.97"},
)
TELEGRAM = (
    # two messages and a number that is not left, then a look at the ticket
    MATTER,
    "1",
    "不用",
    "查询",
)


@dataclass(slots=True)
class Plan:
    """What to send. `url` is the public one that is signed."""

    port: int
    url: str
    token: str
    account: str
    number: str
    connections: int
    seconds: float
    first_phone: int
    channel: str  # sms, voice or telegram
    again: bool  # send the same requests over and over: for a server that does not look at them


@cache
def places() -> tuple[str, ...]:
    """All communities, with district and street."""
    districts = {row["code"]: row["name"] for row in _rows("districts")}
    streets = {
        row["code"]: districts[row["district_code"]] + row["name"] for row in _rows("streets")
    }
    return tuple(streets[row["street_code"]] + row["display_name"] for row in _rows("communities"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def requests(plan: Plan, lane: int) -> Iterator[bytes]:
    """Endless requests of one connection: a resident's whole conversation, then the next resident's."""
    phone = plan.first_phone + lane
    everywhere = places()
    said = _STREAMS[plan.channel]
    while True:
        place = everywhere[phone * STRIDE % len(everywhere)]
        yield from said(plan, phone, MATTER.format(place=place, n=phone % 90 + 1))
        phone += plan.connections


def _texts(plan: Plan, phone: int, matter: str) -> Iterator[bytes]:
    for index, text in enumerate(SMS):
        sid = _sid("SM", plan, phone, index)
        form = {
            "ToCountry": "CN",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": matter if text is MATTER else text,
            "To": plan.number,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": plan.account,
            "From": f"+86138{phone:08d}",
            "ApiVersion": "2010-04-01",
        }
        yield _signed(plan, "/webhooks/twilio/sms", form)


def _call(plan: Plan, phone: int, matter: str) -> Iterator[bytes]:
    sid = _sid("CA", plan, phone, 0)
    for step, answer in enumerate(PHONE):
        form = {
            "AccountSid": plan.account,
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "CallStatus": "in-progress" if step else "ringing",
            "Called": plan.number,
            "Caller": f"+86139{phone:08d}",
            "Direction": "inbound",
            "From": f"+86139{phone:08d}",
            "To": plan.number,
            **{name: matter if value is MATTER else value for name, value in answer.items()},
        }
        query = f"?step={step}" if step else ""
        yield _signed(plan, "/webhooks/twilio/voice" + query, form)


def _chat(plan: Plan, phone: int, matter: str) -> Iterator[bytes]:
    person = {"id": phone, "is_bot": False, "first_name": "市民", "language_code": "zh-hans"}
    for index, text in enumerate(TELEGRAM):
        message = {
            "message_id": index + 1,
            "from": person,
            "chat": {"id": phone, "type": "private", "first_name": "市民"},
            "date": 1_795_400_000 + index,
            "text": matter if text is MATTER else text,
        }
        update = {"update_id": phone * len(TELEGRAM) + index, "message": message}
        head = (
            f"X-Telegram-Bot-Api-Secret-Token: {plan.token}\r\nContent-Type: application/json\r\n"
        )
        yield _posted("/webhooks/telegram", head, json.dumps(update).encode())


_STREAMS: dict[str, Callable[[Plan, int, str], Iterator[bytes]]] = {
    "sms": _texts,
    "voice": _call,
    "telegram": _chat,
}


def _sid(kind: str, plan: Plan, phone: int, index: int) -> str:
    return kind + hashlib.md5(f"{phone}-{index}-{plan.first_phone}".encode()).hexdigest()  # noqa: S324


def _signed(plan: Plan, path: str, form: dict[str, str]) -> bytes:
    signed = plan.url + path + "".join(f"{k}{form[k]}" for k in sorted(form))
    digest = hmac.digest(plan.token.encode(), signed.encode(), "sha1")
    head = (
        f"X-Twilio-Signature: {base64.b64encode(digest).decode()}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
    )
    return _posted(path, head, urlencode(form).encode())


def _posted(path: str, head: str, body: bytes) -> bytes:
    start = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return start.encode() + body
