"""A city small enough for tests of web chat: it keeps every message in the real store and answers by rule."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from redis.asyncio import Redis

from channels.base import Inbound, Message
from dialogs.said import Choice, Reply, Said
from gateway import chat, live
from gateway.chat_media import MEDIA
from gateway.chat_stream import POLL_SECONDS
from gateway.config import Settings
from gateway.keys import CLOCK, KEYS, POOL, REDIS, SETTINGS, TURNS
from store import media
from store.database import Connection, Pool
from store.keys import Keys
from store.media_files import MediaFolder

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

ENTER = """
    with made_resident as (
        insert into residents (created_at) values ($4) returning id
    ), made_address as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select id, $1, $2, $3, '' from made_resident returning id, resident_id
    )
    insert into conversations (address_id, resident_id, channel) select id, resident_id, $1 from made_address
"""
LOCK = """
    select c.id, c.address_id, c.seq from conversations c join addresses a on a.id = c.address_id
    where a.channel = $1 and a.hash = $2 for update of c
"""
HEAR = """
    insert into inbound (channel, key, conversation_id, seq, said, received_at, reply_seq)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
SPEAK = """
    insert into outbox (conversation_id, seq, channel, address_id, purpose, reply, state, created_at, due_at)
    values ($1, $2, 'webchat', $3, $4, $5, 'sent', $6, $6)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the real turn gives back, as far as web chat is concerned."""

    messages: tuple[Message, ...] = ()
    repeated: bool = False
    conversation_id: int | None = None
    spooled: bool = False


def reply_to(said: Said) -> Reply:
    """Confirm a complaint with two buttons; thank for the rest."""
    if said.choice:
        return Reply("好的，已受理，编号261123-000001-6。")
    if "暖气" in said.text:
        yes_no = (Choice("yes", "对，提交"), Choice("no", "不对，要改"))
        return Reply("您反映：田村路街道，暖气不热。对吗？", yes_no, prompt=1, photo=True)
    return Reply(
        f"收到：{said.text}{'［照片］' * len(said.attachments)}{'［位置］' if said.pin else ''}"
    )


@dataclass
class SmallTurns:
    """Turns one at a time; `away` stands for a database that cannot be reached, so that messages are spooled."""

    pool: Pool
    keys: Keys
    redis: Redis
    away: bool = False
    taken: list[Inbound] = field(default_factory=list)

    async def submit(self, inbound: Inbound) -> Outcome:
        self.taken.append(inbound)
        if self.away:
            return Outcome(spooled=True)
        async with self.pool.acquire() as connection, connection.transaction():
            return await self._turn(connection, inbound)

    async def _turn(self, connection: Connection, inbound: Inbound) -> Outcome:
        address_hash = self.keys.lookup(f"{inbound.channel}:{inbound.address}")
        row = await connection.fetchrow(LOCK, inbound.channel, address_hash)
        if row is None:
            sealed = self.keys.seal(inbound.address)
            await connection.execute(ENTER, inbound.channel, address_hash, sealed, NOW)
            row = await connection.fetchrow(LOCK, inbound.channel, address_hash)
            assert row is not None
        conversation_id, address_id, seq = row
        if await connection.fetchval("select 1 from inbound where key = $1", inbound.key):
            return Outcome(repeated=True, conversation_id=conversation_id)
        reply = reply_to(inbound.said)
        said = msgspec.json.encode(inbound.said).decode()
        await connection.execute(
            HEAR, inbound.channel, inbound.key, conversation_id, seq + 1, said, NOW, seq + 2
        )
        photos = [(photo.id, conversation_id) for photo in inbound.said.attachments]
        await media.adopt(connection, photos)
        await self._speak(connection, (conversation_id, address_id, seq + 2), reply, "reply")
        message = Message(conversation_id, seq + 2, reply, (reply.text,))
        return Outcome((message,), conversation_id=conversation_id)

    async def notice(self, text: str) -> int:
        """Tell the only conversation something, as the city does when a unit has replied."""
        async with self.pool.acquire() as connection, connection.transaction():
            place = await connection.fetchrow(
                "select id, address_id, seq + 1 from conversations for update"
            )
            assert place is not None
            await self._speak(connection, (place[0], place[1], place[2]), Reply(text), "notice")
        await live.publish(self.redis, [place[0]])
        return int(place[0])

    async def _speak(
        self, connection: Connection, place: tuple[int, int, int], reply: Reply, purpose: str
    ) -> None:
        conversation_id, address_id, seq = place
        body = msgspec.json.encode(reply).decode()
        await connection.execute(SPEAK, conversation_id, seq, address_id, purpose, body, NOW)
        await connection.execute(
            "update conversations set seq = $2 where id = $1", conversation_id, seq
        )


def web_chat(
    settings: Settings,
    pool: Pool,
    redis: Redis,
    turns: SmallTurns,
    *,
    media: MediaFolder | None = None,
    poll_seconds: float = 15.0,
) -> web.Application:
    """An application that serves web chat alone."""
    app = web.Application()
    if media is not None:
        app[MEDIA] = media
    app[POLL_SECONDS] = poll_seconds
    app[POOL] = pool
    app[REDIS] = redis
    app[TURNS] = turns
    app[KEYS] = turns.keys
    app[SETTINGS] = settings
    app[CLOCK] = lambda: NOW
    chat.routes(app)
    return app


@asynccontextmanager
async def served(
    make: Callable[[], web.Application], port: int = 0
) -> AsyncIterator[tuple[str, web.AppRunner]]:
    """The application on a real port; leaving closes it as a deploy does."""
    runner = web.AppRunner(make(), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    try:
        address = runner.addresses[0]
        yield f"http://{address[0]}:{address[1]}", runner
    finally:
        await asyncio.wait_for(runner.cleanup(), 20)
