"""What goes on inside units in the scripted month: offices and people, those away and those who leave, notes, templates, night duty."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dialogs.words import Role
from handlers.away import hand_over_everything, let_go, set_away
from handlers.case import By
from handlers.hand_on import hand_on, take_back
from handlers.offices import add_office, seat
from handlers.progress import note, progress
from handlers.reply import reply
from handlers.reply_templates import save_template
from handlers.report_in import opine, report_in
from handlers.roster import Turns, add_turns
from handlers.world import World
from store.database import Connection
from store.reply_templates import Written
from store.staff import NewStaff, add_staff
from tests.month import Ask, Do, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_city import Matter
from tests.month_script import Part, Script
from tests.month_whistles import blow, come, concluded

BODY = "select body from reply_templates where title = $1"
OFFICE = "select id from offices where unit_id = $1 and name = $2"
BY_LOGIN = "select id from staff where login = $1"
NIGHT = time(18), time(9)
NIGHTS = 3
DAY = timedelta(days=1)


async def hire(
    connection: Connection, world: World, by: By, login: str, roles: tuple[Role, ...], unit_id: int
) -> int:
    """Somebody more begins to work at a unit."""
    del world
    await add_staff(connection, [NewStaff(login, login, "", roles, unit_id)], by.at)
    staff_id: int = await connection.fetchval(BY_LOGIN, login)
    return staff_id


async def to_office(
    connection: Connection, world: World, by: By, ticket_id: int, office_id: int
) -> None:
    """Hand a ticket on to an office or a community."""
    await hand_on(connection, world, by, ticket_id, office_id=office_id)


async def to_person(
    connection: Connection, world: World, by: By, ticket_id: int, staff_id: int
) -> None:
    """Hand a ticket on to somebody."""
    await hand_on(connection, world, by, ticket_id, staff_id=staff_id)


async def share_note(
    connection: Connection, world: World, by: By, ticket_id: int, text: str
) -> None:
    """A note that the other units may read."""
    await note(connection, world, by, ticket_id, text, shared=True)


def hired(script: Script, unit: str, login: str) -> Part:
    """Somebody who handles what a unit has; returns their id."""
    office, roles = script.month.office, (Role.HANDLER,)
    staff_id: int = yield Do("admin", hire, (login, roles, office.units[unit]))
    office.hired[login], office.staff_ids[login] = (roles, unit), staff_id
    return staff_id


def opened_office(script: Script, matter: Matter, name: str, kind: str) -> Part:
    """A part of the lead's own; returns its id."""
    yield Do(matter.lead, add_office, (name, kind, ""))
    script.month.count("offices", kind)
    return (yield Ask(OFFICE, (script.month.office.units[matter.lead], name)))


def passed_around(script: Script, matter: Matter) -> Story:
    """To an office, back, to a community, to who stands in for somebody away; and from who leaves to the desk."""
    yield from in_hand(script, matter)
    desk, number = matter.lead, matter.number
    away = yield from hired(script, desk, f"away {number}")
    stands_in = yield from hired(script, desk, f"stands in {number}")
    office = yield from opened_office(script, matter, f"城管科{number}", "office")
    yield Do(desk, seat, (away, office))
    yield from script.act(matter, desk, to_office, office)
    yield Wait(1)
    yield from script.act(matter, desk, take_back, "先核实")
    community = yield from opened_office(script, matter, f"第{number}社区", "community")
    yield from script.act(matter, desk, to_office, community)
    yield Wait(1)
    back_at = script.month.now + 20 * DAY
    yield Do(f"away {number}", set_away, (away, back_at, stands_in))
    yield from script.act(matter, desk, to_person, away)
    script.month.count("people", "away")
    passed_on(script, ("handed_on", 3, 2), ("hand_taken_back", 1, 0), ("handed_over", 1, 1))
    yield Wait(1)
    to = script.month.office.staff_ids[desk]
    yield Do(desk, hand_over_everything, (stands_in, to, "调往别的单位"))
    yield Do(matter.chief, let_go, (stands_in,))
    script.month.count("people", "gone")
    script.month.count("in hands", desk)
    yield from ended(script, matter)


def passed_on(script: Script, *steps: tuple[str, int, int]) -> None:
    """Steps of a ticket from hand to hand: how often, and to how many people of whom each has heard of it."""
    for event, times, told in steps:
        script.happened(event, times)
        script.month.count("told in person", event, told)


def written(script: Script, matter: Matter) -> Story:
    """What colleagues read and what the resident reads, by a template of the unit's own."""
    yield from in_hand(script, matter)
    title = f"装修答复{matter.number}"
    body = f"您反映的装修问题已经上门查看，编号{matter.number}。"
    yield Do(matter.lead, save_template, (None, Written(title, body, "T024")))
    yield from script.act(matter, matter.lead, note, "电话里很着急")
    yield from script.act(matter, matter.lead, share_note, "请各单位注意安全")
    yield from script.act(matter, matter.lead, progress, "已经上门")
    text = yield Ask(BODY, (title,))
    yield from script.act(matter, matter.lead, reply, text)
    script.happened("noted", 2)
    script.happened("progressed")
    script.happened("replied")
    for kept in ("own", "shared"):
        script.month.count("notes", kept)
    script.month.count("templates", f"{matter.lead} used once")
    yield from ended(script, matter)


def by_night(script: Script, matter: Matter) -> Story:
    """Called at night, a unit's night duty is named; in the morning its desk is told."""
    yield from in_hand(script, matter)
    called = f"{matter.street[:6]}-scjg"
    watch = f"watch {matter.number}"
    staff_id = yield from hired(script, called, watch)
    today = script.local.date()
    yield Do(called, add_turns, (Turns(staff_id, today, NIGHTS, *NIGHT),))
    script.duty[called] += nights(script, today)
    yield Wait((22 - script.local.hour) % 24)
    blown = yield from blow(script, matter, "urgent", "act", (called,))
    yield from script.act(matter, watch, report_in, blown, "on_line")
    yield Wait(12)
    yield from script.act(matter, called, opine, blown, "夜里已经处置")
    script.month.count("whistle calls", f"{called} in time")
    yield from concluded(script, matter, blown, (called,))
    blown = yield from blow(script, matter, "urgent", "act", (called,))
    yield from come(script, matter, blown, (called,))
    yield from concluded(script, matter, blown, (called,))
    yield from ended(script, matter)


def nights(script: Script, first: date) -> Sequence[tuple[datetime, datetime]]:
    """The nights that were just put on a roster, as far as they are not over."""
    zone = script.month.office.world.timezone
    begins, ends = NIGHT
    days = [first + place * DAY for place in range(NIGHTS)]
    spans = [
        (datetime.combine(day, begins, zone), datetime.combine(day + DAY, ends, zone))
        for day in days
    ]
    return [span for span in spans if span[1] > script.month.now]
