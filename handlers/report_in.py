"""Called by a whistle: a unit reports in (报到), says what it thinks, and stays until the whistle is closed."""

from dialogs.words import AssignmentRole
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import whistles
from store.database import Connection
from store.unit_notices import UnitNoticeRow
from store.whistles import Call, Report, Whistle

HOW_NAMES = {"on_the_spot": "到现场", "on_line": "线上"}


async def report_in(
    connection: Connection, world: World, by: By, ticket_id: int, whistle_id: int, how: str
) -> bool:
    """Report in to a whistle, on the spot or on line; returns whether it was in time."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.REPORT_IN)
    if how not in HOW_NAMES:
        raise ActRefusedError("请选择到现场还是线上报到。")
    one, call = await _called(connection, case, whistle_id)
    if call.reported_at is not None:
        raise ActRefusedError("本单位已经报到过了。")
    late = by.at > one.report_by
    await whistles.report(
        connection, Report(whistle_id, call.unit_id, by.at, how, by.staff_id, late)
    )
    note = f"{HOW_NAMES[how]}报到{'，迟到' if late else ''}"
    case.record("reported_in", note)
    _tell_caller(case, one, "reported_in", f"{case.unit}{note}")
    await finish(connection, case)
    return not late


async def opine(
    connection: Connection, world: World, by: By, ticket_id: int, whistle_id: int, text: str
) -> None:
    """Give the opinion that the whistle asks of each called unit; said again, it takes the first one's place."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.WHISTLE_OPINION)
    text = worded(text, "意见")
    one, call = await _called(connection, case, whistle_id)
    if call.reported_at is None:
        raise ActRefusedError("还没有报到，请先报到再提交意见。")
    await whistles.opine(connection, whistle_id, call.unit_id, text, by.at)
    case.record("whistle_opinion", text)
    calls = await whistles.calls(connection, [whistle_id])
    missing = [other.unit for other in calls if not other.opinion]
    rest = f"还差{'、'.join(missing)}。" if missing else "意见齐了，可以结束吹哨。"
    _tell_caller(case, one, "whistle_opinion", f"{case.unit}的意见：{text}。{rest}")
    await finish(connection, case)


async def _called(connection: Connection, case: Case, whistle_id: int) -> tuple[Whistle, Call]:
    """The open whistle of this ticket and the acting unit's part in it."""
    found = [
        one
        for one in await whistles.open_whistles(connection, case.ticket_id)
        if one.id == whistle_id
    ]
    calls = await whistles.calls(connection, [whistle_id]) if found else []
    mine = [call for call in calls if call.unit_id == case.by.unit_id]
    if not mine:
        raise ActRefusedError("这次吹哨已经结束，或者没有叫本单位。")
    return found[0], mine[0]


def _tell_caller(case: Case, one: Whistle, event: str, words: str) -> None:
    """Who leads by now hears of it, which may be another than who blew the whistle."""
    leads = [
        share.unit_id
        for share in case.shares
        if share.running and share.role == AssignmentRole.LEAD
    ]
    note = f"“{case.ticket.title}”吹哨：{words}"
    case.effects.unit_notices.append(
        UnitNoticeRow((leads or [one.unit_id])[-1], "desk", case.ticket_id, event, note, case.by.at)
    )
