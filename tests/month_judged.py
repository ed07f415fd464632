"""What those above decide about units in the scripted month: all that is refused, demands, marks; and limits of every sort."""

from datetime import datetime, timedelta

from handlers.contact import record_contact
from handlers.correct import Correcting, correct
from handlers.decide import take_back
from handlers.evidence import Attached, attach
from handlers.extend import extend
from handlers.hold import REASONS as HOLD_REASONS
from handlers.hold import Holding, hold
from handlers.invalid import propose_invalid
from handlers.marks import Marking, confirm_mark, mark, take_back_mark
from handlers.resolve import resolve
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from handlers.supervise import answer_supervision, end_supervision, supervise
from handlers.unreasonable import REASONS as UNREASONABLE
from handlers.unreasonable import propose
from handlers.write_off import write_off
from store.evidence import Said
from tests.month import Ask, Story, Wait
from tests.month_casework import DAY, DUE, NEWEST_DEMAND, NEWEST_MARK, ended, in_hand
from tests.month_city import Matter
from tests.month_script import NO, OPEN_APPLICATION, Part, Script
from tests.month_talks import DISPUTES
from tests.walker import PHOTO

HOUR = timedelta(hours=1)
WORKDAY = range(9, 18)
SATURDAY = 5


def refused_at_first(script: Script, matter: Matter) -> Story:
    """Whatever the unit asks for it does not get; a hold, its end and the result it gets when it asks once more."""
    yield from in_hand(script, matter)
    lead, above, chief = matter.lead, matter.above, matter.chief
    yield from script.act(matter, lead, correct, Correcting("这是消费纠纷", DISPUTES))
    yield from turned_down(script, matter, above, StaffAct.SCREEN, "correction")
    yield from script.act(matter, "centre", propose_invalid, "test", "像是误发")
    yield from turned_down(script, matter, "deputy", StaffAct.DECIDE, "invalid")
    yield from too_much(script, matter)
    yield from thought_better(script, matter)
    for upheld in (False, True):
        why = script.in_turn("holds", tuple(HOLD_REASONS))
        order = Holding(why, "列入明年计划", script.month.now + 60 * DAY)
        yield from script.act(matter, lead, hold, order)
        script.happened("applied")
        yield from script.judged(matter, above, StaffAct.SCREEN, "hold", upheld=upheld)
    for upheld in (False, True):
        yield Wait(2)
        yield from script.act(matter, lead, write_off, "已经具备条件")
        script.happened("applied")
        yield from script.judged(matter, above, StaffAct.SCREEN, "write_off", upheld=upheld)
    script.happened("written_off")
    script.month.count("holds", "written_off")
    matter.moved = True
    yield Wait(20)
    yield from script.act(matter, lead, resolve, "已经处理好了。", "cannot", "没有经费")
    yield from turned_down(script, matter, chief, StaffAct.REVIEW, "result")
    yield from ended(script, matter)


def turned_down(script: Script, matter: Matter, login: str, act: StaffAct, kind: str) -> Part:
    """What was just asked for is refused."""
    script.happened("applied")
    yield Wait(1)
    yield from script.judged(matter, login, act, kind, upheld=False)


def too_much(script: Script, matter: Matter) -> Part:
    """The unit says that too much is asked for, the district agrees, the centre does not."""
    photo = Attached("photo", "image/png", PHOTO)
    yield from script.act(
        matter, matter.lead, attach, [photo], Said("现场", script.month.now, "实测")
    )
    script.happened("evidence_added")
    why = script.in_turn("unreasonable", tuple(UNREASONABLE))
    yield from script.act(matter, matter.lead, propose, why, "超出规定")
    application = yield Ask(OPEN_APPLICATION, (matter.id, "unreasonable"))
    yield from script.screen(matter, application)
    yield from turned_down(script, matter, "centre", StaffAct.DECIDE, "unreasonable")


def thought_better(script: Script, matter: Matter) -> Part:
    """More time is asked for, and not needed after all."""
    due: datetime = yield Ask(DUE, (matter.id,))
    yield from script.act(matter, matter.lead, extend, due + DAY, "等材料")
    script.happened("applied")
    application = yield Ask(OPEN_APPLICATION, (matter.id, "extension"))
    yield from script.act(matter, matter.lead, take_back, application)
    script.happened("taken_back")
    script.month.count("applications", "extension taken_back")


