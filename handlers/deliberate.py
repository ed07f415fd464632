"""Deliberation (议事协商): residents and those who take no orders are invited to talk a matter over; its host concludes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.phrases import phrase
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.coordinations import (
    TalkAct,
    TalkKind,
    begin,
    check_host,
    checked_units,
    end,
    invite,
    moved,
    the_talk,
)
from handlers.notices import as_sentence, notice
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import coordinations
from store.coordinations import Coordination, Decided, NewCoordination
from store.database import Connection

INVITED = phrase(
    "“{title}”: {unit} would like to talk it over with you: {text} Can you come? Please let us know."
)
CONCLUDED = phrase("“{title}”: this is what was agreed: {text} You hear again when it is done.")
LONGEST_NAME = 60
RESIDENT = "市民"


@dataclass(frozen=True, slots=True)
class Deliberating:
    """What is talked over, where and when, and who is asked: units, others by name, the ticket's own resident."""

    subject: str
    unit_ids: Sequence[int] = ()
    names: Sequence[str] = ()
    resident: bool = False


async def deliberate(
    connection: Connection, world: World, by: By, ticket_id: int, order: Deliberating
) -> int:
    """Open a talk that the acting unit hosts; returns its id."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.DELIBERATE)
    subject = worded(order.subject, "协商事项")
    _check_somebody(order)
    due_at = by.at + world.rules.span("deliberate.days")
    new = NewCoordination(
        ticket_id,
        TalkKind.DELIBERATION,
        "",
        by.unit_id,
        by.staff_id,
        by.unit_id,
        subject,
        by.at,
        due_at,
    )
    talk_id = await begin(connection, case, new, ())
    said = await _ask(connection, case, talk_id, new, order, "deliberated")
    case.record("deliberated", f"{subject}。邀请{said}")
    await finish(connection, case, str(talk_id))
    return talk_id


async def invite_more(
    connection: Connection, world: World, by: By, ticket_id: int, talk_id: int, order: Deliberating
) -> None:
    """Ask others as well; only the host does. `order.subject` is what they are told."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.INVITE)
    talk = await the_talk(connection, case, talk_id, tuple(TalkKind))
    check_host(case, talk)
    moved(talk, TalkAct.INVITE)
    _check_somebody(order)
    if talk.kind != TalkKind.DELIBERATION and (order.resident or order.names):
        raise ActRefusedError("会商和提级协调只能请单位参加；请市民或企业参加的，请发起议事协商。")
    new = _as_new(talk, worded(order.subject or talk.reason, "协商事项"))
    asked = {one.unit_id for one in await coordinations.parties(connection, [talk.id])}
    twice = [world.city.units[one].short_name for one in order.unit_ids if one in asked]
    if twice:
        raise ActRefusedError(f"{'、'.join(twice)}已经在参加。")
    case.record("invited", await _ask(connection, case, talk.id, new, order, "invited"))
    await finish(connection, case)


def _as_new(talk: Coordination, reason: str) -> NewCoordination:
    return NewCoordination(
        talk.ticket_id,
        talk.kind,
        talk.level,
        talk.asked_by_unit,
        None,
        talk.host_unit_id,
        reason,
        talk.at,
        talk.due_at,
    )


def _check_somebody(order: Deliberating) -> None:
    if not (order.unit_ids or order.names or order.resident):
        raise ActRefusedError("请写出邀请谁参加。")


async def _ask(
    connection: Connection,
    case: Case,
    talk_id: int,
    new: NewCoordination,
    order: Deliberating,
    event: str,
) -> str:
    """Add the parties and tell those who can be told; returns who they are, for the event."""
    units = checked_units(case.world, order.unit_ids, besides=case.by.unit_id)
    await invite(connection, case, talk_id, new, units, event)
    names = [worded(name, "参加人", longest=LONGEST_NAME) for name in order.names]
    if order.resident:
        if not notice(
            case, INVITED, title=case.ticket.title, unit=case.unit, text=as_sentence(new.reason)
        ):
            raise ActRefusedError("市民没有留下联系方式，请电话联系后按姓名登记。")
        names.append(RESIDENT)
    if names:
        await coordinations.add_parties(connection, talk_id, [(None, name) for name in names])
    return "、".join([*(case.world.city.units[one].short_name for one in units), *names])


async def conclude(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    talk_id: int,
    conclusion: str,
) -> None:
    """End a deliberation with what was agreed. Residents who were invited hear it; who leads stays."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.DECIDE_COORDINATION)
    conclusion = worded(conclusion, "协商结果")
    talk = await the_talk(connection, case, talk_id, (TalkKind.DELIBERATION,))
    check_host(case, talk)
    state = moved(talk, TalkAct.DECIDE)
    parties = await coordinations.parties(connection, [talk.id])
    decided = Decided(talk.id, state, conclusion, None, (), by.staff_id, by.at)
    await end(connection, case, talk, decided)
    if any(one.unit_id is None and one.name == RESIDENT for one in parties):
        notice(case, CONCLUDED, title=case.ticket.title, text=as_sentence(conclusion))
    await finish(connection, case)
