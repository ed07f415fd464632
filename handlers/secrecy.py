"""What a unit is not shown: who tells it in confidence, and what could give that away."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.understanding.personal import masked
from store.ticket_page import Facts, Happened, Try

TOLD = "内容由热线中心转达。"
# What the centre writes down about its own talk with the resident.
_TALKED = frozenset({"chatted", "talked", "task_settled", "resident_split"})
_BY_RESIDENT = frozenset({"added", "withdrawn"})


def facts_for(facts: Facts, *, centre: bool) -> Facts:
    """A ticket's facts with numbers masked; of who is confidential a unit sees no trace of contact, and no point on a map."""
    shown = replace(
        facts,
        matter=masked(facts.matter),
        about=masked(facts.about),
        wanted=masked(facts.wanted),
        happened=masked(facts.happened),
        place=masked(facts.place),
        last_reply=masked(facts.last_reply),
        why=masked(facts.why),
    )
    if centre or not facts.confidential:
        return shown
    return replace(shown, masked="", contact_masked="", named=False, latitude=None, longitude=None)


def events_for(events: Sequence[Happened], facts: Facts, *, centre: bool) -> list[Happened]:
    """What happened, with numbers masked; a unit hears nothing of marks, nor a confidential resident's own words."""
    shown = [replace(one, note=masked(one.note)) for one in events]
    if centre:
        return shown
    shown = [one for one in shown if not one.type.startswith(("abuse_", "mark_"))]
    return [_hushed(one) for one in shown] if facts.confidential else shown


def _hushed(one: Happened) -> Happened:
    by_centre = one.actor == "staff" and not one.unit
    if one.type in _BY_RESIDENT or (one.type in _TALKED and by_centre):
        return replace(one, note=TOLD if one.note else "")
    return one


def tries_for(tries: Sequence[Try], facts: Facts, *, centre: bool) -> list[Try]:
    """Tries to reach the resident; of a confidential one a unit sees neither number nor note."""
    shown = [replace(one, note=masked(one.note)) for one in tries]
    if centre or not facts.confidential:
        return shown
    return [replace(one, note="", number="") for one in shown]
