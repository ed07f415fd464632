"""The drain of what units are told and write back: new work found, messages put into the outbox, systems called, replies acted on.

Many may run at once: contacts and replies are taken under their locks, and what is posted under a lease.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp
import msgspec
import structlog

from channels.base import SendError
from channels.twilio_media import Network, PublicResolver, may_be_called
from dialogs.ticket_number import format_number
from dialogs.understanding.personal import masked
from gateway import clock
from gateway.turns import AGAIN, AWAY
from handlers.delivery import back_off
from handlers.effects import Effects
from handlers.unit_messages import put, tell_new_work, words
from handlers.unit_replies import carry_out
from handlers.unit_words import code_of
from handlers.world import World
from store import conversations, unit_contacts, unit_sendings
from store.database import Connection, Pool, transaction
from store.unit_sendings import Reply, Sending

log = structlog.get_logger()

AT_ONCE = 20  # contacts in one go
POST_SECONDS = 10.0
LEASE = timedelta(seconds=4 * POST_SECONDS)
LOOK_SECONDS = 10.0  # between two looks for new work
SIGNATURE = "X-Jiesu-Signature"
NOT_DONE = "没有办成，请在系统里办，或者致电热线中心。"
_encode = msgspec.json.Encoder().encode


class Posts(Protocol):
    """What calls a unit's system; raises `SendError`."""

    async def post(self, url: str, body: bytes, signature: str) -> None:
        """Post a body; returns when it was taken."""

    async def close(self) -> None:
        """Let go of connections."""


def signature(secret: str, at: datetime, body: bytes) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 over the moment, a dot and the body, so that none can be sent again later."""
    moment = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def body_of(sendings: Sequence[Sending], at: datetime) -> bytes:
    """What a unit's system is told, as JSON; `docs/operations.md` describes it."""
    notices = [
        {
            "id": one.notice_id,
            "event": one.event,
            "ticket": format_number(one.ticket_id) if one.ticket_id is not None else None,
            "title": one.title,
            "note": masked(one.note),
            "urgent": one.urgent,
            "at": one.created_at,
        }
        for one in sendings
    ]
    return _encode({"version": 1, "unit": sendings[0].unit_code, "sent_at": at, "notices": notices})


def _is_in_reach(url: str, networks: Sequence[Network]) -> bool:
    """Whether a host that is written as an address may be called; names are looked up by the resolver."""
    try:
        return may_be_called((urlsplit(url).hostname or "").strip("[]"), networks)
    except ValueError:
        return True


