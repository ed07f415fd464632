"""What the centre does in the scripted month: dispatch by hand, pass words on, ask by phone, take out, mark who abuses the line."""

from typing import NamedTuple

from handlers.abuse import confirm_abuse, lift_abuse, mark_abuse
from handlers.case import By
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.evidence import Attached, attach
from handlers.relay import Way, ask_relay, relay
from handlers.staff_acts import StaffAct
from handlers.survey_by_hand import survey_by_hand
from handlers.traces import export_list, forward, take_out
from handlers.unreasonable import propose
from handlers.walk_in import WalkIn, walk_in
from handlers.world import World
from store.database import Connection
from store.evidence import Said
from tests.month import Ask, Do, Say, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_city import Matter
from tests.month_residents import NEWEST_ABUSE
from tests.month_script import OPEN_APPLICATION, Part, Script
from tests.walker import PHOTO

TASK = "select max(id) from human_tasks where ticket_id = $1 and kind = $2 and done_at is null"
REMARK = {"contacted": "yes", "attitude": "satisfied"}
NOBODYS = "法院判决下来了物业不执行"  # what the catalogue sends to nobody


class Answer(NamedTuple):
    """What somebody says on the phone when a person of the centre asks."""

    solved: str
    result: str


def waits(script: Script, matter: Matter) -> Story:
    """Told by message and nobody's: the centre hears of it at once, its head half an hour later, and again a day later."""
    said = (f"{matter.place}{NOBODYS}", "请记下", "1")
    yield Say(matter.address, said)
    yield from script.known(matter)
    for event, audience in (("dispatch_due", "desk"), ("dispatch_late", "head")):
        script.month.count("dispatch clock", f"resident {event} {audience}")
    yield Wait(26)
    script.month.count("dispatch clock", "resident dispatch_late head")
    yield from dispatched(script, matter)


def typed_in(script: Script, matter: Matter) -> Story:
    """Typed in, and nobody knows whose it is: there are two hours to dispatch it."""
    typed = WalkIn("有件事不知道该找谁，请帮帮我", "", phone=matter.address[3:])
    opened = yield Do("centre", walk_in, (typed,))
    matter.id = opened.ticket_id
    script.month.count("opened by channel", "sms")
    yield Wait(2)
    script.month.count("dispatch clock", "walk_in dispatch_due desk")
    yield from dispatched(script, matter)


def dispatched(script: Script, matter: Matter) -> Part:
    """The centre finds who does it, who does."""
    order = Dispatching(script.month.office.units[matter.street], "请街道协调")
    yield from script.act(matter, "centre", dispatch_by_hand, order)
    script.led_by(matter, matter.street)
    yield from script.handled(matter)
    yield from script.answered(matter)


def tipped_off(script: Script, matter: Matter) -> Story:
    """Who tips off an enterprise is never sent to it; what is said goes through the centre, there and back."""
    said, matter.grade = f"举报{matter.place}北京移动的预付卡退费难", "IV"
    yield Say(matter.address, (said, "保密", "1"))
    yield from script.dispatched(matter, f"{matter.street[:6]}-scjg")
    script.month.count("kinds", "tip_off")
    yield from script.signed(matter)
    yield from script.act(matter, matter.lead, ask_relay, "请问哪天办的卡？")
    yield Wait(2)
    yield from script.act(matter, "centre", relay, Way.PHONE, "请问哪天办的卡？")
    yield Say(matter.address, ("补充 上个月一号",))
    yield from script.act(matter, "centre", relay, Way.BACK, "上个月一号")
    for event in ("relay_asked", "relayed", "added", "relayed_back"):
        script.happened(event)
    script.noted(matter, "contacted")
    yield from ended(script, matter)


