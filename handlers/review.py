"""Review (审核): a second person of the unit looks at a result before it counts; refused, it goes back with the reason."""

from handlers.applications import Decider, Kind, Stage
from handlers.case import Case
from handlers.green_settled import count_settled
from handlers.result import RESULT_NAMES, Result, ResultKind, complete
from handlers.world import World
from store import inside
from store.applications import ApplicationRow
from store.database import Connection
from store.unit_notices import UnitNoticeRow


async def is_reviewed(connection: Connection, case: Case) -> bool:
    """Whether a second person looks at what the acting unit gives as its result: where the rule asks for it, and there is one."""
    by = case.by
    if by.unit_id is None or not case.world.rules.on("review.needed"):
        return False
    return bool(set(await inside.reviewers(connection, by.unit_id, by.at)) - {by.staff_id})


async def _uphold(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    del note
    said = application.said
    if said.get("settled"):
        await count_settled(connection, case, application.note)
        return
    result = Result(application.note, ResultKind(said["kind"]), said["why"])
    await complete(connection, case, result)


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """Whoever gave the result is told beside the desk; the ticket is still in hand, and the clock has gone on."""
    del connection
    if application.staff_id is None:
        return
    told = f"“{case.ticket.title}”的办结没有通过审核：{note}"
    row = UnitNoticeRow(
        application.unit_id,
        "handler",
        case.ticket_id,
        "refused",
        told,
        case.by.at,
        staff_id=application.staff_id,
    )
    case.effects.unit_notices.append(row)


def _asks(world: World, application: ApplicationRow) -> str:
    del world
    said = application.said
    name = RESULT_NAMES[ResultKind(said["kind"])]
    return f"结果：{name}{'，原因：' + said['why'] if said['why'] else ''}"


RESULT = Kind(
    code="result",
    name="办结审核",
    route=(Stage(Decider.OWN, "review.hours"),),
    uphold=_uphold,
    refuse=_refuse,
    asks=_asks,
    means="算办结，市民收到这份答复和回访。",
)