class Poster:
    """Posts over HTTPS to the open internet: no private address is spoken to, and no redirection followed.

    `networks` are private ones that it may speak to all the same: the intranet that units' systems stand in.
    """

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = networks
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, signature: str) -> None:
        """Post a body; anything but 2xx counts as not taken. Raises `SendError`."""
        if not _is_in_reach(url, self._networks):
            raise SendError("private address", retry_seconds=None)
        headers = {"Content-Type": "application/json", SIGNATURE: signature}
        try:
            async with self._opened().post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise SendError(type(error).__name__, retry_seconds=0.0) from None
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own limits
            raise SendError(f"HTTP {status}", retry_seconds=0.0)

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=PublicResolver(networks=self._networks), use_dns_cache=False
            )
            timeout = aiohttp.ClientTimeout(total=POST_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session


@dataclass(slots=True)
class UnitSender:
    """Tells units what waits for them, and does what they write back."""

    pool: Pool
    world: World
    posts: Posts = field(default_factory=Poster)
    now: Callable[[], datetime] = clock.now
    looked_at: datetime | None = None

    async def drain(self) -> int:
        """Work until nothing is due; returns how many messages, posts and replies there were."""
        await self._find_new_work()
        count = 0
        while done := await self._send_some() + await self._reply_one():
            count += done
        return count

    async def close(self) -> None:
        """Let go of connections."""
        await self.posts.close()

    async def _find_new_work(self) -> None:
        now = self.now()
        if self.looked_at is not None and now - self.looked_at < timedelta(seconds=LOOK_SECONDS):
            return
        self.looked_at = now
        async with transaction(self.pool) as connection:
            await tell_new_work(connection, self.world, now)

    async def _send_some(self) -> int:
        now = self.now()
        async with transaction(self.pool) as connection:
            claimed = await unit_sendings.claim(connection, now, LEASE, AT_ONCE)
            ready = [await self._awake(connection, group, now) for group in claimed]
            written = [group for group in ready if group and group[0].channel != "webhook"]
            if written:
                await self._write(connection, written, now)
        posted = [group for group in ready if group and group[0].channel == "webhook"]
        await asyncio.gather(*(self._post(group) for group in posted))
        return len(claimed)

    async def _awake(
        self, connection: Connection, group: Sequence[Sending], now: datetime
    ) -> list[Sending]:
        """What goes out now: at night what is urgent alone, but for systems, which do not sleep.

        The centre hears of every ticket of the city: its phones are told of many at a time.
        """
        first = group[0]
        if first.channel == "webhook":
            return list(group)
        if first.unit_id is None and first.last_at is not None:
            free_at = first.last_at + self.world.rules.span("dispatch.apart_minutes")
            if free_at > now:
                ids = [one.id for one in group]
                await unit_sendings.put_off(connection, ids, free_at, "", tried=False)
                return []
        wait = self.world.quiet.wait(now, voice=False, urgent=False)
        if not wait:
            return list(group)
        later = [one.id for one in group if not one.urgent]
        if later:
            await unit_sendings.put_off(connection, later, now + wait, "", tried=False)
        return [one for one in group if one.urgent]

    async def _write(
        self, connection: Connection, groups: Sequence[Sequence[Sending]], now: datetime
    ) -> None:
        """Put one message a contact into the outbox; whose conversation somebody holds just now is told later."""
        wanted = [group[0].conversation_id or 0 for group in groups]
        rows = {row.id: row for row in await conversations.lock_free(connection, sorted(wanted))}
        effects = Effects()
        for group in groups:
            ids = [one.id for one in group]
            row = rows.get(group[0].conversation_id or 0)
            if row is None:
                await unit_sendings.put_off(connection, ids, now, "", tried=False)
            elif row.stopped or row.channel not in self.world.channels:
                await unit_sendings.note_failed(connection, ids, "stopped")
            else:
                tickets = {one.ticket_id for one in group}
                about = next(iter(tickets)) if len(tickets) == 1 else None
                text = words(group)
                rows[row.id] = put(self.world, effects, row, text, now, ticket_id=about)
                sent = [(one.id, code_of(one.ticket_id or 0)) for one in group]
                await unit_sendings.note_sent(connection, sent, now)
        await effects.write(connection, now)

    async def _post(self, group: Sequence[Sending]) -> None:
        """Post one contact's notices; what is not taken is tried again, longer and longer."""
        now, first = self.now(), group[0]
        ids = [one.id for one in group]
        body = body_of(group, now)
        secret = self.world.keys.open(first.secret or b"")
        error: SendError | None = None
        try:
            url = self.world.keys.open(first.sealed)
            await self.posts.post(url, body, signature(secret, now, body))
        except SendError as failed:
            error = failed
            log.warning("unit_not_told", contact=first.contact_id, reason=failed.reason)
        async with transaction(self.pool) as connection:
            if error is None:
                await unit_sendings.note_sent(connection, [(id_, "") for id_ in ids], now)
                return
            wait = back_off(first.attempts, error.retry_seconds)
            if wait is None:
                await unit_sendings.note_failed(connection, ids, error.reason)
            else:
                await unit_sendings.put_off(connection, ids, now + wait, error.reason, tried=True)

    async def _reply_one(self) -> int:
        """Carry out the oldest reply, or answer it: two transactions, for both lock a conversation."""
        now = self.now()
        async with transaction(self.pool) as connection:
            reply = await unit_sendings.next_reply(connection)
            if reply is None:
                return 0
            if reply.done:
                await self._answer(connection, reply, now)
            else:
                answer = await self._carried_out(connection, reply, now)
                await unit_sendings.note_done(connection, reply.id, now, answer)
        return 1

    async def _carried_out(self, connection: Connection, reply: Reply, now: datetime) -> str:
        """One that cannot be carried out must not hold up those behind it."""
        try:
            async with connection.transaction():
                return await carry_out(connection, self.world, reply, now)
        except (*AGAIN, *AWAY):
            raise
        except Exception:
            log.exception("unit_reply_failed", reply=reply.id)
            return NOT_DONE

    async def _answer(self, connection: Connection, reply: Reply, now: datetime) -> None:
        contact = await unit_contacts.by_id(connection, reply.contact_id)
        if contact is not None and contact.conversation_id is not None and reply.answer:
            effects = Effects()
            for row in await conversations.lock_by_id(connection, [contact.conversation_id]):
                put(self.world, effects, row, reply.answer, now)
            await effects.write(connection, now)
        await unit_sendings.note_answered(connection, reply.id, now)
