"""What units do beyond the everyday in the scripted month: put off, call others, give back, and what those above demand."""

from datetime import datetime, timedelta

from handlers.coordinate import Coordinating, Settling, coordinate, decide_coordination
from handlers.coordinations import Opinion, TalkKind
from handlers.coordinations import opine as speak
from handlers.evidence import Attached, attach
from handlers.extend import extend
from handlers.hold import Holding, hold
from handlers.invalid import propose_invalid
from handlers.marks import Marking, confirm_mark, hand_to_discipline, mark
from handlers.return_unit import Returning, return_unit
from handlers.staff_acts import StaffAct
from handlers.supervise import answer_supervision, end_supervision, supervise
from handlers.unreasonable import propose
from handlers.write_off import write_off
from store.evidence import Said
from tests.month import Ask, Say, Story, Wait
from tests.month_city import Matter
from tests.month_script import OPEN_APPLICATION, Part, Script
from tests.walker import PHOTO

NEWEST_DEMAND = "select max(id) from supervisions where ticket_id = $1"
NEWEST_MARK = "select max(id) from marks where ticket_id = $1"
PARTY = "select id from coordination_parties where coordination_id = $1 and unit_id = $2"
DUE = "select due_at from tickets where id = $1"
DAY = timedelta(days=1)


