"""A scripted month of the whole city: what the script counts as it goes is what plain SQL counts in the tables."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import settings

from store.database import Pool
from tests import month_casework as casework
from tests import month_residents as residents
from tests import month_stories as ordinary
from tests.month import Month, Story
from tests.month_city import OF_FEW, OF_STREETS, Matter, matters, staffed_office
from tests.month_counts import FOUND, found
from tests.month_script import Script
from tests.office import Office
from tests.walk_checks import broken

# A few tickets with the other tests; 5,000 by `make month`, which CI runs too.
AT_LENGTH = settings.get_current_profile_name() == "walk"
TICKETS, DAYS, RARE = (5_000, 30, 30) if AT_LENGTH else (60, 3, 1)
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
)


@pytest.mark.timeout(900)
async def test_a_month_counts_what_happened_in_it(pool: Pool) -> None:
    office = await staffed_office(pool)
    office.at = BEGINS
    month, dice = Month(office), random.Random(SEED)  # noqa: S311 - a script's dice
    script = Script(month, dice)
    for matter, story in stories(office, dice):
        script.told.append(matter)
        month.begin(story(script, matter), BEGINS + timedelta(hours=dice.randrange(DAYS * 24)))
    await month.play()
    for matter in script.told:
        month.count("state", matter.state)
        month.count("rounds", matter.round)
        month.count("results", matter.result)
    assert not await differences(month)
    assert not await broken(office)


async def differences(month: Month) -> list[str]:
    """What is not in the tables as often as the script says."""
    said = []
    for what in FOUND:
        there, expected = await found(month.office, what), month.expected[what]
        keys = expected if what == "event" else {*there, *expected}
        said += [
            f"{what}, {key}: {there.get(key, 0)} instead of {expected[key]}"
            for key in sorted(keys)
            if there.get(key, 0) != expected[key]
        ]
    return said


def stories(office: Office, dice: random.Random) -> Iterator[tuple[Matter, Told]]:
    """Whose matters there are, and what will happen to each."""
    seldom = SELDOM * RARE
    yield from zip(matters(office, dice, OF_FEW, 0), seldom, strict=False)
    for matter in islice(matters(office, dice, OF_STREETS, len(seldom)), TICKETS - len(seldom)):
        matter.channel = dice.choice(("sms", "sms", "webchat"))
        yield matter, dice.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]
