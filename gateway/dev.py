"""`jiesu dev`: everything on this machine, on embedded servers, without an account anywhere."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import typer
import uvloop
from aiohttp import web

from gateway import clock, logs
from gateway.child import follow_parent
from gateway.config import Settings, inherited_environment
from gateway.config_parse import NEVER, Hours
from gateway.embedded import running
from gateway.first_catalogue import ensure_catalogue
from gateway.serve import serve
from gateway.simulator import whatsapp
from gateway.simulator.page import API_BASE, Stand, mount, telegram, twilio
from gateway.simulator.standin import DemoAccount, TwilioStandIn
from gateway.simulator.telegram_demo import with_bot
from handlers.demo import DemoLogin, seed
from handlers.demo_articles import seed_articles
from handlers.demo_lines import seed_lines
from handlers.reindex_articles import reindex_articles
from store.database import connect
from store.migrate import upgrade

MERGED_NUMBER = "+15005550016"  # of a hotline that leads here too; nobody's


def run(settings: Settings) -> None:
    """Run until interrupted; a second run finds what the first left."""
    logs.configure("warning" if settings.log_level == "info" else settings.log_level)
    with running(settings.data_dir) as servers:
        settings = replace(
            settings,
            database_url=settings.database_url or servers.database_url,
            redis_url=settings.redis_url or servers.redis_url,
        )
        upgrade(settings.database_url or "")
        logins = asyncio.run(_prepare(settings))
        settings, stands = _with_stands(settings)

        def extend(app: web.Application) -> None:
            if stands:
                mount(app, *stands)

        with _children(settings, ("worker", "clock")):
            uvloop.run(serve(settings, extend, lambda: _greet(settings, logins, bool(stands))))


async def _prepare(settings: Settings) -> Sequence[DemoLogin]:
    """Load the shipped catalogue if there is none yet, and add the demo staff."""
    now = clock.now()
    today = now.astimezone(settings.timezone).date()
    pool = await connect(settings.database_url or "", size=1)
    try:
        async with pool.acquire() as connection:
            await ensure_catalogue(connection, today, now)
            await seed_articles(connection, now)
            await reindex_articles(connection)
            if settings.twilio_account_sid is None:
                await seed_lines(connection, DemoAccount().phone_number, MERGED_NUMBER, now)
            return await seed(connection, now)
    finally:
        await pool.close()


def _with_stands(settings: Settings) -> tuple[Settings, list[Stand]]:
    """Stand-ins for the providers at which no account is set."""
    stands = []
    if settings.twilio_account_sid is None:
        settings, standin = _with_standin(settings)
        stands.append(twilio(standin))
    if settings.telegram_bot_token is None:
        settings, bot = with_bot(settings)
        stands.append(telegram(bot))
    return settings, stands


def _with_standin(settings: Settings) -> tuple[Settings, TwilioStandIn]:
    """A Twilio account that costs nothing: its API is this very process."""
    account = DemoAccount()
    local = f"http://{settings.host}:{settings.port}"
    changed = replace(
        settings,
        twilio_account_sid=account.sid,
        twilio_auth_token=account.auth_token,
        twilio_phone_number=account.phone_number,
        twilio_api_url=local + API_BASE,
        quiet_hours=NEVER,  # whoever tries it out wants to see the answer now
        call_hours=NEVER,
        whatsapp_number=whatsapp.NUMBER,
        whatsapp_templates=whatsapp.BUTTONS | whatsapp.LISTS,
        whatsapp_notice_template=whatsapp.NOTICE_TEMPLATE,
    )
    standin = TwilioStandIn(
        sid=account.sid,
        auth_token=account.auth_token,
        phone_number=account.phone_number,
        public_url=settings.public_url,
        webhook_attempts=3,
        status_seconds=0.3,
    )
    standin.api_url = local + API_BASE
    standin.voice.numbers += (MERGED_NUMBER,)
    return changed, standin


@contextmanager
def _children(settings: Settings, names: Sequence[str]) -> Iterator[None]:
    """Worker and clock as processes of their own; they go when this one goes."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "gateway", name],
            env=_environment(settings),
            preexec_fn=follow_parent(signal.SIGTERM),  # noqa: PLW1509 - one thread so far
            start_new_session=True,
        )
        for name in names
    ]
    try:
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _environment(settings: Settings) -> dict[str, str]:
    given = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PUBLIC_URL": settings.public_url,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_PHONE_NUMBER": settings.twilio_phone_number,
        "TWILIO_API_URL": settings.twilio_api_url,
        "TELEGRAM_BOT_TOKEN": settings.telegram_bot_token,
        "TELEGRAM_WEBHOOK_SECRET": settings.telegram_webhook_secret,
        "TELEGRAM_API_URL": settings.telegram_api_url,
        "QUIET_HOURS": _span(settings.quiet_hours),
        "CALL_HOURS": _span(settings.call_hours),
        "WHATSAPP_NUMBER": settings.whatsapp_number,
        "WHATSAPP_TEMPLATES": ",".join(
            f"{name}={sid}" for name, sid in settings.whatsapp_templates.items()
        ),
        "WHATSAPP_NOTICE_TEMPLATE": settings.whatsapp_notice_template,
        "LOG_LEVEL": "warning",
    }
    return inherited_environment() | {name: value for name, value in given.items() if value}


def _span(hours: Hours) -> str:
    return "-".join(f"{moment:%H:%M}" for moment in hours) or "none"


def _greet(settings: Settings, logins: Sequence[DemoLogin], simulated: bool) -> None:  # noqa: FBT001
    """Say where to look."""
    url = settings.public_url
    lines = [
        "",
        "接诉 Jiesu is running.",
        f"  residents  市民   {url}/",
        f"  staff      工作人员 {url}/console",
    ]
    if simulated:
        lines.append(f"  simulator  模拟手机 {url}/simulator")
    lines += [f"  login      {one.login} / {one.password}  ({one.name})" for one in logins]
    lines += ["Stop with Ctrl-C.", ""]
    typer.echo("\n".join(lines))
