"""Inside a unit on a ticket's page: who has it in hand, tries to reach the resident, and whose turn it is next."""

from collections.abc import Sequence
from datetime import datetime

from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from gateway.console.names import short_time
from handlers.contact import DIALLED_NAMES, OUTCOME_NAMES, Dialled, numbers_of, record_contact
from handlers.hand_on import hand_on, hand_over, take_back
from handlers.people import takes_work
from handlers.permit_table import DESK_ROLES
from handlers.reached import Contacting, Way, contacting
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import inside, rosters, unit_people
from store.database import Connection
from store.unit_people import Person

OTHER = "other"


def number_of(typed: str, what: str) -> int | None:
    """The id in `staff:5` or `office:3`, None where it names something else."""
    kind, _, number = typed.partition(":")
    known = kind == what and number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004
    return int(number) if known else None


async def _contact(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    dialled = typed["other"].strip() if typed["dialled"] == OTHER else typed["dialled"]
    await record_contact(
        connection, sent.world, sent.who, sent.ticket_id, typed["outcome"], typed["note"], dialled
    )


async def _hand_on(connection: Connection, sent: Sent) -> None:
    to = sent.typed["to"]
    await hand_on(
        connection,
        sent.world,
        sent.who,
        sent.ticket_id,
        office_id=number_of(to, "office"),
        staff_id=number_of(to, "staff"),
        note=sent.typed["note"],
    )


async def _take_back(connection: Connection, sent: Sent) -> None:
    await take_back(connection, sent.world, sent.who, sent.ticket_id, sent.typed["note"])


async def _hand_over(connection: Connection, sent: Sent) -> None:
    to = number_of(sent.typed["to"], "staff") or 0
    await hand_over(connection, sent.world, sent.who, sent.ticket_id, to, sent.typed["why"])


async def _numbers(connection: Connection, asked: Asked) -> tuple[Field, ...]:
    """Which number was dialled: those that are known, or another."""
    found = await inside.reach(connection, asked.view.facts.id)
    known = numbers_of(asked.world, found) if found else {}
    options = [(str(name), f"{DIALLED_NAMES[name]} {masked}") for name, masked in known.items()]
    options += [(OTHER, "其他号码"), (Dialled.NONE, DIALLED_NAMES[Dialled.NONE])]
    return (
        Field(
            "dialled",
            "拨打的号码",
            Input.SELECT,
            options=lambda _: tuple(options),
            value=options[0][0] if known else Dialled.NONE,
        ),
        Field("other", "其他号码是", Input.LINE, needed=False, longest=30),
    )


def _person(one: Person, now: datetime) -> tuple[str, str]:
    where = f"（{one.office}）" if one.office else ""
    away = f"，不在岗，由{one.deputy or '别人'}代理" if one.away(now) else ""
    return f"staff:{one.id}", f"{one.name}{where}，手里{one.in_hand}件{away}"


async def _people(connection: Connection, asked: Asked) -> list[tuple[str, str]]:
    found = await unit_people.people(connection, asked.staff.unit_id, asked.now)
    return [_person(one, asked.now) for one in found if takes_work(one)]


async def _given(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """What can be taken back: a ticket that somebody has in hand."""
    if asked.staff.unit_id is None:
        return ()
    holder = await inside.holder(connection, asked.view.facts.id, asked.staff.unit_id)
    who = " ".join(filter(None, (holder.office, holder.handler)))
    return (Subject(1, f"现在在{who}手里"),) if who else ()


async def _in_hand(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """What can be handed over: one's own, and all that people have in hand for the desk."""
    staff = asked.staff
    if staff.unit_id is None:
        return ()
    holder = await inside.holder(connection, asked.view.facts.id, staff.unit_id)
    if holder.handler_id is None or (
        holder.handler_id != staff.id and not staff.roles & DESK_ROLES
    ):
        return ()
    return (Subject(holder.handler_id, f"现在在{holder.handler}手里"),)


async def _everybody(connection: Connection, asked: Asked) -> tuple[Field, ...]:
    """Offices, communities and people of the own unit."""
    options: list[tuple[str, str]] = []
    if asked.staff.unit_id is not None:
        offices = await unit_people.offices(connection, asked.staff.unit_id)
        options = [(f"office:{one.id}", one.name) for one in offices]
    options += await _people(connection, asked)
    return (Field("to", "交给", Input.SELECT, options=lambda _: tuple(options)),)


async def _colleagues(connection: Connection, asked: Asked) -> tuple[Field, ...]:
    options = tuple(await _people(connection, asked))
    return (Field("to", "移交给", Input.SELECT, options=lambda _: options),)


async def _shown(connection: Connection, asked: Asked) -> object | None:
    """Who has it in hand (for the unit itself), how far contact has come, who is on duty."""
    facts, unit_id = asked.view.facts, asked.staff.unit_id
    found = await inside.reach(connection, facts.id)
    if found is None or facts.state not in ("dispatched", "handling"):
        return None
    hands = None
    if unit_id is not None and asked.view.hold.share in ("open", "signed"):
        holder = await inside.holder(connection, facts.id, unit_id)
        hands = " ".join(filter(None, (holder.office, holder.handler)))
    duty = await rosters.on_duty_of_ticket(connection, facts.id, asked.now)
    return {
        "hands": hands,
        "contact": contact_words(asked.world, contacting(asked.world, found), asked.now),
        "duty": "；".join(f"{one.unit} {one.name}（至{_at(asked, one.ends_at)}）" for one in duty),
    }


def _at(asked: Asked, moment: datetime) -> str:
    return short_time(moment, asked.world.timezone)


def contact_words(world: World, so_far: Contacting, now: datetime) -> str:
    """How far contact has come, and what is missing for a result."""
    if so_far.reached_at is not None:
        return f"{short_time(so_far.reached_at, world.timezone)}已联系上"
    if so_far.unreachable:
        return f"在不同时段尝试了{len(so_far.tries)}次，按联系不上计"
    if so_far.way is Way.NONE:
        return "市民没有留下联系方式"
    if so_far.way is Way.TALK:
        return "已用消息联系" if so_far.answered else "没有可以拨打的电话，由主办用“答复市民”联系"
    words = f"还没有联系上；有效尝试{len(so_far.tries)}次，还差{so_far.missing}次"
    if so_far.next_at is not None and so_far.next_at > now:
        words += f"，下一次{short_time(so_far.next_at, world.timezone)}以后才算"
    return words


def _outcomes(asked: Asked) -> Sequence[tuple[str, str]]:
    del asked
    return tuple(OUTCOME_NAMES.items())


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.HAND_ON,
        "交给科室、社区或一位同事办理，接手的人会收到提醒；不在岗的，自动交给代理人。市民不会收到消息。",
        "已分办。",
        _hand_on,
        (Field("note", "交代", Input.LINE, needed=False),),
        more=_everybody,
    ),
    Form(
        StaffAct.TAKE_BACK,
        "收回到收发员手里，原来的承办人会收到提醒。市民不会收到消息。",
        "已收回。",
        _take_back,
        (Field("note", "理由", Input.LINE, needed=False),),
        subjects=_given,
    ),
    Form(
        StaffAct.HAND_OVER,
        "从现在的承办人移交给另一位同事，两个人都会收到提醒。市民不会收到消息。",
        "已移交。",
        _hand_over,
        (Field("why", "移交原因", Input.LINE),),
        subjects=_in_hand,
        more=_colleagues,
    ),
    Form(
        StaffAct.CONTACT,
        "记下每次联系市民的尝试，作为本单位的联系记录；市民不会收到消息。联系上了，或者在不同时段尝试够次数，才能办结。",
        "已记录这次联系。",
        _contact,
        (
            Field("outcome", "结果", Input.SELECT, options=_outcomes),
            Field("note", "情况", needed=False),
        ),
        button="记录",
        more=_numbers,
    ),
)
SECTIONS: tuple[Section, ...] = (Section("单位内部", "console/case/inside.html", _shown),)
