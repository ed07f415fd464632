"""What residents, communities and stewards bring about in the scripted month: told together, told again, settled, kept secret."""

from dataclasses import replace
from datetime import timedelta

from dialogs.words import Kind
from handlers.abuse import confirm_abuse, lift_abuse, mark_abuse
from handlers.community import community_give_up, community_solved, take_matter
from handlers.green import not_reconciled, reconciled
from handlers.relay import Way, ask_relay, relay
from handlers.sign import sign
from handlers.stewards import decide_steward
from handlers.walk_in import WalkIn, walk_in
from tests.month import HOUR, Ask, Do, Say, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_city import ENTERPRISE, Matter
from tests.month_script import Part, Script

FRESH = 7 * 24 * HOUR  # what a ticket of grade III has
NEWEST_ABUSE = "select max(id) from abuse_marks where ticket_id = $1"
STEWARD = """
    select s.id from stewards s join addresses a on a.resident_id = s.resident_id where a.hash = $1
"""


def dual(script: Script, matter: Matter) -> Story:
    """The street leads, the district's commission assists, and the lead waits for its answer."""
    matter.what, matter.assists = "路灯不亮", (f"{matter.street[:6]}-cgw",)
    yield from in_hand(script, matter)
    for assist in matter.assists:
        script.month.count("leads", f"{assist} assist 1")
    yield from ended(script, matter)


def together(script: Script, matter: Matter) -> Story:
    """Three residents of one community tell of the same: one ticket is worked on, each has a survey."""
    matter.what, matter.grade = "电梯坏了", "II"
    yield from script.opened(matter)
    others = [
        replace(matter, number=matter.number + 1_000_000 * place, state="dispatched")
        for place in (1, 2)
    ]
    for other in others:
        yield Say(other.address, (other.text, "1"))
        yield from script.known(other)
        script.told.append(other)
        script.happened("joined")
    yield from script.act(matter, matter.lead, sign)
    script.happened("signed", 3)
    yield from script.contacted(matter)
    yield Wait(5)
    yield from script.reviewed(matter, "solved", "")
    for one in (matter, *others):
        script.resolved(one)
    yield Wait(1)
    for one in (matter, *others):
        yield from script.answered(one)


