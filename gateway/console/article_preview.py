"""What residents will read of an answer, on a chat and by SMS, made by the very dialog that tells it."""

from dataclasses import replace
from datetime import date

from aiohttp import web

from channels import sms
from dialogs.dialog import Talk
from dialogs.intake.answering import preview
from dialogs.known import KnownAnswer
from dialogs.session import Session
from dialogs.words import Language
from gateway.keys import CLOCK, WORLD


def previews(
    request: web.Request, answer: str, unit: str, valid_until: date | None, language: str
) -> tuple[tuple[str, str], ...]:
    """Where it is read, and the whole text as it is read there."""
    world = request.app[WORLD]
    spoken = Language(language) if language in set(Language) else world.language
    known = KnownAnswer(0, "", answer, unit, valid_until)
    channel = next(iter(world.channels.values()))
    facts = world.facts(channel, request.app[CLOCK]())
    session = Session(language=spoken)
    chat = Talk(session, replace(facts, buttons=True, brief=False))
    short = Talk(session, replace(facts, buttons=False, brief=True))
    parts = sms.render(preview(short, known), spoken)
    text_message = "\n".join(parts)
    return (("网页对话", preview(chat, known).text), ("短信", text_message))
