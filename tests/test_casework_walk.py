"""Random walks through casework by everybody at once: what the design promises holds after each step."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.database import Pool
from tests.walk_checks import broken
from tests.walker import Dice, open_city, open_walk, thrown

LENGTH = 40  # steps of a walk
# 600 steps with the other tests; 20,000 by `make walk`, which CI runs too.
AT_LENGTH = settings.get_current_profile_name() == "walk"
PARTS, WALKED = (10, 50) if AT_LENGTH else (1, 15)
BYTE = st.integers(0, 255)
STEP = st.integers(0, 2**32).map(thrown)
WALKS = st.lists(STEP, min_size=LENGTH, max_size=LENGTH)


@pytest.mark.parametrize("part", range(PARTS))
@settings(
    max_examples=WALKED,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(matters=st.lists(BYTE, min_size=1, max_size=3), steps=WALKS)
async def test_whoever_does_whatever_the_promises_hold(
    pool: Pool, part: int, matters: list[int], steps: list[Dice]
) -> None:
    del part  # each has dice of its own
    office = await open_city(pool)
    walk = await open_walk(office, matters)
    for dice in steps:
        await walk.step(dice)
        found = await broken(office)
        assert not found, "\n".join([*walk.done, *found])
