"""Invalid (无效): what is no matter at all is closed without a survey, when two people at the centre agree."""

from dialogs.phrases import phrase
from dialogs.words import AssignmentRole
from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import By, Case, finish, take_up
from handlers.notices import language_of, notice
from handlers.staff_acts import StaffAct
from handlers.survey import close
from handlers.world import World
from store import casework
from store.applications import ApplicationRow
from store.casework import running
from store.database import Connection
from store.unit_notices import UnitNoticeRow

# A reason, as staff choose it and as the resident hears it; abuse gets no answer.
REASONS = {
    "empty": ("没有实际诉求内容", phrase("we could not tell what it is about")),
    "test": ("误发、测试", phrase("it looks like a test")),
    "duplicate": ("重复登记", phrase("it is registered already")),
    "abuse": ("恶意骚扰、辱骂", ""),
}
REASON_NAMES = {code: name for code, (name, _) in REASONS.items()}

CLOSED_AS_INVALID = phrase(
    "“{title}”: two people at 12345 close it, as {reason}. To go on, tell us more or reply “human”."
)


async def propose_invalid(
    connection: Connection, world: World, by: By, ticket_id: int, reason: str, note: str
) -> None:
    """Propose it to a colleague; until then the ticket goes its way."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.INVALID)
    await apply(connection, case, INVALIDITY, note, reason=reason)
    await finish(connection, case)


async def _grant(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """It ends without a survey and counts for no rate; who wrote it may go on, unless it was abuse."""
    del note
    ticket, at = case.ticket, case.by.at
    name, plain = REASONS[application.reason]
    case.effects.change(ticket.id, counted=False)
    case.record("invalidated", name)
    close(case.effects, case.ticket, f"认定无效：{name}", at)
    found = await casework.survey_of_round(connection, ticket.id, ticket.round)
    if found is not None:
        case.effects.ended.append((found[0], True))
    for share in running(case.shares, AssignmentRole.LEAD):
        told = f"“{ticket.title}”：热线中心认定无效，不用再办。"
        case.effects.unit_notices.append(
            UnitNoticeRow(share.unit_id, "desk", ticket.id, "invalidated", told, at)
        )
    if plain:
        language = (
            language_of(case.world, case.row) if case.row is not None else case.world.language
        )
        reason = case.world.phrases.say(language, plain)
        notice(case, CLOSED_AS_INVALID, title=ticket.title, reason=reason)


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """It goes its way; nobody outside the centre has heard of it."""
    del connection, case, application, note


INVALIDITY = Kind(
    "invalid",
    "无效认定",
    (Stage(Decider.CENTRE, "invalid.decide_hours"),),
    _grant,
    _refuse,
    REASON_NAMES,
    of_centre=True,
    means="工单结案，不回访、不计入考核；除恶意骚扰外，市民会得知由谁认定、为什么、还能怎么办。",
)
