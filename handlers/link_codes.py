"""Codes by SMS: they prove that the number which a resident of a web chat names is the resident's own.

A code is six digits made of its row's id by a key: nothing that is stored tells it. Its text goes out by a timer, under
the lock of the number's own conversation, which the asking turn does not hold.
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.phrases import phrase
from dialogs.requests import CheckLinkCode, LinkCodeChecked, LinkCodeSent, SendLinkCode
from dialogs.said import Reply
from handlers.effects import Effects
from handlers.linking import CODE
from handlers.notices import language_of
from handlers.outgoing import Errand, outbox_row, render
from handlers.visit import Visit
from handlers.world import SMS, World
from store import conversations, link_codes
from store.conversations import ConversationRow, NewAddress
from store.database import Connection
from store.keys import Keys
from store.link_codes import SmsPlace
from store.timers import FiredTimer, TimerRow
from store.turns import SessionUpdate

TIMER = "link_code"  # the timer's subject; its id is the code's
VALID_FOR = timedelta(minutes=10)
TRIES = 5
AN_HOUR = timedelta(hours=1)
CODES_AN_HOUR = 3  # for a number, and for a conversation
CODE_DIGITS = 6
_TEXT = phrase(
    "{code} links a chat with 12345 to this number; valid for 10 minutes. Tell it to nobody who asks. "
    "Was it not you? Then do nothing."
)


async def send_codes(
    connection: Connection,
    world: World,
    effects: Effects,
    asking: Sequence[tuple[Visit, SendLinkCode]],
    now: datetime,
) -> list[LinkCodeSent]:
    """Have a code sent to each number that takes texts, within what is allowed; the answers stand in order."""
    return [
        LinkCodeSent(await _send(connection, world, effects, visit, order.number, now))
        for visit, order in asking
    ]


async def _send(
    connection: Connection,
    world: World,
    effects: Effects,
    visit: Visit,
    written: str,
    now: datetime,
) -> bool:
    number = texted_number(world, written)
    if number is None or visit.channel.abilities.phone or visit.channel.abilities.voice:
        return False
    if visit.row.numbered:  # a browser that two people share must not show one the other's tickets
        return False
    place = await _sms_place(connection, world, number, now)
    if place.stopped:
        return False
    hashed, asker = world.hash_of_number(number), visit.row.id
    if await link_codes.sent_since(connection, hashed, asker, now - AN_HOUR) >= CODES_AN_HOUR:
        return False
    code_id = await link_codes.add(connection, asker, hashed, now, now + VALID_FOR)
    effects.timers.append(TimerRow(TIMER, code_id, "send", place.conversation_id, now))
    return True


def texted_number(world: World, written: str) -> str | None:
    """A number as it is known by SMS; None when it is none, or takes no texts."""
    sms, voice = world.channels.get(SMS), world.channels.get("voice")
    number = sms.normalise(written) if sms is not None else None
    if number is None or (voice is not None and voice.home_of(number) != SMS):
        return None
    return number


async def _sms_place(connection: Connection, world: World, number: str, now: datetime) -> SmsPlace:
    """The number's own conversation, made where there is none."""
    where = world.address_hash(SMS, number)
    place = await link_codes.sms_place(connection, SMS, where)
    if place is not None:
        return place
    channel = world.channels[SMS]
    sealed = world.keys.seal(number)
    new = NewAddress(SMS, where, sealed, channel.mask(number), world.hash_of_number(number))
    made = (await conversations.create(connection, [new], now))[0]
    return SmsPlace(made.id, made.address_id, stopped=False)


async def check_codes(
    connection: Connection,
    world: World,
    effects: Effects,
    asking: Sequence[tuple[Visit, CheckLinkCode]],
    now: datetime,
) -> list[LinkCodeChecked]:
    """Compare what was typed in with the newest code of each conversation; the right one links the number."""
    return [
        await _check(connection, world, effects, visit, order.code, now) for visit, order in asking
    ]


async def _check(
    connection: Connection, world: World, effects: Effects, visit: Visit, typed: str, now: datetime
) -> LinkCodeChecked:
    known = await link_codes.newest(connection, visit.row.id, now)
    if known is None or known.tries >= TRIES:
        return LinkCodeChecked(right=False)
    right = hmac.compare_digest(code_of(world.keys, known.id).encode(), typed.encode())
    await link_codes.note_try(connection, known.id, right=right)
    if right:
        effects.links.append((visit.row.address_id, visit.row.id, known.number_hash, CODE))
        return LinkCodeChecked()
    return LinkCodeChecked(right=False, tries=TRIES - known.tries - 1)


def code_of(keys: Keys, code_id: int) -> str:
    """The six digits of a code."""
    made = int.from_bytes(keys.lookup(f"link code {code_id}")[:8], "big")
    return f"{made % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


async def tell_codes(
    connection: Connection,
    world: World,
    effects: Effects,
    rows: dict[int, ConversationRow],
    fired: Sequence[FiredTimer],
    now: datetime,
) -> None:
    """Put the codes of these timers into the conversations of their numbers, unless they have expired meanwhile."""
    due = {timer.subject_id: timer for timer in fired if timer.subject == TIMER}
    valid = await link_codes.valid(connection, list(due), now) if due else set()
    for code_id, timer in due.items():
        if code_id in valid and timer.conversation_id is not None:
            row = rows[timer.conversation_id]
            _tell(world, effects, row, code_of(world.keys, code_id), now)
            rows[row.id] = replace(row, seq=row.seq + 1)


def _tell(world: World, effects: Effects, row: ConversationRow, code: str, now: datetime) -> None:
    """The text goes to this very number and nowhere else, whatever the resident prefers."""
    channel, language = world.channels[row.channel], language_of(world, row)
    reply = Reply(world.phrases.say(language, _TEXT, code=code), language=language)
    message = render(channel, language, reply, row.id, row.seq + 1)
    wait = world.limits.wait(channel.prefix(row.masked), now)
    errand = Errand("code", now, wait, stopped=row.stopped, urgent=True)
    effects.outbox.append(outbox_row(channel, row.address_id, message, errand))
    effects.sessions[row.id] = SessionUpdate(
        row.id, row.session, row.seq + 1, row.last_said_at, row.wake_at, row.budget, row.budget_at
    )