def in_hand(script: Script, matter: Matter) -> Part:
    """Opened, signed, in touch."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield from script.contacted(matter)


def ended(script: Script, matter: Matter) -> Part:
    """Done, and the resident says that it is solved."""
    yield from script.done(matter)
    yield from script.answered(matter)


def extended(script: Script, matter: Matter) -> Story:
    """The district grants more time."""
    yield from in_hand(script, matter)
    due: datetime = yield Ask(DUE, (matter.id,))
    yield from script.act(matter, matter.lead, extend, due + 3 * DAY, "等材料到货")
    script.happened("applied")
    yield Wait(4)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "extension")
    script.happened("extended")
    matter.moved = True
    yield from ended(script, matter)


def not_extended(script: Script, matter: Matter) -> Story:
    """The district grants none."""
    yield from in_hand(script, matter)
    due: datetime = yield Ask(DUE, (matter.id,))
    yield from script.act(matter, matter.lead, extend, due + DAY, "人手不够")
    script.happened("applied")
    yield Wait(4)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "extension", upheld=False)
    yield from ended(script, matter)


def held(script: Script, matter: Matter) -> Story:
    """On hold for some days, then written off openly and done."""
    yield from in_hand(script, matter)
    order = Holding("planning", "报规划部门立项", script.month.now + 60 * DAY)
    yield from script.act(matter, matter.lead, hold, order)
    script.happened("applied")
    yield Wait(4)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "hold")
    yield Wait(5 * 24)
    yield from script.act(matter, matter.lead, write_off, "已经立项")
    script.happened("applied")
    yield Wait(4)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "write_off")
    script.happened("written_off")
    script.month.count("holds", "written_off")
    matter.moved = True
    yield from ended(script, matter)


def still_held(script: Script, matter: Matter) -> Story:
    """On hold beyond the month."""
    yield from in_hand(script, matter)
    order = Holding("planning", "报规划部门立项", script.month.now + 150 * DAY)
    yield from script.act(matter, matter.lead, hold, order)
    script.happened("applied")
    yield Wait(4)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "hold")
    script.month.count("holds", "open")
    matter.moved = True


def given_back(script: Script, matter: Matter, to: str) -> Part:
    """A return that the district and the centre uphold: another street leads."""
    yield from returning(script, matter)
    yield from screened(script, matter)
    yield Wait(3)
    added = {"unit": script.month.office.units[to]}
    yield from script.judged(matter, "centre", StaffAct.DECIDE, "return", added=added)
    matter.lead, matter.state = to, "dispatched"
    script.month.count("leads", f"{to} lead {matter.round}")


def returning(script: Script, matter: Matter) -> Part:
    """The unit signs, gets in touch and says that it is not theirs."""
    yield from script.signed(matter)
    yield from script.contacted(matter)
    order = Returning(script.reason(), "在马路对面")
    yield from script.act(matter, matter.lead, return_unit, order)
    script.happened("applied")


def screened(script: Script, matter: Matter) -> Part:
    """The district agrees to a return, and passes it on to the centre."""
    yield Wait(3)
    application = yield Ask(OPEN_APPLICATION, (matter.id, "return"))
    yield from script.screen(matter, application)


def returned(script: Script, matter: Matter) -> Story:
    """Not ours, says the street, and is right."""
    yield from script.opened(matter)
    (to,) = script.neighbours(matter, 1)
    yield from given_back(script, matter, to)
    yield from script.handled(matter)
    yield from script.answered(matter)


def return_refused(script: Script, matter: Matter) -> Story:
    """Not ours, says the street, and the district says that it is."""
    yield from script.opened(matter)
    yield from returning(script, matter)
    yield Wait(2)
    yield from script.judged(matter, matter.above, StaffAct.SCREEN, "return", upheld=False)
    yield from ended(script, matter)


def returned_thrice(script: Script, matter: Matter) -> Story:
    """The third street gives it back too: the district hears all of them, and decides who leads."""
    yield from script.opened(matter)
    second, third = script.neighbours(matter, 2)
    yield from given_back(script, matter, second)
    yield from given_back(script, matter, third)
    yield from script.signed(matter)
    yield from script.contacted(matter)
    yield from script.act(matter, third, return_unit, Returning("area", "也不在我们这边"))
    script.month.count("leads", f"{matter.street} party 1")
    script.month.count("leads", f"{second} party 1")
    talk = yield Ask("select max(id) from coordinations where ticket_id = $1", (matter.id,))
    yield Wait(20)
    order = Settling(talk, "仍由第二家牵头", script.month.office.units[second])
    yield from script.act(matter, matter.above, decide_coordination, order)
    settled(script, matter)
    matter.lead, matter.state = second, "dispatched"
    script.month.count("leads", f"{second} lead {matter.round}")
    yield from script.handled(matter)
    yield from script.answered(matter)


def settled(script: Script, matter: Matter) -> None:
    """A coordination before the district has ended with a decision."""
    script.month.count("leads", f"{matter.street[:6]} party 1")
    script.happened("coordination_ended")
    script.month.count("coordinations", "area decided")


def coordinated(script: Script, matter: Matter) -> Story:
    """The street asks the district, a neighbour speaks, and works with it from then on."""
    yield from in_hand(script, matter)
    (other,) = script.neighbours(matter, 1)
    unit_id = script.month.office.units[other]
    asked = Coordinating(TalkKind.AREA, "两边都有份", [unit_id])
    talk = yield from script.act(matter, matter.lead, coordinate, asked)
    script.month.count("leads", f"{other} party 1")
    yield Wait(5)
    party = yield Ask(PARTY, (talk, unit_id))
    yield from script.act(matter, other, speak, Opinion(party, "可以配合"))
    yield Wait(5)
    order = Settling(talk, "一起办", None, [unit_id])
    yield from script.act(matter, matter.above, decide_coordination, order)
    script.month.count("leads", f"{other} assist 1")
    settled(script, matter)
    matter.assists = (other,)
    yield from ended(script, matter)


def supervised(script: Script, matter: Matter) -> Story:
    """The centre demands an answer, and gets it in time."""
    yield from in_hand(script, matter)
    yield from script.act(matter, "overseer", supervise, "请说明进度")
    demand = yield Ask(NEWEST_DEMAND, (matter.id,))
    yield Wait(6)
    yield from script.act(matter, matter.lead, answer_supervision, demand, "明天完工")
    yield Wait(6)
    yield from script.act(matter, "overseer", end_supervision, demand, "同意")
    for event in ("supervised", "supervision_answered", "supervision_ended"):
        script.happened(event)
    script.month.count("supervisions", "answered")
    script.month.count("demands", "by hand answered ended")
    yield from ended(script, matter)


def supervised_in_vain(script: Script, matter: Matter) -> Story:
    """A demand that nobody answers is named; the unit is marked by two, and the inspectors hear of it."""
    yield from in_hand(script, matter)
    yield from script.act(matter, "overseer", supervise, "请说明进度")
    script.happened("supervised")
    demand = yield Ask(NEWEST_DEMAND, (matter.id,))
    yield Wait(25)
    script.happened("supervision_unanswered")
    script.month.count("supervisions", "silent")
    yield from script.act(matter, "overseer", end_supervision, demand, "改为追责")
    script.happened("supervision_ended")
    script.month.count("demands", "by hand silent ended")
    order = Marking("shirking", script.month.office.units[matter.lead], "一直不答复")
    yield from script.act(matter, "overseer", mark, order)
    found = yield Ask(NEWEST_MARK, (matter.id,))
    yield from script.act(matter, "second", confirm_mark, found, "属实")
    yield from script.act(matter, "overseer", hand_to_discipline, found, "请核查")
    script.month.count("marks", f"{matter.lead} handed over")
    script.month.count("kinds of marks", "shirking handed over")
    for event in ("mark_proposed", "mark_confirmed", "handed_to_discipline"):
        script.happened(event)
    yield from ended(script, matter)


def unreasonable(script: Script, matter: Matter) -> Story:
    """Too much is asked for: the district and the centre agree, and only contact and manner are asked about."""
    yield from in_hand(script, matter)
    photo = Attached("photo", "image/png", PHOTO)
    said = Said("现场", script.month.now, "实测")
    yield from script.act(matter, matter.lead, attach, [photo], said)
    script.happened("evidence_added")
    yield from script.act(matter, matter.lead, propose, "beyond", "超出规定")
    script.happened("applied")
    yield Wait(4)
    application = yield Ask(OPEN_APPLICATION, (matter.id, "unreasonable"))
    yield from script.screen(matter, application)
    yield Wait(4)
    yield from script.judged(matter, "centre", StaffAct.DECIDE, "unreasonable")
    script.happened("unreasonable")
    script.month.count("told of judgement", matter.lead)
    matter.state = "resolved"
    script.asked(matter)
    yield Wait(3)
    yield Say(matter.address, ("1", "2", "跳过"), matter.channel)
    script.month.count("answers contacted", f"{matter.lead} yes")
    script.month.count("surveys", "finished")
    script.closed(matter)


def invalid(script: Script, matter: Matter) -> Story:
    """Two of the centre agree that there is nothing to it."""
    yield from script.opened(matter)
    yield Wait(1)
    yield from script.act(matter, "centre", propose_invalid, "empty", "没有具体事项")
    script.happened("applied")
    yield from script.judged(matter, "deputy", StaffAct.DECIDE, "invalid")
    script.happened("invalidated")
    script.month.count("uncounted", "resident")
    script.closed(matter)
