"""Random walks through casework by everybody at once: what the design promises holds after each step."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.database import Pool
from tests.walk_checks import broken
from tests.walker import Dice, open_city, open_walk

LENGTH = 40
# 1,000 steps with the other tests, 20,000 by `make walk`, which CI runs too.
WALKED = 500 if settings.get_current_profile_name() == "walk" else 25
BYTE = st.integers(0, 255)
STEP = st.builds(Dice, BYTE, BYTE, BYTE, BYTE, st.integers(0, 2**16))
WALKS = st.lists(STEP, min_size=LENGTH, max_size=LENGTH)


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
@given(st.lists(BYTE, min_size=1, max_size=3), WALKS)
async def test_whoever_does_whatever_the_promises_hold(
    pool: Pool, matters: list[int], steps: list[Dice]
) -> None:
    office = await open_city(pool)
    walk = await open_walk(office, matters)
    for dice in steps:
        await walk.step(dice)
        found = await broken(office)
        assert not found, "\n".join([*walk.done, *found])
