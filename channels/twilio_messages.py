"""Twilio's REST API for messages: send one, find one, and the retry rule for each way of failing."""

import asyncio
import importlib
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from operator import eq
from typing import TYPE_CHECKING

import aiohttp
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from channels.base import Parcel, SendError, Sent
from channels.twilio import DELIVERIES, TwilioAccount
from channels.twilio_errors import BLOCKED, LATER_SECONDS, TEXTLESS
from dialogs.words import Delivery

if TYPE_CHECKING:
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

API_URL = "https://api.twilio.com"
SEND_SECONDS = 8.0
UNREACHED_SECONDS = 5.0
FAULT_SECONDS = 10.0
MOST_LISTED = 50


class RefusedError(SendError):
    """Twilio says no, with a code of its own."""

    def __init__(self, status: int, code: int) -> None:
        unknown = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        super().__init__(
            f"Twilio {status}/{code}",
            retry_seconds=FAULT_SECONDS if unknown else LATER_SECONDS.get(code),
            blocked=code in BLOCKED,
            unknown=unknown and status != HTTPStatus.SERVICE_UNAVAILABLE,
            textless=code in TEXTLESS,
        )
        self.code = code


class TwilioMessages:
    """Sends messages from one number by REST, and finds those that were sent.

    `prefix` stands before both numbers where it is not SMS: `whatsapp:`.
    """

    def __init__(self, account: TwilioAccount, sender: str, prefix: str = "") -> None:
        self._account = account
        self._sender = prefix + sender
        self._prefix = prefix
        self._open: tuple[Client, AsyncTwilioHttpClient] | None = None
        self._opening = asyncio.Lock()

    async def send(self, parcel: Parcel) -> Sent:
        """Send one part as text; raises `SendError`."""
        return await self.create(parcel, body=parcel.text)

    async def create(self, parcel: Parcel, **content: str) -> Sent:
        """Send one part with this content: `body`, or `content_sid` with `content_variables`; raises `SendError`."""
        client = await self._opened()
        with _retry_rules():
            async with asyncio.timeout(SEND_SECONDS):
                message = await client.messages.create_async(
                    to=self._prefix + parcel.address,
                    from_=self._sender,
                    status_callback=self._account.status_url(parcel.reference),
                    **content,
                )
        return _sent(message)

    async def find(self, address: str, text: str, since: datetime) -> Sent | None:
        """The newest message to `address` with this text, made at `since` or later; raises `SendError`.

        Twilio's own filter is by the date of sending, which a queued message has not got yet.
        """
        client = await self._opened()
        with _retry_rules():
            async with asyncio.timeout(SEND_SECONDS):
                listed = await client.messages.list_async(
                    to=self._prefix + address,
                    from_=self._sender,
                    limit=MOST_LISTED,
                    page_size=MOST_LISTED,
                )
        whole_second = since.replace(microsecond=0)
        wanted = _in_template(text) if self._prefix else partial(eq, text)
        ours = (m for m in listed if wanted(m.body) and _is_ours(m, whole_second))
        return next(map(_sent, ours), None)

    async def close(self) -> None:
        """Close the HTTP session, if there is one."""
        if self._open is not None:
            _, http = self._open
            self._open = None
            await http.close()

    async def _opened(self) -> "Client":
        async with self._opening:
            if self._open is None:
                # The import takes most of a second: not on the event loop.
                await asyncio.to_thread(importlib.import_module, "twilio.rest")
                http = _http_client()
                self._open = _client(self._account, http), http
            return self._open[0]


@contextmanager
def _retry_rules() -> Iterator[None]:
    """Turn what can go wrong on the way to Twilio into errors that say when to try again."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise RefusedError(error.status, error.code or 0) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise SendError("Twilio cannot be reached", retry_seconds=UNREACHED_SECONDS) from error
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        reason = "no answer from Twilio"
        raise SendError(reason, retry_seconds=FAULT_SECONDS, unknown=True) from error


def _http_client() -> "AsyncTwilioHttpClient":
    from twilio.http.async_http_client import AsyncTwilioHttpClient

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_heed_retry_after)
    quiet = logging.getLogger("twilio.async_http_client")
    quiet.setLevel(logging.WARNING)  # below that it tells residents' numbers
    return AsyncTwilioHttpClient(trace_configs=[trace], logger=quiet)


async def _heed_retry_after(
    _: aiohttp.ClientSession, __: object, end: aiohttp.TraceRequestEndParams
) -> None:
    """A request to slow down is met here: the library's errors carry no headers."""
    if end.response.status == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = _seconds(end.response.headers.get("Retry-After", ""))
        end.response.close()
        raise SendError("Twilio 429", retry_seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Basic:
    """Signs requests in; left to itself, the library uses a class of aiohttp that is on its way out."""

    header: str

    @classmethod
    def of(cls, account: TwilioAccount) -> "_Basic":
        credentials = f"{account.sid}:{account.auth_token}".encode()
        return cls(f"Basic {b64encode(credentials).decode()}")

    def to_auth_strategy(self) -> "_Basic":
        return self

    def get_auth_string(self) -> str:
        return self.header


def _client(account: TwilioAccount, http: "AsyncTwilioHttpClient") -> "Client":
    from twilio.rest import Client

    client = Client(
        account_sid=account.sid,
        credential_provider=_Basic.of(account),
        http_client=http,
        environment={"TWILIO_REGION": ""},  # our settings alone, not what the library finds there
    )
    client.api.base_url = account.api_url or API_URL
    return client


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdecimal() else LATER_SECONDS[20429]


def _sent(message: "MessageInstance") -> Sent:
    return Sent(str(message.sid), DELIVERIES.get(str(message.status), Delivery.SENT))


def _in_template(text: str) -> Callable[[str | None], bool]:
    """A template has words of its own around the text, and takes it on one line."""
    line = " ".join(text.split())
    return lambda body: line in " ".join((body or "").split())


def _is_ours(message: "MessageInstance", since: datetime) -> bool:
    return (
        str(message.direction).startswith("outbound")
        and message.date_created is not None
        and message.date_created >= since
    )
