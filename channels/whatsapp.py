"""WhatsApp through Twilio: buttons and lists by content templates where they are set, numbered text where not.

Who has not written for a day can only be sent a template that WhatsApp has approved
(https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-customer-service-window); without one, or where the
resident is not on WhatsApp any more, the outbox takes another channel.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from channels.base import Abilities, Channel, Parcel, SendError, Sent
from channels.length import cut
from channels.phone import mask, normalise, prefix
from channels.twilio import TwilioAccount
from channels.twilio_errors import TEMPLATE_FAULTS
from channels.twilio_inbound import PREFIX, WHATSAPP, pressed, webhook
from channels.twilio_media import TwilioMedia
from channels.twilio_messages import TwilioMessages
from channels.twilio_rest import RefusedError
from dialogs.said import Choice, Reply
from dialogs.words import Language

NAME = WHATSAPP
WINDOW = timedelta(hours=24)
ALMOST = timedelta(minutes=1)  # our clock is not WhatsApp's
BURST_SECONDS = 0.8
MOST_UNITS = 1600
MOST_BESIDE_BUTTONS = 1024
MOST_IN_NOTICE = 900  # of the 1,024 that a template with its own words may have
# https://www.twilio.com/docs/content/twilio-quick-reply and /twiliolist-picker
MOST_BUTTONS, MOST_LINES = 3, 10
LONGEST_BUTTON, LONGEST_LINE, LONGEST_ID = 20, 24, 200


@dataclass(frozen=True, slots=True)
class Templates:
    """Content templates by `buttons1` to `buttons3`, `list2` to `list10` (a template has a fixed number of them).

    Their variables: 1 is the text, then two for each choice, its label and what it brings back. `notice` is approved by
    WhatsApp for whoever has not written for a day: 1 is the text, on one line.
    """

    choices: Mapping[str, str]
    notice: str = ""

    def of(self, reply: Reply) -> str:
        """The template that shows the choices of a reply; "" where none fits."""
        count = len(reply.choices)
        if not count or any(len(pressed(reply.prompt, c.id)) > LONGEST_ID for c in reply.choices):
            return ""
        longest = max(len(choice.label) for choice in reply.choices)
        if count <= MOST_BUTTONS and longest <= LONGEST_BUTTON:
            found = self.choices.get(f"buttons{count}")
            if found:
                return found
        return self.choices.get(f"list{count}", "") if longest <= LONGEST_LINE else ""


NO_TEMPLATES = Templates({})


def channel(
    account: TwilioAccount,
    number: str,
    region: str,
    templates: Templates = NO_TEMPLATES,
    *,
    per_second: int = 80,
) -> Channel:
    """WhatsApp from `number`; `region` says how numbers without a country code are read."""
    own = normalise(number, region) or number
    messages, media = TwilioMessages(account, own, PREFIX), TwilioMedia(account)
    return Channel(
        name=NAME,
        abilities=Abilities(
            buttons=bool(templates.choices),
            phone=True,
            opt_out=True,
            burst_seconds=BURST_SECONDS,
            per_second=per_second,
        ),
        normalise=partial(_normalise, region),
        mask=mask,
        prefix=prefix,
        render=partial(render, templates),
        webhooks=(webhook(account, region, whatsapp=True),),
        send=partial(send, messages, templates),
        find=messages.find,
        number=_itself,
        fetch=media.fetch,
        discard=media.discard,
        close=media.closing(messages.close),
    )


def render(templates: Templates, reply: Reply, _language: Language) -> tuple[str, ...]:
    """Text in parts that end where sentences do; choices are numbered below it where no template shows them."""
    text = reply.text.strip()
    if not reply.choices:
        return cut(text, MOST_UNITS)
    if templates.of(reply):
        return cut(text, MOST_BESIDE_BUTTONS)
    return cut(f"{text}\n{_numbered(reply.choices)}".strip(), MOST_UNITS)


async def send(messages: TwilioMessages, templates: Templates, parcel: Parcel) -> Sent:
    """Send one part the way that WhatsApp lets us just now; raises `SendError`."""
    if parcel.heard_at is None or parcel.now > parcel.heard_at + WINDOW - ALMOST:
        return await _send_late(messages, templates, parcel)
    template = templates.of(parcel.message.reply) if parcel.is_last else ""
    if not template:
        return await messages.send(parcel)
    try:
        return await messages.create(
            parcel, content_sid=template, content_variables=_variables(parcel)
        )
    except RefusedError as error:
        if error.code not in TEMPLATE_FAULTS:
            raise
        return await messages.create(parcel, body=_with_choices(parcel))


async def _send_late(messages: TwilioMessages, templates: Templates, parcel: Parcel) -> Sent:
    """Whoever has not written for a day gets an approved template, which takes one line without tabs."""
    text = " ".join(_with_choices(parcel, templates).split())
    if not templates.notice:
        raise SendError("the WhatsApp window is closed", retry_seconds=None)
    if len(text) > MOST_IN_NOTICE:
        raise SendError("too long for a WhatsApp template", retry_seconds=None)
    return await messages.create(
        parcel,
        content_sid=templates.notice,
        content_variables=json.dumps({"1": text}, ensure_ascii=False),
    )


def _variables(parcel: Parcel) -> str:
    reply = parcel.message.reply
    values = [parcel.text]
    for choice in reply.choices:
        values += [choice.label, pressed(reply.prompt, choice.id)]
    numbered = {str(place): value for place, value in enumerate(values, 1)}
    return json.dumps(numbered, ensure_ascii=False)


def _with_choices(parcel: Parcel, templates: Templates | None = None) -> str:
    """The part's text with its choices numbered, where a template would have shown them."""
    reply = parcel.message.reply
    shown = templates is None or templates.of(reply)
    if not (parcel.is_last and reply.choices and shown):
        return parcel.text
    return f"{parcel.text}\n{_numbered(reply.choices)}"


def _numbered(choices: Sequence[Choice]) -> str:
    return "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, 1))


def _normalise(region: str, raw: str) -> str | None:
    return normalise(raw.removeprefix(PREFIX), region)


def _itself(address: str) -> str | None:
    return address
