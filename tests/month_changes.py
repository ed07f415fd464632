"""What changes for the whole city in the middle of the scripted month: rules, catalogue, units, an event, leaders who listen."""

from datetime import timedelta

from handlers.case import By
from handlers.catalogue import read_city_catalogue
from handlers.catalogue_draft import Approving, approve, begin_draft, edit_topic
from handlers.catalogue_parts import Part as Parting
from handlers.catalogue_parts import add_part
from handlers.edit_rules import change_rule, read_rules
from handlers.in_force import read_events
from handlers.open_line import Arranging, arrange
from handlers.sign import sign
from handlers.succession import begin_successions
from handlers.surge import Declaring, declare, end_surge
from handlers.walk_in import WalkIn, walk_in
from handlers.world import World
from store.database import Connection
from tests.month import Ask, Do, Story, Wait
from tests.month_city import HEIRS, SPLIT, SPLIT_TO, SPLIT_TOPIC, SUCCESSORS, Matter
from tests.month_script import MOVED_TOPIC, Part, Script

DUTY = {
    "code": MOVED_TOPIC,
    "level": "department",
    "grade": "III",
    "department": "北京市城市管理委员会",
    "assists": "",
    "enterprises": "",
    "dual": "",
    "green": "",
    "hours": "",
    "working": "",
    "statute": "",
    "valid_from": "",
    "valid_to": "",
}
# A statute's own time: ten days through, and ten working days, whatever the grade.
BY_STATUTE = {
    "T096": DUTY
    | {"code": "T096", "level": "street", "grade": "II", "department": "gaj", "assists": "zjw"}
    | {"hours": "240", "statute": "治安管理条例"},
    "T075": DUTY
    | {"code": "T075", "level": "street", "grade": "IV", "department": "nyj", "assists": "ghw"}
    | {"hours": "240", "working": "yes", "statute": "土地承包法"},
}
EVENT = Declaring("供热抢修", "heating", words="暖气、供暖", places="海淀区、朝阳区、西城区")
STRUCK = ("110108", "110105", "110102")
LISTENING = timedelta(hours=6)


async def set_rule(connection: Connection, world: World, by: By, key: str, value: str) -> None:
    """An operator changes a rule, and the city goes by it."""
    await change_rule(connection, by, key, value, "市里要求")
    world.rules = await read_rules(connection)


async def in_force(connection: Connection, world: World, by: By) -> None:
    """The city goes by what is in force now, and what is left of units that end begins to go over."""
    today = by.at.astimezone(world.timezone).date()
    await begin_successions(connection, today, by.at)
    city = await read_city_catalogue(connection, today, outlined=False)
    if city is not None:
        world.city = city


async def follow_events(connection: Connection, world: World, by: By) -> None:
    """The city knows which events and days are on."""
    await read_events(connection, world, by.at)


async def listen(connection: Connection, world: World, by: By) -> int:
    """Leaders take calls for some hours; returns the day's id."""
    day = Arranging("区长接听", by.unit_id, ("leader",), by.at, by.at + LISTENING, "供暖季")
    open_line = await arrange(connection, by, day)
    await read_events(connection, world, by.at)
    return open_line


def half_time(script: Script) -> Story:
    """A rule, a duty and a unit change."""
    yield Do("admin", set_rule, ("urge.head", "2"))
    draft = yield Do("admin", begin_draft, ("", "公厕改由区城管委办理"))
    for duty in (DUTY, *BY_STATUTE.values()):
        yield Do("admin", edit_topic, (draft, duty))
    giving = Parting("split", SPLIT, SPLIT_TO, topics=SPLIT_TOPIC, note="执法队伍调整")
    ending = [
        Parting(kind, unit, goes_on, note="区划调整")
        for kind, (unit, goes_on) in zip(("merge", "close"), HEIRS.items(), strict=True)
    ]
    for part in (giving, *ending):
        yield Do("admin", add_part, (draft, part))
    yield Do("admin2", approve, (Approving(draft, "", 30),))
    yield Do("admin", in_force, ())
    script.urges_of_head, script.changed = 2, True
    script.month.count("catalogue", "approved")


def event(script: Script, hours: float) -> Story:
    """Something breaks, and is over some days later; a leader listens as it begins."""
    surge = yield Do("admin", declare, (EVENT,))
    yield Do("admin", follow_events, ())
    script.open_line = yield Do("admin", listen, ())
    script.surge = True
    script.month.count("surges", EVENT.name)
    yield Wait(hours)
    yield Do("admin", end_surge, (surge,))
    yield Do("admin", follow_events, ())
    script.surge = False
    yield from reported(script, EVENT.name)


def reported(script: Script, name: str) -> Part:
    """An event that has just ended has a report with its own three rates, as they were by then."""
    yield Ask("select 1", ())  # whatever else happens in this hour has been counted then
    script.month.count("reports", f"{name} tickets", script.month.expected["of events"][name])
    answers = script.month.expected["answers of events"]
    for what, best in (("contacted", "yes"), ("solved", "yes"), ("result", "satisfied")):
        of_all = sum(
            times
            for key, times in answers.items()
            if key.startswith(name) and key.endswith(f" {what}")
        )
        if of_all:
            share = answers[f"{name} {best} {what}"] / of_all
            script.month.count("reports", f"{name} {what}", round(share * 1_000_000))


def in_event(script: Script, matter: Matter) -> Story:
    """The heating is cold: whoever tells of it during the event is counted with it."""
    matter.what, matter.assists = "暖气不热", (f"{matter.street[:6]}-cgw",)
    matter.grade = "II"
    on = script.surge and matter.street[:6] in STRUCK
    yield from script.opened(matter)
    script.month.count("surge tickets", "marked" if on else "none")
    if on:
        matter.event = EVENT.name
        script.month.count("of events", EVENT.name)
    script.month.count("leads", f"{matter.assists[0]} assist 1")
    yield from script.act(matter, matter.lead, sign)
    script.has_signed(matter)
    yield from script.contacted(matter)
    yield Wait(2)
    yield from script.concluded(matter)
    yield from script.answered(matter)


def heard_by_leader(script: Script, matter: Matter) -> Story:
    """A leader takes a matter down, and it is followed as theirs."""
    lead = script.lead_of(matter)
    opened = yield Do("leader", walk_in, (WalkIn(matter.text, "", phone=matter.address[3:]),))
    matter.id = opened.ticket_id
    script.month.count("opened by channel", "sms")
    script.month.count("open line", "区长接听")
    script.happened("open_line")
    script.led_by(matter, lead)
    yield from script.handled(matter)
    yield from script.answered(matter)


def done_before(script: Script, matter: Matter) -> Story:
    """A street has done its part when it ends: the answers it gets are its successor's."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield from script.contacted(matter)
    yield from script.concluded(matter)
    yield from script.answered(matter)


def merging(script: Script, matter: Matter) -> Story:
    """A street ends, or gives away a topic, while it has the ticket: its successor goes on."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield from script.contacted(matter)
    before = matter.lead
    while matter.lead == before:
        if script.changed:
            matter.lead = SUCCESSORS[before]
            script.month.count("leads", f"{before} lead 1", -1)
            script.month.count("leads", f"{matter.lead} lead 1")
            script.happened("succeeded")
        yield Wait(2)
    yield from script.done(matter)
    yield from script.answered(matter)
