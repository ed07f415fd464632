"""What an operator should know before the residents do: settings, connections, disk, catalogue, providers."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

import aiohttp
import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway import clock
from gateway.config import Settings
from gateway.doctor_casework import casework
from gateway.embedded import Servers
from gateway.finding import Finding
from gateway.second_reader import bearer
from gateway.spool import DAMAGED_SUFFIX, SUFFIX
from store import condition
from store.catalogue.outlines import installed_outlines
from store.catalogue.read import current_version, lacking_outlines
from store.condition import Server
from store.database import Connection
from store.keys import READ_KEYS, SecretKeyError, unwrap
from store.media_files import RESERVE_BYTES
from store.migrate import newest

WAIT_SECONDS = 5.0
MOST_SKEW = timedelta(seconds=2)
COMFORTABLE_BYTES = 4 * RESERVE_BYTES
ANYBODY = "select exists (select from staff where active)"
UNAUTHORIZED = 401
FORBIDDEN = 403


async def examine(settings: Settings, servers: Servers) -> AsyncIterator[Finding]:
    """Look at everything, one after another; what does not answer within seconds is a fault."""
    async for finding in _database(settings, servers.database_url):
        yield finding
    yield await _redis(servers.redis_url)
    for finding in (*_data_dir(settings.data_dir), *_spool(settings.data_dir / "spool")):
        yield finding
    yield await _public_url(settings)
    yield await _twilio(settings)
    if settings.whatsapp_number is not None:
        yield _whatsapp(settings)
    if settings.telegram_bot_token is not None:
        yield await _telegram(settings)
    if settings.understanding_url is not None:
        yield await language_model(settings)
    if settings.metrics_token is None:
        yield Finding("METRICS_TOKEN", "not set: nobody can read /metrics", doubt=True)


async def _database(settings: Settings, url: str) -> AsyncIterator[Finding]:
    try:
        connection = await asyncpg.connect(url, timeout=WAIT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        yield Finding("DATABASE_URL", f"does not answer: {str(error) or 'timed out'}", fault=True)
        return
    try:
        server = await condition.server(connection)
        yield Finding("DATABASE_URL", f"PostgreSQL {server.version} answers")
        yield _clock(server)
        yield _search(server)
        yield _migrations(server)
        if server.revision:
            yield await _keys(settings, connection)
            async for finding in _catalogue(settings, connection, server):
                yield finding
            yield await _staff(connection)
            yield await _dead_letters(connection)
        if server.revision == newest():
            async for finding in casework(connection, settings.timezone, clock.now()):
                yield finding
    finally:
        await connection.close()


def _clock(server: Server) -> Finding:
    skew = server.now - clock.now()
    note = f"differs by {abs(skew.total_seconds()):.1f} s from the database's"
    if abs(skew) > MOST_SKEW:
        return Finding("clock", f"{note}: let both machines follow NTP", fault=True)
    return Finding("clock", note)


def _search(server: Server) -> Finding:
    if server.knows_chinese:
        return Finding("LC_CTYPE", "knows Chinese letters")
    note = "knows no Chinese letters, so searches will be slow: make the database with LC_CTYPE C.UTF-8"
    return Finding("LC_CTYPE", note, doubt=True)


def _migrations(server: Server) -> Finding:
    if server.revision < newest():
        note = f"at {server.revision or 'none'}, needs {newest()}: run `jiesu migrate`"
        return Finding("migrations", note, fault=True)
    if server.revision > newest():
        return Finding("migrations", f"at {server.revision}: a newer release ran them", doubt=True)
    return Finding("migrations", f"at {server.revision}, the newest")


async def _keys(settings: Settings, connection: Connection) -> Finding:
    rows = await connection.fetch(READ_KEYS)
    try:
        for row in rows:
            unwrap(row["name"], row["wrapped"], settings.secret_key)
    except SecretKeyError as error:
        return Finding("SECRET_KEY", str(error).removeprefix("SECRET_KEY "), fault=True)
    return Finding(
        "SECRET_KEY", "opens the keys" if rows else "will wrap the keys when they are made"
    )


async def _catalogue(
    settings: Settings, connection: Connection, server: Server
) -> AsyncIterator[Finding]:
    version = await current_version(connection, clock.now().astimezone(settings.timezone).date())
    if version is None:
        yield Finding("catalogue", "none is in force: run `jiesu load`", fault=True)
        return
    yield Finding("catalogue", f"version {version} is in force")
    if server.revision >= newest():
        own, lacking = await lacking_outlines(connection, version)
        yield _locations(own, len(lacking), len(installed_outlines(lacking)))


def _locations(own: int, lacking: int, lent: int) -> Finding:
    note = f"{own} outlines of your own, {lent} districts from the extra `boundaries`"
    if lent < lacking:
        note += f"; in {lacking - lent} districts a shared location tells nothing"
    return Finding("locations", note)


async def _staff(connection: Connection) -> Finding:
    if await connection.fetchval(ANYBODY):
        return Finding("staff", "can log in")
    return Finding("staff", "nobody can log in: run `jiesu staff add`", doubt=True)


async def _dead_letters(connection: Connection) -> Finding:
    dead = (await condition.backlog(connection, clock.now())).dead_letters
    if dead:
        note = f"{dead} messages were given up: see `jiesu outbox`"
        return Finding("outbox", note, doubt=True)
    return Finding("outbox", "no message was given up")


async def _redis(url: str) -> Finding:
    try:
        async with (
            asyncio.timeout(WAIT_SECONDS),
            Redis.from_url(url, socket_connect_timeout=WAIT_SECONDS) as redis,
        ):
            await redis.ping()
    except (TimeoutError, OSError, RedisError) as error:
        note = f"does not answer, so the clock must do all jobs itself: {str(error) or 'timed out'}"
        return Finding("REDIS_URL", note, fault=True)
    return Finding("REDIS_URL", "answers")


def _data_dir(folder: Path) -> Iterator[Finding]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"jiesu")
    except OSError as error:
        yield Finding("DATA_DIR", f"cannot be written: {error.strerror}", fault=True)
        return
    free = shutil.disk_usage(folder).free
    note = f"{free // 2**20} MB are free"
    if free < COMFORTABLE_BYTES:
        note += f"; below {RESERVE_BYTES // 2**20} photos are refused, at 0 messages are"
    yield Finding("DATA_DIR", note, fault=free < RESERVE_BYTES, doubt=free < COMFORTABLE_BYTES)


def _spool(folder: Path) -> Iterator[Finding]:
    waiting = [path for path in folder.glob(f"*{SUFFIX}") if path.stat().st_size]
    damaged = list(folder.glob(f"*{DAMAGED_SUFFIX}"))
    if waiting:
        note = (
            "messages wait to be replayed: they will be once the web process and the database run"
        )
        yield Finding("spool", note, doubt=True)
    if damaged:
        note = f"{len(damaged)} files hold records that could not be read; move them away once seen"
        yield Finding("spool", note, doubt=True)


async def _public_url(settings: Settings) -> Finding:
    """Its form alone: whether it can be reached is seen from outside only."""
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return Finding("PUBLIC_URL", f"{host} has no address", fault=True)
    inside = all(not ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)
    if parts.scheme == "https" and not inside:
        return Finding("PUBLIC_URL", f"{settings.public_url}")
    why = "is of this network only" if inside else "is not https"
    note = f"{settings.public_url} {why}: providers and residents need a public https address"
    return Finding("PUBLIC_URL", note, doubt=True)


async def language_model(settings: Settings) -> Finding:
    """Its list of models, which costs nothing. Whatever is wrong with it, the gateway does its work without."""
    about, limit = "UNDERSTANDING_URL", aiohttp.ClientTimeout(total=WAIT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, headers=bearer(settings)) as session,
            session.get(f"{settings.understanding_url}/models") as answer,
        ):
            status, body = answer.status, await answer.text()
    except (TimeoutError, aiohttp.ClientError) as error:
        return Finding(about, f"cannot be reached: {type(error).__name__}", doubt=True)
    if status in (UNAUTHORIZED, FORBIDDEN):
        return Finding(about, "UNDERSTANDING_KEY is refused", doubt=True)
    if status >= 400:  # noqa: PLR2004 - HTTP's own line
        return Finding(about, f"answers {status} to a question for its models", doubt=True)
    if f'"{settings.understanding_model}"' not in body:
        return Finding(about, f"does not list {settings.understanding_model}", doubt=True)
    return Finding(about, f"answers, and has {settings.understanding_model}")


def _whatsapp(settings: Settings) -> Finding:
    """What cannot be seen from outside: whether residents get buttons, and are reached after a day of silence."""
    shown = len(settings.whatsapp_templates)
    choices = f"{shown} templates for choices" if shown else "choices are numbered text"
    if not settings.whatsapp_notice_template:
        late = "no WHATSAPP_NOTICE_TEMPLATE: after a day of silence notices go another way"
        return Finding("WhatsApp", f"{choices}; {late}", doubt=True)
    return Finding("WhatsApp", f"{choices}, and one for notices after a day of silence")


async def _twilio(settings: Settings) -> Finding:
    """One call that costs nothing: the account itself."""
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid is None or token is None:
        return Finding("Twilio", "not set: no SMS", doubt=True)
    url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{sid}.json"
    proof = {"Authorization": aiohttp.encode_basic_auth(sid, token)}
    limit = aiohttp.ClientTimeout(total=WAIT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.get(url, headers=proof) as answer,
        ):
            status = answer.status
    except (TimeoutError, aiohttp.ClientError) as error:
        return Finding("Twilio", f"cannot be reached: {type(error).__name__}", fault=True)
    if status == UNAUTHORIZED:
        return Finding("Twilio", "TWILIO_AUTH_TOKEN is not that of the account", fault=True)
    return Finding("Twilio", f"answers {status}", fault=status >= 400)  # noqa: PLR2004 - HTTP's own line


async def _telegram(settings: Settings) -> Finding:
    """Who the bot is, and whether Telegram knows where its updates go."""
    from gateway.telegram_setup import (  # noqa: PLC0415 - its library takes half a second
        TelegramSetupError,
        inspect,
    )

    try:
        bot = await inspect(settings)
    except TelegramSetupError as error:
        return Finding("Telegram", str(error), fault=True)
    faults = bot.faults(settings)
    if faults:
        note = f"@{bot.username}: {'; '.join(faults)}: run `jiesu telegram register`"
        return Finding("Telegram", note, fault=True)
    if bot.error and bot.pending:
        return Finding("Telegram", f"@{bot.username}: {bot.pending} wait, {bot.error}", doubt=True)
    return Finding("Telegram", f"@{bot.username} posts here, {bot.pending} updates wait")
