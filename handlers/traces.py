"""What leaves the system leaves a trace (留痕): forwarding, printing, exporting, with who, when and what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, finish, take_up, worded
from handlers.permit_table import PERMITS
from handlers.staff_acts import StaffAct, Standing
from handlers.world import World
from store import traces
from store.database import Connection
from store.traces import NewTrace, Trace
from store.unit_notices import UnitNoticeRow

FORWARD, PRINT, EXPORT = "forward", "print", "export"
TRACE_NAMES = {FORWARD: "转发", PRINT: "打印", EXPORT: "导出"}
MOST_EXPORTED = 2000
LONGEST_PURPOSE = 200

_ACTS = {PRINT: StaffAct.PRINT, EXPORT: StaffAct.EXPORT}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to open something, when."""

    world: World
    staff_id: int
    now: datetime


async def forward(
    connection: Connection, world: World, by: By, ticket_id: int, unit_id: int, purpose: str
) -> None:
    """Tell another unit of a ticket, to know of it: it gets a notice without anything about the resident, and no share.

    A unit does not forward what is confidential: that is the centre's.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.FORWARD)
    purpose = worded(purpose, "用途", longest=LONGEST_PURPOSE)
    to = world.city.units.get(unit_id)
    if to is None or unit_id == by.unit_id:
        raise ActRefusedError("请选择转给哪个单位。")
    if case.ticket.confidential and by.unit_id is not None:
        raise ActRefusedError("保密工单不能由承办单位转发，请找热线中心。")
    said = f"转给{to.short_name}：{purpose}"
    await traces.leave(connection, [ticket_id], _trace(by, FORWARD, said))
    case.record("forwarded", said)
    note = f"{case.unit}转来“{case.ticket.title}”供了解，不用办理：{purpose}"
    case.effects.unit_notices.append(
        UnitNoticeRow(unit_id, "desk", ticket_id, "forwarded", note, by.at)
    )
    await finish(connection, case)


async def take_out(
    connection: Connection, world: World, by: By, ticket_id: int, what: str, purpose: str
) -> None:
    """Ask for a ticket on paper or as a file: the trace is left first, then it can be opened for a while."""
    case = await take_up(connection, world, by, ticket_id, _ACTS[what])
    purpose = worded(purpose, "用途", longest=LONGEST_PURPOSE)
    await traces.leave(connection, [ticket_id], _trace(by, what, purpose))
    await finish(connection, case)


async def opened(
    connection: Connection, reader: Reader, ticket_id: int, trace_id: int, what: str
) -> Trace | None:
    """The trace that lets somebody open what they have asked for just now; None when there is none (any more)."""
    trace = await traces.own(connection, trace_id, ticket_id, reader.staff_id)
    fresh = trace is not None and trace.what == what and is_open(reader, trace)
    return trace if fresh else None


def is_open(reader: Reader, trace: Trace) -> bool:
    """Whether a trace still opens what it was left for, to the one who left it."""
    own = trace.staff_id == reader.staff_id
    return own and reader.now - trace.at <= reader.world.rules.span("trace.open_minutes")


async def export_list(
    connection: Connection, by: By, ticket_ids: Sequence[int], purpose: str
) -> None:
    """Leave a trace on each ticket of a list that is taken out; raises `ActRefusedError`."""
    await claim(connection, by)
    if not may_export(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能导出。")
    if not ticket_ids:
        raise ActRefusedError("这里没有工单可以导出。")
    if len(ticket_ids) > MOST_EXPORTED:
        raise ActRefusedError(f"一次最多导出{MOST_EXPORTED}件，请按状态或查找缩小范围。")
    purpose = worded(purpose, "用途", longest=LONGEST_PURPOSE)
    await traces.leave(connection, ticket_ids, _trace(by, EXPORT, f"列表导出：{purpose}"))


def may_export(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody of a unit (None: the centre) exports tickets at all."""
    permit = PERMITS[StaffAct.EXPORT]
    stands = unit_id is not None or Standing.CENTRE in permit.standings
    return stands and bool(roles & permit.roles)


def _trace(by: By, what: str, purpose: str) -> NewTrace:
    return NewTrace(by.staff_id, by.unit_id, by.at, what, purpose)
