"""Whistles in the scripted month: who comes, who is late and named above, whose it turns out to be, and both sides' marks."""

from collections.abc import Sequence

from handlers.report_in import opine, report_in
from handlers.return_unit import Returning, return_unit
from handlers.staff_acts import StaffAct
from handlers.whistle import Whistling, whistle
from handlers.whistle_close import Concluding, close_whistle, rate_whistle
from tests.month import Ask, Story, Wait
from tests.month_casework import ended, in_hand, screened
from tests.month_city import DISTRICTS, ENTERPRISE, Matter
from tests.month_script import Part, Script

SHARE = "select id from assignments where ticket_id = $1 and unit_id = $2 and subject_id = $3"
CENTRE = "centre"


def blow(script: Script, matter: Matter, kind: str, purpose: str, called: Sequence[str]) -> Part:
    """The lead calls units; who is on duty by the roster is named in what an urgent one tells."""
    units = script.month.office.units
    order = Whistling(kind, purpose, tuple(units[one] for one in called), "到现场看看")
    blown = yield from script.act(matter, matter.lead, whistle, order)
    script.happened("whistled")
    script.month.count("whistles", f"{kind} {purpose}")
    for one in called:
        script.month.count("leads", f"{one} called {matter.round}")
        if kind == "urgent":
            there = any(begins <= script.month.now < ends for begins, ends in script.duty[one])
            script.month.count("told of whistles", f"{one} {'on duty' if there else 'desk'}")
    return blown


def come(
    script: Script, matter: Matter, blown: int, called: Sequence[str], *, late: bool = False
) -> Part:
    """Units report in and say what they think; the late ones have been named above, and to the caller."""
    for one in called:
        yield from script.act(matter, one, report_in, blown, "on_line" if late else "on_the_spot")
        yield from script.act(matter, one, opine, blown, "可以当场处置")
        script.month.count("whistle calls", f"{one} {'late' if late else 'in time'}")
        if late:
            script.month.count("named late", f"{above(one)} head")
            script.month.count("named late", f"{one} head")
    if late:
        script.month.count("named late", f"{matter.lead} desk")


def above(code: str) -> str:
    """Who is over a unit: a district, or for all others the centre."""
    return code[:6] if code[:6] in DISTRICTS else CENTRE


def concluded(
    script: Script, matter: Matter, blown: int, called: Sequence[str], found: str = ""
) -> Part:
    """The lead ends the whistle, and both sides rate each other; `found`: whose it has turned out to be."""
    units = script.month.office.units
    order = Concluding(blown, "已经查看", units[found] if found else None)
    yield from script.act(matter, matter.lead, close_whistle, order)
    script.happened("whistle_closed")
    script.month.count("conclusions", found or "nobody's")
    for one in called:
        share = yield Ask(SHARE, (matter.id, units[one], blown))
        for rater, rated in ((matter.lead, one), (one, matter.lead)):
            score = script.dice.randrange(1, 6)
            yield from script.act(matter, rater, rate_whistle, share, score)
            script.happened("whistle_rated")
            what = "whistle scores" if rater == matter.lead else "scores of callers"
            script.month.count(what, f"{rated} {score}")
    if found:
        script.month.count("leads", f"{found} assist {matter.round}")
        matter.assists += (found,)


def whistled(script: Script, matter: Matter) -> Story:
    """An urgent one to act together: two come at once, one is late."""
    yield from in_hand(script, matter)
    called = script.neighbours(matter, 3)
    blown = yield from blow(script, matter, "urgent", "act", called)
    yield from come(script, matter, blown, called[:2])
    yield Wait(2)
    yield from come(script, matter, blown, called[2:], late=True)
    yield from concluded(script, matter, blown, called)
    yield from ended(script, matter)


def found_out(script: Script, matter: Matter) -> Story:
    """A hard problem: of a street, a department and a company one answers for it, which acts with the lead; one is late."""
    yield from in_hand(script, matter)
    theirs = f"{matter.street[:6]}-cgw"
    called = (*script.neighbours(matter, 1), theirs, ENTERPRISE)
    blown = yield from blow(script, matter, "hard", "establish", called)
    yield Wait(20)
    yield from come(script, matter, blown, called[:2])
    yield Wait(60)
    yield from come(script, matter, blown, called[2:], late=True)
    yield from concluded(script, matter, blown, called, theirs)
    yield from ended(script, matter)


def nobodys(script: Script, matter: Matter) -> Story:
    """A daily one: nobody answers for it, so it stays with who received it first."""
    yield from in_hand(script, matter)
    called = script.neighbours(matter, 2)
    blown = yield from blow(script, matter, "daily", "establish", called)
    yield Wait(5)
    yield from come(script, matter, blown, called)
    yield from concluded(script, matter, blown, called)
    yield from ended(script, matter)


def anothers(script: Script, matter: Matter) -> Story:
    """It is another street's, they all say: the lead gives it back, and that one leads."""
    yield from in_hand(script, matter)
    (other,) = called = script.neighbours(matter, 1)
    blown = yield from blow(script, matter, "urgent", "establish", called)
    yield from come(script, matter, blown, called)
    yield from concluded(script, matter, blown, called)
    theirs = script.month.office.units[other]
    order = Returning(script.reason(), "吹哨查明归路东", theirs)
    yield from script.act(matter, matter.lead, return_unit, order)
    script.happened("applied")
    yield from screened(script, matter)
    added = {"unit": theirs}
    yield from script.judged(matter, CENTRE, StaffAct.DECIDE, "return", added=added)
    script.led_by(matter, other)
    yield from script.handled(matter)
    yield from script.answered(matter)
