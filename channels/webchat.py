"""Web chat: residents fetch their messages from the page at `/`; nothing is ever sent, so nothing can fail to arrive."""

import re

from channels.base import Abilities, Channel
from dialogs.said import Reply
from dialogs.words import Language

NAME = "webchat"

# The address is the browser's own secret: 32 random bytes, as `gateway.clock.token` writes them.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def normalise(raw: str) -> str | None:
    """A browser's token as it stands, or None when it is not one of ours."""
    return raw if _TOKEN.fullmatch(raw) else None


def mask(address: str) -> str:
    """Four characters tell one browser from another for staff, and open nothing."""
    return f"web-{address[:4]}…"


def _prefix(_address: str) -> str:
    return NAME  # tokens are random: no group of them belongs together


def _render(reply: Reply, _language: Language) -> tuple[str, ...]:
    return (reply.text,)  # the page draws choices, photo and place from the reply itself


def channel() -> Channel:
    """The web chat, the same in every process: it has no provider and no settings."""
    return Channel(
        name=NAME,
        abilities=Abilities(buttons=True, mailbox=True),
        normalise=normalise,
        mask=mask,
        prefix=_prefix,
        render=_render,
    )
