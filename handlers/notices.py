"""A notice (通知): what staff do is told to the resident in the same conversation, in the same transaction."""

from datetime import datetime, timedelta

import msgspec

from channels.base import Message
from dialogs import session
from dialogs.said import Reply
from dialogs.words import Grade, Language
from handlers.case import Case
from handlers.effects import Effects
from handlers.message_timer import look_elsewhere
from handlers.outgoing import Errand, outbox_row, render
from handlers.world import World
from store.conversations import ConversationRow
from store.turns import SessionUpdate

URGENT = frozenset({Grade.I, Grade.II})
_HOURS_A_DAY = 24


def notice(case: Case, message: str, /, **slots: object) -> bool:
    """Tell the resident of a case, once an act; False when there is nobody to tell.

    `message` is an English source phrase, said in the resident's language.
    """
    if case.row is None:
        return False
    notify(case.world, case.effects, case.row, case.ticket_id, case.by.at, message, **slots)
    return True


def notify(
    world: World,
    effects: Effects,
    row: ConversationRow,
    ticket_id: int | None,
    now: datetime,
    message: str,
    /,
    **slots: object,
) -> Message:
    """Put a notice after all that was said in a locked conversation; whoever said STOP is not sent it.

    Whoever has said STOP here, or wishes to be told elsewhere, is told there. What is not urgent waits for the morning.
    """
    language = language_of(world, row)
    channel = world.channels[row.channel]
    say = world.phrases.speak if channel.abilities.voice else world.phrases.say
    reply = Reply(say(language, message, **slots), language=language)
    rendered = render(channel, language, reply, row.id, row.seq + 1)
    limited = channel.abilities.phone and not row.stopped
    wait = world.limits.wait(channel.prefix(row.masked), now) if limited else timedelta(0)
    ticket = effects.locked.get(ticket_id or 0)
    urgent = ticket is not None and ticket.grade in URGENT
    quiet = world.quiet.wait(now, voice=channel.abilities.voice, urgent=urgent)
    errand = Errand(
        "notice",
        now,
        max(wait, quiet),
        stopped=row.stopped,
        ticket_id=ticket_id,
        urgent=urgent,
        elsewhere=row.told_elsewhere,
    )
    effects.outbox.append(outbox_row(channel, row.address_id, rendered, errand))
    if row.stopped or row.told_elsewhere:
        effects.timers.append(look_elsewhere((row.id, row.seq + 1), now))
    effects.sessions[row.id] = SessionUpdate(
        row.id,
        row.session,
        row.seq + 1,
        row.last_said_at,
        row.wake_at,
        row.budget,
        row.budget_at,
    )
    return rendered


def as_sentence(text: str) -> str:
    """Words of staff with the stop that their writer has left out, for ours to follow."""
    return text if text.endswith(("。", "！", "？", "…", ".", "!", "?")) else f"{text}。"


def language_of(world: World, row: ConversationRow) -> Language:
    """The language of a conversation; the city's own where it cannot be told."""
    if row.session == "{}":
        return world.language
    try:
        return session.load(row.session).language
    except msgspec.ValidationError:
        return world.language


def within(world: World, language: Language, hours: int) -> str:
    """Say a time limit: hours up to a day, days beyond."""
    if hours <= _HOURS_A_DAY:
        return world.phrases.say(language, "{hours} hours", hours=hours)
    return world.phrases.say(language, "{days} days", days=hours // _HOURS_A_DAY)
