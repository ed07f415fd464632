"""What units are told by SMS or chat: one notice, or many in one message, with the number that a reply names each by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.said import Reply
from dialogs.understanding.personal import masked
from dialogs.words import Grade, Language
from handlers.effects import Effects
from handlers.outgoing import Errand, outbox_row, render
from handlers.unit_words import code_of
from handlers.world import World
from store import unit_contacts, unit_notices
from store.conversations import ConversationRow
from store.database import Connection
from store.turns import SessionUpdate
from store.unit_contacts import Untold
from store.unit_notices import UnitNoticeRow
from store.unit_sendings import Sending

PURPOSE = "unit"
LOOK_BACK = timedelta(days=1)  # work that is older and untold is in the list of tickets only
MOST_NEW = 500
MOST_LISTED = 8
LONGEST_NOTE = 120
LONGEST_MATTER = 80
PLACE_END = 6  # characters by which a place is found again in the resident's words
_URGENT = frozenset({Grade.I, Grade.II})
_ROLES = {"lead": "新工单", "assist": "协办工单"}
# What a reply can do, by the event that the notice goes with.
_HINTS = {
    "dispatched": "回1签收，或回“进展{code}”加办理情况。",
    "reopened": "请回“签收{code}”。",
    "whistled": "回1线上报到，到场回“报到{code}现场”，再回“意见{code}”加意见。",
}


async def tell_new_work(connection: Connection, world: World, now: datetime) -> int:
    """Tell units of shares that they got, where they can be told; returns how many."""
    found = await unit_contacts.untold(connection, now - LOOK_BACK, MOST_NEW)
    await unit_notices.insert(connection, [_new(world, one) for one in found])
    return len(found)


def _new(world: World, one: Untold) -> UnitNoticeRow:
    """A confidential matter is not told on the way; of no other the resident."""
    said = "" if one.confidential else masked(" ".join(one.matter.split()))[:LONGEST_MATTER]
    known = one.confidential or one.place[-PLACE_END:] in said  # residents mostly say where
    where = "" if known else one.place
    parts = [f"{_ROLES[one.role]}“{one.title}”（{one.grade}级）", where, said]
    if one.sign_due_at is not None:
        local = one.sign_due_at.astimezone(world.timezone)
        parts.append(f"{local.month}月{local.day}日{local:%H:%M}前签收")
    note = "，".join(part for part in parts if part)
    return UnitNoticeRow(
        one.unit_id,
        "desk",
        one.ticket_id,
        one.event,
        note,
        one.dispatched_at,
        urgent=one.grade in _URGENT,
    )


def words(sendings: Sequence[Sending]) -> str:
    """What one contact is told, of one notice or of many."""
    if len(sendings) == 1:
        return _single(sendings[0])
    tickets = dict.fromkeys(one.ticket_id for one in sendings if one.ticket_id is not None)
    titles = {one.ticket_id: one.title for one in sendings}
    listed = [f"{code_of(one)} {titles[one]}" for one in list(tickets)[:MOST_LISTED]]
    rest = f"；另有{len(tickets) - MOST_LISTED}张" if len(tickets) > MOST_LISTED else ""
    return f"{_counted(sendings)}：{'；'.join(listed)}{rest}。签收回“签收”加编号，全部签收或线上报到回1。"


def _counted(sendings: Sequence[Sending]) -> str:
    fresh = sum(one.event == "dispatched" for one in sendings)
    called = sum(one.event == "whistled" for one in sendings)
    other = len(sendings) - fresh - called
    counts = ((fresh, "张新工单"), (called, "次吹哨"), (other, "条提醒"))
    return "、".join(f"{count}{name}" for count, name in counts if count)


def _single(one: Sending) -> str:
    note = masked(one.note)
    note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
    note = note.rstrip("。")
    if one.ticket_id is None:
        return f"{note}。"
    code = code_of(one.ticket_id)
    hint = _HINTS.get(one.event, "").format(code=code)
    return f"{note}。编号{code}。{hint}"


def put(
    world: World,
    effects: Effects,
    row: ConversationRow,
    text: str,
    now: datetime,
    *,
    ticket_id: int | None = None,
) -> ConversationRow:
    """Put words for a unit behind all that was said in a locked conversation; returns it as it is then."""
    channel = world.channels[row.channel]
    reply = Reply(text, language=Language.CHINESE)
    message = render(channel, Language.CHINESE, reply, row.id, row.seq + 1)
    phone = channel.abilities.phone
    wait = world.limits.wait(channel.prefix(row.masked), now) if phone else timedelta(0)
    errand = Errand(PURPOSE, now, wait, stopped=row.stopped, ticket_id=ticket_id, urgent=True)
    effects.outbox.append(outbox_row(channel, row.address_id, message, errand))
    after = replace(row, seq=row.seq + 1, queued=True)
    effects.sessions[row.id] = SessionUpdate(
        row.id, row.session, after.seq, row.last_said_at, row.wake_at, row.budget, row.budget_at
    )
    return after
