"""What becomes of ordinary tickets in the scripted month: solved, done again, answered by half or not at all."""

from tests.month import Say, Story, Wait
from tests.month_city import Matter
from tests.month_script import NO, PARTLY, YES, Script


def plain(script: Script, matter: Matter) -> Story:
    """Solved, and the resident says so."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield from script.contacted(matter)
    kind = script.in_turn("results", ("solved", "solved", "partly", "explained", "cannot"))
    yield from script.done(matter, kind, "" if kind == "solved" else "要等明年立项")
    yield from script.answered(matter, script.dice.choice((YES, YES, PARTLY)))


def again(script: Script, matter: Matter) -> Story:
    """Not solved: the same unit does it once more."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter, NO)
    yield from script.handled(matter)
    yield from script.answered(matter)


def unanswered(script: Script, matter: Matter) -> Story:
    """Nobody answers the survey, which ends by itscript."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield Wait(6 * 24)
    script.month.count("surveys", "expired")
    script.closed(matter)


def half_answered(script: Script, matter: Matter) -> Story:
    """Two answers and no more: they count."""
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield Wait(3)
    yield from script.says(matter, "2", "1", asked=True)
    script.month.count("answers contacted", f"{matter.lead} no")
    script.month.count("answers solved", f"{matter.lead} yes")
    yield Wait(7 * 24)
    script.month.count("surveys", "expired")
    script.closed(matter)


def withdrawn(script: Script, matter: Matter) -> Story:
    """The resident thinks better of it."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield Wait(5)
    yield Say(matter.address, ("撤单", "1"), matter.channel)
    matter.state = "withdrawn"
    script.noted(matter, "ended")
    script.happened("withdrawn")


def pressed(script: Script, matter: Matter) -> Story:
    """Adds something and presses: the third time reaches the head."""
    yield from script.opened(matter)
    yield from script.signed(matter)
    yield Wait(2)
    yield Say(matter.address, ("补充 已经好几天了",), matter.channel)
    script.happened("added")
    for pressed in (1, 2, 3):
        yield Wait(3)
        yield Say(matter.address, ("催单",), matter.channel)
        script.happened("urged")
        head = pressed >= script.urges_of_head
        script.month.count("presses", f"{matter.lead} {'head' if head else 'handler'}")
        if head:
            script.happened("urged_head")
    yield from script.contacted(matter)
    yield from script.done(matter)
    yield from script.answered(matter)


def signed_late(script: Script, matter: Matter) -> Story:
    """The unit lets the ticket lie for four days: its head hears of it."""
    yield from script.opened(matter)
    yield Wait(4 * 24)
    script.month.count("signed late", matter.lead)
    yield from script.signed(matter)
    yield from script.contacted(matter)
    yield Wait(8)
    yield from script.reviewed(matter, "explained", "要等立项")
    script.resolved(matter, "explained")
    yield from script.answered(matter, PARTLY)


def forgotten(script: Script, matter: Matter) -> Story:
    """Nobody touches it: the time limit brings the survey, "not solved" the second handling."""
    yield from script.opened(matter)
    yield Wait(7 * 24)
    script.month.count("signed late", matter.lead)
    script.month.count("asked overdue", "T031 after 7 days")
    script.happened("deadline_passed")
    script.asked(matter)
    yield from script.answered(matter, NO)
    yield from script.handled(matter)
    yield from script.answered(matter)
