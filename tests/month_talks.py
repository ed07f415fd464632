"""Where units talk with each other in the scripted month: a conference, a deliberation, a correction; and by their own phone."""

from handlers.case import By
from handlers.confer import Conferring, confer
from handlers.coordinate import Coordinating, Settling, coordinate, decide_coordination, escalate
from handlers.coordinations import Opinion, TalkKind
from handlers.coordinations import opine as speak
from handlers.correct import Correcting, correct
from handlers.deliberate import Deliberating, conclude, deliberate
from handlers.hand_on import hand_on
from handlers.staff_acts import StaffAct
from handlers.unit_contacts import Registering, register
from handlers.world import World
from store.database import Connection
from tests.month import Ask, Do, Drain, Say, Story, Wait
from tests.month_casework import PARTY, ended, in_hand, returning, screened
from tests.month_city import CITY_DEPARTMENT, Matter
from tests.month_script import MOVED_MATTER, OPEN_APPLICATION, Script
from tests.unit_phone import TOKEN

DISPUTES = "T050"  # what the district's market regulator answers for


async def give(connection: Connection, world: World, by: By, ticket_id: int, staff_id: int) -> None:
    """Hand a ticket on to somebody of the unit."""
    await hand_on(connection, world, by, ticket_id, staff_id=staff_id)


async def lend_phone(connection: Connection, world: World, by: By, number: str) -> None:
    """A phone becomes the unit's, once it has said so itself."""
    order = Registering("sms", "值班手机", number, "desk", by.unit_id or 0)
    await register(connection, world, by, order, TOKEN)


def handed_on(script: Script, matter: Matter) -> Story:
    """The desk gives it to one of its people, who does the rest."""
    yield from in_hand(script, matter)
    somebody = script.month.office.staff_ids[matter.lead]
    yield from script.act(matter, matter.lead, give, somebody)
    script.happened("handed_on")
    script.month.count("told in person", "handed_on")
    script.month.count("in hands", matter.lead)
    yield from ended(script, matter)


def conferred(script: Script, matter: Matter) -> Story:
    """A return is conferred about: both speak, then the district agrees and the centre decides."""
    yield from script.opened(matter)
    yield from returning(script, matter)
    (other,) = script.neighbours(matter, 1)
    units = script.month.office.units
    application = yield Ask(OPEN_APPLICATION, (matter.id, "return"))
    order = Conferring(application, [units[other]], "到底归谁管")
    talk = yield from script.act(matter, matter.above, confer, order)
    script.happened("conferred")
    script.month.count("leads", f"{other} party 1")
    yield Wait(4)
    for one in (matter.lead, other):
        party = yield Ask(PARTY, (talk, units[one]))
        yield from script.act(matter, one, speak, Opinion(party, "归路东"))
    yield from screened(script, matter)
    yield Wait(2)
    added = {"unit": units[other]}
    yield from script.judged(matter, "centre", StaffAct.DECIDE, "return", added=added)
    script.happened("coordination_ended")
    script.month.count("coordinations", "conference decided")
    script.led_by(matter, other)
    yield from script.handled(matter)
    yield from script.answered(matter)


def passed_up(script: Script, matter: Matter) -> Story:
    """Two districts are in it: the one passes it up to the city, which lets a street of the other work with the lead."""
    yield from in_hand(script, matter)
    other = script.elsewhere(matter)
    unit_id = script.month.office.units[other]
    asked = Coordinating(TalkKind.AREA, "两个区都有份", [unit_id])
    talk = yield from script.act(matter, matter.lead, coordinate, asked)
    yield Wait(3)
    talk = yield from script.act(matter, matter.above, escalate, talk, "请市里协调")
    for party in (other, matter.street[:6]):  # before the district, and before the city
        script.month.count("leads", f"{party} party 1", 2)
    yield Wait(3)
    order = Settling(talk, "一起办", None, [unit_id])
    yield from script.act(matter, "centre", decide_coordination, order)
    script.happened("coordination_ended", 2)
    script.month.count("coordinations", "area passed_up")
    script.month.count("coordinations", "area decided")
    script.month.count("leads", f"{other} assist 1")
    matter.assists = (other,)
    yield from ended(script, matter)


def along_the_trade(script: Script, matter: Matter) -> Story:
    """A district's department asks that of the city."""
    matter.what = MOVED_MATTER
    yield from in_hand(script, matter)
    asked = Coordinating(TalkKind.TRADE, "要市里统一改造")
    talk = yield from script.act(matter, matter.lead, coordinate, asked)
    yield Wait(3)
    order = Settling(talk, "列入改造计划")
    yield from script.act(matter, CITY_DEPARTMENT, decide_coordination, order)
    script.happened("coordination_ended")
    script.month.count("coordinations", "trade decided")
    script.month.count("leads", f"{CITY_DEPARTMENT} party 1")
    yield from ended(script, matter)


def deliberated(script: Script, matter: Matter) -> Story:
    """Residents and the property manager are asked to the table; what was agreed binds nobody."""
    yield from in_hand(script, matter)
    order = Deliberating("车位怎么分", names=("物业公司", "业主代表"))
    talk = yield from script.act(matter, matter.lead, deliberate, order)
    script.happened("deliberated")
    yield Wait(20)
    yield from script.act(matter, matter.lead, conclude, talk, "先到先停")
    script.happened("coordination_ended")
    script.month.count("coordinations", "deliberation decided")
    yield from ended(script, matter)


def corrected(script: Script, matter: Matter) -> Story:
    """Not the street's topic: put right, it goes where the catalogue sends it."""
    yield from in_hand(script, matter)
    order = Correcting("这是消费纠纷", DISPUTES)
    yield from script.act(matter, matter.lead, correct, order)
    script.happened("applied")
    yield Wait(3)
    application = yield Ask(OPEN_APPLICATION, (matter.id, "correction"))
    yield from script.screen(matter, application)
    yield Wait(3)
    yield from script.judged(matter, "centre", StaffAct.DECIDE, "correction")
    script.led_by(matter, f"{matter.street[:6]}-scjg")
    yield from script.handled(matter)
    yield from script.answered(matter)


def by_phone(script: Script, matter: Matter) -> Story:
    """A unit without the console signs by writing back from its own phone."""
    phone = f"+86137{matter.number:08d}"
    yield Do(matter.street, lend_phone, (phone,))
    yield Say(phone, ("确认",))
    yield Drain()
    yield from script.opened(matter)
    yield Wait(1)
    yield Drain()
    yield Say(phone, (f"签收{matter.id % 10_000:04d}",))
    yield Drain()
    matter.state = "handling"
    script.happened("signed")
    script.month.count("phones", "sms")
    script.month.count("unit replies", "确认")
    script.month.count("unit replies", "签收")
    yield from script.contacted(matter)
    yield from ended(script, matter)
