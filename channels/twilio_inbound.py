"""Messages that residents send through Twilio, by SMS and by WhatsApp: one webhook takes both, `From` tells which.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial

from channels.base import (
    Answer,
    Heard,
    Inbound,
    MalformedError,
    Message,
    Reference,
    RemoteMedia,
    Webhook,
    Wire,
)
from channels.phone import normalise
from channels.twilio import Form, TwilioAccount, messaging_response, read_form, read_sid
from dialogs.said import UNSEEN_PHOTO, UNSEEN_STICKER, Pin, Said

PATH = "/webhooks/twilio/sms"
SMS, WHATSAPP = "sms", "whatsapp"
PREFIX = "whatsapp:"
MOST_MEDIA = 10  # Twilio's own limit
PRESSED = re.compile(r"(\d{1,9}):(.+)", re.DOTALL)
COMMAND = "command:"
FURTHEST_NORTH, FURTHEST_EAST = 90, 180  # degrees

# What WhatsApp tells of besides messages: nobody waits for an answer to a thumb or a passing note.
_NOT_SAID = frozenset({"reaction", "system", "ephemeral"})
_CARDS = ("text/vcard", "text/x-vcard")
_UNREADABLE = frozenset({"sticker", "contacts", "order", "poll", "unsupported", "unknown"})


@lru_cache(maxsize=64)
def webhook(account: TwilioAccount, region: str, *, whatsapp: bool) -> Webhook:
    """The one webhook of an account's messages; `whatsapp`: it has a sender there, too."""
    return Webhook(
        PATH, partial(read, account, region, whatsapp=whatsapp), partial(answer, account)
    )


def pressed(prompt: int, choice: str) -> str:
    """What a button carries and brings back when it is pressed."""
    return f"{prompt}:{choice}"


def read(
    account: TwilioAccount, region: str, wire: Wire, now: datetime, *, whatsapp: bool
) -> Sequence[Inbound]:
    """A resident's message; nothing for what is not one."""
    form = read_form(account, wire)
    sender = form.get("From", "")
    by_whatsapp = sender.startswith(PREFIX)
    if by_whatsapp and not whatsapp:
        raise MalformedError("WhatsApp is not set up")
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid")
    key = read_sid(sid or "", "MessageSid")
    address = normalise(sender.removeprefix(PREFIX), region)
    line = normalise(form.get("To", "").removeprefix(PREFIX), region) or ""
    if address is None or address == line:
        raise MalformedError("a sender that cannot be answered")
    if by_whatsapp and form.get("MessageType") in _NOT_SAID:
        return ()
    media = _media(form)
    inbound = Inbound(
        WHATSAPP if by_whatsapp else SMS,
        key,
        address,
        _said_by_whatsapp(form, media) if by_whatsapp else _said_by_sms(form, media),
        now,
        inline=not by_whatsapp,
        media=media,
        name=_clean(form.get("ProfileName", "")),
        line=line,
    )
    return (inbound,)


def answer(account: TwilioAccount, heard: Sequence[Heard], messages: Sequence[Message]) -> Answer:
    """The TwiML that sends the parts of `messages`, each reporting under its reference."""
    del heard
    parts = [
        (text, account.status_url(Reference(message.conversation_id, message.seq, part)))
        for message in messages
        for part, text in enumerate(message.parts)
    ]
    return Answer(messaging_response(parts), "text/xml")


def _said_by_sms(form: Form, media: Sequence[RemoteMedia]) -> Said:
    """What was written. Where Twilio has read an opt-out word of the operator's own, its meaning is what counts."""
    text = form.get("OptOutType") or _clean(form.get("Body", ""))
    if not text and not media and _count(form):
        return Said(text=UNSEEN_PHOTO)
    return Said(text=text)


def _said_by_whatsapp(form: Form, media: Sequence[RemoteMedia]) -> Said:
    """What was written, pressed or shared."""
    payload = form.get("ButtonPayload") or form.get("ListId")
    label = _clean(form.get("ButtonText") or form.get("ListTitle") or "")
    text = _clean(form.get("Body", ""))
    if payload:
        return _pressed(payload, label or text)
    pin = _pin(form)
    if pin is not None:
        return Said(text=text or _place_name(form), pin=pin)
    if not text and not media and (form.get("MessageType") in _UNREADABLE or _count(form)):
        return Said(text=UNSEEN_STICKER)
    return Said(text=text or label)


def _pressed(payload: str, label: str) -> Said:
    """A pressed button or a picked line: one of ours, or one of a template that the operator made."""
    found = PRESSED.fullmatch(payload)
    if found is not None:
        return Said(choice=_clean(found[2]), prompt=int(found[1]))
    if payload.startswith(COMMAND):
        return Said(choice=_clean(payload))
    return Said(text=label or _clean(payload))


def _pin(form: Mapping[str, str]) -> Pin | None:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    on_earth = abs(latitude) <= FURTHEST_NORTH and abs(longitude) <= FURTHEST_EAST
    return Pin(latitude, longitude) if on_earth else None


def _place_name(form: Mapping[str, str]) -> str:
    """What stands beside the pin: a place's address and its name."""
    found = (_clean(form.get("Address", "")), _clean(form.get("Label", "")))
    return " ".join(dict.fromkeys(part for part in found if part))


def _media(form: Mapping[str, str]) -> tuple[RemoteMedia, ...]:
    """What lies at Twilio; a contact's card is nothing that a ticket could use."""
    found = (
        RemoteMedia(form[f"MediaUrl{place}"], form.get(f"MediaContentType{place}", ""))
        for place in range(min(_count(form), MOST_MEDIA))
        if form.get(f"MediaUrl{place}")
    )
    return tuple(one for one in found if one.content_type.partition(";")[0] not in _CARDS)


def _count(form: Mapping[str, str]) -> int:
    count = form.get("NumMedia", "0")
    return int(count) if count.isdecimal() and len(count) <= len(str(MOST_MEDIA)) else 0


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
