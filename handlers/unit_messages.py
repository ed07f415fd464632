"""What units are told by SMS or chat: one notice, or many in one message, with the number that a reply names each by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.said import Reply
from dialogs.understanding.own_name import nameless
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
from store.unit_contacts import BRINGING, Untold
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
# How work is called that came by something else than a first dispatch.
_BROUGHT = {
    "reopened": "重办工单",
    "succeeded": "承接工单",
    "split": "拆出单办",
    "coordination_ended": "协调后交办",
    "whistle_closed": "吹哨后交办",
    "upheld": "改派工单",
    "community_given_up": "社区转来",
    "community_late": "社区转来",
    "not_reconciled": "企业未能和解",
    "reconciliation_late": "企业未能和解",
}
# What a reply can do.
_SIGN = "回1签收。"
_SIGN_AGAIN = "请回“签收{code}”。"
_REPORT_IN = "回1线上报到，到场回“报到现场”。"
_SEVERAL = "签收回“签收”加编号，全部签收或线上报到回1。"


async def tell_new_work(connection: Connection, world: World, now: datetime) -> int:
    """Tell units of shares that they got, where they can be told; returns how many."""
    found = await unit_contacts.untold(connection, now - LOOK_BACK, MOST_NEW)
    await unit_notices.insert(connection, [_new(world, one) for one in found])
    return len(found)


def _new(world: World, one: Untold) -> UnitNoticeRow:
    """A confidential matter is not told on the way; of no other the resident."""
    said = (
        "" if one.confidential else nameless(masked(" ".join(one.matter.split())))[:LONGEST_MATTER]
    )
    known = one.confidential or one.place[-PLACE_END:] in said  # residents mostly say where
    where = "" if known else one.place
    what = _BROUGHT.get(one.event, _ROLES["lead"]) if one.role == "lead" else _ROLES[one.role]
    title = "" if one.title in said else f"“{one.title}”"
    parts = [where, said]
    if one.sign_due_at is not None:
        local = one.sign_due_at.astimezone(world.timezone)
        parts.append(f"{local.month}月{local.day}日{local:%H:%M}前签收")
    told = "，".join(part for part in parts if part)
    note = f"{what}{title}（{one.grade}级）：{told}".rstrip("：")
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
    if len({one.ticket_id for one in sendings}) == 1:
        return _single(sendings)
    tickets = dict.fromkeys(one.ticket_id for one in sendings if one.ticket_id is not None)
    titles = {one.ticket_id: one.title for one in sendings}
    listed = [f"{code_of(one)} {titles[one]}" for one in list(tickets)[:MOST_LISTED]]
    rest = f"；另有{len(tickets) - MOST_LISTED}张" if len(tickets) > MOST_LISTED else ""
    hint = _SEVERAL if any(one.waiting for one in sendings) else ""
    return f"{_counted(sendings)}：{'；'.join(listed)}{rest}。{hint}"


def _counted(sendings: Sequence[Sending]) -> str:
    tickets = {one.ticket_id for one in sendings if one.event in BRINGING and _to_sign(one)}
    fresh, called = len(tickets), sum(one.event == "whistled" for one in sendings)
    other = sum(one.event != "whistled" and one.ticket_id not in tickets for one in sendings)
    counts = ((fresh, "张新工单"), (called, "次吹哨"), (other, "条提醒"))
    return "、".join(f"{count}{name}" for count, name in counts if count)


def _single(sendings: Sequence[Sending]) -> str:
    """What is told of one ticket, or of none."""
    one = sendings[-1]
    note = masked("；".join(dict.fromkeys(each.note.rstrip("。") for each in sendings)))
    note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
    note = note.rstrip("。")
    if one.ticket_id is None:
        return f"{note}。"
    code = code_of(one.ticket_id)
    return f"{note}。编号{code}。{_hint(sendings).format(code=code)}"


def _hint(sendings: Sequence[Sending]) -> str:
    one, events = sendings[-1], {each.event for each in sendings}
    if "called" in one.waiting and ("whistled" in events or not _to_sign(one)):
        return _REPORT_IN
    if not _to_sign(one):
        return ""
    return _SIGN_AGAIN if "reopened" in events else _SIGN


def _to_sign(one: Sending) -> bool:
    return bool({"lead", "assist"} & set(one.waiting))


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
