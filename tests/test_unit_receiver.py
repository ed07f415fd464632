"""A unit's own system on the other end of the wire: what it is sent, and what becomes of each of its answers."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import SendError
from channels.twilio_media import may_be_called
from gateway.config_parse import networks
from gateway.unit_sending import Poster, signature
from tests.world import START

SECRET, BODY = "k" * 43, b'{"version":1}'


def is_ours(secret: str, header: str, body: bytes, now: float) -> bool:
    """As `docs/operations.md` tells a unit to check it."""
    moment, proof = (part.partition("=")[2] for part in header.split(","))
    made = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, proof) and abs(now - int(moment)) < 300


@dataclass
class Receiver:
    """Takes what is signed with the secret it knows; `status` is its answer to that."""

    secret: str = SECRET
    status: int = 200
    taken: list[bytes] = field(default_factory=list)
    url: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        header = request.headers["X-Jiesu-Signature"]
        if not is_ours(self.secret, header, body, START.timestamp()):
            return web.Response(status=401)
        self.taken.append(body)
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hook", receiver.receive)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver


@pytest.fixture
async def poster() -> AsyncIterator[Poster]:
    poster = Poster((ip_network("127.0.0.0/8"),))
    yield poster
    await poster.close()


async def test_what_is_signed_with_the_secret_of_the_page_is_taken(
    receiver: Receiver, poster: Poster
) -> None:
    await poster.post(receiver.url, BODY, signature(SECRET, START, BODY))
    assert receiver.taken == [BODY]


@pytest.mark.parametrize("status", [301, 400, 404, 410, 429, 500, 503])
async def test_any_answer_but_a_good_one_is_tried_again(
    receiver: Receiver, poster: Poster, status: int
) -> None:
    receiver.status = status
    with pytest.raises(SendError, match=f"HTTP {status}") as refused:
        await poster.post(receiver.url, BODY, signature(SECRET, START, BODY))
    assert refused.value.retry_seconds == 0.0
    assert len(receiver.taken) == 1


async def test_a_wrong_secret_is_refused_there_and_said_here(
    receiver: Receiver, poster: Poster
) -> None:
    receiver.secret = "another"
    with pytest.raises(SendError, match="HTTP 401"):
        await poster.post(receiver.url, BODY, signature(SECRET, START, BODY))
    assert receiver.taken == []


async def test_who_does_not_answer_is_tried_again(receiver: Receiver, poster: Poster) -> None:
    closed = receiver.url.replace("/hook", "").rpartition(":")[0] + ":9/hook"
    with pytest.raises(SendError) as refused:
        await poster.post(closed, BODY, signature(SECRET, START, BODY))
    assert refused.value.retry_seconds == 0.0


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "[::1]", "localhost"])
async def test_private_addresses_are_not_called(host: str) -> None:
    poster = Poster()
    with pytest.raises(SendError):
        await poster.post(f"https://{host}:9/hook", b"{}", "t=0,v1=0")
    await poster.close()


@pytest.mark.parametrize("host", ["10.21.0.8", "127.0.0.1", "169.254.169.254", "[::1]"])
async def test_only_the_named_networks_of_an_intranet_are_called(host: str) -> None:
    poster = Poster(networks("10.20.0.0/16, fd00:12::/32"))
    with pytest.raises(SendError, match="private address"):
        await poster.post(f"https://{host}:9/hook", b"{}", "t=0,v1=0")
    await poster.close()


def test_addresses_of_the_named_networks_are_in_reach() -> None:
    named = networks("10.20.0.0/16, fd00:12::/32")
    assert may_be_called("10.20.3.4", named)
    assert may_be_called("fd00:12::8", named)
    assert not may_be_called("fd00:13::8", named)
