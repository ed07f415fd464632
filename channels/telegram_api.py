"""Telegram's Bot API through python-telegram-bot's `Bot`: send, take buttons away, fetch, and how each failure is tried again."""

import asyncio
import importlib
import logging
import warnings
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

import aiohttp

from channels.base import Fetched, SendError

if TYPE_CHECKING:
    from telegram import (
        Bot,
        InlineKeyboardMarkup,
        LinkPreviewOptions,
        ReplyKeyboardMarkup,
        ReplyKeyboardRemove,
    )
    from telegram.error import NetworkError

    Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None

K = TypeVar("K")
V = TypeVar("V")

API_URL = "https://api.telegram.org"
SEND_SECONDS = 8.0
CONNECT_SECONDS = 4.0
FETCH_SECONDS = 60.0
UNREACHED_SECONDS = 5.0
FAULT_SECONDS = 10.0
OURS_SECONDS = 300.0  # the token is wrong: ours to mend, not the resident's fault
CONNECTIONS = 32
CHUNK_BYTES = 64 * 1024
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
CHAT_SECONDS = 1.0
MOST_REMEMBERED = 10_000
# Said of a chat that never began or that is no more, with 400 and not with 403.
NOBODY: Final = ("chat not found", "user is deactivated", "peer_id_invalid")


@dataclass(frozen=True, slots=True)
class TelegramBot:
    """A bot: its token, the secret that its webhooks carry, and where the API is."""

    token: str
    secret: str
    api_url: str = API_URL


class TelegramApi:
    """One bot's connections; opened when they are first used."""

    def __init__(self, account: TelegramBot) -> None:
        self._account = account
        self._bot: Bot | None = None
        self._opening = asyncio.Lock()
        self._http: aiohttp.ClientSession | None = None
        self._free_at: OrderedDict[str, float] = OrderedDict()
        self._bare: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def send(self, chat: str, text: str, markup: "Markup") -> str:
        """Send plain text; returns the message's id. Raises `SendError`."""
        bot = await self.opened()
        await self._pace(chat)
        with retry_rules():
            sent = await bot.send_message(
                int(chat), text, reply_markup=markup, link_preview_options=_no_previews()
            )
        return str(sent.message_id)

    async def take_buttons(self, chat: str, message_id: str) -> None:
        """Take a message's buttons away, once. Raises `SendError`, also where they are gone already."""
        if (chat, message_id) in self._bare:
            return
        _remember(self._bare, (chat, message_id), None)
        bot = await self.opened()
        with retry_rules():
            await bot.edit_message_reply_markup(chat_id=int(chat), message_id=int(message_id))

    async def fetch(self, file_id: str) -> Fetched:
        """Open a file that lies at Telegram, which never redirects. Raises `SendError`."""
        bot = await self.opened()
        with retry_rules():
            file = await bot.get_file(file_id)
        try:
            response = await self._files().get(file.file_path or "", allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # The error's own words hold the address, and that the token.
            reason = f"Telegram's files: {type(error).__name__}"
            raise SendError(reason, retry_seconds=UNREACHED_SECONDS) from None
        if response.status != HTTPStatus.OK:
            response.close()
            again = None if response.status == HTTPStatus.NOT_FOUND else FAULT_SECONDS
            raise SendError(f"Telegram's files: {response.status}", retry_seconds=again)
        size = response.content_length or file.file_size or 0
        return Fetched(_chunks(response), response.content_type, size)

    async def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.close()
        if self._bot is not None:
            await self._bot.request.shutdown()
        self._http = self._bot = None

    async def opened(self) -> "Bot":
        """The bot. It is not asked who it is: that would cost a request at each start."""
        async with self._opening:
            if self._bot is None:
                # The import takes half a second: not on the event loop.
                await asyncio.to_thread(importlib.import_module, "telegram")
                self._bot = _open(self._account)
            return self._bot

    def _files(self) -> aiohttp.ClientSession:
        if self._http is None:
            limit = aiohttp.ClientTimeout(total=FETCH_SECONDS, connect=CONNECT_SECONDS)
            self._http = aiohttp.ClientSession(timeout=limit)
        return self._http

    async def _pace(self, chat: str) -> None:
        """Wait until this chat may be written to again."""
        now = asyncio.get_running_loop().time()
        at = max(self._free_at.get(chat, 0.0), now)
        _remember(self._free_at, chat, at + CHAT_SECONDS)
        if at > now:
            await asyncio.sleep(at - now)


@contextmanager
def retry_rules() -> Iterator[None]:
    """Turn what can go wrong on the way to Telegram into errors that say when to try again."""
    from telegram.error import (
        BadRequest,
        ChatMigrated,
        Forbidden,
        InvalidToken,
        NetworkError,
        RetryAfter,
        TelegramError,
    )

    try:
        yield
    except RetryAfter as error:
        # The attribute is a number or a time span, as the library's own environment variable says.
        asked = error._retry_after.total_seconds()  # noqa: SLF001 - the public one warns
        raise SendError("Telegram 429", retry_seconds=asked) from error
    except Forbidden as error:
        raise SendError(f"Telegram 403: {error}", retry_seconds=None, blocked=True) from error
    except InvalidToken as error:
        raise SendError("TELEGRAM_BOT_TOKEN is refused", retry_seconds=OURS_SECONDS) from error
    except BadRequest as error:
        raise _refusal(str(error)) from error
    except ChatMigrated as error:
        raise SendError("Telegram: a group", retry_seconds=None) from error
    except NetworkError as error:
        raise _unsure(error) from error
    except TelegramError as error:
        raise SendError(f"Telegram: {error}", retry_seconds=FAULT_SECONDS, unknown=True) from error


def _refusal(words: str) -> SendError:
    """What was wrong with it stays wrong; who is not there any more counts as having left us."""
    gone = any(sign in words.lower() for sign in NOBODY)
    return SendError(f"Telegram 400: {words}", retry_seconds=None, blocked=gone)


def _unsure(error: "NetworkError") -> SendError:
    """Without a connection nothing was sent; else it may have been taken, and Telegram cannot be asked."""
    import httpx

    unsent = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    if isinstance(error.__cause__, unsent):
        return SendError("Telegram cannot be reached", retry_seconds=UNREACHED_SECONDS)
    reason = f"Telegram: {type(error).__name__}"
    return SendError(reason, retry_seconds=FAULT_SECONDS, unknown=True)


def _open(account: TelegramBot) -> "Bot":
    from telegram import Bot
    from telegram.request import HTTPXRequest
    from telegram.warnings import PTBDeprecationWarning

    logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it tells the token
    warnings.filterwarnings("ignore", category=PTBDeprecationWarning)  # of itself, at each 429
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        read_timeout=SEND_SECONDS,
        write_timeout=SEND_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=CONNECT_SECONDS,
    )
    return Bot(
        account.token,
        base_url=f"{account.api_url}/bot",
        base_file_url=f"{account.api_url}/file/bot",
        request=request,
        get_updates_request=request,  # never used: otherwise a second pool is opened
    )


def _no_previews() -> "LinkPreviewOptions":
    from telegram import LinkPreviewOptions

    return LinkPreviewOptions(is_disabled=True)


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            yield chunk
    finally:
        response.close()


def _remember(kept: "OrderedDict[K, V]", key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MOST_REMEMBERED:
        kept.popitem(last=False)
