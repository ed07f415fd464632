"""An unreasonable demand (不合理诉求): its unit proposes with evidence, the district reviews, the centre decides.

The resident hears who decided, why, and what to do next. Contact and attitude are asked about and count; what came
of the demand does not.
"""

from dialogs.phrases import phrase
from handlers.applications import Decider, Kind, Stage, apply
from handlers.case import ActRefusedError, By, Case, finish, take_up
from handlers.life_cycle import Act, move
from handlers.notices import language_of, notice
from handlers.reached import check_contact
from handlers.result import ask, settle_shares
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import surveys
from store.applications import ApplicationRow
from store.database import Connection
from store.rounds import present_round

# A reason, as staff choose it and as the resident hears it.
REASONS = {
    "no_basis": ("没有法律、政策依据", phrase("no rule provides for it")),
    "settled": ("已依法处理完毕，重复要求", phrase("it was settled by the law before")),
    "beyond": ("要求超出合理限度", phrase("it goes beyond what the rules allow")),
    "untrue": ("反映内容与核实的事实不符", phrase("what we found is different")),
    "others": ("会损害他人或公共利益", phrase("it would harm others")),
}
REASON_NAMES = {code: name for code, (name, _) in REASONS.items()}

JUDGED = phrase(
    "“{title}”: the district and 12345 decided: not as you wish, as {reason}. "
    "News? Tell us, or reply “human”."
)
JUDGED_ALONE = phrase(
    "“{title}”: 12345 decided: not as you wish, as {reason}. News? Tell us, or reply “human”."
)
DECIDED = phrase("Not as you wish: {reason}.")


async def propose(
    connection: Connection, world: World, by: By, ticket_id: int, reason: str, note: str
) -> None:
    """Propose it, after contact with the resident and with evidence on the ticket; the clock runs on."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.UNREASONABLE)
    if case.ticket.has_joined:
        raise ActRefusedError("还有别的市民并在这张工单上，不能认定不合理诉求；请先拆出单办。")
    await check_contact(connection, world, ticket_id)
    if not (await present_round(connection, ticket_id)).evidence:
        raise ActRefusedError("请先上传佐证，再申请认定。")
    await apply(connection, case, UNREASONABLE, note, reason=reason)
    await finish(connection, case)


async def _grant(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The handling ends; the survey asks about contact and attitude alone."""
    del note
    ticket, at = case.ticket, case.by.at
    name, plain = REASONS[application.reason]
    language = language_of(case.world, case.row) if case.row is not None else case.world.language
    reason = case.world.phrases.say(language, plain)
    said = JUDGED if application.superior_id is not None else JUDGED_ALONE
    reply = case.world.phrases.say(language, DECIDED, reason=reason)
    state = move(ticket.state, Act.RESOLVE)
    case.effects.change(ticket.id, state=state, resolved_at=at, last_reply=reply)
    settle_shares(case)
    case.effects.dropped.append(("ticket", ticket.id, "deadline"))
    case.record("unreasonable", name, unit_id=application.unit_id)
    notice(case, said, title=ticket.title, reason=reason)
    await surveys.ask_manner(connection, ticket.id, ticket.round)
    await ask(connection, case, manner=True)


async def _refuse(
    connection: Connection, case: Case, application: ApplicationRow, note: str
) -> None:
    """The unit goes on handling it; the resident was told nothing."""
    del connection, case, application, note


UNREASONABLE = Kind(
    "unreasonable",
    "不合理诉求认定",
    (
        Stage(Decider.SUPERIOR, "unreasonable.decide_hours"),
        Stage(Decider.CENTRE, "unreasonable.decide_hours"),
    ),
    _grant,
    _refuse,
    REASON_NAMES,
    means="办理到此结束，市民会得知由谁认定、为什么、还能怎么办；只回访联系和态度，解决与否不计入考核。",
)
