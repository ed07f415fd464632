"""A scripted month of the whole city: what the script counts as it goes is what plain SQL counts in the tables."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import settings

from store.database import Pool
from tests import month_casework as casework
from tests import month_centre as centre
from tests import month_changes as changes
from tests import month_channels as channels
from tests import month_events as events
from tests import month_judged as judged
from tests import month_people as people
from tests import month_residents as residents
from tests import month_stories as ordinary
from tests import month_talks as talks
from tests import month_units as units
from tests import month_whistles as whistles
from tests.conftest import empty
from tests.month import Month, Story
from tests.month_city import (
    HEIRS,
    OF_FEW,
    OF_STREETS,
    OF_UNITS,
    SPLIT,
    SPLIT_MATTER,
    SUCCESSORS,
    Matter,
    has_chief,
    matters,
    staffed_office,
)
from tests.month_counts import FOUND, found, rates_found, rates_told
from tests.month_people_counts import PEOPLE, clocks_found, told_found
from tests.month_script import Script
from tests.month_unit_counts import FOUND_OF_UNITS, count_at_last, missing
from tests.office import Office
from tests.walk_checks import broken

# A few tickets with the other tests; 5,000 by `make month`, which CI runs too.
AT_LENGTH = settings.get_current_profile_name() == "walk"
TICKETS, HALF, RARE = (5_000, 15 * 24, 20) if AT_LENGTH else (80, 36, 1)  # HALF: hours
LEAST = 12  # everyday ones, whatever else there is
SEED = 20_261_101
BEGINS = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)  # nine in the morning, a Sunday

Told = Callable[[Script, Matter], Story]
OFTEN: dict[Told, int] = {
    ordinary.plain: 60,
    ordinary.unanswered: 25,
    ordinary.again: 8,
    ordinary.half_answered: 7,
}
# What a month has a few of; each comes up at least `RARE` times.
SELDOM: tuple[Told, ...] = (
    ordinary.withdrawn,
    ordinary.pressed,
    ordinary.signed_late,
    ordinary.forgotten,
    casework.extended,
    casework.not_extended,
    casework.held,
    casework.still_held,
    casework.returned,
    casework.return_refused,
    casework.returned_thrice,
    casework.coordinated,
    whistles.whistled,
    casework.supervised,
    casework.supervised_in_vain,
    casework.unreasonable,
    casework.invalid,
    residents.dual,
    residents.together,
    residents.again,
    residents.community_done,
    residents.community_gives_up,
    residents.settled,
    residents.not_settled,
    residents.steward,
    residents.tip_off,
    residents.typed_in,
    residents.abusive,
    changes.in_event,
    talks.handed_on,
    talks.conferred,
    talks.deliberated,
    talks.corrected,
    talks.by_phone,
    people.group,
    people.joined_by_hand,
    people.comes_back,
    people.patrol,
    people.no_steward,
    people.community_late,
    people.settled_late,
    people.declined,
    people.told_anew,
    centre.waits,
    centre.typed_in,
    centre.tipped_off,
    centre.taken_out,
    centre.asked_by_hand,
    centre.not_asked,
    centre.abusive,
    centre.unreasonable_refused,
    channels.called,
    channels.by_land_line,
    channels.by_bot,
    channels.told_by_bot,
    channels.told_by_post,
    channels.reports_by_phone,
)
TALLIES = FOUND | PEOPLE | FOUND_OF_UNITS
# What happens otherwise too: only what the script counts has to be there.
IN_PART = ("event", "posted")
# Whose clocks run through from when the unit has it, and are reckoned once more by hand.
CLOCKED: frozenset[Told] = frozenset(
    {
        *OFTEN,
        ordinary.withdrawn,
        ordinary.pressed,
        ordinary.signed_late,
        ordinary.forgotten,
        casework.return_refused,
        casework.supervised,
        whistles.whistled,
        talks.handed_on,
        residents.dual,
        changes.in_event,
        people.group,
        people.comes_back,
        people.no_steward,
        people.declined,
        centre.tipped_off,
        centre.taken_out,
        centre.asked_by_hand,
        centre.not_asked,
        centre.unreasonable_refused,
        channels.called,
        channels.by_land_line,
        channels.by_bot,
        channels.told_by_bot,
        channels.told_by_post,
        channels.reports_by_phone,
    }
)
# The same of what units do among themselves and inside, in a part of the city that has heads everywhere.
AMONG_UNITS: tuple[Told, ...] = (
    whistles.found_out,
    whistles.nobodys,
    whistles.anothers,
    units.passed_around,
    units.written,
    units.by_night,
    judged.refused_at_first,
    judged.demand_given_up,
    judged.third_round,
    judged.marked,
    judged.in_danger,
    talks.passed_up,
)
# What happens in a part of the month alone: from which hour on, within how many.
AT_A_TIME: tuple[tuple[Told, int, int], ...] = (
    (changes.heard_by_leader, HALF // 2 + 1, 5),
    (changes.in_event, HALF // 2 + 1, HALF // 2 - 1),
    (events.helped, 2, 4),
    (events.left_over, 2, 4),
    (events.followed, HALF // 2 + 2, 20),
    (judged.by_statute, HALF + 1, HALF),
    (judged.in_village, 0, HALF - 2),
    (judged.in_village, HALF + 1, HALF),
    (talks.along_the_trade, HALF + 1, HALF),
)
LEAVING: tuple[tuple[Told, int, int], ...] = (
    (changes.done_before, 0, 6),
    (changes.merging, HALF - 36, 24),
    (ordinary.plain, HALF + 1, HALF),
)


@pytest.fixture
async def office(pool: Pool) -> AsyncIterator[Office]:
    """A city whose catalogue and units are as before when the month is over."""
    office = await staffed_office(pool)
    yield office
    async with pool.acquire() as connection:
        await empty(connection)
        await connection.execute("delete from catalogue_versions where base_id is not null")
        await connection.execute("update units set valid_to = null where code = any($1)", [*HEIRS])


@pytest.mark.timeout(1800)
async def test_a_month_counts_what_happened_in_it(office: Office) -> None:
    office.at = BEGINS
    channels.open_channels(office)
    month, dice = Month(office), random.Random(SEED)  # noqa: S311 - a script's dice
    script = Script(month, dice)
    for matter, story, hours in stories(office, dice):
        script.told.append(matter)
        if story in CLOCKED:
            script.clocked.append(matter)
        month.begin(story(script, matter), BEGINS + timedelta(hours=hours))
    month.begin(changes.half_time(script), BEGINS + timedelta(hours=HALF))
    month.begin(changes.event(script, HALF / 2), BEGINS + timedelta(hours=HALF / 2))
    month.begin(events.relief(script), BEGINS + timedelta(hours=1))
    await month.play()
    for matter in script.told:
        month.count("state", matter.state)
        month.count("rounds", matter.round)
        month.count("results", matter.result)
    count_at_last(script)
    assert not missing(month.expected)
    assert not await differences(month, script)
    assert await rates_found(office) == rates_told(month.expected, SUCCESSORS)
    assert not await broken(office)


async def differences(month: Month, script: Script) -> list[str]:
    """What is not in the tables as often as the script says."""
    there = {what: await found(month.office, query) for what, query in TALLIES.items()}
    there |= await clocks_found(month.office, [one.id for one in script.clocked])
    there["told units"] = await told_found(month.office, script.lent)
    there["posted"] = channels.posted(month.wire)
    expected = month.expected | script.clocks()
    return [
        f"{what}, {key}: {found_of.get(key, 0)} instead of {expected[what][key]}"
        for what, found_of in there.items()
        for key in sorted(expected[what] if what in IN_PART else {*found_of, *expected[what]})
        if found_of.get(key, 0) != expected[what][key]
    ]


def stories(office: Office, dice: random.Random) -> Iterator[tuple[Matter, Told, int]]:
    """Whose matters there are, what will happen to each, and after how many hours it begins."""
    few = matters(office, dice, OF_FEW, 0)
    for story in SELDOM * RARE:
        yield next(few), story, dice.randrange(2 * HALF)
    headed = (
        one
        for one in matters(office, dice, OF_UNITS, 40_000)
        if has_chief(one.street) and one.street[:6] in changes.STRUCK
    )
    for story in AMONG_UNITS * RARE:
        yield next(headed), story, dice.randrange(2 * HALF)
    for story, begins, within in AT_A_TIME * RARE:
        yield next(headed), story, begins + dice.randrange(within)
    rest = [*_passed_on(office, dice)]
    yield from rest
    begun = RARE * (len(SELDOM) + len(AMONG_UNITS) + len(AT_A_TIME)) + len(rest)
    for matter in islice(matters(office, dice, OF_STREETS, 20_000), max(LEAST, TICKETS - begun)):
        matter.channel = dice.choice(("sms", "sms", "webchat", "telegram", "voice"))
        story = dice.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]
        yield matter, story, dice.randrange(2 * HALF)


def _passed_on(office: Office, dice: random.Random) -> Iterator[tuple[Matter, Told, int]]:
    """What streets have that end or give a topic away: done before, under way, and told afterwards."""
    whats = dict.fromkeys(HEIRS, OF_STREETS) | {SPLIT: SPLIT_MATTER}
    for place, (street, what) in enumerate(whats.items()):
        of_street = matters(office, dice, what, 10_000 + 1_000 * place, [street])
        for story, begins, within in LEAVING * RARE:
            for matter in islice(of_street, 1):
                yield matter, story, begins + dice.randrange(within)
