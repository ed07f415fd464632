"""What staff hear before a resident is put through: who it is, where, what it is about."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channels.base import CallEvent, Message
from dialogs import session
from dialogs.human import draft_of
from dialogs.requests import Draft
from dialogs.words import Language
from handlers.calls_said import said
from handlers.world import World
from store import call_desk, calls
from store.database import Connection

LONGEST_MATTER = 40
OWN_NAME = "12345"
NOTHING_TOLD = "还没有说是什么事"


async def whisper(
    connection: Connection, world: World, event: CallEvent, now: datetime
) -> Sequence[Message]:
    """Tell a second-line desk who is going to be put through; `event.call` is the resident's. A fax is told nothing."""
    del now
    if event.outcome == "fax":
        return ()
    known = await calls.find(connection, event.call)
    if known is None or known.conversation_id is None:
        return said(f"{line_name(world, '')}转来一位市民。")
    found = await call_desk.session_of(connection, known.conversation_id)
    draft = read_draft(found)
    return said(f"{line_name(world, known.line)}转来市民来电，{matter_of(world, draft)}")


def words_for(
    world: World, stored: str, line: str, asked_at: datetime | None, now: datetime, about: str = ""
) -> str:
    """What somebody hears who takes a caller; `stored` is the conversation's session, `asked_at` None for a call-back."""
    what = matter_of(world, read_draft(stored), about)
    name = line_name(world, line)
    if asked_at is None:
        return f"{name}回电，{what}"
    minutes = int((now - asked_at).total_seconds() // 60)
    waited = f"已等{minutes}分钟，" if minutes else ""
    return f"{name}市民来电，{waited}{what}"


def line_name(world: World, number: str) -> str:
    """What one of our numbers is called."""
    line = world.lines.get(number)
    return line.name if line is not None else OWN_NAME


def read_draft(stored: str) -> Draft | None:
    """The draft that is being told in a stored session."""
    try:
        return draft_of(session.load(stored))
    except msgspec.ValidationError:
        return None


def matter_of(world: World, draft: Draft | None, about: str = "") -> str:
    """Where and what, as one sentence for staff; `about` is what was told before, where no draft is open."""
    place = what = danger = ""
    if draft is not None:
        place = world.city.reader.full_name(draft.place, Language.CHINESE)
        what = draft.title or draft.matter[:LONGEST_MATTER]
        danger = "紧急，" if draft.emergency else ""
    told = "，".join(filter(None, (place, what or about[:LONGEST_MATTER])))
    return f"{danger}{told or NOTHING_TOLD}。"
