"""What Telegram has to be told once of the bot: where updates go, which commands there are, what it is for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from channels.base import SendError
from channels.telegram import PATH
from channels.telegram_api import TelegramApi, TelegramBot, retry_rules
from channels.telegram_update import ALLOWED
from dialogs.words import Language
from gateway.config import Settings

if TYPE_CHECKING:
    from telegram import Bot, BotCommand, WebhookInfo

# Updates that Telegram posts at the same time; more only wait for each other here.
MOST_CONNECTIONS = 40
WAIT_SECONDS = 20.0

COMMANDS: Final = {
    Language.CHINESE: {
        "new": "反映问题",
        "status": "查进度",
        "human": "找人工",
        "language": "语言 Language",
        "help": "能做什么",
    },
    Language.ENGLISH: {
        "new": "Report something",
        "status": "See progress",
        "human": "Talk to a person",
        "language": "语言 Language",
        "help": "What I can do",
    },
}
DESCRIPTIONS: Final = {
    Language.CHINESE: (
        "12345热线：有事在这里说，一句话讲清哪里、什么事就行，可以发照片、语音和位置。"
        "马上给您工单编号，办理进展和结果都在这里告诉您。紧急情况请直接拨110、119、120。"
    ),
    Language.ENGLISH: (
        "The 12345 city hotline: say in one sentence where it is and what happened; photos, voice notes and "
        "locations are welcome. You get a ticket number at once and hear of everything here. "
        "In an emergency call 110, 119 or 120."
    ),
}
_CODES = {Language.CHINESE: "zh", Language.ENGLISH: "en"}  # ISO 639-1, as the API wants them


class TelegramSetupError(Exception):
    """Telegram refuses, or is not set up here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Registered:
    """How the bot stands at Telegram. `error` is what came of the last update that was not taken."""

    username: str
    url: str
    pending: int
    error: str
    allowed: tuple[str, ...]
    commands: tuple[str, ...]

    def faults(self, settings: Settings) -> list[str]:
        """What keeps residents from being heard here."""
        found = []
        if self.url != webhook_url(settings):
            found.append(f"updates go to {self.url or 'nobody'}")
        elif not set(ALLOWED) <= set(self.allowed or ALLOWED):
            found.append("not all updates are asked for")
        if set(self.commands) != set(COMMANDS[settings.languages[0]]):
            found.append("the menu of commands is not ours")
        return found


def webhook_url(settings: Settings) -> str:
    """Where Telegram posts updates."""
    return settings.public_url + PATH


async def register(settings: Settings) -> str:
    """Tell Telegram all that it has to know; returns the bot's name. What waits there is kept and comes.

    Raises `TelegramSetupError`.
    """
    async with _bot(settings) as bot:
        await bot.set_webhook(
            webhook_url(settings),
            secret_token=settings.telegram_webhook_secret,
            allowed_updates=list(ALLOWED),
            max_connections=MOST_CONNECTIONS,
            drop_pending_updates=False,
        )
        first = settings.languages[0]
        for code, language in [(None, first), *((_CODES[one], one) for one in settings.languages)]:
            await bot.set_my_commands(_menu(language), language_code=code)
            await bot.set_my_description(DESCRIPTIONS[language], language_code=code)
        return str((await bot.get_me()).username)


async def inspect(settings: Settings) -> Registered:
    """How the bot stands at Telegram. Raises `TelegramSetupError`."""
    async with _bot(settings) as bot:
        me = await bot.get_me()
        hook = await bot.get_webhook_info()
        commands = await bot.get_my_commands()
        return Registered(
            str(me.username),
            hook.url,
            hook.pending_update_count,
            _last_error(hook),
            tuple(hook.allowed_updates or ()),
            tuple(one.command for one in commands),
        )


def _last_error(hook: "WebhookInfo") -> str:
    if not hook.last_error_message:
        return ""
    at = f" ({hook.last_error_date:%Y-%m-%d %H:%M} UTC)" if hook.last_error_date else ""
    return hook.last_error_message + at


def _menu(language: Language) -> "list[BotCommand]":
    from telegram import BotCommand  # noqa: PLC0415 - it takes half a second

    return [BotCommand(name, words) for name, words in COMMANDS[language].items()]


@asynccontextmanager
async def _bot(settings: Settings) -> "AsyncIterator[Bot]":
    if not settings.telegram_bot_token or not settings.telegram_webhook_secret:
        raise TelegramSetupError("TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET are not set")
    account = TelegramBot(
        settings.telegram_bot_token, settings.telegram_webhook_secret, settings.telegram_api_url
    )
    api = TelegramApi(account)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            bot = await api.opened()
            with retry_rules():
                yield bot
    except SendError as error:
        raise TelegramSetupError(error.reason) from error
    except TimeoutError as error:
        raise TelegramSetupError("Telegram does not answer") from error
    finally:
        await api.close()
