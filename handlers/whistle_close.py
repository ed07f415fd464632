"""The end of a whistle: the lead concludes, all who were called are released; then both sides rate each other."""

from dataclasses import dataclass

from dialogs.words import AssignmentRole
from handlers.case import ActRefusedError, By, Case, UnknownTicketError, finish, take_up, worded
from handlers.case_timers import WHISTLE, dropped
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import whistles
from store.assignments import AssignmentRow
from store.casework import running
from store.database import Connection
from store.unit_notices import UnitNoticeRow
from store.whistles import Call, Whistle

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Concluding:
    """What came of a whistle. `found_unit_id`: whose it is, where that was the question and has been found out."""

    whistle_id: int
    conclusion: str
    found_unit_id: int | None = None


async def close_whistle(
    connection: Connection, world: World, by: By, ticket_id: int, order: Concluding
) -> None:
    """End a whistle. Nobody is released before all have come, or are late, and who came has said what they think.

    Whose it turns out to be acts as an assisting unit; the lead stays first receiver (首接负责).
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.CLOSE_WHISTLE)
    conclusion = worded(order.conclusion, "结论")
    one = await _open(connection, case, order.whistle_id)
    calls = await whistles.calls(connection, [one.id])
    silent = [call.unit for call in calls if call.reported_at is not None and not call.opinion]
    if silent:
        raise ActRefusedError(f"{'、'.join(silent)}已报到，还没有提交意见，不能结束吹哨。")
    absent = [call.unit for call in calls if call.reported_at is None]
    if absent and by.at < one.report_by:
        raise ActRefusedError(f"{'、'.join(absent)}还没有报到，时限也没到，不能结束吹哨。")
    if absent:
        conclusion = f"{conclusion}（未报到：{'、'.join(absent)}）"
    found = order.found_unit_id
    if found is not None and found not in world.city.units:
        raise ActRefusedError("权属单位不在目录中。")
    if found is not None and one.purpose != "establish":
        raise ActRefusedError("这次吹哨是一起处置，不用填权属单位。")
    await whistles.close(connection, one.id, conclusion, found, by.staff_id, by.at)
    case.effects.dropped.append(dropped(ticket_id, WHISTLE, one.id))
    case.record("whistle_closed", _said(case, conclusion, found))
    for call in calls:
        _tell(case, call.unit_id, f"吹哨已结束。{conclusion}")
    if found is not None:
        _let_act(case, found, conclusion)
    await finish(connection, case)


async def refuse_while_whistling(connection: Connection, ticket_id: int) -> None:
    """A matter is not done while others are called to it: raises `ActRefusedError`."""
    if await whistles.open_whistles(connection, ticket_id):
        raise ActRefusedError("吹哨还没有结束，不能办结。请主办单位先结束吹哨。")


async def rate_whistle(
    connection: Connection, world: World, by: By, ticket_id: int, share_id: int, score: int
) -> None:
    """Caller and called rate each other, each once; `share_id` is the called unit's share in the whistle."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RATE_WHISTLE)
    if not LOWEST <= score <= HIGHEST:
        raise ActRefusedError(f"请打{LOWEST}到{HIGHEST}分。")
    ended = {one.id: one for one in await whistles.of_ticket(connection, ticket_id) if not one.open}
    calls = await whistles.calls(connection, sorted(ended))
    call = next((one for one in calls if one.share_id == share_id), None)
    if call is None:
        raise ActRefusedError("吹哨结束后才能互评。")
    blown = ended[call.whistle_id]
    if by.unit_id not in (blown.unit_id, call.unit_id):
        raise UnknownTicketError
    of_called = by.unit_id == blown.unit_id
    if not of_called and call.reported_at is None:
        raise ActRefusedError("没有报到的单位不参加评价。")
    if not await whistles.rate(connection, blown.id, call.unit_id, score, of_called=of_called):
        raise ActRefusedError("已经评过了。")
    rated = call.unit if of_called else blown.unit
    case.record("whistle_rated", f"{rated}：{score}分")
    await finish(connection, case)


def rates_now(blown: Whistle, call: Call, unit_id: int | None) -> str:
    """Whom a unit still has to rate in one part of a whistle that has ended; "" for nobody."""
    if unit_id == blown.unit_id and call.of_called is None:
        return call.unit
    if unit_id == call.unit_id and call.of_caller is None and call.reported_at is not None:
        return blown.unit
    return ""


async def _open(connection: Connection, case: Case, whistle_id: int) -> Whistle:
    for one in await whistles.open_whistles(connection, case.ticket_id):
        if one.id == whistle_id:
            return one
    raise ActRefusedError("这次吹哨已经结束了。")


def _said(case: Case, conclusion: str, found: int | None) -> str:
    if found is None:
        return conclusion
    return f"权属：{case.world.city.units[found].short_name}。{conclusion}"


def _let_act(case: Case, found: int, conclusion: str) -> None:
    """The unit whose it is gets a share of its own, unless it has one that lets it act."""
    ticket, by = case.ticket, case.by
    acting = (AssignmentRole.LEAD, AssignmentRole.ASSIST)
    if any(one.unit_id == found and one.role in acting for one in running(case.shares)):
        return
    why = f"吹哨查明由{case.world.city.units[found].short_name}处置，{case.unit}仍为主办"
    case.effects.assignments.append(
        AssignmentRow(
            ticket.id, ticket.round, AssignmentRole.ASSIST, found, why, by.at, ticket.due_at
        )
    )
    _tell(case, found, f"经吹哨查明由贵单位处置，请签收办理，并把情况告诉{case.unit}。{conclusion}")


def _tell(case: Case, unit_id: int, words: str) -> None:
    note = f"“{case.ticket.title}”：{words}"
    case.effects.unit_notices.append(
        UnitNoticeRow(unit_id, "desk", case.ticket_id, "whistle_closed", note, case.by.at)
    )
