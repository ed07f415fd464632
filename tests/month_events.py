"""What events and leaders bring in the scripted month: people sent to help, who are gone when it is over; an event's own figures."""

from argon2 import PasswordHasher

from handlers.case import By
from handlers.contact import record_contact
from handlers.login import LoggedIn, log_in
from handlers.open_line import follow
from handlers.resolve import resolve
from handlers.sign import sign
from handlers.surge import Declaring, declare, end_surge
from handlers.surge_staff import Giving, give_accounts
from handlers.world import World
from store.database import Connection
from tests.month import Ask, Do, Say, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_changes import follow_events, reported
from tests.month_city import RELIEF_LEAD, Matter
from tests.month_script import Part, Script
from tests.month_units import BY_LOGIN, passed_on, to_person

RELIEF = "排涝抢险"
LASTS = 16  # hours
PASSWORD = "to-help-for-some-days"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def let_in(connection: Connection, world: World, by: By, login: str) -> bool:
    """Whether somebody can log in now."""
    del world
    came = await log_in(connection, login, PASSWORD, now=by.at, token=by.key, csrf=by.key)
    return isinstance(came, LoggedIn)


async def hand_to_leader(
    connection: Connection, world: World, by: By, ticket_id: int, open_line_id: int
) -> None:
    """A ticket that no leader has taken is followed by one."""
    del world
    await follow(connection, by, open_line_id, ticket_id)


def relief(script: Script) -> Story:
    """A district's commission has all trees that fall, within a day, with one who is sent to help until it is over."""
    lead = script.month.office.units[RELIEF_LEAD]
    typed = Declaring(RELIEF, "storm", topics=("T035",), grade="II", lead_unit_id=lead)
    surge = yield Do("admin", declare, (typed,))
    yield Do("admin", follow_events, ())
    script.month.count("surges", RELIEF)
    giving = Giving(("援手",), "handler", "20")
    (login,) = yield Do("admin", give_accounts, (surge, giving, [CHEAP.hash(PASSWORD)]))
    staff_id = yield Ask(BY_LOGIN, (login,))
    office = script.month.office
    office.hired[login], office.staff_ids[login] = office.hired[RELIEF_LEAD], staff_id
    if not (yield Do("admin", let_in, (login,))):
        raise AssertionError("who is sent to help cannot log in")
    script.helpers = (login,)
    yield Wait(LASTS)
    yield Do("admin", end_surge, (surge,))
    yield Do("admin", follow_events, ())
    script.helpers = ()
    if (yield Do("admin", let_in, (login,))):
        raise AssertionError("who was sent to help still logs in")
    script.month.count("people", "sent home")
    yield from reported(script, RELIEF)


def helped(script: Script, matter: Matter) -> Story:
    """Who is sent to help does it all."""
    yield from in_helping_hands(script, matter)
    yield Wait(4)
    yield from script.act(matter, script.helpers[0], resolve, "已经运走。", "solved", "")
    script.resolved(matter)
    script.month.count("in hands", matter.lead)
    yield from script.answered(matter)


def left_over(script: Script, matter: Matter) -> Story:
    """Not done when the event is over: it is the desk's again."""
    yield from in_helping_hands(script, matter)
    while script.helpers:
        yield Wait(1)
    passed_on(script, ("hand_taken_back", 1, 0))
    yield from script.concluded(matter)
    yield from script.answered(matter)


def in_helping_hands(script: Script, matter: Matter) -> Part:
    """It comes with the event, and goes to who was sent to help."""
    matter.what, matter.event, matter.grade = "大树倒了", RELIEF, "II"
    yield Say(matter.address, (matter.text, "1"), matter.channel)
    yield from script.dispatched(matter, RELIEF_LEAD)
    script.month.count("of events", RELIEF)
    (helper,) = script.helpers
    yield Wait(1)
    yield from script.act(matter, helper, sign)
    matter.state = "handling"
    yield from script.act(matter, helper, record_contact, "reached", "")
    script.happened("signed")
    script.happened("contacted")
    script.month.count("tries", "reached")
    helper_id = script.month.office.staff_ids[helper]
    yield from script.act(matter, matter.lead, to_person, helper_id)
    passed_on(script, ("handed_on", 1, 1))


def followed(script: Script, matter: Matter) -> Story:
    """The centre gives it to the leader whose day it is."""
    yield from in_hand(script, matter)
    yield from script.act(matter, "admin", hand_to_leader, script.open_line)
    script.month.count("open line", "区长接听")
    script.happened("open_line")
    yield from ended(script, matter)
