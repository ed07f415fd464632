"""A try to reach the resident (联系): each is recorded, with the number that was dialled and its outcome."""

from enum import StrEnum

from channels import phone
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.reached import contacting
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import inside
from store.database import Connection
from store.inside import Reach
from store.tickets import TryRow


class Outcome(StrEnum):
    """What came of a try."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


OUTCOME_NAMES = {
    Outcome.REACHED: "已联系上",
    Outcome.NO_ANSWER: "无人接听",
    Outcome.WRONG_NUMBER: "号码不对",
}


class Dialled(StrEnum):
    """Which number was called."""

    CALLER = "caller"  # the one that the matter came from
    LEFT = "left"  # the one that was left to be called
    NONE = "none"  # no call: a visit


DIALLED_NAMES = {
    Dialled.CALLER: "来电号码",
    Dialled.LEFT: "联系电话",
    Dialled.NONE: "没有打电话（上门、当面）",
}


async def record_contact(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    outcome: str,
    note: str,
    dialled: str = "",
) -> None:
    """Keep one try of the acting unit in this round; it is the unit's own record beside the resident's word.

    `dialled` says which number, "" the one that is known; any other text is the number itself.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.CONTACT)
    if outcome not in set(Outcome):
        raise ActRefusedError("请选择联系的结果。")
    note = worded(note, "联系情况", needed=False)
    found = await inside.reach(connection, ticket_id)
    if found is not None and found.confidential and by.unit_id is not None:
        raise ActRefusedError("市民要求保密，请用“请中心转达”，中心转达后算已联系。")
    number = _number(world, found, dialled)
    if not number:
        _check_visit(world, found, outcome, note)
    case.effects.tries.append(
        TryRow(ticket_id, case.ticket.round, by.unit_id, by.staff_id, by.at, outcome, note, number)
    )
    name = OUTCOME_NAMES[Outcome(outcome)]
    said = "：".join(filter(None, (name, note)))
    case.record("contacted", f"{said}（{number}）" if number else said)
    await finish(connection, case)
    await _stop_clock(connection, case)


async def _stop_clock(connection: Connection, case: Case) -> None:
    """Who was reached has been contacted; who cannot be reached has been so when the tries suffice."""
    found = await inside.reach(connection, case.ticket_id)
    if found is None:
        return
    so_far = contacting(case.world, found)
    if so_far.reached_at is not None or so_far.unreachable:
        parent = case.ticket.joined_to or case.ticket_id
        await inside.note_contact(connection, parent, case.by.unit_id, case.by.at)


def _number(world: World, found: Reach | None, dialled: str) -> str:
    """The number that was dialled, masked; "" where none was."""
    if found is None or dialled == Dialled.NONE:
        return ""
    known = numbers_of(world, found)
    if not dialled:
        return next(iter(known.values()), "")
    if dialled in set(Dialled):
        if dialled not in known:
            raise ActRefusedError("请选择拨打的号码。")
        return known[Dialled(dialled)]
    called = phone.normalise(dialled, world.region)
    if called is None:
        raise ActRefusedError("请填写拨打的号码，写全：手机号，或者带区号的座机号。")
    return phone.mask(called)


def _check_visit(world: World, found: Reach | None, outcome: str, note: str) -> None:
    """Where nobody was called: only who was met, and of whom no number is known it is said where."""
    if outcome != Outcome.REACHED:
        raise ActRefusedError("没有打电话的，只记已联系上的。")
    if found is None or numbers_of(world, found):
        return
    if found.anonymous:
        raise ActRefusedError("市民匿名，不用联系就可以办结；知道号码的，请选“其他号码”填写。")
    if not note:
        raise ActRefusedError(
            "市民没有留电话：在对话里联系由主办用“答复市民”；打了别的号码请选“其他号码”填写；"
            "上门见到的，请写明在哪里见到。"
        )


def numbers_of(world: World, found: Reach) -> dict[Dialled, str]:
    """The numbers of a resident that a unit may dial, masked."""
    channel = world.channels.get(found.channel or "")
    numbers: dict[Dialled, str] = {}
    if found.anonymous or found.confidential:
        return numbers
    if channel is not None and channel.abilities.phone:
        numbers[Dialled.CALLER] = found.address_masked
    if found.left_masked:
        numbers[Dialled.LEFT] = found.left_masked
    return numbers
