"""Files that lie at Twilio: photos of messages and recordings of calls, opened once and, if wished, deleted there.

Asked for at the API's own address alone, signed in; from there Twilio leads on to its stores, which are told no secret:
`mms.twiliocdn.com`, `media.twiliocdn.com` and, for accounts without protected media, one bucket of Amazon's
(https://support.twilio.com/hc/en-us/articles/223183748). Nothing else is followed, and no private address is spoken to
but the API's own, which may be a stand-in on this machine.
"""

import asyncio
import ipaddress
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from channels.base import Fetched, SendError
from channels.twilio import TwilioAccount

API_URL = "https://api.twilio.com"
STORES: Final = {
    "mms.twiliocdn.com": "/",
    "media.twiliocdn.com": "/",
    "s3-external-1.amazonaws.com": "/media.twiliocdn.com/",
}
HOPS = 3
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
CHUNK_BYTES = 64 * 1024
UNREACHED_SECONDS = 5.0
FAULT_SECONDS = 30.0
# A recording is told of before it can be had everywhere: not found may mean not yet.
NOT_YET_SECONDS = 10.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})

Origin = tuple[str, str, int]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TwilioMedia:
    """Opens and deletes the files of one account."""

    def __init__(self, account: TwilioAccount) -> None:
        self._own = origin(account.api_url or API_URL)
        credentials = f"{account.sid}:{account.auth_token}".encode()
        self._signed_in = {"Authorization": f"Basic {b64encode(credentials).decode()}"}
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, source: str) -> Fetched:
        """Open a file; raises `SendError`, which waits only where another try may help."""
        response = await self._opened(_as_sound(source))
        return Fetched(
            _chunks(response),
            response.headers.get("Content-Type", ""),
            response.content_length or 0,
        )

    async def discard(self, source: str) -> None:
        """Have Twilio delete its copy; raises `SendError`."""
        if origin(source) != self._own:
            raise SendError("elsewhere", retry_seconds=None)
        try:
            async with self._client().delete(
                source, headers=self._signed_in, allow_redirects=False
            ) as response:
                gone = response.status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND}
                if not gone:
                    raise SendError(f"Twilio {response.status}", retry_seconds=FAULT_SECONDS)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendError("unreachable", retry_seconds=UNREACHED_SECONDS) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def closing(
        self, first: Callable[[], Awaitable[None]]
    ) -> Callable[[], Coroutine[None, None, None]]:
        """What closes another part of a channel, and then this one."""

        async def close() -> None:
            await first()
            await self.close()

        return close

    async def _opened(self, url: str) -> aiohttp.ClientResponse:
        """Follow where Twilio leads, as far as that is Twilio's; only its API is told who we are."""
        if origin(url) != self._own:
            raise SendError("elsewhere", retry_seconds=None)
        for _ in range(HOPS):
            response = await self._asked(url)
            if response.status == HTTPStatus.OK:
                return response
            response.release()
            if response.status not in REDIRECTS:
                raise _refusal(response.status)
            url = urljoin(url, response.headers.get("Location", ""))
            if not self._may_follow(url):
                raise SendError("elsewhere", retry_seconds=None)
        raise SendError("elsewhere", retry_seconds=None)

    async def _asked(self, url: str) -> aiohttp.ClientResponse:
        headers = self._signed_in if origin(url) == self._own else {}
        try:
            return await self._client().get(url, headers=headers, allow_redirects=False)
        except _PrivateError as error:
            raise SendError("elsewhere", retry_seconds=None) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error.__cause__, _PrivateError):
                raise SendError("elsewhere", retry_seconds=None) from error
            raise SendError("unreachable", retry_seconds=UNREACHED_SECONDS) from error

    def _may_follow(self, url: str) -> bool:
        if origin(url) == self._own:
            return True
        parts = urlsplit(url)
        below = STORES.get(parts.hostname or "")
        safe = parts.scheme == "https" and origin(url)[2] == 443  # noqa: PLR2004 - HTTPS's own port
        return below is not None and safe and parts.path.startswith(below)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = PublicResolver(self._own[1])
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
                ),
                auto_decompress=False,  # a small answer must not become a large one here
                headers={"Accept-Encoding": "identity"},
            )
        return self._session


class _PrivateError(OSError):
    """A name of a public store leads to a machine of ours."""


class PublicResolver(AbstractResolver):
    """Looks names up, and refuses those that lead to private addresses; `own` alone may, and what lies in `networks`."""

    def __init__(self, own: str = "", networks: Sequence[Network] = ()) -> None:
        self._own = own
        self._networks = networks

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, family=family, type=socket.SOCK_STREAM
        )
        addresses = [(str(entry[4][0]), entry[0], entry[2]) for entry in found]
        if host != self._own and not all(
            may_be_called(address, self._networks) for address, _, _ in addresses
        ):
            raise _PrivateError(f"{host} leads to a private address")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=protocol, flags=0
            )
            for address, kind, protocol in addresses
        ]

    @override
    async def close(self) -> None:
        """Nothing is held."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; what is mapped into IPv6 counts as what it stands for."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global and not (mapped or found).is_multicast


def may_be_called(address: str, networks: Sequence[Network]) -> bool:
    """Whether an IP address is a public one, or lies in one of these networks."""
    if is_public(address):
        return True
    found = ipaddress.ip_address(address.partition("%")[0])
    return any(found in network for network in networks)


def origin(url: str) -> Origin:
    """Scheme, host and port; raises `SendError` for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SendError("elsewhere", retry_seconds=None) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise SendError("elsewhere", retry_seconds=None)
    return parts.scheme, parts.hostname, port


def _as_sound(source: str) -> str:
    """A recording is asked for as MP3: four times as short as the WAV that comes otherwise."""
    path = urlsplit(source).path
    bare = "/Recordings/" in path and "." not in path.rpartition("/")[2]
    return source.replace(path, f"{path}.mp3", 1) if bare else source


def _refusal(status: int) -> SendError:
    if status == HTTPStatus.NOT_FOUND:
        return SendError("gone", retry_seconds=NOT_YET_SECONDS)
    later = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {401, 403, 408, 425, 429}
    return SendError(f"Twilio {status}", retry_seconds=FAULT_SECONDS if later else None)


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The body; a connection that is cut or slow raises `SendError`."""
    try:
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            yield chunk
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SendError("broke off", retry_seconds=UNREACHED_SECONDS) from error
    finally:
        response.close()
