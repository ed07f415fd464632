"""Return (退单): "not ours", within its time, after contact, with a reason from the list; screened, perhaps conferred, decided.

The unit keeps the ticket and its clocks meanwhile. Upheld: another leads, and its rates are not touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.coordinate import coordinate_returns
from handlers.coordinations import TalkAct, end, moved
from handlers.dispatch import UnitRef
from handlers.evidence import Attached, keep_evidence
from handlers.first_receiver import PASSED_ON, PASSED_ON_BY_DUTY, PASSED_ON_BY_PLACE, pass_on
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import casework, coordinations
from store.applications import ApplicationRow
from store.coordinations import Decided
from store.database import Connection
from store.evidence import Said

# Overlapping duties (职责交叉) are no ground: the first receiver leads until it is solved.
REASONS = {
    "area": "不属于本辖区",
    "duty": "不属于本单位职责",
    "place": "工单地点有误",
    "topic": "工单分类有误",
    "twice": "同一工单重复派单",
    "moved": "职责已划转其他单位",
}
# Why, as its resident hears it; of what was sent twice only that it was checked.
_TOLD = {
    **dict.fromkeys(("area", "place"), PASSED_ON_BY_PLACE),
    **dict.fromkeys(("duty", "topic", "moved"), PASSED_ON_BY_DUTY),
}

MOVING = ("return", "correction")  # applications that may be conferred about


@dataclass(frozen=True, slots=True)
class Returning:
    """Why a unit gives a ticket back, with its evidence, and whose it thinks it is (None: it cannot say)."""

    reason: str
    evidence: str
    unit_id: int | None = None
    files: Sequence[Attached] = ()
    of_files: Said = field(default_factory=Said)


async def return_unit(
    connection: Connection, world: World, by: By, ticket_id: int, order: Returning
) -> None:
    """Ask to give the lead back. The one return too many goes to coordination instead of a decision of its own."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.RETURN)
    if order.reason not in REASONS:
        raise ActRefusedError("请选择退单理由；职责交叉不是退单理由，由首接单位牵头办理。")
    evidence = worded(order.evidence, "退单依据")
    await _check_time_and_contact(connection, case)
    if order.unit_id is not None and order.unit_id not in world.city.units:
        raise ActRefusedError("建议的单位不在目录中。")
    if order.files:
        await keep_evidence(connection, case, order.files, order.of_files)
    returns = case.ticket.returns + 1
    if returns >= world.rules.value("return.most"):
        await coordinate_returns(connection, case, f"{REASONS[order.reason]}。{evidence}")
    else:
        data = {"proposed": order.unit_id} if order.unit_id else {}
        await apply(connection, case, RETURN, evidence, reason=order.reason, data=data)
    case.effects.change(ticket_id, returns=returns)
    await finish(connection, case)


async def _check_time_and_contact(connection: Connection, case: Case) -> None:
    world, by = case.world, case.by
    led = await casework.leading(connection, case.ticket_id)
    if led is None or by.at > led.since + world.rules.span("return.hours"):
        hours = world.rules.value("return.hours")
        raise ActRefusedError(f"退单要在派单后{hours}小时内提出；现在由本单位首接负责，办到底。")
    if not (led.tried or case.ticket.anonymous):
        raise ActRefusedError("请先联系市民并记录，再申请退单。")


def chosen_unit(world: World, application: ApplicationRow) -> UnitRef | None:
    """The unit that the decision names; None: dispatchers find out. Raises `ActRefusedError` for one that gets no work."""
    unit_id = application.said.get("unit")
    if not unit_id:
        return None
    units = {unit.id: unit for unit in world.city.responsibilities.units.values()}
    if unit_id not in units:
        raise ActRefusedError("改派的单位不在目录中，或者不接单。")
    return units[unit_id]


async def _uphold(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """Another unit leads, and the resident hears which; a conference must have been heard."""
    await end_conference(connection, case, application, note or "同意退单")
    lead = chosen_unit(case.world, application)
    reason = REASONS.get(application.reason, application.note)
    why = (
        f"{application.unit}退单：{reason}。{note}" if note else f"{application.unit}退单：{reason}"
    )
    await pass_on(connection, case, lead, why, told=_TOLD.get(application.reason, PASSED_ON))


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The first receiver goes on leading, by the clocks that never stopped."""
    await end_conference(connection, case, application, note)


async def _taken_back(connection: Connection, case: Case, application: ApplicationRow) -> None:
    await end_conference(connection, case, application, "申请已撤回", heard=False)


async def end_conference(
    connection: Connection,
    case: Case,
    application: ApplicationRow,
    note: str,
    *,
    heard: bool = True,
) -> None:
    """End the conference about an application, if there is one.

    Raises:
        ActRefusedError: it should have been heard, and its time is not over while some are silent.
    """
    for talk in await coordinations.of_ticket(connection, case.ticket_id):
        if not talk.open or talk.application_id != application.id:
            continue
        parties = await coordinations.parties(connection, [talk.id])
        silent = [one.name for one in parties if not one.opinion]
        if heard and silent and case.by.at < talk.due_at:
            raise ActRefusedError(f"会商还没有结束，还没有提意见的：{'、'.join(silent)}。")
        state = moved(talk, TalkAct.DECIDE if heard else TalkAct.END)
        decided = Decided(talk.id, state, note, None, (), case.by.staff_id, case.by.at)
        await end(connection, case, talk, decided)


def _asks(world: World, application: ApplicationRow) -> str:
    unit = world.city.units.get(application.said.get("proposed") or 0)
    return f"申请单位认为应由{unit.name}办理。" if unit else ""


ROUTE = (
    Stage(Decider.SUPERIOR, "return.screen_hours"),
    Stage(Decider.CENTRE, "return.decide_hours"),
)
RETURN = Kind(
    "return",
    "退单",
    ROUTE,
    _uphold,
    _refuse,
    REASONS,
    means="工单改派给您选的单位（不选则转人工派单），办理期限不变，市民会收到归谁管、改由谁办理的通知；退单单位的三率不受影响。",
    asks=_asks,
    taken_back=_taken_back,
)
