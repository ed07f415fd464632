"""The bot of `jiesu dev`: nobody's, and registered with the stand-in from the start."""

from dataclasses import replace

from channels.telegram import PATH
from gateway import clock
from gateway.config import Settings
from gateway.simulator.page import TELEGRAM_BASE
from gateway.simulator.telegram import DemoBot, TelegramStandIn
from gateway.simulator.telegram_state import Hook
from gateway.telegram_setup import COMMANDS


def with_bot(settings: Settings) -> tuple[Settings, TelegramStandIn]:
    """A bot that costs nothing: its API is this very process."""
    demo = DemoBot()
    local = f"http://{settings.host}:{settings.port}"
    changed = replace(
        settings,
        telegram_bot_token=demo.token,
        telegram_webhook_secret=demo.secret,
        telegram_api_url=local + TELEGRAM_BASE,
    )
    standin = TelegramStandIn(token=demo.token, username=demo.username)
    standin.state.forgetful = True
    standin.state.chats.count_from(int(clock.now().timestamp()))
    standin.state.hook = Hook(local + PATH, demo.secret)
    menu = COMMANDS[settings.languages[0]]
    standin.state.commands[""] = [{"command": n, "description": d} for n, d in menu.items()]
    return changed, standin
