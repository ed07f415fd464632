"""Abuse of the line (恶意占线): marked by two people of the centre, for a time, with a reason, and told to the resident.

What is marked is still heard: every message is kept, danger is answered, matters are taken. Who only abuses or says
nothing at all is left a while after the first such message (`dialogs/patience.py`), and staff see the mark.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from dialogs import session
from dialogs.phrases import phrase
from dialogs.session import Session
from dialogs.words import Language
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.notices import language_of, notice
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import abuse
from store.abuse import Mark
from store.database import Connection
from store.unit_notices import UnitNoticeRow

PROPOSED, CONFIRMED, LIFTED = "abuse_proposed", "abuse_confirmed", "abuse_lifted"

TOLD = phrase(
    "12345 has decided: until {when}, empty messages of yours get no answer. "
    "What you need is still taken. Against it: reply “human”."
)
TOLD_LIFTED = phrase("12345 has lifted it: your messages are answered as before.")


def in_force(mark: Mark, now: datetime) -> bool:
    """Whether a mark holds now."""
    return mark.lifted_at is None and mark.until is not None and now < mark.until


def is_proposed(mark: Mark) -> bool:
    """Whether a mark waits for the second person."""
    return mark.lifted_at is None and mark.confirmed_at is None


def marked_until(stored: str) -> datetime | None:
    """Until when the resident of a stored session is marked; None for who is not."""
    try:
        return session.load(stored).marked_until
    except msgspec.ValidationError:
        return None


async def mark_abuse(
    connection: Connection, world: World, by: By, ticket_id: int, reason: str
) -> None:
    """Propose a mark on a ticket's resident."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.MARK_ABUSE)
    reason = worded(reason, "理由", longest=500)
    resident_id = case.ticket.resident_id
    if resident_id is None:
        raise ActRefusedError("不知道是哪位市民，不能标记。")
    await abuse.hold(connection, resident_id)
    marks = await abuse.of_resident(connection, resident_id)
    if any(is_proposed(one) or in_force(one, by.at) for one in marks):
        raise ActRefusedError("这位市民已经有一个标记。")
    await abuse.propose(connection, resident_id, ticket_id, reason, by.staff_id, by.at)
    case.record(PROPOSED, reason)
    note = f"“{case.ticket.title}”的市民有一个恶意标记等第二个人确认。"
    case.effects.unit_notices.append(UnitNoticeRow(None, "head", ticket_id, PROPOSED, note, by.at))
    await finish(connection, case)


async def confirm_abuse(
    connection: Connection, world: World, by: By, ticket_id: int, mark_id: int, days: str
) -> None:
    """The second person lets it hold, for so many days; the resident hears until when."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.CONFIRM_ABUSE)
    mark = await _mark(connection, case, mark_id)
    if not is_proposed(mark):
        raise ActRefusedError("这个标记已经有结果了。")
    if mark.proposed_by == by.staff_id:
        raise ActRefusedError("提议的人不能自己确认，请另一位同事来办。")
    most = world.rules.value("abuse.most_days")
    given = days.strip()
    count = int(given) if given.isascii() and given.isdigit() and len(given) < len("1000") else 0
    if not 1 <= count <= most:
        raise ActRefusedError(f"天数须在1到{most}之间。")
    until = by.at + timedelta(days=count)
    await abuse.confirm(connection, mark.id, by.staff_id, by.at, until)
    await _keep(connection, case, until)
    case.record(CONFIRMED, f"{count}天，理由：{mark.reason}")
    notice(case, TOLD, when=_day(case, until))
    await finish(connection, case)


async def lift_abuse(
    connection: Connection, world: World, by: By, ticket_id: int, mark_id: int, reason: str
) -> None:
    """Take a mark back, proposed or in force; one alone may do so. Who was told of it hears that it is over."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.LIFT_ABUSE)
    reason = worded(reason, "理由", longest=500)
    mark = await _mark(connection, case, mark_id)
    held = in_force(mark, by.at)
    if not held and not is_proposed(mark):
        raise ActRefusedError("这个标记已经有结果了。")
    await abuse.lift(connection, mark.id, by.staff_id, by.at)
    case.record(LIFTED, reason)
    if held:
        await _keep(connection, case, None)
        notice(case, TOLD_LIFTED)
    await finish(connection, case)


async def _mark(connection: Connection, case: Case, mark_id: int) -> Mark:
    resident_id = case.ticket.resident_id
    if resident_id is not None:
        await abuse.hold(connection, resident_id)
    marks = await abuse.of_ticket(connection, case.ticket_id)
    for one in marks:
        if one.id == mark_id:
            return one
    raise ActRefusedError("没有这个标记。")


async def _keep(connection: Connection, case: Case, until: datetime | None) -> None:
    """The dialog reads it in the session; that of the ticket's own conversation goes out with the notice."""
    row, resident_id = case.row, case.ticket.resident_id
    if row is not None:
        fresh = Session(language=case.world.language)
        known = fresh if row.session == "{}" else session.load(row.session)
        marked = msgspec.structs.replace(known, marked_until=until)
        case.row = replace(row, session=session.dump(marked).decode())
    if resident_id is not None:
        await abuse.set_in_talks(connection, resident_id, row.id if row else None, until)


def _day(case: Case, moment: datetime) -> str:
    local = moment.astimezone(case.world.timezone)
    if case.row is not None and language_of(case.world, case.row) is Language.ENGLISH:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日{local:%H:%M}"
