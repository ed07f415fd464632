"""The wiring, in one place: from settings to a database pool, Redis, channels and the handlers' world."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from channels import sms, telegram, voice, webchat, whatsapp
from channels.base import Channel
from channels.telegram_api import TelegramBot
from channels.twilio import TwilioAccount
from channels.voice_settings import Tongue, VoiceSettings
from channels.whatsapp import Templates
from dialogs.repertoire import REPERTOIRE
from dialogs.words import Language
from gateway import clock
from gateway.config import Settings
from gateway.phrases import load_phrases
from gateway.turns import AWAY
from handlers.call_rules import CallRules
from handlers.catalogue import CityCatalogue, read_city_catalogue
from handlers.edit_rules import read_rules
from handlers.human_service import HumanService
from handlers.in_force import read_events
from handlers.limits import Limits, Rates
from handlers.quiet import QuietHours
from handlers.ticket_numbers import TicketNumbers
from handlers.world import World
from store import topic_models
from store.catalogue.read import current_version, mark_of
from store.database import Pool, connect
from store.keys import load_keys

log = structlog.get_logger()

CATALOGUE_SECONDS = 5.0


class NotReadyError(Exception):
    """The database lacks something without which nothing can run; the message names the command that helps."""


@dataclass(frozen=True, slots=True)
class Core:
    """What every process of the gateway has."""

    settings: Settings
    pool: Pool
    redis: Redis
    world: World


@asynccontextmanager
async def open_core(
    settings: Settings, *, connections: int = 6, city: CityCatalogue | None = None
) -> AsyncIterator[Core]:
    """Open pool, Redis and world; close them at the end. Who has the catalogue in force already gives it.

    Raises `NotReadyError` when the database has no catalogue yet.
    """
    if settings.database_url is None or settings.redis_url is None:
        raise NotReadyError(
            "DATABASE_URL and REDIS_URL are needed: only `jiesu dev` brings its own servers"
        )
    pool = await connect(settings.database_url, size=connections)
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=2, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    channels = open_channels(settings)
    try:
        world = await _world(settings, pool, channels, city)
        async with pool.acquire() as connection:
            await read_events(connection, world, clock.now())
        yield Core(settings, pool, redis, world)
    finally:
        for channel in channels.values():
            await channel.close()
        await redis.aclose()
        await pool.close()


def twilio_account(settings: Settings) -> TwilioAccount | None:
    """The account of these settings, if there is one."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    return TwilioAccount(
        sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        api_url=settings.twilio_api_url,
        public_url=settings.public_url,
    )


def voice_settings(settings: Settings) -> VoiceSettings:
    """How the phone speaks and listens."""
    chinese, english = Language.CHINESE, Language.ENGLISH
    return VoiceSettings(
        tongues={
            chinese: Tongue.of(chinese, settings.voice_listen_zh, settings.voice_zh),
            english: Tongue.of(english, settings.voice_listen_en, settings.voice_en),
        },
        wait_seconds=settings.voice_wait_seconds,
        pause=settings.voice_pause,
        model=settings.voice_model,
        hints=settings.voice_hints,
        least_confidence=settings.voice_least_confidence / 100,
        message_seconds=settings.voice_message_seconds,
        music_url=settings.voice_music_url,
        ring_seconds=settings.call_ring_seconds,
        calls_per_second=settings.voice_calls_per_second,
    )


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that these settings make possible, by name."""
    channels = {webchat.NAME: webchat.channel()}
    account = twilio_account(settings)
    if account is not None and settings.twilio_phone_number:
        channels[sms.NAME] = sms.channel(
            account,
            settings.twilio_phone_number,
            settings.phone_region,
            per_second=settings.sms_per_second,
            whatsapp=settings.whatsapp_number is not None,
        )
        channels[voice.NAME] = voice.channel(
            account, settings.twilio_phone_number, settings.phone_region, voice_settings(settings)
        )
        if settings.whatsapp_number is not None:
            channels[whatsapp.NAME] = whatsapp.channel(
                account,
                settings.whatsapp_number,
                settings.phone_region,
                Templates(settings.whatsapp_templates, settings.whatsapp_notice_template),
            )
    if settings.telegram_bot_token and settings.telegram_webhook_secret:
        bot = TelegramBot(
            settings.telegram_bot_token, settings.telegram_webhook_secret, settings.telegram_api_url
        )
        channels[telegram.NAME] = telegram.channel(bot, settings.phone_region)
    return channels


async def _world(
    settings: Settings,
    pool: Pool,
    channels: Mapping[str, Channel],
    city: CityCatalogue | None,
) -> World:
    async with pool.acquire() as connection:
        keys = await load_keys(connection, settings.secret_key)
        today = clock.now().astimezone(settings.timezone).date()
        city = city or await read_city_catalogue(connection, today)
        rules = await read_rules(connection)
    if city is None:
        raise NotReadyError("no catalogue is in force: run `jiesu load` first")
    # The public calendar takes half a second to read, once; no turn is to wait for it.
    await asyncio.to_thread(rules.calendar(settings.timezone).is_working, today)
    rates = Rates(
        settings.sms_address_per_hour, settings.sms_prefix_per_minute, settings.sms_per_second
    )
    return World(
        city=city,
        channels=channels,
        keys=keys,
        phrases=load_phrases(settings.languages),
        repertoire=REPERTOIRE,
        timezone=settings.timezone,
        language=settings.languages[0],
        languages=settings.languages,
        region=settings.phone_region,
        numbers=TicketNumbers(pool, settings.timezone),
        limits=Limits(rates),
        rules=rules,
        calling=CallRules(
            ring_seconds=settings.call_ring_seconds,
            duty_rounds=settings.call_duty_rounds,
            duty_pause=timedelta(minutes=settings.call_duty_minutes),
            duty_hours=settings.call_duty_hours,
        ),
        duty_phones=settings.duty_phones,
        quiet=QuietHours(
            settings.timezone, settings.quiet_hours or None, settings.call_hours or None
        ),
        human=HumanService(
            settings.human_hours,
            timedelta(minutes=settings.human_wait_minutes),
            timedelta(minutes=settings.human_idle_minutes),
        ),
        reads_twice=settings.understanding_url is not None,
    )


async def follow_catalogue(core: Core) -> None:
    """Put a newly loaded catalogue or model into force, until cancelled; a database that is away is waited for."""
    while True:
        await asyncio.sleep(CATALOGUE_SECONDS)
        try:
            await refresh_catalogue(core)
        except AWAY:
            continue
        except Exception:
            log.exception("catalogue_not_read")


async def refresh_catalogue(core: Core) -> None:
    """Put the catalogue into force that is now, with the model learnt last, if one of them is another, and the lines."""
    async with core.pool.acquire() as connection:
        await read_events(connection, core.world, clock.now())
        core.world.rules = await read_rules(connection)
    city = await _newer_catalogue(core)
    if city is not None:
        core.world.city = city
        log.info("catalogue_in_force", version=city.version, model=city.model_id)


async def _newer_catalogue(core: Core) -> CityCatalogue | None:
    today = clock.now().astimezone(core.settings.timezone).date()
    async with core.pool.acquire() as connection:
        version = await current_version(connection, today)
        model_id = await topic_models.id_in_force(connection)
        now = core.world.city
        if version is None:
            return None
        mark = await mark_of(connection, version, today)
        if (version, model_id, mark) == (now.version, now.model_id, now.mark):
            return None
        return await read_city_catalogue(connection, today)
