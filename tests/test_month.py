"""A scripted month of the whole city: what the script counts as it goes is what plain SQL counts in the tables."""

import random
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import settings

from store.database import Pool
from tests.month import Month
from tests.month_city import matters, staffed_office
from tests.month_counts import FOUND, found
from tests.month_stories import Script
from tests.walk_checks import broken

# A few tickets with the other tests; 5,000 by `make month`, which CI runs too.
AT_LENGTH = settings.get_current_profile_name() == "walk"
TICKETS = 5_000 if AT_LENGTH else 60
SEED = 20_261_101
BEGINS = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)  # nine in the morning, a Sunday
HOURS = 30 * 24 if AT_LENGTH else 3 * 24


@pytest.mark.timeout(900)
async def test_a_month_counts_what_happened_in_it(pool: Pool) -> None:
    office = await staffed_office(pool)
    office.at = BEGINS
    month = Month(office)
    dice = random.Random(SEED)  # noqa: S311 - a script's dice
    script = Script(month, dice)
    told = list(islice(matters(office, dice), TICKETS))
    for matter in told:
        matter.channel = dice.choice(("sms", "sms", "webchat"))
        story = dice.choices(
            (script.plain, script.again, script.unanswered, script.half_answered), (60, 8, 25, 7)
        )[0]
        month.begin(story(matter), BEGINS + timedelta(hours=dice.randrange(HOURS)))
    await month.play()
    for matter in told:
        month.count("state", matter.state)
        month.count("rounds", matter.round)
        month.count("results", matter.result)
    for what in FOUND:
        there = await found(office, what)
        if what == "event":
            there = {key: there.get(key, 0) for key in month.expected[what]}
        assert there == month.expected[what], what
    assert not await broken(office)
