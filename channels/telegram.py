"""Telegram: private chats with a bot, buttons on messages, photos, voice notes, locations and one's own phone number."""

import hmac
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from channels.base import (
    Abilities,
    Answer,
    Channel,
    ForgedError,
    Heard,
    Inbound,
    MalformedError,
    Message,
    Parcel,
    Reachable,
    Sent,
    Webhook,
    Wire,
)
from channels.length import cut
from channels.telegram_api import TelegramApi, TelegramBot
from channels.telegram_keyboard import markup
from channels.telegram_update import BESIDE, PRESSED, Reading
from dialogs.said import Reply
from dialogs.words import Language

NAME = "telegram"
PATH = "/webhooks/telegram"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name
MOST_BODY_BYTES = 256 * 1024
MOST_UNITS = 4096  # of UTF-16, in one message: https://core.telegram.org/bots/api#sendmessage
BURST_SECONDS = 0.8
PER_SECOND = 30  # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
MOST_GROUPS = 1000
ALONE = (
    "我只在私聊里受理诉求：请点我的名字，单独发消息给我。\n"
    "I work in private chats only: tap my name and write to me there."
)


def channel(account: TelegramBot, region: str, *, per_second: int = PER_SECOND) -> Channel:
    """A bot; `region` says how phone numbers without a country code are read."""
    api = TelegramApi(account)
    webhook = _Webhook(account.secret.encode(), Reading(region))
    sender = _Sender(api)
    return Channel(
        name=NAME,
        abilities=Abilities(
            buttons=True, contact=True, burst_seconds=BURST_SECONDS, per_second=per_second
        ),
        normalise=normalise,
        mask=mask,
        prefix=_prefix,
        render=render,
        webhooks=(Webhook(PATH, webhook.read, webhook.answer),),
        send=sender.send,
        fetch=api.fetch,
        tidy=sender.tidy,
        close=api.close,
    )


def normalise(raw: str) -> str | None:
    """A private chat's id, which is its resident's, or None."""
    return raw if raw.isascii() and raw.isdecimal() and raw[0] != "0" else None


def mask(address: str) -> str:
    """Four digits tell one resident from another for staff, and open nothing."""
    return f"tg-****{address[-4:]}"


def render(reply: Reply, _language: Language) -> tuple[str, ...]:
    """Plain text, in parts that end where sentences do; buttons hang on the last one."""
    return cut(reply.text, MOST_UNITS)


def _prefix(_address: str) -> str:
    return NAME  # ids tell nothing of who belongs together


@dataclass(frozen=True, slots=True)
class _Webhook:
    """Reads and answers updates; remembers which groups have been told that we work alone."""

    secret: bytes
    reading: Reading
    told: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def read(self, wire: Wire, now: datetime) -> Sequence[Heard]:
        """What was said, if it is Telegram that says so."""
        given = wire.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self.secret):
            raise ForgedError("the secret is not the one that was agreed on")
        if len(wire.body) > MOST_BODY_BYTES:
            raise MalformedError(f"an update of {len(wire.body)} bytes")
        return self.reading.heard(wire.body, now)

    def answer(self, heard: Sequence[Heard], messages: Sequence[Message]) -> Answer:
        """A call of the API in the answer: https://core.telegram.org/bots/api#making-requests-when-getting-updates."""
        del messages
        call = next(filter(None, map(self._call, heard)), None)
        if call is None:
            return Answer()
        return Answer(msgspec.json.encode(call), "application/json")

    def _call(self, one: Heard) -> dict[str, str] | None:
        if isinstance(one, Inbound) and one.key.startswith(PRESSED):
            pressed = one.key.removeprefix(PRESSED)
            return {"method": "answerCallbackQuery", "callback_query_id": pressed}
        if isinstance(one, Reachable) and one.address.startswith(BESIDE):
            return self._decline(one.address.removeprefix(BESIDE))
        return None

    def _decline(self, chat: str) -> dict[str, str]:
        """Say once why not, then go: an update follows at the latest when somebody answers."""
        if chat in self.told:
            return {"method": "leaveChat", "chat_id": chat}
        self.told[chat] = None
        if len(self.told) > MOST_GROUPS:
            self.told.popitem(last=False)
        return {"method": "sendMessage", "chat_id": chat, "text": ALONE}


@dataclass(frozen=True, slots=True)
class _Sender:
    api: TelegramApi

    async def send(self, parcel: Parcel) -> Sent:
        """Send one part; raises `SendError`."""
        await self.api.opened()  # the library has to be there before its types are made
        buttons = markup(parcel.message.reply) if parcel.is_last else None
        return Sent(await self.api.send(parcel.address, parcel.text, buttons))

    async def tidy(self, inbound: Inbound) -> None:
        """Take the buttons away from the message that `mark` names: they have been used, or are out of date."""
        if inbound.mark:
            await self.api.take_buttons(inbound.address, inbound.mark)
