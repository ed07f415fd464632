"""What residents bring about in the scripted month beyond the everyday: many tell one thing, one tells it again, stewards go round."""

from dataclasses import replace

from dialogs.said import Attachment, Pin, Said
from dialogs.ticket_number import format_number
from handlers.case import By
from handlers.close_joined import close_joined
from handlers.join import join, split
from handlers.stewards import decide_steward
from handlers.world import World
from store import media
from store.database import Connection
from store.media import Media
from tests.month import HOUR, Ask, Do, Say, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_city import Matter
from tests.month_residents import FRESH, STEWARD, community, dispute
from tests.month_script import Part, Script

IN_A_GROUP = 5
HERE = Pin(39.9, 116.3)
TO_SETTLE = 72 * HOUR


def followers(script: Script, matter: Matter, many: int) -> Part:
    """Others of the community tell of the same, and join."""
    others = []
    for place in range(1, many + 1):
        other = replace(matter, number=matter.number + 1_000_000 * place, state="dispatched")
        yield Say(other.address, (other.text, "1"))
        yield from script.known(other)
        script.told.append(other)
        script.happened("joined")
        others.append(other)
    return others


def group(script: Script, matter: Matter) -> Story:
    """So many that it is a group: one is taken out and done alone, the centre closes the rest with its reason."""
    matter.what, matter.grade = "电梯坏了", "II"
    yield from script.opened(matter)
    others = yield from followers(script, matter, IN_A_GROUP)
    script.happened("group_marked")
    script.month.count("groups", 1 + IN_A_GROUP)
    alone, *others = others
    yield Wait(1)
    yield from script.act(alone, matter.lead, split)
    script.happened("split")
    script.led_by(alone, matter.lead)
    yield from script.signed(matter)
    script.happened("signed", len(others))
    yield from script.contacted(matter)
    order = ("整栋楼的电梯已修好。", "solved", "同一部电梯")
    yield from script.act(matter, "centre", close_joined, *order)
    for one in (matter, *others):
        script.resolved(one)
    yield Wait(1)
    for one in (matter, *others):
        script.month.begin(script.answered(one), script.month.now)
    yield from script.signed(alone)
    yield from script.contacted(alone)
    yield from script.concluded(alone)
    yield from script.answered(alone)


def joined_by_hand(script: Script, matter: Matter) -> Story:
    """The centre sees that two are one: the second follows the first, and is asked for itself."""
    yield from script.opened(matter)
    other = replace(matter, number=matter.number + 1_000_000)
    yield from script.opened(other)
    script.told.append(other)
    yield from script.act(other, "centre", join, format_number(matter.id))
    script.happened("joined")
    yield from script.signed(matter)
    script.happened("signed")
    yield from script.contacted(matter)
    yield from script.done(matter)
    script.resolved(other)
    yield Wait(1)
    for one in (matter, other):
        yield from script.answered(one)


def comes_back(script: Script, matter: Matter) -> Story:
    """A word within the window after the end opens it again; one after the window does not."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter)
    yield Wait(50)
    yield Say(matter.address, ("补充 又堆起来了",))
    script.happened("added")
    script.opened_again(matter)
    yield from script.handled(matter)
    yield from script.answered(matter)
    yield Wait(31 * 24)
    yield Say(matter.address, ("补充 春天又堆起来了",))


async def keep_photo(connection: Connection, world: World, by: By, name: str) -> None:
    """A photo of a resident's is there."""
    del world
    await media.add(connection, Media(name, name.encode().ljust(32), "image/png", 1, None, by.at))


def photo(name: str, text: str = "") -> Said:
    """A photo with where it was taken."""
    return Said(text, attachments=(Attachment(name, "image/png"),), pin=HERE)


def enlisted(script: Script, matter: Matter, says: str) -> Part:
    """Somebody asks to be a steward, and the street says yes or no."""
    yield Say(matter.address, ("我要当小巷管家", "王芳", matter.place, "1"))
    where = script.month.office.world.address_hash("sms", matter.address)
    found = yield Ask(STEWARD, (where,))
    yield Do(matter.street, decide_steward, (found, says))
    return found


def patrol(script: Script, matter: Matter) -> Story:
    """A steward goes round, fixes what lies there, shows it, and gives up the office later."""
    found = yield from enlisted(script, matter, "accept")
    names = [f"{matter.number}-{when}" for when in ("before", "after")]
    for name in names:
        yield Do(matter.street, keep_photo, (name,))
    yield Wait(20)
    before, after = names
    yield Say(matter.address, ("开始巡查", "上报", photo(before, matter.text), "1", photo(after)))
    yield from script.dispatched(matter, matter.street)
    matter.opened_at = None  # no complaint
    for event in ("steward_fixed", "closed"):
        script.happened(event)
    matter.state, matter.result = "closed", "solved"
    script.month.count("uncounted", "steward")
    script.month.count("evidence of stewards", matter.street, 2)
    script.month.count("finds with a place", "39.9 116.3")
    yield Wait(1)
    yield Say(matter.address, ("结束巡查",))
    script.month.count("patrols", f"{matter.street} ended")
    yield Do(matter.street, decide_steward, (found, "end"))
    script.month.count("stewards", "ended")


def no_steward(script: Script, matter: Matter) -> Story:
    """The street does not take a steward, who complains like everybody."""
    yield from enlisted(script, matter, "refuse")
    script.month.count("stewards", "refused")
    yield from in_hand(script, matter)
    yield from ended(script, matter)


def community_late(script: Script, matter: Matter) -> Story:
    """A community's time runs out: what it took becomes a ticket with a whole time of its own."""
    yield from community(script, matter)
    yield Wait(72)
    script.happened("community_late")
    script.month.count("community", "became_ticket")
    script.led_by(matter, matter.street)
    script.month.count("community dues", f"{script.month.now + FRESH:%m-%d %H:%M}")
    yield from script.handled(matter)
    yield from script.answered(matter)


def settled_late(script: Script, matter: Matter) -> Story:
    """The enterprise lets its time pass, and the regulator has it."""
    yield from dispute(script, matter)
    if matter.opened_at is not None:
        yield Wait((matter.opened_at + TO_SETTLE - script.month.now) / HOUR)
    script.happened("reconciliation_late")
    script.month.count("green", "late")
    matter.hours = TO_SETTLE / HOUR + 15 * 24
    script.led_by(matter, f"{matter.street[:6]}-scjg")
    yield from script.handled(matter)
    yield from script.answered(matter)


def declined(script: Script, matter: Matter) -> Story:
    """A consumer who does not want the enterprise to settle it: the regulator has it at once."""
    matter.what, matter.grade = "北京移动的预付卡退费难", "IV"
    yield Say(matter.address, (matter.text, "2", "1"))
    yield from script.dispatched(matter, f"{matter.street[:6]}-scjg")
    yield from script.handled(matter)
    yield from script.answered(matter)


def told_anew(script: Script, matter: Matter) -> Story:
    """Done, and told anew twice: tickets of their own, of which the third goes up a level."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter)
    for repeats in (1, 2):
        again = replace(matter, state="none", result="")
        yield Wait(30)
        yield Say(again.address, (again.text, "2", "1"))
        yield from script.dispatched(again, script.lead_of(again))
        script.told.append(again)
        script.month.count("repeats", repeats)
        yield from script.handled(again)
        yield from script.answered(again)
    script.happened("repeated")
    script.month.count("tasks", f"repeated {matter.street[:6]}")
