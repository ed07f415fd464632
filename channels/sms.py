"""SMS through Twilio: short, without buttons, and every part of it costs."""

from collections.abc import Sequence
from functools import partial

from channels.base import (
    Abilities,
    Channel,
)
from channels.length import split
from channels.phone import mask, normalise, prefix
from channels.twilio import (
    TwilioAccount,
)
from channels.twilio_inbound import SMS, webhook
from channels.twilio_media import TwilioMedia
from channels.twilio_messages import TwilioMessages
from channels.twilio_status import status_webhook
from dialogs.said import Choice, Reply
from dialogs.words import Language

NAME = SMS
# 【】 would make an English message three times as dear: it is outside the GSM alphabet.
SIGNATURES = {Language.CHINESE: "【12345】", Language.ENGLISH: "[12345] "}
PICK = {Language.CHINESE: "回复：", Language.ENGLISH: "Reply: "}
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "\u00a0": " ",
    }
)
MOST_SEGMENTS = 5  # of one part
ONE_LINE = 28  # characters of choices that still read well beside each other


def channel(
    account: TwilioAccount,
    phone_number: str,
    region: str,
    *,
    per_second: int = 100,
    whatsapp: bool = False,
) -> Channel:
    """SMS from `phone_number`; `region` says how numbers without a country code are read.

    `whatsapp`: the account has a sender there, whose messages come to the same path.
    """
    own = normalise(phone_number, region) or phone_number
    messages, media = TwilioMessages(account, own), TwilioMedia(account)
    return Channel(
        name=NAME,
        abilities=Abilities(
            brief=True, inline=True, phone=True, opt_out=True, per_second=per_second
        ),
        normalise=partial(normalise, region=region),
        mask=mask,
        prefix=prefix,
        render=render,
        webhooks=(
            webhook(account, region, whatsapp=whatsapp),
            status_webhook(account, region),
        ),
        send=messages.send,
        find=messages.find,
        number=_itself,
        fetch=media.fetch,
        discard=media.discard,
        close=media.closing(messages.close),
    )


def _itself(address: str) -> str:
    return address


def render(reply: Reply, language: Language) -> tuple[str, ...]:
    """The signed text, with choices as numbered words, in parts of up to five segments."""
    text = plain(reply.text.strip()) if language is Language.ENGLISH else reply.text.strip()
    if not text.startswith(tuple(s.strip() for s in SIGNATURES.values())):
        text = SIGNATURES[language] + text
    if reply.choices:
        choices = _numbered(reply.choices, language)
        text = f"{text}\n{plain(choices) if language is Language.ENGLISH else choices}"
    return split(text, MOST_SEGMENTS)


def plain(text: str) -> str:
    """Write typographic signs as the GSM alphabet has them: one of them makes a whole message more than twice as dear."""
    return text.translate(_PLAIN)


def _numbered(choices: Sequence[Choice], language: Language) -> str:
    words = [f"{number} {choice.label}" for number, choice in enumerate(choices, 1)]
    line = PICK[language] + " ".join(words)
    return line if len(line) <= ONE_LINE else "\n".join(words)
