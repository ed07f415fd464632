"""Twilio's REST API, opened when first used: its own library over one HTTP session, and a retry rule for each failure."""

import asyncio
import importlib
import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from channels.base import SendError
from channels.twilio import TwilioAccount
from channels.twilio_errors import BLOCKED, LATER_SECONDS, TEXTLESS

if TYPE_CHECKING:
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.rest import Client

API_URL = "https://api.twilio.com"
SEND_SECONDS = 8.0
UNREACHED_SECONDS = 5.0
FAULT_SECONDS = 10.0


class RefusedError(SendError):
    """Twilio says no, with a code of its own."""

    def __init__(self, status: int, code: int, later: Mapping[int, float] = LATER_SECONDS) -> None:
        unknown = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        super().__init__(
            f"Twilio {status}/{code}",
            retry_seconds=FAULT_SECONDS if unknown else later.get(code),
            blocked=code in BLOCKED,
            unknown=unknown and status != HTTPStatus.SERVICE_UNAVAILABLE,
            textless=code in TEXTLESS,
        )
        self.code = code


class TwilioRest:
    """One account's client."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._open: tuple[Client, AsyncTwilioHttpClient] | None = None
        self._opening = asyncio.Lock()

    async def opened(self) -> "Client":
        """The client, made at first use."""
        async with self._opening:
            if self._open is None:
                # The import takes most of a second: not on the event loop.
                await asyncio.to_thread(importlib.import_module, "twilio.rest")
                http = _http_client()
                self._open = _client(self._account, http), http
            return self._open[0]

    async def close(self) -> None:
        """Close the HTTP session, if there is one."""
        if self._open is not None:
            _, http = self._open
            self._open = None
            await http.close()


@contextmanager
def retry_rules(later: Mapping[int, float] = LATER_SECONDS) -> Iterator[None]:
    """Turn what can go wrong on the way to Twilio into errors that say when to try again."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise RefusedError(error.status, error.code or 0, later) from error
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