def demand_given_up(script: Script, matter: Matter) -> Story:
    """The district demands an answer, and sees for itself before one comes."""
    yield from in_hand(script, matter)
    yield from script.act(matter, matter.above, supervise, "请说明进度")
    demand = yield Ask(NEWEST_DEMAND, (matter.id,))
    yield Wait(3)
    yield from script.act(matter, matter.above, end_supervision, demand, "已到现场看过")
    script.happened("supervised")
    script.happened("supervision_ended")
    script.month.count("supervisions", "silent")
    script.month.count("demands", "by hand silent ended")
    yield from ended(script, matter)


def third_round(script: Script, matter: Matter) -> Story:
    """Not solved twice: the rule demands an answer of the unit, which its district takes."""
    yield from script.opened(matter)
    for _ in range(2):
        yield from script.handled(matter)
        yield from script.answered(matter, NO)
    script.happened("supervised")
    demand = yield Ask(NEWEST_DEMAND, (matter.id,))
    yield from script.act(matter, matter.lead, answer_supervision, demand, "换一支队伍")
    yield from script.act(matter, matter.above, end_supervision, demand, "同意")
    script.happened("supervision_answered")
    script.happened("supervision_ended")
    script.month.count("supervisions", "answered")
    script.month.count("demands", "by rule answered ended")
    yield from script.handled(matter)
    yield from script.answered(matter)


def marked(script: Script, matter: Matter) -> Story:
    """Said to be done and not done: marked by two; another mark was wrong, and is taken back."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter, NO)
    yield from marked_by_two(script, matter, "false_closing")
    wrong = yield from marked_by_two(script, matter, "shirking")
    yield from script.act(matter, "second", take_back_mark, wrong, "单位已说明")
    script.happened("mark_taken_back")
    script.month.count("kinds of marks", "false_closing confirmed")
    script.month.count("kinds of marks", "shirking taken back")
    yield from script.handled(matter)
    yield from script.answered(matter)


def marked_by_two(script: Script, matter: Matter, kind: str) -> Part:
    """One marks the lead, another confirms it; returns the mark's id."""
    order = Marking(kind, script.month.office.units[matter.lead], "现场与答复不符")
    yield from script.act(matter, "overseer", mark, order)
    found = yield Ask(NEWEST_MARK, (matter.id,))
    yield from script.act(matter, "second", confirm_mark, found, "属实")
    script.happened("mark_proposed")
    script.happened("mark_confirmed")
    script.month.count("marks", matter.lead)
    return found


def in_danger(script: Script, matter: Matter) -> Story:
    """Life is in danger: two hours, in which all is done."""
    matter.what, matter.grade = "有人被困在电梯里", "I"
    yield from script.opened(matter)
    yield from script.act(matter, matter.lead, sign)
    script.happened("signed")
    yield from script.act(matter, matter.lead, record_contact, "reached", "")
    script.happened("contacted")
    script.month.count("tries", "reached")
    yield from script.act(matter, matter.lead, resolve, "人已救出。", "solved", "")
    script.happened("applied")
    yield from script.judged(matter, matter.chief, StaffAct.REVIEW, "result")
    script.resolved(matter)
    yield from script.answered(matter)


def in_village(script: Script, matter: Matter) -> Story:
    """What takes long has fifteen days; by the statute of the new catalogue ten working days."""
    matter.what, matter.grade = "承包地分红不公", "IV"
    if script.changed:
        matter.hours = working_days(script.local, 10)
    yield from in_hand(script, matter)
    yield Wait(7 * 24)
    yield from ended(script, matter)


def by_statute(script: Script, matter: Matter) -> Story:
    """A statute gives ten days, whatever the grade: it is signed and no more, and that is when the resident is asked."""
    matter.what, matter.grade, matter.hours = "高空抛物", "II", 240
    yield from script.opened(matter)
    yield from script.act(matter, matter.lead, sign)
    script.happened("signed")
    yield Wait(matter.hours)
    for step in ("clock_warned after 5", "clock_warned after 8", "clock_due after 10"):
        script.month.count("clocks of statutes", f"T096 {step}")
    script.month.count("asked overdue", "T096 after 10 days")
    script.happened("deadline_passed")
    script.asked(matter)
    yield from script.answered(matter, NO)
    yield from script.handled(matter)
    yield from script.answered(matter)


def working_days(begins: datetime, days: int) -> float:
    """How many hours pass until so many days' work is done, from a full hour on; no holiday is near."""
    left, passed = days * len(WORKDAY), 0
    while left:
        moment = begins + passed * HOUR
        left -= moment.hour in WORKDAY and moment.weekday() < SATURDAY
        passed += 1
    return passed
