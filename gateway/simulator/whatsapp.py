"""WhatsApp at the stand-in: its window of a day, its templates with buttons and lists, and what phones post from there."""

import json
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gateway import clock
from gateway.simulator.faults import Faults
from gateway.simulator.texts import Text, Texts

PREFIX = "whatsapp:"
NUMBER = "+14155238886"  # Twilio's own sandbox
WINDOW = timedelta(hours=24)
E164 = re.compile(r"whatsapp:\+[1-9]\d{6,14}")
MOST_CHARACTERS = 1600
LONGEST_BUTTON, LONGEST_LINE, LONGEST_BODY = 20, 24, 1024
NOTICE = "12345市民热线：{1} 回复本消息可以继续。"
# What `jiesu dev` has in place of an account's own: a template has a fixed number of choices.
BUTTONS = {f"buttons{count}": f"HX{'b' * 31}{count}" for count in (1, 2, 3)}
LISTS = {f"list{count}": f"HX{'c' * 30}{count:02d}" for count in range(2, 11)}
NOTICE_TEMPLATE = f"HX{'d' * 32}"
_COUNTS = {sid: int(re.sub(r"\D", "", name)) for name, sid in (BUTTONS | LISTS).items()}

OUTSIDE_WINDOW, NOT_THERE, REFUSED_CONTENT = 63016, 63024, 63005
Refusal = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows: its text, and what can be pressed (label, payload)."""

    body: str
    choices: tuple[tuple[str, str], ...] = ()
    is_list: bool = False
    approved: bool = False
    fault: int | None = None  # the code that WhatsApp itself refuses it with


def refusal(form: Mapping[str, str]) -> Refusal | None:
    """The first of Twilio's rules that a message to WhatsApp breaks, as its code and words."""
    template, body = form.get("ContentSid", ""), form.get("Body", "")
    rules = (
        (not E164.fullmatch(form.get("To", "")), 21211, "Invalid 'To' Phone Number"),
        (form.get("From") != PREFIX + NUMBER, 63007, "Twilio could not find a Channel"),
        (not body and not template, 21619, "A text message body or media urls must be specified"),
        (len(body) > MOST_CHARACTERS, 21617, "The body exceeds the 1600 character limit"),
        (bool(template) and not _known(template), 21655, "The ContentSid is Invalid"),
        (bool(template) and _variables(form) is None, 21656, "The ContentVariables are invalid"),
    )
    return next(((code, words) for broken, code, words in rules if broken), None)


def content(form: Mapping[str, str]) -> Content:
    """What is shown on the phone; a form that no rule refuses."""
    template = form.get("ContentSid", "")
    if not template:
        return Content(form["Body"])
    values = _variables(form) or {}
    if template == NOTICE_TEMPLATE:
        text = values.get("1", "")
        fault = REFUSED_CONTENT if re.search(r"[\n\t]| {4}", text) or not text else None
        return Content(NOTICE.replace("{1}", text), approved=True, fault=fault)
    count = _COUNTS[template]
    choices = tuple(
        (values.get(str(2 * place), ""), values.get(str(2 * place + 1), ""))
        for place in range(1, count + 1)
    )
    is_list = template in LISTS.values()
    longest = LONGEST_LINE if is_list else LONGEST_BUTTON
    labels = [label for label, _ in choices]
    wrong = not all(0 < len(label) <= longest for label in labels) or len(set(labels)) < count
    fault = REFUSED_CONTENT if wrong or len(values["1"]) > LONGEST_BODY else None
    return Content(values["1"], choices, is_list, fault=fault)


def failure(found: Content, phone: str, texts: Texts, faults: Faults) -> int | None:
    """The code that a message which Twilio took fails with at WhatsApp, None when it arrives."""
    if phone in faults.unreachable:
        return NOT_THERE
    if found.fault is not None:
        return found.fault
    return None if found.approved or is_open(phone, texts, faults) else OUTSIDE_WINDOW


def is_open(phone: str, texts: Texts, faults: Faults) -> bool:
    """Whether this phone has written within a day."""
    written = next((one for one in texts.matching(sender=phone)), None)
    if written is None or phone in faults.window_closed:
        return False
    return clock.now() - written.created_at < WINDOW


def fields(text: Text, more: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What comes besides the fields of an SMS."""
    return [
        ("ProfileName", f"市民{text.sender[-4:]}"),
        ("WaId", text.sender.removeprefix(f"{PREFIX}+")),
        ("ReferralNumMedia", "0"),
        ("ChannelMetadata", '{"type":"whatsapp","data":{"context":{}}}'),
        *more,
    ]


def pressed(payload: str, label: str, *, is_list: bool) -> list[tuple[str, str]]:
    """The fields of a pressed button, or a picked line of a list."""
    if is_list:
        return [("MessageType", "interactive"), ("ListId", payload), ("ListTitle", label)]
    return [("MessageType", "button"), ("ButtonPayload", payload), ("ButtonText", label)]


def picture() -> bytes:
    """A small PNG: bands of colour."""
    size = 64
    row = b"\x00" + b"".join(bytes((40 + 3 * x, 120, 200)) for x in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * size)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _known(template: str) -> bool:
    return template in _COUNTS or template == NOTICE_TEMPLATE


def _variables(form: Mapping[str, str]) -> dict[str, str] | None:
    try:
        values = json.loads(form.get("ContentVariables", "{}"))
    except ValueError:
        return None
    sound = isinstance(values, dict) and all(isinstance(v, str) and v for v in values.values())
    return values if sound and "1" in values else None