def taken_out(script: Script, matter: Matter) -> Story:
    """Forwarded, printed and exported: each leaves its trace."""
    yield from in_hand(script, matter)
    (other,) = script.neighbours(matter, 1)
    to = script.month.office.units[other]
    yield from script.act(matter, matter.lead, forward, to, "请了解")
    script.happened("forwarded")
    for what in ("print", "export"):
        yield from script.act(matter, matter.lead, take_out, what, "上门用")
    yield Do(matter.lead, listed, (matter.id,))
    for what, times in (("forward", 1), ("print", 1), ("export", 2)):
        script.month.count("traces", f"{matter.lead} {what}", times)
    yield from ended(script, matter)


async def listed(connection: Connection, world: World, by: By, ticket_id: int) -> None:
    """A list of one is taken out."""
    del world
    await export_list(connection, by, [ticket_id], "周报")


def stopped(script: Script, matter: Matter) -> Part:
    """Done for somebody who has stopped our messages."""
    yield from in_hand(script, matter)
    yield Say(matter.address, ("TD",))
    yield from script.done(matter)
    script.month.count("tasks", "survey_by_hand centre")


def rung(script: Script, matter: Matter, said: Answer) -> Part:
    """A person of the centre asks on the phone, and keeps what is said."""
    yield Wait(2)
    task = yield Ask(TASK, (matter.id, "survey_by_hand"))
    yield Do("centre", survey_by_hand, (task, {**REMARK, **said._asdict()}))
    script.happened("task_settled")
    script.month.count("answers contacted", f"{matter.lead} yes")
    script.month.count("answers solved", f"{matter.lead} {said.solved}")
    script.month.count("answers result", f"{matter.lead} {said.result}")
    script.month.count("surveys", "finished")


def asked_by_hand(script: Script, matter: Matter) -> Story:
    """Not solved, says who was rung; and the second time that it is."""
    yield from stopped(script, matter)
    yield from rung(script, matter, Answer("no", "dissatisfied"))
    script.opened_again(matter)
    yield from script.handled(matter)
    script.month.count("tasks", "survey_by_hand centre")
    yield from rung(script, matter, Answer("yes", "satisfied"))
    script.closed(matter)


def not_asked(script: Script, matter: Matter) -> Story:
    """Nobody gets round to asking: it ends after a week."""
    yield from stopped(script, matter)
    yield Wait(7 * 24 + 2)
    script.month.count("surveys", "expired")
    script.closed(matter)


def abusive(script: Script, matter: Matter) -> Story:
    """Marked by two, for a week that passes; a second mark is proposed and taken back."""
    yield from in_hand(script, matter)
    yield from script.act(matter, "centre", mark_abuse, "一天空拨三百次")
    found = yield Ask(NEWEST_ABUSE, (matter.id,))
    yield from script.act(matter, "editor", confirm_abuse, found, "7")
    script.month.count("abuse", "in force")
    yield from ended(script, matter)
    yield Wait(8 * 24)
    yield from script.act(matter, "centre", mark_abuse, "又来了")
    found = yield Ask(NEWEST_ABUSE, (matter.id,))
    yield from script.act(matter, "deputy", lift_abuse, found, "是误会")
    script.month.count("abuse", "lifted")


def unreasonable_refused(script: Script, matter: Matter) -> Story:
    """The district finds that too much is asked for, the centre does not: the unit goes on."""
    yield from in_hand(script, matter)
    photo = Attached("photo", "image/png", PHOTO)
    yield from script.act(
        matter, matter.lead, attach, [photo], Said("现场", script.month.now, "实测")
    )
    script.happened("evidence_added")
    yield from script.act(matter, matter.lead, propose, "beyond", "超出规定")
    script.happened("applied")
    yield Wait(4)
    application = yield Ask(OPEN_APPLICATION, (matter.id, "unreasonable"))
    yield from script.screen(matter, application)
    yield Wait(4)
    yield from script.judged(matter, "centre", StaffAct.DECIDE, "unreasonable", upheld=False)
    yield from ended(script, matter)
