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
from tests import month_people as people
from tests import month_residents as residents
from tests import month_stories as ordinary
from tests import month_talks as talks
from tests.conftest import empty
from tests.month import Month, Story
from tests.month_city import (
    HEIRS,
    OF_FEW,
    OF_STREETS,
    SPLIT,
    SPLIT_MATTER,
    Matter,
    matters,
    staffed_office,
)
from tests.month_counts import FOUND, found, rates_found, rates_told
from tests.month_people_counts import PEOPLE, clocks_found
from tests.month_script import Script
from tests.office import Office
from tests.walk_checks import broken

# A few tickets with the other tests; 5,000 by `make month`, which CI runs too.
AT_LENGTH = settings.get_current_profile_name() == "walk"
TICKETS, HALF, RARE = (5_000, 15 * 24, 30) if AT_LENGTH else (80, 36, 1)  # HALF: hours
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
    casework.whistled,
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
    centre.waits,
    centre.typed_in,
    centre.tipped_off,
    centre.taken_out,
    centre.asked_by_hand,
    centre.not_asked,
    centre.abusive,
    centre.unreasonable_refused,
)
TALLIES = FOUND | PEOPLE
# Whose clocks run through from when the unit has it, and are reckoned once more by hand.
CLOCKED: frozenset[Told] = frozenset(
    {
        *OFTEN,
        ordinary.withdrawn,
        ordinary.pressed,
        ordinary.signed_late,
        ordinary.forgotten,
    }
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
    month, dice = Month(office), random.Random(SEED)  # noqa: S311 - a script's dice
    script = Script(month, dice)
    for matter, story, hours in stories(office, dice):
        script.told.append(matter)
        if story in CLOCKED:
            script.clocked.append(matter)
        month.begin(story(script, matter), BEGINS + timedelta(hours=hours))
    month.begin(changes.half_time(script), BEGINS + timedelta(hours=HALF))
    month.begin(changes.event(script, HALF / 2), BEGINS + timedelta(hours=HALF / 2))
    await month.play()
    for matter in script.told:
        month.count("state", matter.state)
        month.count("rounds", matter.round)
        month.count("results", matter.result)
    assert not await differences(month)
    assert await clocks_found(office, [one.id for one in script.clocked]) == script.clocks()
    assert await rates_found(office) == rates_told(month.expected)
    assert not await broken(office)


async def differences(month: Month) -> list[str]:
    """What is not in the tables as often as the script says."""
    said = []
    for what, query in TALLIES.items():
        there, expected = await found(month.office, query), month.expected[what]
        keys = expected if what == "event" else {*there, *expected}
        said += [
            f"{what}, {key}: {there.get(key, 0)} instead of {expected[key]}"
            for key in sorted(keys)
            if there.get(key, 0) != expected[key]
        ]
    return said


def stories(office: Office, dice: random.Random) -> Iterator[tuple[Matter, Told, int]]:
    """Whose matters there are, what will happen to each, and after how many hours it begins."""
    few = matters(office, dice, OF_FEW, 0)
    for story in SELDOM * RARE:
        yield next(few), story, dice.randrange(2 * HALF)
    for _ in range(RARE):
        yield next(few), changes.heard_by_leader, HALF // 2 + dice.randrange(1, 6)
    leaving = [
        *islice(matters(office, dice, OF_STREETS, 10_000, [*HEIRS][:1]), RARE),
        *islice(matters(office, dice, OF_STREETS, 11_000, [*HEIRS][1:]), RARE),
        *islice(matters(office, dice, SPLIT_MATTER, 12_000, [SPLIT]), RARE),
    ]
    for matter in leaving:
        yield matter, changes.merging, HALF - dice.randrange(12, 36)
    begun = (len(SELDOM) + 1) * RARE + len(leaving)
    for matter in islice(matters(office, dice, OF_STREETS, 20_000), max(0, TICKETS - begun)):
        matter.channel = dice.choice(("sms", "sms", "webchat"))
        story = dice.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]
        yield matter, story, dice.randrange(2 * HALF)
