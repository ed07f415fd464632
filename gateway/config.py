"""Settings: environment variables (or `.env`), read once and checked whole before anything starts."""

import contextlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from channels.voice_settings import TONGUES
from dialogs.words import Language
from gateway import clock
from gateway import config_parse as parse
from handlers.call_rules import DUTY_HOURS, DayHours, read_span
from handlers.human_service import Hours, read_hours

T = TypeVar("T")

TWILIO_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
TELEGRAM_TOKEN = re.compile(r"\d+:[\w-]{30,}")
# https://core.telegram.org/bots/api#setwebhook
TELEGRAM_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
PAUSE = re.compile(r"auto|[1-9]")
PORTS = range(1, 65536)
QUIET_HOURS, CALL_HOURS = "21:00-08:00", "09:00-20:00"


class SettingsError(Exception):
    """Some settings are wrong; `problems` names each variable and what it should be."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of one process; what holds a secret stays out of its `repr`."""

    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    host: str
    port: int
    public_url: str  # without a slash at its end
    data_dir: Path
    secret_key: str = field(repr=False)
    twilio_account_sid: str | None
    twilio_auth_token: str | None = field(repr=False)
    twilio_phone_number: str | None
    twilio_api_url: str
    whatsapp_number: str | None
    whatsapp_templates: Mapping[str, str]  # by what they show, see channels/whatsapp.py
    whatsapp_notice_template: str
    voice_zh: str  # who speaks, as Twilio names voices
    voice_en: str
    voice_listen_zh: str  # which language is recognised
    voice_listen_en: str
    voice_wait_seconds: int
    voice_pause: str
    voice_model: str
    voice_hints: str
    voice_least_confidence: int  # percent
    voice_message_seconds: int
    voice_music_url: str
    voice_calls_per_second: int
    telegram_bot_token: str | None = field(repr=False)
    telegram_webhook_secret: str | None = field(repr=False)
    telegram_api_url: str
    timezone: ZoneInfo
    phone_region: str
    languages: tuple[Language, ...]  # the first is spoken to whom we do not know
    metrics_token: str | None = field(repr=False)
    metrics_port: int | None  # of worker and clock
    quiet_hours: parse.Hours
    call_hours: parse.Hours
    log_level: str
    trusted_proxies: int  # how many reverse proxies of ours stand in front
    sms_address_per_hour: int
    sms_prefix_per_minute: int
    sms_per_second: int
    duty_phones: tuple[str, ...]  # of the duty leader, E.164
    human_hours: Hours  # when people answer
    human_wait_minutes: int
    human_idle_minutes: int
    call_ring_seconds: int
    call_duty_rounds: int
    call_duty_minutes: int
    call_duty_hours: DayHours  # when duty phones ring for grade II
    media_largest_mb: int  # of a file or recording; photos have a limit of their own
    media_delete_at_provider: bool  # once it is kept here
    unit_networks: parse.Networks  # private ones in which units' systems may be called
    understanding_url: str | None  # before /chat/completions; None: nothing is read a second time
    understanding_model: str | None
    understanding_key: str | None = field(repr=False)

    @classmethod
    def load(cls, *, production: bool) -> Self:
        """The settings of this process: the environment, above what `.env` says.

        Raises:
            SettingsError: some are wrong.
        """
        filed = {name: value for name, value in dotenv_values(".env").items() if value is not None}
        return cls.from_env(filed | dict(os.environ), production=production)

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, production: bool) -> Self:
        """Read and check all settings; in development a missing SECRET_KEY is made and kept.

        Raises:
            SettingsError: some are wrong; it names all of them.
        """
        read = _Reader(env, production=production)
        host, port = read.text("HOST") or "127.0.0.1", read.number("PORT", 8080, PORTS)
        data_dir = Path(read.text("DATA_DIR") or "var").resolve()
        settings = cls(
            database_url=read.needed("DATABASE_URL", parse.database_url),
            redis_url=read.needed("REDIS_URL", parse.redis_url),
            host=host,
            port=port,
            public_url=read.needed("PUBLIC_URL", parse.web_url)
            or f"http://{parse.in_url(host)}:{port}",
            data_dir=data_dir,
            secret_key=read.needed("SECRET_KEY", parse.long_enough) or "",
            twilio_account_sid=read.matching(
                "TWILIO_ACCOUNT_SID", TWILIO_ACCOUNT, "AC and 32 hexadecimal digits"
            ),
            twilio_auth_token=read.text("TWILIO_AUTH_TOKEN"),
            twilio_phone_number=read.matching(
                "TWILIO_PHONE_NUMBER", parse.E164, "a number like +861012345678"
            ),
            twilio_api_url=read.parsed("TWILIO_API_URL", parse.web_url) or "https://api.twilio.com",
            whatsapp_number=read.matching(
                "WHATSAPP_NUMBER", parse.E164, "a number like +861012345678"
            ),
            whatsapp_templates=read.parsed("WHATSAPP_TEMPLATES", parse.templates) or {},
            whatsapp_notice_template=(
                read.matching(
                    "WHATSAPP_NOTICE_TEMPLATE", parse.TEMPLATE, "HX and 32 hexadecimal digits"
                )
                or ""
            ),
            voice_zh=read.text("VOICE_ZH") or TONGUES[Language.CHINESE].voice,
            voice_en=read.text("VOICE_EN") or TONGUES[Language.ENGLISH].voice,
            voice_listen_zh=read.text("VOICE_LISTEN_ZH") or TONGUES[Language.CHINESE].listen,
            voice_listen_en=read.text("VOICE_LISTEN_EN") or TONGUES[Language.ENGLISH].listen,
            voice_wait_seconds=read.number("VOICE_WAIT_SECONDS", 5, range(2, 61)),
            voice_pause=read.matching("VOICE_PAUSE", PAUSE, "auto, or seconds from 1 to 9")
            or "auto",
            voice_model=read.text("VOICE_MODEL") or "",
            voice_hints=read.text("VOICE_HINTS") or "",
            voice_least_confidence=read.number("VOICE_LEAST_CONFIDENCE", 50, range(101)),
            voice_message_seconds=read.number("VOICE_MESSAGE_SECONDS", 120, range(10, 601)),
            voice_music_url=read.parsed("VOICE_MUSIC_URL", parse.web_url) or "",
            voice_calls_per_second=read.number("VOICE_CALLS_PER_SECOND", 1, range(1, 101)),
            telegram_bot_token=read.matching(
                "TELEGRAM_BOT_TOKEN", TELEGRAM_TOKEN, "a token as BotFather gives it"
            ),
            telegram_webhook_secret=read.matching(
                "TELEGRAM_WEBHOOK_SECRET", TELEGRAM_SECRET, "1 to 256 of A-Z, a-z, 0-9, _ and -"
            ),
            telegram_api_url=(
                read.parsed("TELEGRAM_API_URL", parse.web_url) or "https://api.telegram.org"
            ),
            timezone=read.parsed("TIMEZONE", parse.timezone) or ZoneInfo("Asia/Shanghai"),
            phone_region=read.parsed("PHONE_REGION", parse.region) or "CN",
            languages=read.parsed("LANGUAGES", parse.languages) or tuple(Language),
            metrics_token=read.text("METRICS_TOKEN"),
            metrics_port=read.number("METRICS_PORT", 0, PORTS) or None,
            quiet_hours=read.kept("QUIET_HOURS", parse.hours, QUIET_HOURS),
            call_hours=read.kept("CALL_HOURS", parse.hours, CALL_HOURS),
            log_level=read.parsed("LOG_LEVEL", parse.log_level) or "info",
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, range(10)),
            sms_address_per_hour=read.number("SMS_ADDRESS_PER_HOUR", 30),
            sms_prefix_per_minute=read.number("SMS_PREFIX_PER_MINUTE", 600),
            sms_per_second=read.number("SMS_PER_SECOND", 100),
            duty_phones=read.parsed("DUTY_PHONES", parse.phones) or (),
            human_hours=read.parsed("HUMAN_HOURS", read_hours) or Hours(),
            human_wait_minutes=read.number("HUMAN_WAIT_MINUTES", 5),
            human_idle_minutes=read.number("HUMAN_IDLE_MINUTES", 5),
            call_ring_seconds=read.number("CALL_RING_SECONDS", 25, range(5, 121)),
            call_duty_rounds=read.number("CALL_DUTY_ROUNDS", 3, range(1, 101)),
            call_duty_minutes=read.number("CALL_DUTY_MINUTES", 2, range(1, 1441)),
            call_duty_hours=read.parsed("CALL_DUTY_HOURS", read_span) or DUTY_HOURS,
            media_largest_mb=read.number("MEDIA_LARGEST_MB", 20, range(1, 201)),
            media_delete_at_provider=read.parsed("MEDIA_DELETE_AT_PROVIDER", parse.yes_or_no)
            or False,
            unit_networks=read.parsed("UNIT_NETWORKS", parse.networks) or (),
            understanding_url=read.parsed("UNDERSTANDING_URL", parse.web_url),
            understanding_model=read.text("UNDERSTANDING_MODEL"),
            understanding_key=read.text("UNDERSTANDING_KEY"),
        )
        read.together("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER")
        if settings.whatsapp_number and not settings.twilio_account_sid:
            read.problems.append("TWILIO_ACCOUNT_SID is missing beside WHATSAPP_NUMBER")
        if settings.voice_model and settings.voice_pause == "auto":
            read.problems.append("VOICE_PAUSE should be seconds beside VOICE_MODEL")
        read.together("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
        read.together("UNDERSTANDING_URL", "UNDERSTANDING_MODEL")
        if read.problems:
            raise SettingsError(read.problems)
        return (
            settings
            if settings.secret_key
            else replace(settings, secret_key=kept_secret(settings.data_dir))
        )


def kept_secret(data_dir: Path) -> str:
    """The secret of a development machine: made once, then read from `data_dir/secret_key`."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "secret_key"
    fresh = data_dir / f"secret_key.{clock.new_id()}"
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(clock.token())
        # Of two processes that start at the same moment, one makes the secret of both.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text().strip()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads variables and notes every problem, so that all of them are told at once."""

    env: Mapping[str, str]
    production: bool
    problems: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """The variable's value; None when it is absent or blank."""
        return self.env.get(name, "").strip() or None

    def parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        """`parse` raises ValueError with what the variable should be."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as error:
            # The value itself may be a secret: it is never repeated.
            self.problems.append(f"{name} should be {error}")
            return None

    def kept(self, name: str, parse: Callable[[str], T], default: str) -> T:
        """Like `parsed`; where it is absent or wrong, what `default` says."""
        found = self.parsed(name, parse)
        return parse(default) if found is None else found

    def needed(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Like `parsed`, for what production cannot do without."""
        if self.production and self.text(name) is None:
            self.problems.append(f"{name} is missing: production needs it")
        return self.parsed(name, parse)

    def matching(self, name: str, pattern: re.Pattern[str], wanted: str) -> str | None:
        def match(value: str) -> str:
            if pattern.fullmatch(value) is None:
                raise ValueError(wanted)
            return value

        return self.parsed(name, match)

    def number(self, name: str, default: int, allowed: range = range(1, 10**6)) -> int:
        def whole(value: str) -> int:
            if not value.isdecimal() or int(value) not in allowed:
                raise ValueError(f"a whole number from {allowed[0]} to {allowed[-1]}")
            return int(value)

        found = self.parsed(name, whole)
        return default if found is None else found

    def together(self, *names: str) -> None:
        """Note a problem when some of `names` are set and others are not."""
        missing = [name for name in names if self.text(name) is None]
        if missing and len(missing) < len(names):
            given = ", ".join(name for name in names if name not in missing)
            self.problems.extend(f"{name} is missing beside {given}" for name in missing)


def inherited_environment() -> dict[str, str]:
    """The environment of this process, for a child to start from."""
    return dict(os.environ)
