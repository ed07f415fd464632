"""The channel that docs/adding-a-channel.md builds works as it says, in the real turn and the real drain."""

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from channels.base import Channel, ForgedError, Inbound, MalformedError, Wire
from docs import toy_channel
from gateway.delivery import Deliverer
from store.database import Pool
from tests.world import START, Town, town

SECRET = b"shared"
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@dataclass
class Provider:
    """Whoever carries the postcards; the first so many tries fail."""

    failures: int = 0
    carried: list[tuple[str, str]] = field(default_factory=list)

    async def post(self, address: str, text: str, reference: str) -> str:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError
        self.carried.append((address, text))
        return f"card-{reference}"


def card(number: int, text: str, sender: str = "10 00 36") -> Wire:
    body = msgspec.json.encode({"id": f"c{number}", "sender": sender, "text": text})
    return signed(body)


def signed(body: bytes) -> Wire:
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return Wire("http://gateway.test/webhooks/postcard", {"x-signature": signature}, body)


async def city_with(pool: Pool, channel: Channel) -> Town:
    city = await town(pool)
    city.world.channels = {**city.world.channels, channel.name: channel}
    return city


async def exchange(city: Town, channel: Channel, wire: Wire) -> str:
    """One webhook, as the gateway handles it: read, turn, answer."""
    (webhook,) = channel.webhooks
    (inbound,) = webhook.read(wire, city.now)
    assert isinstance(inbound, Inbound)
    async with (turns := city.turns()).running():
        outcome = await turns.submit(inbound)
    return webhook.answer((inbound,), outcome.messages).body.decode()


async def test_a_complaint_by_postcard_becomes_a_ticket(pool: Pool) -> None:
    channel = toy_channel.channel(SECRET, Provider().post)
    city = await city_with(pool, channel)
    assert "暖气不热" in await exchange(city, channel, card(1, MATTER))
    assert "已受理" in await exchange(city, channel, card(2, "1"))
    assert await pool.fetchval("select channel from tickets") == "postcard"
    assert await pool.fetchval("select masked from addresses") == "10****"


async def test_a_repeated_postcard_has_no_second_effect(pool: Pool) -> None:
    channel = toy_channel.channel(SECRET, Provider().post)
    city = await city_with(pool, channel)
    first = await exchange(city, channel, card(1, MATTER))
    assert await exchange(city, channel, card(1, MATTER)) == first
    assert await pool.fetchval("select count(*) from inbound") == 1


async def test_what_was_not_confirmed_is_sent_and_tried_again_by_its_own_rule(pool: Pool) -> None:
    provider = Provider(failures=1)
    channel = toy_channel.channel(SECRET, provider.post)
    city = await city_with(pool, channel)
    await exchange(city, channel, card(1, MATTER))
    await pool.execute("update outbox set state = 'pending', due_at = $1", city.now)
    outcomes: list[str] = []
    deliverer = Deliverer(pool, city.world, lambda _, how: outcomes.append(how), lambda: city.now)
    await deliverer.drain()
    await city.wait(seconds=toy_channel.RETRY_SECONDS)
    await deliverer.drain()
    assert outcomes == ["retried", "sent"]
    assert [address for address, _ in provider.carried] == ["100036"]


def test_a_forged_or_unreadable_postcard_is_refused() -> None:
    (webhook,) = toy_channel.channel(SECRET, Provider().post).webhooks
    forged = Wire(card(1, "x").url, {"x-signature": "0" * 64}, card(1, "x").body)
    with pytest.raises(ForgedError):
        webhook.read(forged, START)
    for wire in (signed(b"{"), card(1, "x", sender="nobody")):
        with pytest.raises(MalformedError):
            webhook.read(wire, START)


def test_it_takes_less_than_a_hundred_lines() -> None:
    assert len(Path(toy_channel.__file__).read_text().splitlines()) < 100
