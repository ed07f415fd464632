"""A helper that fails again and again is left alone, and tried again after a minute by one call."""

import pytest

from gateway.breaker import FAILURES_IN_A_ROW, REMEMBERED, REST_SECONDS, Breaker, Circuit


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Clock:
    return Clock()


def state(breaker: Breaker) -> Circuit:
    return breaker.circuit


def opened(time: Clock) -> Breaker:
    breaker = Breaker(time)
    for _ in range(FAILURES_IN_A_ROW):
        assert breaker.admits()
        breaker.note(well=False)
    assert state(breaker) is Circuit.OPEN
    return breaker


def test_five_failures_in_a_row_open_it(time: Clock) -> None:
    assert not opened(time).admits()


def test_failures_between_successes_do_not_open_it(time: Clock) -> None:
    breaker = Breaker(time)
    for count in range(3 * REMEMBERED):
        breaker.note(well=bool(count % 2))
    assert state(breaker) is Circuit.CLOSED


def test_more_than_half_of_the_last_twenty_open_it(time: Clock) -> None:
    breaker = Breaker(time)
    for count in range(2 * REMEMBERED):
        breaker.note(well=count % 3 == 0)
    assert state(breaker) is Circuit.OPEN


def test_after_a_minute_one_call_is_let_through(time: Clock) -> None:
    breaker = opened(time)
    time.seconds = REST_SECONDS
    assert state(breaker) is Circuit.HALF_OPEN
    assert breaker.admits()
    assert not breaker.admits()


def test_the_call_that_goes_well_closes_it(time: Clock) -> None:
    breaker = opened(time)
    time.seconds = REST_SECONDS
    breaker.admits()
    breaker.note(well=True)
    assert state(breaker) is Circuit.CLOSED
    assert breaker.admits()


def test_the_call_that_fails_opens_it_for_another_minute(time: Clock) -> None:
    breaker = opened(time)
    time.seconds = REST_SECONDS
    breaker.admits()
    breaker.note(well=False)
    assert state(breaker) is Circuit.OPEN
    time.seconds = 2 * REST_SECONDS
    assert state(breaker) is Circuit.HALF_OPEN


def test_calls_that_were_under_way_when_it_opened_change_nothing(time: Clock) -> None:
    breaker = opened(time)
    breaker.note(well=True)
    assert state(breaker) is Circuit.OPEN
