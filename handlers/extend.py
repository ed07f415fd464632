"""Extension (延期): once a round, asked for before the limit, granted above the unit; the resident hears the new date."""

from datetime import datetime

from dialogs.phrases import phrase
from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import ActRefusedError, By, Case, finish, take_up
from handlers.clocks import move_feedback
from handlers.notices import notice
from handlers.plain_dates import said_moment
from handlers.rules import Rules
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.applications import ApplicationRow
from store.database import Connection
from store.rounds import Round, present_round

EXTENDED = phrase("{unit} needs more time for “{title}” and answers you by {when}.")


async def extend(
    connection: Connection, world: World, by: By, ticket_id: int, until: datetime, note: str
) -> None:
    """Ask for a later limit. The clock runs on meanwhile, and nobody but the deciders is told."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.EXTEND)
    _check(case, await present_round(connection, ticket_id), until)
    data = {"until": until.isoformat()}
    await apply(connection, case, EXTENSION, note, data=data, before=case.ticket.due_at)
    await finish(connection, case)


def _check(case: Case, present: Round, until: datetime) -> None:
    ticket = case.ticket
    if ticket.hold_until is not None:
        raise ActRefusedError("工单正在挂账，答复时间以复查日期为准，不用延期。")
    refused = not_extended(case.world.rules, present, ticket.due_at, case.by.at)
    if refused:
        raise ActRefusedError(refused)
    longest = latest(case, present)
    if not ticket.due_at < until <= longest:
        last = longest.astimezone(case.world.timezone)
        raise ActRefusedError(f"新的时限要晚于现在的时限，最晚到{last:%Y-%m-%d %H:%M}。")


def not_extended(rules: Rules, present: Round, due_at: datetime, now: datetime) -> str:
    """Why no later limit can be asked for in this round, as a sentence for staff; "" where it can."""
    if present.extended:
        return "这一轮已经延过期，只能延一次。"
    if present.statutory and not rules.on("extension.statutory"):
        named = f"《{present.statute.strip('《》')}》" if present.statute else "法规"
        return f"这类问题的时限由{named}规定，不能延期。"
    return "时限已过，不能再申请延期。" if now >= due_at else ""


def latest(case: Case, present: Round) -> datetime:
    """How far a limit may be moved: by a share of the time that the round was given."""
    percent = case.world.rules.value("extension.percent")
    return case.ticket.due_at + (case.ticket.due_at - present.began_at) * percent / 100


async def _grant(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The limit moves; an application that was not decided in time cannot be granted any more."""
    del connection, note
    until = datetime.fromisoformat(application.said["until"])
    if case.by.at >= case.ticket.due_at:
        raise ActRefusedError("原时限已过，不能再批准延期，请选“不同意”。")
    moved = move_feedback(case.effects, case.ticket, until, case.by.at)
    case.effects.change(moved.id, extended=True)
    local = until.astimezone(case.world.timezone)
    case.record("extended", f"延至{local:%Y-%m-%d %H:%M}", unit_id=application.unit_id)
    unit = case.ticket.lead_name
    notice(case, EXTENDED, title=case.ticket.title, unit=unit, when=said_moment(case, until))


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The limit stays as the resident knows it."""
    del connection, case, application, note


def _asks(world: World, application: ApplicationRow) -> str:
    until = datetime.fromisoformat(application.said["until"]).astimezone(world.timezone)
    return f"申请延至{until:%Y-%m-%d %H:%M}"


EXTENSION = Kind(
    "extension",
    "延期",
    (Stage(Decider.ABOVE, "extension.decide_hours"),),
    _grant,
    _refuse,
    means="答复时限改到申请的时间，市民会收到新的时间；原时限过后不能再批。",
    asks=_asks,
)