def again(script: Script, matter: Matter) -> Story:
    """The same resident tells of it three times: the third goes up a level."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    for _ in range(2):
        yield Wait(12)
        yield Say(matter.address, (matter.text, "1"), matter.channel)
        script.happened("added")
    script.happened("repeated")
    script.month.count("repeats", 2)
    script.month.count("tasks", f"repeated {matter.street[:6]}")
    yield from script.contacted(matter)
    yield from ended(script, matter)


def community(script: Script, matter: Matter) -> Part:
    """A community of the street takes a matter of its own residents."""
    typed = WalkIn(matter.place + matter.what, "", phone=matter.address[3:])
    matter.id = yield Do(matter.street, take_matter, (typed,))
    matter.lead, matter.state = matter.street, "handling"
    script.month.count("opened by channel", "sms")
    script.month.count("leads", f"{matter.lead} lead 1")
    script.happened("signed")


def community_done(script: Script, matter: Matter) -> Story:
    """And solves it: nobody is asked, nothing is counted."""
    yield from community(script, matter)
    yield Wait(30)
    yield from script.act(matter, matter.lead, community_solved, "已清走")
    matter.result = "solved"
    script.month.count("community", "solved")
    script.month.count("uncounted", "community")
    script.closed(matter)


def community_gives_up(script: Script, matter: Matter) -> Story:
    """And cannot solve it: it becomes a ticket."""
    yield from community(script, matter)
    yield Wait(30)
    yield from script.act(matter, matter.lead, community_give_up, "要专业队伍")
    script.month.count("community", "became_ticket")
    script.led_by(matter, matter.street)
    script.month.count("community dues", f"{script.month.now + FRESH:%m-%d %H:%M}")
    yield from script.handled(matter)
    yield from script.answered(matter)


def dispute(script: Script, matter: Matter) -> Part:
    """A consumer who lets the enterprise settle it first."""
    matter.what, matter.grade = "北京移动的预付卡退费难", "IV"
    yield Say(matter.address, (matter.text, "1", "1"))
    yield from script.dispatched(matter, ENTERPRISE)
    yield from script.signed(matter)
    yield from script.contacted(matter)


def settled(script: Script, matter: Matter) -> Story:
    """The enterprise settles it."""
    yield from dispute(script, matter)
    yield from script.act(matter, matter.lead, reconciled, "已退款")
    script.happened("reconciled")
    matter.hours = 72
    script.month.count("green", "reconciled")
    script.resolved(matter)
    yield from script.answered(matter)


def not_settled(script: Script, matter: Matter) -> Story:
    """The enterprise does not, and the regulator has it."""
    yield from dispute(script, matter)
    yield from script.act(matter, matter.lead, not_reconciled, "谈不拢")
    script.month.count("green", "failed")
    since: timedelta = script.month.now - (matter.opened_at or script.month.now)
    matter.hours = 15 * 24 + since / timedelta(hours=1)
    matter.lead, matter.state = f"{matter.street[:6]}-scjg", "dispatched"
    script.month.count("leads", f"{matter.lead} lead 1")
    yield from script.handled(matter)
    yield from script.answered(matter)


def steward(script: Script, matter: Matter) -> Story:
    """A steward of the lane is taken on and reports what it sees, which is no complaint."""
    street = matter.street
    place = matter.place
    yield Say(matter.address, ("我要当小巷管家", "王芳", place, "1"))
    where = script.month.office.world.address_hash("sms", matter.address)
    asked = yield Ask(STEWARD, (where,))
    yield Do(street, decide_steward, (asked, "accept"))
    script.month.count("stewards", "active")
    yield Wait(20)
    yield Say(matter.address, ("上报", matter.text, "没有", "2"))
    yield from script.dispatched(matter, street)
    matter.opened_at = None  # no complaint
    script.month.count("uncounted", "steward")
    yield from script.signed(matter)
    yield from script.contacted(matter)
    yield from script.reviewed(matter, "solved", "")
    matter.result = "solved"
    script.happened("resolved")
    script.closed(matter)


def tip_off(script: Script, matter: Matter) -> Story:
    """Whoever tips off stays unknown to the unit: the centre passes words on."""
    matter.what = "举报有人违建"
    yield Say(matter.address, (f"举报{matter.place}有人违建", "保密", "1"))
    yield from script.dispatched(matter, matter.street)
    script.month.count("kinds", Kind.TIP_OFF)
    yield from script.signed(matter)
    yield Wait(2)
    yield from script.act(matter, matter.lead, ask_relay, "请问是几号楼？")
    script.happened("relay_asked")
    yield Wait(1)
    yield from script.act(matter, "centre", relay, Way.MESSAGE, "请问是几号楼？")
    script.happened("relayed")
    yield from ended(script, matter)


def typed_in(script: Script, matter: Matter) -> Story:
    """Somebody at the desk who leaves no number: it ends with the unit's result."""
    opened = yield Do("centre", walk_in, (WalkIn(matter.text, ""),))
    matter.id = opened.ticket_id
    matter.lead, matter.state = matter.street, "dispatched"
    script.month.count("leads", f"{matter.lead} lead 1")
    yield from script.signed(matter)
    yield Wait(30)
    yield from script.reviewed(matter, "solved", "")
    matter.result = "solved"
    script.happened("resolved")
    script.closed(matter)


def abusive(script: Script, matter: Matter) -> Story:
    """Two of the centre mark a resident for a week, who is heard all the same, and let it be lifted."""
    yield from in_hand(script, matter)
    yield from script.act(matter, "centre", mark_abuse, "一天空拨三百次")
    found = yield Ask(NEWEST_ABUSE, (matter.id,))
    yield from script.act(matter, "editor", confirm_abuse, found, "7")
    yield Wait(10)
    yield from script.act(matter, "centre", lift_abuse, found, "已经道歉")
    script.month.count("abuse", "lifted")
    yield from ended(script, matter)
